package lanewise.onnx.fold;

import static lanewise.onnx.fold.Nodes.bools;
import static lanewise.onnx.fold.Nodes.check;
import static lanewise.onnx.fold.Nodes.counted;
import static lanewise.onnx.fold.Nodes.dims;
import static lanewise.onnx.fold.Nodes.f;
import static lanewise.onnx.fold.Nodes.floats;
import static lanewise.onnx.fold.Nodes.i;
import static lanewise.onnx.fold.Nodes.is;
import static lanewise.onnx.fold.Nodes.longs;
import static lanewise.onnx.fold.Nodes.node;
import static lanewise.onnx.fold.Nodes.refusal;
import static lanewise.onnx.fold.Nodes.run;
import static lanewise.onnx.fold.Nodes.s;
import static lanewise.onnx.fold.Nodes.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.AttributeProto;
import org.junit.jupiter.api.Test;

/** Operators that change sizes or places; expected values are those of numpy. */
class MovementOpsTest {

    private static final ElementType INT64 = ElementType.INT64;

    @Test
    void transposeAgreesWithIndexArithmetic() {
        OnnxTensor x = counted(3, 40, 5, 2); // 40 is more than a tile
        OnnxTensor y = run("Transpose", 1, is("perm", 1, 3, 0, 2), x);
        assertEquals("FLOAT[40, 2, 3, 5]", y.toString());
        for (int n = 0; n < y.size(); n++) {
            int d = n % 5;
            int c = n / 5 % 3;
            int b = n / 15 % 2;
            int a = n / 30;
            assertEquals(((c * 40 + a) * 5 + d) * 2 + b, y.floats()[n]);
        }
        check(run("Transpose", counted(2, 3)), dims(3, 2), 0, 3, 1, 4, 2, 5);
        check(run("Transpose", scalar(4f)), dims(), 4);
        assertEquals("FLOAT[4, 0]", run("Transpose", counted(0, 4)).toString());
        assertEquals("perm is [0, 0], must hold 0 to 1 once each",
                refusal(() -> run("Transpose", 1, is("perm", 0, 0), counted(2, 3))));
    }

    @Test
    void reshape() {
        assertEquals("FLOAT[2, 3, 4]", run("Reshape", counted(2, 12), longs(0, -1, 4)).toString());
        assertEquals("FLOAT[0, 3]", run("Reshape", 14, i("allowzero", 1), counted(3, 0), longs(0, 3)).toString());
        assertEquals("FLOAT[]", run("Reshape", floats(1), longs()).toString());
        assertEquals("FLOAT[3, 2]", run("Reshape", 1, is("shape", 3, 2), counted(6)).toString());
        assertEquals("shape is [5, -1], must fit the 24 elements of [2, 12]",
                refusal(() -> run("Reshape", counted(2, 12), longs(5, -1))));
        assertEquals("shape is [-1, -1], must have one -1 at most", refusal(() -> run("Reshape", counted(4), longs(-1, -1))));
        assertEquals("shape is [4, 0], its 0 at 1 must keep a size of [4]", refusal(() -> run("Reshape", counted(4), longs(4, 0))));
    }

    @Test
    void flattenSqueezeUnsqueeze() {
        assertEquals("FLOAT[6, 4]", run("Flatten", 13, i("axis", -1), counted(2, 3, 4)).toString());
        assertEquals("FLOAT[1, 24]", run("Flatten", 9, i("axis", 0), counted(2, 3, 4)).toString());
        assertEquals("FLOAT[1, 1]", run("Flatten", 9, i("axis", 0), scalar(1f)).toString());
        assertEquals("FLOAT[3]", run("Squeeze", counted(1, 3, 1)).toString());
        assertEquals("FLOAT[1, 3]", run("Squeeze", counted(1, 3, 1), longs(-1)).toString());
        assertEquals("FLOAT[3, 1]", run("Squeeze", 11, is("axes", 0), counted(1, 3, 1)).toString());
        assertEquals("FLOAT[1, 3, 1, 2]", run("Unsqueeze", counted(3, 2), longs(2, 0)).toString());
        assertEquals("FLOAT[1, 3, 2, 1]", run("Unsqueeze", 11, is("axes", 0, -1), counted(3, 2)).toString());
        assertEquals("axes are [1], sizes [1, 3, 1] must be 1 there", refusal(() -> run("Squeeze", counted(1, 3, 1), longs(1))));
        assertEquals("axes are [0, -4], each must stand there once", refusal(() -> run("Unsqueeze", counted(3, 2), longs(0, -4))));
    }

