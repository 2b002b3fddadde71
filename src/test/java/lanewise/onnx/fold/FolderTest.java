package lanewise.onnx.fold;

import static lanewise.onnx.fold.Nodes.bools;
import static lanewise.onnx.fold.Nodes.check;
import static lanewise.onnx.fold.Nodes.counted;
import static lanewise.onnx.fold.Nodes.dims;
import static lanewise.onnx.fold.Nodes.f;
import static lanewise.onnx.fold.Nodes.floats;
import static lanewise.onnx.fold.Nodes.fs;
import static lanewise.onnx.fold.Nodes.i;
import static lanewise.onnx.fold.Nodes.is;
import static lanewise.onnx.fold.Nodes.longs;
import static lanewise.onnx.fold.Nodes.node;
import static lanewise.onnx.fold.Nodes.of;
import static lanewise.onnx.fold.Nodes.refusal;
import static lanewise.onnx.fold.Nodes.run;
import static lanewise.onnx.fold.Nodes.s;
import static lanewise.onnx.fold.Nodes.scalar;
import static lanewise.onnx.fold.Nodes.t;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.AttributeProto;
import org.junit.jupiter.api.Test;

/** The table of operators, those that make values, and arithmetic; expected values are those of numpy. */
class FolderTest {

    private static final ElementType BOOL = ElementType.BOOL;
    private static final ElementType INT64 = ElementType.INT64;
    private static final AttributeProto[] NONE = {};

    @Test
    void theTableRefusesWhatItDoesNotKnow() {
        assertTrue(Folder.knows("Gather"));
        assertFalse(Folder.knows("Conv"));
        assertEquals("operator Conv is not evaluated on constants", refusal(() -> run("Conv", counted(1))));
        assertEquals("Add has 1 inputs, must have 2", refusal(() -> run("Add", counted(1))));
        assertEquals("Slice has 6 inputs, must have 1 to 5",
                refusal(() -> run("Slice", counted(1), longs(0), longs(1), longs(0), longs(1), longs(1))));
        assertEquals("input 0 of Add is left out, must be there", refusal(() -> run("Add", null, counted(1))));
        assertEquals("input 0 of Concat is left out, must be there",
                refusal(() -> run("Concat", 13, i("axis", 0), null, counted(1))));
        assertEquals("Add has 2 outputs, must have 1", refusal(() -> run(node("Add", 2, 2), 13, counted(1), counted(1))));
        assertEquals("attributes [foo] are unknown to Add of opset 13",
                refusal(() -> run("Add", 13, i("foo", 1), counted(1), counted(1))));
        assertEquals("attribute keepdims is 2, must be 0 or 1", refusal(() -> run("ArgMax", 13, i("keepdims", 2), counted(2))));
    }

    @Test
    void trailingInputsThatAreLeftOutDoNotCount() {
        check(run("Clip", floats(-1, 5), null, null), dims(2), -1, 5);
        check(run("Clip", floats(-1, 5), null, scalar(2f)), dims(2), -1, 2);
    }

    @Test
    void constants() {
        check(run("Constant", 13, t("value")), dims(1), 7);
        check(run("Constant", 13, f("value_float", 2.5f)), dims(), 2.5);
        check(run("Constant", 13, fs("value_floats", 1, 2)), dims(2), 1, 2);
        check(run("Constant", 13, i("value_int", -3)), INT64, dims(), -3);
        check(run("Constant", 13, is("value_ints", 4, 5)), INT64, dims(2), 4, 5);
        assertEquals("attributes are [value_string], must be value or value_ float, floats, int or ints",
                refusal(() -> run("Constant", 13, s("value_string", "a"))));
        check(run("ConstantOfShape", 9, t("value"), longs(1, 2)), dims(1, 2), 7, 7);
        check(run("ConstantOfShape", longs(0, 2)), dims(0, 2));
        check(run("ConstantOfShape", longs()), dims(), 0);
    }

