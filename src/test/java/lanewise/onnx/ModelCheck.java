package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorOptions;
import lanewise.layer.Context;
import lanewise.layer.Network;
import lanewise.onnx.lower.CheckedGraph;
import lanewise.onnx.lower.Program;
import lanewise.onnx.lower.Specialization;
import lanewise.onnx.proto.ModelReader;

/**
 * A model runs in every way there is, and each time computes what the oracle does: {@code run}; the network of given sizes layer by
 * layer, with channels first and last; its predictor; and the network of an open batch, which must be right for any.
 */
final class ModelCheck {

    private static final double TOLERANCE = 1e-4;

    private final Path file;
    private final Sketch sketch;
    private final OnnxModel model;
    private final CheckedGraph graph;
    private int compared;
    private boolean nothingLeft;

    ModelCheck(Path file, Sketch sketch) throws IOException {
        this.file = sketch.write(file);
        this.sketch = sketch;
        this.model = OnnxImporter.load(file);
        this.graph = CheckedGraph.of(ModelReader.read(file), new TensorReader(file)::read);
    }

    /** All ways, for these batches, which the oracle must take; returns how many outputs were compared. */
    static int agrees(Path file, Sketch sketch, int... batches) throws IOException {
        ModelCheck check = new ModelCheck(file, sketch);
        for (int batch : batches) {
            assertTrue(check.sized(batch) > 0, () -> "the oracle refuses batch " + batch);
        }
        check.open(3);
        return check.compared;
    }

