package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lanewise.layer.Context;
import lanewise.layer.Network;
import lanewise.onnx.fold.Folder;
import lanewise.onnx.lower.CheckedGraph;
import lanewise.onnx.lower.Program;
import lanewise.onnx.lower.Specialization;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;

/** A model with inputs and the outputs that it must give: by the predictor, and by the layers one after the other. */
final class ConformanceCase {

    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-6;

    private final Path folder;

    ConformanceCase(Path folder) {
        this.folder = folder;
    }

    /** The folders with inputs and outputs. */
    static List<Path> sets(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith("test_data_set_")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run() throws IOException {
        Path file = folder.resolve("model.onnx");
        OnnxModel model = OnnxImporter.load(file);
        for (Path set : sets(folder)) {
            Map<String, OnnxTensor> inputs = inputs(model, set);
            Map<String, OnnxTensor> results = model.run(inputs);
            List<OnnxValue> outputs = model.outputs();
            for (int i = 0; i < outputs.size(); i++) {
                Path expected = set.resolve("output_" + i + ".pb");
                assertTrue(Files.exists(expected), () -> "there is no " + expected);
                agrees(outputs.get(i).name(), OnnxTensors.read(expected), results.get(outputs.get(i).name()));
            }
            layersAgree(file, inputs, results);
        }
    }

    /** The operators that the importer does not know; a case with any cannot run. */
    Set<String> unknownOperators() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (NodeProto node : ModelReader.read(folder.resolve("model.onnx")).graph().nodes()) {
            if (!OnnxImporter.operators().contains(node.opType()) && !Folder.knows(node.opType())) {
                unknown.add(node.opType());
            }
        }
        return unknown;
    }

    private static Map<String, OnnxTensor> inputs(OnnxModel model, Path set) throws IOException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (int i = 0; Files.exists(set.resolve("input_" + i + ".pb")); i++) {
            inputs.put(model.declaredInputs().get(i), OnnxTensors.read(set.resolve("input_" + i + ".pb")));
        }
        return inputs;
    }

    private static void agrees(String name, OnnxTensor expected, OnnxTensor actual) {
        if (actual == null) {
            fail("output " + name + " is missing");
        }
        assertEquals(expected.type(), actual.type(), () -> "type of " + name);
        assertArrayEquals(expected.dims(), actual.dims(), () -> "sizes of " + name);
        for (int i = 0; i < expected.size(); i++) {
            double want = expected.get(i);
            double got = actual.get(i);
            boolean equal = want == got || Double.isNaN(want) && Double.isNaN(got);
            if (!equal && !(Math.abs(want - got) <= ABSOLUTE + RELATIVE * Math.abs(want))) {
                fail("element " + i + " of " + name + " " + actual + " is " + got + ", expected " + want);
            }
        }
    }

    /** The network's own layers, as training runs them, give what the predictor gave. */
    private static void layersAgree(Path file, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> results) throws IOException {
        CheckedGraph graph = CheckedGraph.of(ModelReader.read(file), new TensorReader(file)::read);
        Map<String, OnnxTensor> known = new LinkedHashMap<>();
        Map<String, int[]> sizes = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> {
            if (Specialization.demanded(graph).contains(name) || tensor.size() == 0 || graph.initializers().containsKey(name)) {
                known.put(name, tensor);
            } else {
                sizes.put(name, tensor.dims());
            }
        });
        Program program = Specialization.of(graph, known, sizes, false);
        Network network = program.network();
        if (network == null) {
            return;
        }
        Context context = network.newTrainingContext(program.batch(), 1);
        for (int i = 0; i < network.inputs().size(); i++) {
            OnnxTensor tensor = inputs.get(program.inputs().get(i));
            float[] x = context.input(network.inputs().get(i).name());
            for (int j = 0; j < tensor.size(); j++) {
                x[j] = (float) tensor.get(j);
            }
        }
        context.forward(program.batch());
        for (Program.Output output : program.outputs()) {
            if (output.index() >= 0) {
                float[] y = context.activation(network.outputs().get(output.index()).name());
                agrees(output.name(), results.get(output.name()), output.tensor(y));
            }
        }
    }
}