    @Test
    void aTensorThatCannotBeReadIsAnIoException() {
        IOException cause = new IOException("gone");
        IOException thrown = assertThrows(IOException.class, 
                () -> Folder.evaluate(node("Constant", 0, 1, t("value")), 13, List.of(), tensor -> {
                    throw cause;
                }));
        assertSame(cause, thrown);
    }

    @Test
    void shapes() {
        check(run("Shape", counted(2, 3, 4)), INT64, dims(3), 2, 3, 4);
        check(run("Shape", 15, new AttributeProto[] {i("start", -2), i("end", -1)}, counted(2, 3, 4)), INT64, dims(1), 3);
        check(run("Shape", 15, new AttributeProto[] {i("start", 2), i("end", 1)}, counted(2, 3, 4)), INT64, dims(0));
        check(run("Shape", scalar(1f)), INT64, dims(0));
        check(run("Size", counted(2, 3)), INT64, dims(), 6);
    }

    @Test
    void ranges() {
        check(run("Range", scalar(1), scalar(8), scalar(3)), INT64, dims(3), 1, 4, 7);
        check(run("Range", scalar(5), scalar(0), scalar(-2)), INT64, dims(3), 5, 3, 1);
        check(run("Range", scalar(0), scalar(5), scalar(-1)), INT64, dims(0));
        check(run("Range", scalar(Long.MAX_VALUE), scalar(Long.MIN_VALUE), scalar(1)), INT64, dims(0));
        check(run("Range", scalar(0f), scalar(1f), scalar(0.3f)), dims(4), 0, 0.3f, 0.6f, 3 * (double) 0.3f);
        assertEquals("delta is 0, must be positive or negative", refusal(() -> run("Range", scalar(0), scalar(5), scalar(0))));
        assertThrows(IllegalArgumentException.class, () -> run("Range", scalar(0f), scalar(Float.NaN), scalar(1f)));
        assertThrows(IllegalArgumentException.class, () -> run("Range", scalar(0f), scalar(Float.POSITIVE_INFINITY), scalar(1f)));
    }

    @Test
    void eyeAndOneHot() {
        check(run("EyeLike", 9, i("k", 1), counted(2, 3)), dims(2, 3), 0, 1, 0, 0, 0, 1);
        check(run("EyeLike", 9, new AttributeProto[] {i("k", -1), i("dtype", 7)}, counted(2, 2)), INT64, dims(2, 2), 0, 0, 1, 0);
        check(run("EyeLike", 9, i("k", Long.MAX_VALUE), counted(1, 1)), dims(1, 1), 0);
        check(run("OneHot", longs(1, -1, 7), scalar(3), longs(5, 6)), INT64, dims(3, 3), 5, 6, 5, 5, 5, 6, 5, 5, 5);
        check(run("OneHot", 11, i("axis", 0), longs(1, 0), scalar(2), longs(0, 1)), INT64, dims(2, 2), 0, 1, 1, 0);
    }

    @Test
    void casts() {
        check(run("Cast", 13, i("to", 7), floats(1.9, -1.9, 3e9)), INT64, dims(3), 1, -1, 3000000000L);
        check(run("Cast", 13, i("to", 2), of(INT64, 257, -1)), ElementType.UINT8, dims(2), 1, 255);
        check(run("Cast", 13, i("to", 6), longs(1L << 31)), ElementType.INT32, dims(1), Integer.MIN_VALUE);
        check(run("Cast", 13, i("to", 9), floats(0.5, 0, -0.0)), BOOL, dims(3), 1, 0, 0);
        check(run("Cast", 13, i("to", 1), of(ElementType.UINT64, -1)), dims(1), 0x1p64);
        check(run("Cast", 13, i("to", 13), floats(0x1p63)), ElementType.UINT64, dims(1), Long.MIN_VALUE);
        check(run("Cast", 1, s("to", "INT64"), floats(2)), INT64, dims(1), 2);
        assertEquals(65504f, run("Cast", 13, i("to", 10), floats(65505)).floats()[0]);
        assertEquals(1.0078125f, run("Cast", 13, i("to", 16), floats(1.0060)).floats()[0]);
        assertEquals(1f, run("Cast", 13, i("to", 16), floats(1 + 0x1p-8)).floats()[0]); // half way: to the even neighbour
        check(run("CastLike", floats(2.5), longs(0)), INT64, dims(1), 2);
        assertThrows(IllegalArgumentException.class, () -> run("Cast", 13, i("to", 8), floats(1)));
        assertThrows(IllegalArgumentException.class, () -> run("Cast", 13, i("to", (1L << 32) + 1), floats(1)));
    }

