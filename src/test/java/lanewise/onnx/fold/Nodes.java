package lanewise.onnx.fold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;

/** Short words for nodes, tensors and what is expected of them. */
final class Nodes {

    private Nodes() {}

    static AttributeProto i(String name, long value) {
        return new AttributeProto(name, 2, 0, value, "", null, new float[0], new long[0], List.of());
    }

    static AttributeProto f(String name, float value) {
        return new AttributeProto(name, 1, value, 0, "", null, new float[0], new long[0], List.of());
    }

    static AttributeProto s(String name, String value) {
        return new AttributeProto(name, 3, 0, 0, value, null, new float[0], new long[0], List.of());
    }

    static AttributeProto is(String name, long... values) {
        return new AttributeProto(name, 7, 0, 0, "", null, new float[0], values, List.of());
    }

    static AttributeProto fs(String name, float... values) {
        return new AttributeProto(name, 6, 0, 0, "", null, values, new long[0], List.of());
    }

    /** A tensor whose values come from the {@link TensorSource} of the test. */
    static AttributeProto t(String name) {
        TensorProto tensor = new TensorProto(name, 1, new long[0], null, null, null, null, null, null, Map.of());
        return new AttributeProto(name, 4, 0, 0, "", tensor, new float[0], new long[0], List.of());
    }

    /** A node of one domain with so many inputs and outputs. */
    static NodeProto node(String opType, int inputs, int outputs, AttributeProto... attributes) {
        Map<String, AttributeProto> map = new HashMap<>();
        for (AttributeProto attribute : attributes) {
            map.put(attribute.name(), attribute);
        }
        return new NodeProto("", opType, "", Collections.nCopies(inputs, "x"), Collections.nCopies(outputs, "y"), map);
    }

    static List<OnnxTensor> run(NodeProto node, int opset, OnnxTensor... inputs) {
        try {
            return Folder.evaluate(node, opset, Arrays.asList(inputs), tensor -> floats(7).reshaped(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only output of a node without attributes, at the newest opset. */
    static OnnxTensor run(String opType, OnnxTensor... inputs) {
        return run(opType, 25, new AttributeProto[0], inputs);
    }

    static OnnxTensor run(String opType, int opset, AttributeProto attribute, OnnxTensor... inputs) {
        return run(opType, opset, new AttributeProto[] {attribute}, inputs);
    }

    static OnnxTensor run(String opType, int opset, AttributeProto[] attributes, OnnxTensor... inputs) {
        return run(node(opType, inputs.length, 1, attributes), opset, inputs).getFirst();
    }

    static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    static OnnxTensor longs(long... values) {
        return OnnxTensor.vector(values);
    }

    static OnnxTensor scalar(long value) {
        return OnnxTensor.of(new long[] {value});
    }

    static OnnxTensor scalar(float value) {
        return OnnxTensor.of(new float[] {value});
    }

    static OnnxTensor floats(double... values) {
        return OnnxTensor.of(narrow(values), values.length);
    }

    static OnnxTensor of(ElementType type, long... values) {
        return OnnxTensor.of(type, values, values.length);
    }

    static OnnxTensor bools(long... values) {
        return of(ElementType.BOOL, values);
    }

    /** 0, 1, ... as floats of these sizes. */
    static OnnxTensor counted(int... dims) {
        float[] values = new float[OnnxTensor.size(dims)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return OnnxTensor.of(values, dims);
    }

    private static float[] narrow(double... values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    /** Type, sizes and integers, all exact. */
    static void check(OnnxTensor y, ElementType type, int[] dims, long... expected) {
        assertEquals(type + Arrays.toString(dims), y.toString());
        assertArrayEquals(expected, y.longs());
    }

    /** Sizes and floats within a few units in the last place. */
    static void check(OnnxTensor y, int[] dims, double... expected) {
        assertEquals(ElementType.FLOAT + Arrays.toString(dims), y.toString());
        for (int i = 0; i < expected.length; i++) {
            assertEquals((float) expected[i], y.floats()[i], Math.ulp((float) expected[i]), "element " + i);
        }
        assertEquals(expected.length, y.size());
    }

    static int[] dims(int... dims) {
        return dims;
    }
}