    @Test
    void axesAreAnAttributeOrAnInputByOpset() {
        assertEquals("axes is input 1, must be an attribute before opset 13",
                refusal(() -> run("Squeeze", 12, new AttributeProto[0], counted(1, 3), longs(0))));
        assertEquals("attributes [axes] are unknown to Squeeze of opset 13",
                refusal(() -> run("Squeeze", 13, is("axes", 0), counted(1, 3))));
    }

    @Test
    void concatAndSplit() {
        check(run("Concat", 13, i("axis", -1), counted(2, 1), counted(2, 2), counted(2, 0)), dims(2, 3), 0, 0, 1, 1, 2, 3);
        assertEquals("inputs are FLOAT[2, 1] and FLOAT[3, 2], must have equal sizes except on axis 1",
                refusal(() -> run("Concat", 13, i("axis", 1), counted(2, 1), counted(3, 2))));
        assertEquals("inputs are FLOAT[2] and INT64[1], must be of one type",
                refusal(() -> run("Concat", 13, i("axis", 0), counted(2), longs(1))));
        List<OnnxTensor> parts = run(node("Split", 2, 2, i("axis", 1)), 13, counted(2, 3), longs(1, 2));
        check(parts.get(0), dims(2, 1), 0, 3);
        check(parts.get(1), dims(2, 2), 1, 2, 4, 5);
        parts = run(node("Split", 1, 3, i("num_outputs", 3)), 18, counted(7));
        check(parts.get(1), dims(3), 3, 4, 5);
        check(parts.get(2), dims(1), 6);
        check(run(node("Split", 1, 2, is("split", 2, 0)), 2, counted(2)).get(1), dims(0));
        assertEquals("split is [4, 4], must sum up to size 7", refusal(() -> run(node("Split", 1, 2), 13, counted(7))));
        assertEquals("there are 2 outputs, must be 3", refusal(() -> run(node("Split", 2, 2), 13, counted(7), longs(1, 2, 4))));
        assertEquals("split is [9, -2], must sum up to size 7",
                refusal(() -> run(node("Split", 2, 2), 13, counted(7), longs(9, -2))));
    }

    @Test
    void slice() {
        OnnxTensor x = counted(2, 5);
        check(run("Slice", x, longs(1), longs(Long.MAX_VALUE), longs(1), longs(2)), dims(2, 2), 1, 3, 6, 8);
        check(run("Slice", x, longs(-1), longs(Long.MIN_VALUE), longs(-1), longs(-2)), dims(2, 3), 4, 2, 0, 9, 7, 5);
        check(run("Slice", x, longs(9), longs(0), longs(1), longs(-3)), dims(2, 2), 4, 1, 9, 6);
        check(run("Slice", x, longs(1, -2), longs(2, -1)), dims(1, 1), 8);
        check(run("Slice", x, longs(3), longs(2), longs(1)), dims(2, 0));
        check(run("Slice", x, longs(0), longs(5), longs(1), longs(Long.MIN_VALUE)), dims(2, 0));
        check(run("Slice", x, longs(4), longs(-9), longs(1), longs(Long.MIN_VALUE)), dims(2, 1), 4, 9);
        check(run("Slice", 9, new AttributeProto[] {is("starts", 0, 3), is("ends", 1, Integer.MAX_VALUE)}, x), dims(1, 2), 3, 4);
        assertEquals("steps are [0], must not hold 0", refusal(() -> run("Slice", x, longs(0), longs(1), longs(0), longs(0))));
        assertEquals("axis is 2, must be from -2 to 1", refusal(() -> run("Slice", x, longs(0), longs(1), longs(2))));
    }