    @Test
    void integersWrapAtTheirWidth() {
        check(run("Add", of(ElementType.INT32, Integer.MAX_VALUE), of(ElementType.INT32, 1)), ElementType.INT32, dims(1),
                Integer.MIN_VALUE);
        check(run("Sub", of(ElementType.UINT8, 3), of(ElementType.UINT8, 5)), ElementType.UINT8, dims(1), 254);
        check(run("Mul", of(ElementType.INT16, 300), of(ElementType.INT16, 300)), ElementType.INT16, dims(1), (short) 90000);
        check(run("Neg", of(ElementType.INT8, -128)), ElementType.INT8, dims(1), -128);
        check(run("Div", of(ElementType.UINT64, -2), of(ElementType.UINT64, 2)), ElementType.UINT64, dims(1), Long.MAX_VALUE);
        check(run("Max", of(ElementType.UINT64, -2), of(ElementType.UINT64, 2)), ElementType.UINT64, dims(1), -2);
        check(run("Greater", of(ElementType.UINT64, -2), of(ElementType.UINT64, 2)), BOOL, dims(1), 1);
        check(run("ReduceSum", of(ElementType.UINT8, 200, 100)), ElementType.UINT8, dims(1), 44);
    }

    @Test
    void divisionsAndRemainders() {
        check(run("Div", longs(-7, 7), longs(2)), INT64, dims(2), -3, 3);
        check(run("Mod", longs(-7, 7), longs(3, -3)), INT64, dims(2), 2, -2);
        check(run("Mod", 13, i("fmod", 1), longs(-7, 7), longs(3, -3)), INT64, dims(2), -1, 1);
        check(run("Mod", 13, i("fmod", 1), floats(-7.5), floats(2)), dims(1), -1.5);
        check(run("Div", floats(1), floats(0)), dims(1), Double.POSITIVE_INFINITY);
        assertEquals("divisor of 7 is 0, must not be 0 for integers", refusal(() -> run("Div", longs(7), longs(0))));
        assertEquals("divisor of 7 is 0, must not be 0 for integers", refusal(() -> run("Mod", longs(7), longs(0))));
        assertEquals("attribute fmod is 0, must be 1 for FLOAT", refusal(() -> run("Mod", floats(7), floats(2))));
    }

    @Test
    void powers() {
        check(run("Pow", floats(2, 9), longs(3, -1)), dims(2), 8, 1.0 / 9);
        check(run("Pow", longs(2, 9), floats(3, 0.5)), INT64, dims(2), 8, 3);
        check(run("Pow", longs(2, -1, 3), of(ElementType.INT32, 62, -3, -1)), INT64, dims(3), 1L << 62, -1, 0);
        check(run("Pow", of(ElementType.INT32, 3), longs(40)), ElementType.INT32, dims(1), (int) (3486784401L * 3486784401L));
        assertEquals("0 has exponent -1, must be at least 0 for integers", refusal(() -> run("Pow", longs(0), longs(-1))));
    }