    /** The sizes as they are said; returns how many outputs were compared, 0 if the oracle refuses this batch, as the model must. */
    int sized(int batch) throws IOException {
        int before = compared;
        Map<String, OnnxTensor> inputs = sketch.data(batch);
        Map<String, OracleArray> expected = oracle(inputs);
        if (expected == null) {
            if (nothingLeft) {
                return 0;
            }
            Exception e = assertThrows(Exception.class, () -> model.run(inputs), "takes batch " + batch + ", the oracle does not");
            assertTrue(e instanceof OnnxException || e instanceof IllegalArgumentException, e::toString);
            return 0;
        }
        Map<String, OnnxTensor> results = model.run(inputs);
        expected.forEach((name, want) -> {
            assertArrayEquals(want.dims(), results.get(name).dims(), () -> "sizes of " + name);
            agrees("run, batch " + batch + ", " + name, want.values(), OracleArray.of(results.get(name)).values());
        });
        Map<String, int[]> sizes = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> sizes.put(name, tensor.dims()));
        for (boolean channelsLast : new boolean[] {false, true}) {
            Program program = Specialization.of(graph, Map.of(), sizes, channelsLast);
            if (program.network() == null) {
                continue;
            }
            Network network = program.network();
            float[][] in = program.inputs().stream().map(name -> flat(inputs.get(name), channelsLast)).toArray(float[][]::new);
            compare("layers, batch " + batch, program, layers(network, in, program.batch()), expected);
            OnnxModel ordered = channelsLast ? model.channelsLast() : model;
            Predictor predictor = ordered.predictor(sizes, PredictorOptions.defaults().withoutWarmUp());
            compare("predictor, batch " + batch, program, predicted(predictor, in), expected);
        }
        return compared - before;
    }

    /** null if the model does not take this batch. */
    private Map<String, OracleArray> oracle(Map<String, OnnxTensor> inputs) throws IOException {
        try {
            nothingLeft = false;
            return OnnxOracle.run(file, inputs);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            nothingLeft = e instanceof OnnxOracle.NothingLeft;
            return null;
        }
    }

    private void compare(String how, Program program, float[][] results, Map<String, OracleArray> expected) {
        for (Program.Output output : program.outputs()) {
            if (output.index() >= 0) {
                OnnxTensor tensor = output.tensor(results[output.index()]);
                agrees(how + ", " + output.name(), expected.get(output.name()).values(), OracleArray.of(tensor).values());
            }
        }
    }

    private static float[][] layers(Network network, float[][] in, int batch) {
        Context context = network.newContext(batch);
        for (int i = 0; i < in.length; i++) {
            System.arraycopy(in[i], 0, context.input(network.inputs().get(i).name()), 0, in[i].length);
        }
        context.forward(batch);
        return network.outputs().stream().map(node -> context.activation(node.name())).toArray(float[][]::new);
    }

    private static float[][] predicted(Predictor predictor, float[][] in) {
        float[][] out = predictor.outputs().stream().map(node ->
                new float[predictor.batch() * node.shape().size()]).toArray(float[][]::new);
        predictor.newContext().predict(in, out);
        return out;
    }

    private static float[] flat(OnnxTensor tensor, boolean channelsLast) {
        int rank = tensor.rank();
        if (!channelsLast || rank < 3) {
            return tensor.floats();
        }
        int[] last = IntStream.range(0, rank).map(axis -> axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1).toArray();
        double[] values = OracleArray.of(tensor).transposed(last).values();
        float[] floats = new float[values.length];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
        return floats;
    }

    /**
     * The network of an open batch, called with some examples: what the model says of the batch, or else of each alone. Returns how many
     * outputs were compared, 0 if there is no such network.
     */
    int open(int batch) throws IOException {
        int before = compared;
        Map<String, OnnxTensor> together = sketch.data(batch);
        Map<String, int[]> one = new LinkedHashMap<>();
        together.forEach((name, tensor) -> {
            int[] dims = tensor.dims();
            dims[0] = 1;
            one.put(name, dims);
        });
        Map<String, OracleArray> first = oracle(example(together, 0, batch));
        if (first == null) {
            return 0; // the model takes no batch of 1
        }
        Program program = Specialization.ofAnyBatch(graph, Map.of(), one, false);
        if (program.network() == null) {
            return 0;
        }
        Network network = model.network();
        assertTrue(network.inputs().stream().map(node -> node.shape()).toList()
                .equals(program.network().inputs().stream().map(node -> node.shape()).toList()));
        float[][] in = program.inputs().stream().map(name -> together.get(name).floats()).toArray(float[][]::new);
        float[][] results = layers(network, in, batch);
        Map<String, OracleArray> all = program.batchwise() ? oracle(together) : null;
        Map<String, int[]> sizes = new LinkedHashMap<>();
        together.forEach((name, tensor) -> sizes.put(name, tensor.dims()));
        // With one example any axis of size 1 may be its axis; with several it shows.
        Program exact = all == null ? null : Specialization.of(graph, Map.of(), sizes, false);
        for (int n = 0; n < batch; n++) {
            Map<String, OracleArray> alone = oracle(example(together, n, batch));
            for (Program.Output output : program.outputs()) {
                if (output.index() >= 0) {
                    OracleArray want = all == null ? alone.get(output.name()) : slice(all.get(output.name()), batchAxis(exact,
                            output.name()), n);
                    int size = want.values().length;
                    float[] got = Arrays.copyOfRange(results[output.index()], n * size, (n + 1) * size);
                    agrees("open batch, example " + n + ", " + output.name(), want.values(), IntStream.range(0, size)
                            .mapToDouble(i -> got[i]).toArray());
                }
            }
        }
        return compared - before;
    }

    private static int batchAxis(Program exact, String output) {
        return exact.outputs().stream().filter(each -> each.name().equals(output)).findFirst().orElseThrow().batchAxis();
    }

    private static Map<String, OnnxTensor> example(Map<String, OnnxTensor> together, int n, int batch) {
        Map<String, OnnxTensor> alone = new LinkedHashMap<>();
        together.forEach((name, tensor) -> {
            int[] dims = tensor.dims();
            int size = tensor.size() / batch;
            dims[0] = 1;
            alone.put(name, OnnxTensor.of(Arrays.copyOfRange(tensor.floats(), n * size, (n + 1) * size), dims));
        });
        return alone;
    }

    private static OracleArray slice(OracleArray x, int axis, int n) {
        int[] dims = x.dims().clone();
        dims[axis] = 1;
        return OracleArray.of(dims, index -> {
            int[] i = index.clone();
            i[axis] = n;
            return x.at(i);
        });
    }

    private void agrees(String what, double[] want, double[] got) {
        compared++;
        double most = Arrays.stream(want).filter(Double::isFinite).map(Math::abs).max().orElse(0);
        if (want.length != got.length) {
            fail(what + ": " + got.length + " elements, expected " + want.length);
        }
        for (int i = 0; i < want.length; i++) {
            boolean same = want[i] == got[i] || Double.isNaN(want[i]) && Double.isNaN(got[i]);
            if (!same && !(Math.abs(want[i] - got[i]) <= TOLERANCE * (most + 1e-3))) {
                fail(what + ": element " + i + " is " + got[i] + ", expected " + want[i]);
            }
        }
    }
}