    @Test
    void expandTileTrilu() {
        check(run("Expand", counted(2, 1), longs(2, 1, 3)), dims(2, 2, 3), 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1);
        check(run("Expand", counted(3), longs(1)), dims(3), 0, 1, 2);
        check(run("Tile", counted(1, 2), longs(2, 2)), dims(2, 4), 0, 1, 0, 1, 0, 1, 0, 1);
        assertEquals("FLOAT[0, 2]", run("Tile", counted(1, 2), longs(0, 1)).toString());
        check(run("Trilu", counted(2, 3)), dims(2, 3), 0, 1, 2, 0, 4, 5);
        check(run("Trilu", 14, i("upper", 0), counted(2, 3), scalar(1)), dims(2, 3), 0, 1, 0, 3, 4, 5);
        check(run("Trilu", 14, i("upper", 0), counted(2, 2), scalar(Long.MIN_VALUE)), dims(2, 2), 0, 0, 0, 0);
    }

    @Test
    void pad() {
        OnnxTensor x = counted(2, 3);
        check(run("Pad", x, longs(0, 1, 1, 0), scalar(9f)), dims(3, 4), 9, 0, 1, 2, 9, 3, 4, 5, 9, 9, 9, 9);
        check(run("Pad", 13, s("mode", "edge"), x, longs(1, 1, 0, 0)), dims(3, 4), 0, 0, 1, 2, 0, 0, 1, 2, 3, 3, 4, 5);
        check(run("Pad", 13, s("mode", "reflect"), counted(3), longs(3, 4)), dims(10), 1, 2, 1, 0, 1, 2, 1, 0, 1, 2);
        check(run("Pad", 19, s("mode", "wrap"), counted(3), longs(4, 2)), dims(9), 2, 0, 1, 2, 0, 1, 2, 0, 1);
        check(run("Pad", x, longs(-1, 1), null, longs(-1)), dims(2, 3), 1, 2, 0, 4, 5, 0);
        check(run("Pad", 2, new AttributeProto[] {is("pads", 1, 0), f("value", 2)}, floats(5)), dims(2), 2, 5);
        check(run("Pad", longs(5), longs(1, 0)), INT64, dims(2), 0, 5);
        assertEquals("mode is mirror, must be one of [constant, edge, reflect, wrap]",
                refusal(() -> run("Pad", 13, s("mode", "mirror"), x, longs(0, 0, 0, 0))));
        assertEquals("pads cut 4 from axis 1 of FLOAT[2, 3], which has less", refusal(() -> run("Pad", x, longs(0, -2, 0, -2))));
        assertEquals("axis 0 is empty, mode edge must have an element to repeat",
                refusal(() -> run("Pad", 13, s("mode", "edge"), counted(0), longs(1, 0))));
    }

    @Test
    void where() {
        check(run("Where", bools(1, 0), counted(2, 1), scalar(7f)), dims(2, 2), 0, 7, 1, 7);
        check(run("Where", bools(1, 0), longs(1, 2), longs(3, 4)), INT64, dims(2), 1, 4);
        OnnxTensor kept = longs(3, 4);
        run("Where", bools(1, 1), longs(1, 2), kept);
        check(kept, INT64, dims(2), 3, 4);
    }