    @Test
    void broadcasting() {
        check(run("Add", counted(2, 1), counted(3)), dims(2, 3), 0, 1, 2, 1, 2, 3);
        check(run("Sum", counted(2, 1), counted(3), scalar(1f)), dims(2, 3), 1, 2, 3, 2, 3, 4);
        check(run("Mul", counted(0, 3), scalar(2f)), dims(0, 3));
        check(run("Mul", counted(1), counted(0)), dims(0));
        check(run("Mean", floats(1, 2), floats(3)), dims(2), 2, 2.5);
        check(run("Min", longs(1, 5), scalar(3)), INT64, dims(2), 1, 3);
        check(run("Add", 6, new AttributeProto[] {i("broadcast", 1), i("axis", 0)}, counted(2, 3), floats(10, 20)), dims(2, 3),
                10, 11, 12, 23, 24, 25);
        assertEquals("sizes are [2] and [3], must be equal or 1, seen from the end",
                refusal(() -> run("Add", counted(2), counted(3))));
        assertEquals("inputs are FLOAT[1] and INT64[1], must be of one type", refusal(() -> run("Add", counted(1), longs(1))));
    }

    @Test
    void logic() {
        check(run("And", bools(1, 1, 0), bools(1, 0, 0)), BOOL, dims(3), 1, 0, 0);
        check(run("Or", bools(1, 0), bools(0)), BOOL, dims(2), 1, 0);
        check(run("Xor", bools(1, 1), bools(1, 0)), BOOL, dims(2), 0, 1);
        check(run("Not", bools(1, 0)), BOOL, dims(2), 0, 1);
        check(run("Equal", longs(1, 2), longs(1)), BOOL, dims(2), 1, 0);
        check(run("LessOrEqual", floats(1, 2, Double.NaN), floats(1)), BOOL, dims(3), 1, 0, 0);
        check(run("GreaterOrEqual", floats(1, 0, Double.NaN), floats(1)), BOOL, dims(3), 1, 0, 0);
        check(run("Less", longs(Long.MIN_VALUE), longs(Long.MAX_VALUE)), BOOL, dims(1), 1);
        assertEquals("input is INT64[1], must be of type BOOL", refusal(() -> run("Not", longs(1))));
    }

    @Test
    void functionsOfOneVariable() {
        check(run("Round", floats(0.5, 1.5, -2.5)), dims(3), 0, 2, -2);
        check(run("Floor", floats(-0.5)), dims(1), -1);
        check(run("Ceil", floats(1.5)), dims(1), 2);
        check(run("Sqrt", floats(2)), dims(1), Math.sqrt(2));
        check(run("Exp", floats(1)), dims(1), Math.E);
        check(run("Sin", floats(1)), dims(1), Math.sin(1));
        check(run("Cos", floats(1)), dims(1), Math.cos(1));
        check(run("Log", floats(2)), dims(1), Math.log(2));
        check(run("Reciprocal", floats(4)), dims(1), 0.25);
        check(run("Relu", floats(-1, 2)), dims(2), 0, 2);
        check(run("LeakyRelu", 16, f("alpha", 0.5f), floats(-1, 2)), dims(2), -0.5, 2);
        check(run("Sigmoid", floats(0, -2)), dims(2), 0.5, 0.11920292202211755);
        check(run("Tanh", floats(1)), dims(1), 0.7615941559557649);
        check(run("Erf", floats(0, 0.5, -1, 3, 9, Double.NEGATIVE_INFINITY)), dims(6), 0, 0.5204998778130465, -0.8427007929497149,
                0.9999779095030014, 1, -1);
        assertTrue(Float.isNaN(run("Erf", floats(Double.NaN)).floats()[0]));
        check(run("Sign", floats(-2, 0)), dims(2), -1, 0);
        check(run("Sign", of(ElementType.UINT64, -2, 0, 2)), ElementType.UINT64, dims(3), 1, 0, 1);
        check(run("Abs", longs(-2)), INT64, dims(1), 2);
        check(run("Clip", longs(-2, 9), scalar(0), scalar(5)), INT64, dims(2), 0, 5);
        check(run("Clip", 6, new AttributeProto[] {f("min", 0), f("max", 1)}, floats(-2, 9)), dims(2), 0, 1);
        check(run("Clip", floats(0), scalar(3f), scalar(1f)), dims(1), 1);
        assertEquals("input is INT64[1], must be of a floating type", refusal(() -> run("Exp", longs(1))));
    }

