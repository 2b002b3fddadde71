package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import lanewise.layer.Summary;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/**
 * What making one network may take, so that a small file cannot ask for all memory or all time: constants that are held at once,
 * elements that are computed from constants, axes and elements of a value, nodes, and the finished network.
 */
final class Budget {

    /** Axes of a value. */
    static final int AXES = 64;
    /** Layers of a network. */
    static final int NODES = 50_000;

    private static final long ELEMENTS_COMPUTED = 1L << 31;

    private final long heap = Runtime.getRuntime().maxMemory();
    /** How many names hold an array. */
    private final Map<Object, Integer> holders = new IdentityHashMap<>();
    private long bytes;
    private long computed;

    /** Counts a constant that a name stands for from now on. */
    void hold(OnnxTensor tensor) {
        if (holders.merge(data(tensor), 1, Integer::sum) == 1) {
            bytes += bytes(tensor);
        }
        if (bytes > heap / 2) {
            throw new Refusal("constants need " + bytes + " bytes at once, must be at most " + heap / 2 + ", half of the heap");
        }
    }

    /** A name is read no more. */
    void release(OnnxTensor tensor) {
        if (holders.merge(data(tensor), -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
            bytes -= bytes(tensor);
        }
    }

    private static Object data(OnnxTensor tensor) {
        return tensor.isIntegral() ? tensor.longs() : tensor.type() == ElementType.DOUBLE ? tensor.doubles() : tensor.floats();
    }

    private static long bytes(OnnxTensor tensor) {
        return (long) tensor.size() * (tensor.isIntegral() || tensor.type() == ElementType.DOUBLE ? Long.BYTES : Float.BYTES);
    }

    /** Counts elements computed from constants, or multiply-adds. */
    void compute(long elements) {
        computed += elements;
        if (computed < 0 || computed > ELEMENTS_COMPUTED) {
            throw new Refusal("constants take more than " + ELEMENTS_COMPUTED + " operations to evaluate");
        }
    }

    /** Refuses a value before anything of its size is made. */
    static void check(int... dims) {
        if (dims.length > AXES) {
            throw new Refusal("a value has " + dims.length + " axes, must have at most " + AXES);
        }
        long most = Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / Float.BYTES);
        double size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        if (size > most) {
            throw new Refusal("sizes are " + Arrays.toString(dims) + ", more than the " + most
                    + " elements that a quarter of the heap or an array can hold");
        }
    }

    /** The same for a constant that is made of nothing but its sizes. */
    static void checkConstant(int... dims) {
        check(dims);
        long most = Runtime.getRuntime().maxMemory() / 8 / Long.BYTES;
        if (Axes.product(dims) > most) {
            throw new Refusal("a constant of sizes " + Arrays.toString(dims) + " has more than the " + most
                    + " elements that an eighth of the heap can hold");
        }
    }

    /**
     * Refuses a network whose numbers would not fit into the heap: its parameters twice, since they are packed, and its
     * activations.
     */
    void check(Summary network, int batch) {
        double activations = (double) Float.BYTES * network.predictionFloats() * batch;
        double parameters = (double) Float.BYTES * network.parameters();
        if (activations > heap / 2 || activations + 2 * parameters > heap / 8 * 7) {
            throw new Refusal("a network of " + network.parameters() + " parameters and " + network.predictionFloats()
                    + " floats of activations for each of " + batch + " examples needs more than the heap of " + heap
                            + " bytes can hold");
        }
    }
}