    @Test
    void gather() {
        OnnxTensor x = counted(2, 3);
        check(run("Gather", 13, i("axis", 1), x, longs(-1, 0)), dims(2, 2), 2, 0, 5, 3);
        check(run("Gather", 13, i("axis", 1), x, scalar(1)), dims(2), 1, 4);
        check(run("Gather", longs(4, 5, 6), scalar(-1)), INT64, dims(), 6);
        check(run("GatherElements", 13, i("axis", 1), x, OnnxTensor.of(new long[] {2, 0, 1, -1}, 2, 2)), dims(2, 2), 2, 0, 4, 5);
        check(run("GatherND", x, OnnxTensor.of(new long[] {1, 0, 0, -1}, 2, 2)), dims(2), 3, 2);
        check(run("GatherND", x, OnnxTensor.of(new long[] {1, 0}, 2, 1)), dims(2, 3), 3, 4, 5, 0, 1, 2);
        check(run("GatherND", 12, i("batch_dims", 1), counted(2, 2, 2), OnnxTensor.of(new long[] {1, 0}, 2, 1)), dims(2, 2),
                2, 3, 4, 5);
        assertEquals("index is 3, must be from -3 to 2", refusal(() -> run("Gather", 13, i("axis", 1), x, longs(3))));
        assertEquals("index is -3, must be from -2 to 1", refusal(() -> run("GatherND", x, longs(-3))));
        assertEquals("index is 0, must be from 0 to -1", refusal(() -> run("Gather", counted(0), longs(0))));
    }

    @Test
    void scatterAndNonZero() {
        OnnxTensor x = counted(2, 2);
        OnnxTensor rows = OnnxTensor.of(new long[] {1, 1}, 2, 1);
        OnnxTensor updates = OnnxTensor.of(new float[] {10, 20, 30, 40}, 2, 2);
        check(run("ScatterND", x, rows, updates), dims(2, 2), 0, 1, 30, 40);
        check(run("ScatterND", 16, s("reduction", "add"), x, rows, updates), dims(2, 2), 0, 1, 42, 63);
        check(run("ScatterND", 18, s("reduction", "max"), x, rows, updates), dims(2, 2), 0, 1, 30, 40);
        check(x, dims(2, 2), 0, 1, 2, 3);
        assertEquals("updates are FLOAT[2], must have sizes [2, 2]", refusal(() -> run("ScatterND", x, rows, counted(2))));
        check(run("NonZero", OnnxTensor.of(new long[] {0, 1, 1, 0, 0, 2}, 2, 3)), INT64, dims(2, 3), 0, 0, 1, 1, 2, 2);
        check(run("NonZero", scalar(1)), INT64, dims(0, 1));
    }

    @Test
    void hugeResultsAreRefusedBeforeTheyAreMade() {
        assertEquals("sizes are [1048576, 1048576], a constant must have at most 268435456 elements",
                refusal(() -> run("Expand", scalar(1f), longs(1 << 20, 1 << 20))));
        assertEquals("sizes are [-1], each must be from 0 to 2147483647", refusal(() -> run("ConstantOfShape", longs(-1))));
        for (long huge : new long[] {1L << 29, 1L << 40, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> run("Tile", counted(3), longs(huge)));
            assertThrows(IllegalArgumentException.class, () -> run("Pad", counted(3), longs(huge, huge)));
            assertThrows(IllegalArgumentException.class, () -> run("Range", scalar(-2), scalar(huge), scalar(1)));
            assertThrows(IllegalArgumentException.class, () -> run("ConstantOfShape", longs(huge, huge, huge)));
            assertThrows(IllegalArgumentException.class, () -> run("Reshape", counted(3), longs(huge)));
            assertThrows(IllegalArgumentException.class, () -> run("OneHot", longs(1), scalar(huge), longs(0, 1)));
        }
        assertThrows(IllegalArgumentException.class, () -> run("Add", counted(1 << 15, 1), counted(1, 1 << 15)));
        assertThrows(IllegalArgumentException.class, () -> run("MatMul", counted(1 << 15, 1), counted(1, 1 << 15)));
    }
}