    @Test
    void halvesAndDoublesKeepTheirType() {
        OnnxTensor half = OnnxTensor.of(ElementType.FLOAT16, new float[] {2048}, 1);
        OnnxTensor one = OnnxTensor.of(ElementType.FLOAT16, new float[] {1}, 1);
        assertEquals(2048, run("Add", half, one).floats()[0]);
        OnnxTensor three = OnnxTensor.of(ElementType.DOUBLE, new double[] {3});
        OnnxTensor third = run("Reciprocal", three);
        assertEquals(1.0 / 3, third.doubles()[0]);
        assertEquals("DOUBLE[]", third.toString());
        assertEquals(1.0 / 3, run("Transpose", third).doubles()[0]);
    }

    @Test
    void reductions() {
        OnnxTensor x = counted(2, 3, 2);
        check(run("ReduceSum", 13, i("keepdims", 0), x, longs(1)), dims(2, 2), 6, 9, 24, 27);
        check(run("ReduceMean", 13, is("axes", 0, -1), x), dims(1, 3, 1), 3.5, 5.5, 7.5);
        check(run("ReduceMax", x, longs(2, 1)), dims(2, 1, 1), 5, 11);
        check(run("ReduceMin", 11, new AttributeProto[] {is("axes", 0), i("keepdims", 0)}, longs(4, -2)), INT64, dims(), -2);
        check(run("ReduceProd", longs(2, 3, 4)), INT64, dims(1), 24);
        check(run("ReduceSum", 13, i("noop_with_empty_axes", 1), counted(2)), dims(2), 0, 1);
        check(run("ReduceSum", counted(2, 0), longs(1)), dims(2, 1), 0, 0);
        check(run("ReduceMax", counted(1, 0), longs(1)), dims(1, 1), Double.NEGATIVE_INFINITY);
        check(run("ReduceMin", of(ElementType.INT32)), ElementType.INT32, dims(1), Integer.MAX_VALUE);
        check(run("ReduceMax", of(ElementType.UINT64)), ElementType.UINT64, dims(1), 0);
        check(run("ReduceMin", of(ElementType.UINT64)), ElementType.UINT64, dims(1), -1);
        check(run("ReduceMean", longs(-3, 0)), INT64, dims(1), -1);
        check(run("ReduceSum", scalar(3f)), dims(), 3);
        check(run("ReduceL1", 18, i("keepdims", 0), floats(3, -4)), dims(), 7);
        check(run("ReduceL2", OnnxTensor.of(new float[] {3, -4, 1, 0}, 2, 2), longs(1)), dims(2, 1), 5, 1);
        check(run("ReduceL2", longs(3, -4)), INT64, dims(1), 5);
        check(run("ReduceSumSquare", 13, is("axes", 0), longs(3, -4)), INT64, dims(1), 25);
        assertEquals("axis is 3, must be from -3 to 2", refusal(() -> run("ReduceSum", x, longs(3))));
    }

    @Test
    void argumentsOfExtremes() {
        OnnxTensor x = OnnxTensor.of(new float[] {2, 5, 5, 7, 1, 1}, 2, 3);
        check(run("ArgMax", 13, i("axis", 1), x), INT64, dims(2, 1), 1, 0);
        check(run("ArgMax", 13, new AttributeProto[] {i("axis", -1), i("keepdims", 0), i("select_last_index", 1)}, x), INT64,
                dims(2), 2, 0);
        check(run("ArgMin", x), INT64, dims(1, 3), 0, 1, 1);
        assertEquals("input is FLOAT[0], must not be empty on axis 0", refusal(() -> run("ArgMin", counted(0))));
    }

