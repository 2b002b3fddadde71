package lanewise.onnx.fold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.NodeProto;
import org.junit.jupiter.api.Test;

/** Nodes that nobody would write: each gives as many values as it declares or is refused, and nothing else happens. */
class FolderFuzzTest {

    private static final int CALLS = 2000;
    private static final long[] NUMBERS = {0, 1, -1, 2, 3, -2, 5, 1 << 15, (1 << 28) + 1, Integer.MAX_VALUE, Integer.MIN_VALUE,
        1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final String[] INTS = {"axis", "to", "keepdims", "k", "dtype", "batch_dims", "start", "end", "num_outputs",
        "fmod", "upper", "allowzero", "exclusive", "reverse", "noop_with_empty_axes", "select_last_index", "transA", "transB",
        "seed", "broadcast", "value_int"};
    private static final String[] LISTS = {"perm", "axes", "split", "starts", "ends", "pads", "shape", "value_ints", "paddings"};
    private static final String[] STRINGS = {"constant", "edge", "reflect", "wrap", "add", "mul", "min", "max", "none", "?"};

    private final Random random = new Random(7);
    private int[] dims = {2};

    @Test
    void valuesOrARefusal() throws IOException {
        for (String opType : Folder.names()) {
            int values = 0;
            for (int n = 0; n < CALLS || values == 0 && n < 50 * CALLS; n++) { // some are hard to please
                values += call(opType) ? 1 : 0;
            }
            assertTrue(values > 0, () -> opType + " was never evaluated");
        }
    }

    private boolean call(String opType) throws IOException {
        int opset = random.nextInt(1, 26);
        int count = random.nextInt(random.nextInt(2, 7));
        List<OnnxTensor> inputs = new ArrayList<>();
        ElementType type = type();
        for (int i = 0; i < count; i++) {
            boolean other = random.nextInt(4) == 0;
            inputs.add(random.nextInt(12) == 0 ? null : tensor(other ? type() : type));
        }
        List<AttributeProto> attributes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            attributes.add(attribute());
        }
        NodeProto node = Nodes.node(opType, count, random.nextInt(8) == 0 ? 2 : 1, withUseful(opType, attributes));
        try {
            List<OnnxTensor> outputs = Folder.evaluate(node, opset, inputs, tensor -> tensor(type));
            assertEquals(node.outputs().size(), outputs.size());
            return true;
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().length() > 10, e::getMessage);
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return fail(opType + " of opset " + opset + " on " + inputs + " with " + node.attributes().keySet(), e);
        }
    }

    /** Random names are mostly unknown to the operator; those that it must have, or that lead far, come more often. */
    private AttributeProto[] withUseful(String opType, List<AttributeProto> attributes) {
        switch (opType) {
            case "Concat" -> attributes.add(Nodes.i("axis", random.nextInt(-2, 3)));
            case "Cast" -> attributes.add(Nodes.i("to", random.nextInt(0, 18)));
            case "Constant" -> attributes.add(Nodes.t("value"));
            case "Pad" -> attributes.add(Nodes.s("mode", STRINGS[random.nextInt(5)]));
            default -> { }
        }
        if (random.nextBoolean() && attributes.size() > 1) {
            attributes.removeFirst();
        }
        return attributes.toArray(AttributeProto[]::new);
    }

    private AttributeProto attribute() {
        return switch (random.nextInt(5)) {
            case 0 -> Nodes.s(random.nextBoolean() ? "mode" : "reduction", STRINGS[random.nextInt(STRINGS.length)]);
            case 1 -> Nodes.is(LISTS[random.nextInt(LISTS.length)], numbers(random.nextInt(5)));
            case 2 -> Nodes.f(random.nextBoolean() ? "alpha" : "value", random.nextFloat());
            case 3 -> Nodes.t("value");
            default -> Nodes.i(INTS[random.nextInt(INTS.length)], numbers(1)[0]);
        };
    }

    private ElementType type() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2, 3, 4 -> ElementType.INT64;
            case 5 -> ElementType.BOOL;
            default -> ElementType.values()[random.nextInt(ElementType.values().length)];
        };
    }

    private OnnxTensor tensor(ElementType type) {
        if (random.nextBoolean()) { // sizes that fit those of the input before more often than chance has it
            dims = newDims();
        }
        OnnxTensor tensor = Elements.zeros(type, dims);
        for (int i = 0; i < tensor.size(); i++) {
            long value = numbers(1)[0];
            if (tensor.isIntegral()) {
                Elements.set(tensor, i, value);
            } else {
                Elements.set(tensor, i, random.nextInt(9) == 0 ? Double.NaN : (double) value);
            }
        }
        return tensor;
    }

    private int[] newDims() {
        int[] dims = new int[random.nextInt(100) == 0 ? 5000 : random.nextInt(4)];
        Arrays.setAll(dims, i -> dims.length > 9 ? 1 : random.nextInt(5) > 0 ? random.nextInt(1, 4) : random.nextInt(0, 2));
        if (dims.length == 2 && random.nextInt(50) == 0) {
            dims[0] = 0;
            dims[1] = Integer.MAX_VALUE;
        }
        return dims;
    }

    private long[] numbers(int count) {
        long[] numbers = new long[count];
        Arrays.setAll(numbers, i -> NUMBERS[random.nextInt(random.nextInt(6) == 0 ? NUMBERS.length : 7)]);
        return numbers;
    }
}
