package lanewise.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lanewise.onnx.OnnxGraph.Attribute;

/** A model in a few lines: operators in a row, constants where they are used, names by counting. Its batch is open, {@code N}. */
final class Sketch {

    private final OnnxGraph graph = new OnnxGraph();
    private final Map<String, int[]> inputs = new LinkedHashMap<>();
    private final SplittableRandom random;
    private int count;

    Sketch(long seed) {
        random = new SplittableRandom(seed);
    }

    Sketch opset(int version) {
        graph.opset(version);
        return this;
    }

    OnnxGraph graph() {
        return graph;
    }

    /** Sizes by input, the batch missing. */
    Map<String, int[]> inputs() {
        return inputs;
    }

    /** An input {@code N x dims}. */
    String input(String name, int... dims) {
        Object[] sizes = new Object[dims.length + 1];
        sizes[0] = "N";
        for (int i = 0; i < dims.length; i++) {
            sizes[i + 1] = dims[i];
        }
        graph.input(name, ElementType.FLOAT, sizes);
        inputs.put(name, dims);
        return name;
    }

    /** A constant of numbers that keep the size of what they are multiplied with. */
    String weights(int... dims) {
        double fan = dims.length < 2 ? 1 : OracleArray.size(dims) / (double) dims[0];
        return constant(OnnxTensor.of(random(OracleArray.size(dims), -1.7 / Math.sqrt(fan), 1.7 / Math.sqrt(fan)), dims));
    }

    /** A constant of numbers from 0.5 to 1.5. */
    String positive(int... dims) {
        return constant(OnnxTensor.of(random(OracleArray.size(dims), 0.5, 1.5), dims));
    }

    float[] random(int length, double from, double to) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextDouble(from, to);
        }
        return values;
    }

    String constant(OnnxTensor tensor) {
        return graph.constant("c" + count++, tensor);
    }

    String scalar(double value) {
        return constant(OnnxTensor.of(new float[] {(float) value}));
    }

    String integers(long... values) {
        return constant(OnnxTensor.vector(values));
    }

    /**
     * An operator of one output.
     *
     * @param arguments names of inputs, "" for one left out, {@code long[]} for a constant of integers, and attributes
     */
    String op(String type, Object... arguments) {
        return ops(type, 1, arguments)[0];
    }

    /** The same with more outputs. */
    String[] ops(String type, int outputs, Object... arguments) {
        List<String> names = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        for (Object argument : arguments) {
            switch (argument) {
                case String name -> names.add(name);
                case long[] values -> names.add(integers(values));
                case Attribute attribute -> attributes.add(attribute);
                default -> throw new IllegalArgumentException(String.valueOf(argument));
            }
        }
        String[] results = new String[outputs];
        Arrays.setAll(results, i -> "v" + count++);
        graph.node("", type, type.toLowerCase() + count++, names, List.of(results), attributes.toArray(Attribute[]::new));
        return results;
    }

    static Attribute a(String name, long value) {
        return Attribute.of(name, value);
    }

    static Attribute a(String name, float value) {
        return Attribute.of(name, value);
    }

    static Attribute a(String name, String value) {
        return Attribute.of(name, value);
    }

    static Attribute ints(String name, int... values) {
        return Attribute.of(name, values);
    }

    /** A convolution with bias and padding that keeps the sizes, of {@code C} channels. */
    String conv(String x, int c, int k, int taps, int stride, int groups) {
        int pad = taps / 2;
        return op("Conv", x, weights(k, c / groups, taps, taps), weights(k), ints("strides", stride, stride),
                ints("pads", pad, pad, pad, pad), a("group", groups));
    }

    String norm(String x, int c) {
        return op("BatchNormalization", x, positive(c), weights(c), weights(c), positive(c));
    }

    String relu(String x) {
        return op("Relu", x);
    }

    void output(String... names) {
        for (String name : names) {
            graph.untypedOutput(name);
        }
    }

    Path write(Path file) throws IOException {
        return graph.write(file);
    }

    /** Numbers for all inputs with this batch. */
    Map<String, OnnxTensor> data(int batch) {
        Map<String, OnnxTensor> data = new LinkedHashMap<>();
        inputs.forEach((name, dims) -> {
            int[] sizes = new int[dims.length + 1];
            sizes[0] = batch;
            System.arraycopy(dims, 0, sizes, 1, dims.length);
            data.put(name, OnnxTensor.of(random(OracleArray.size(sizes), -1, 1), sizes));
        });
        return data;
    }
}