    @Test
    void runningSums() {
        check(run("CumSum", counted(2, 3), scalar(1)), dims(2, 3), 0, 1, 3, 3, 7, 12);
        check(run("CumSum", counted(2, 3), scalar(-2)), dims(2, 3), 0, 1, 2, 3, 5, 7);
        check(run("CumSum", 14, new AttributeProto[] {i("exclusive", 1), i("reverse", 1)}, longs(1, 2, 3), scalar(0)), INT64,
                dims(3), 5, 3, 0);
    }

    @Test
    void products() {
        check(run("MatMul", counted(2, 3), counted(3, 2)), dims(2, 2), 10, 13, 28, 40);
        check(run("MatMul", counted(3), counted(3)), dims(), 5);
        check(run("MatMul", counted(2), counted(3, 2, 2)), dims(3, 2), 2, 3, 6, 7, 10, 11);
        check(run("MatMul", counted(2, 1, 1, 2), counted(2, 2)), dims(2, 1, 1, 2), 2, 3, 6, 11);
        check(run("MatMul", counted(2, 2), counted(2)), dims(2), 1, 3);
        check(run("MatMul", counted(2, 0), counted(0, 2)), dims(2, 2), 0, 0, 0, 0);
        check(run("MatMul", longs(2, 3), longs(4, 5)), INT64, dims(), 23);
        check(run("Gemm", 13, new AttributeProto[] {i("transA", 1), i("transB", 1), f("alpha", 2), f("beta", 3)}, counted(2, 1),
                counted(2, 2), floats(1, 2)), dims(1, 2), 2 * 1 + 3, 2 * 3 + 6);
        check(run("Gemm", counted(1, 2), counted(2, 1)), dims(1, 1), 1);
        assertEquals("inputs are FLOAT[2, 3] and FLOAT[2, 3], inner sizes must be equal",
                refusal(() -> run("MatMul", counted(2, 3), counted(2, 3))));
        assertEquals("C is FLOAT[2, 1, 1], must broadcast to [1, 1]",
                refusal(() -> run("Gemm", counted(1, 2), counted(2, 1), counted(2, 1, 1))));
    }

    @Test
    void dropout() {
        OnnxTensor x = counted(4);
        List<OnnxTensor> y = run(node("Dropout", 1, 2), 13, x);
        assertSame(x, y.get(0));
        check(y.get(1), BOOL, dims(4), 1, 1, 1, 1);
        check(run(node("Dropout", 1, 2, f("ratio", 0.1f)), 7, x).get(1), dims(4), 1, 1, 1, 1);
        assertEquals("there are 3 inputs, must be at most 1 before opset 12",
                refusal(() -> run("Dropout", 11, NONE, x, scalar(0.6f), OnnxTensor.of(BOOL, new long[] {1}))));
        y = run(node("Dropout", 3, 2, i("seed", 0)), 13, x, scalar(0.6f), OnnxTensor.of(BOOL, new long[] {1}));
        check(y.get(1), BOOL, dims(4), 0, 1, 1, 0); // 0.549, 0.715, 0.603, 0.545
        check(y.get(0), dims(4), 0, 2.5, 5, 0);
        assertEquals("ratio is 1.0, must be at least 0 and below 1", refusal(() -> run("Dropout", 13, NONE, x, scalar(1f))));
    }

    @Test
    void randomNumbersAreThoseOfNumpy() {
        double[][] expected = {{0, 0.5488135039273248, 0.7151893663724195, 0.6771411441114241},
            {42, 0.3745401188473625, 0.9507143064099162, 0.44600577295795574},
            {4294967295L, 0.0976320289940138, 0.9123828453026218, 0.556626859384112}};
        for (double[] row : expected) {
            ReferenceRandom random = new ReferenceRandom((long) row[0]);
            assertEquals(row[1], random.uniform());
            assertEquals(row[2], random.uniform());
            double last = 0;
            for (int n = 2; n < 1000; n++) {
                last = random.uniform();
            }
            assertEquals(row[3], last);
        }
    }
}
