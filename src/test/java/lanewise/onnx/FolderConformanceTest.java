package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.onnx.fold.Folder;
import lanewise.onnx.proto.GraphProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The official test cases whose operators are all evaluated on constants, with the inputs taken as constants: floats within
 * {@code 1e-6 + 1e-3 |expected|}, all else exact.
 */
@EnabledIfSystemProperty(named = "lanewise.onnx.testdata", matches = ".+")
class FolderConformanceTest {

    @TestFactory
    List<DynamicTest> cases() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> all = Files.walk(Path.of(System.getProperty("lanewise.onnx.testdata")))) {
            for (Path model : all.filter(file -> file.endsWith("model.onnx")).sorted().toList()) {
                ModelProto proto = ModelReader.read(model);
                if (proto.graph().nodes().stream().allMatch(node -> node.domain().isEmpty() && Folder.knows(node.opType()))) {
                    tests.add(DynamicTest.dynamicTest(model.getParent().getFileName().toString(), () -> run(model, proto)));
                }
            }
        }
        assertFalse(tests.isEmpty());
        return tests;
    }

    private static void run(Path model, ModelProto proto) throws IOException {
        int sets = 0;
        for (Path set = set(model, sets); Files.isDirectory(set); set = set(model, ++sets)) {
            run(model, proto, set);
        }
        assertTrue(sets > 0, "no test_data_set_0");
    }

    private static Path set(Path model, int number) {
        return model.resolveSibling("test_data_set_" + number);
    }

    private static void run(Path model, ModelProto proto, Path set) throws IOException {
        GraphProto graph = proto.graph();
        TensorReader reader = new TensorReader(model);
        Map<String, OnnxTensor> values = new HashMap<>();
        for (TensorProto tensor : graph.initializers()) {
            values.put(tensor.name(), reader.read(tensor));
        }
        for (int i = 0; i < graph.inputs().size(); i++) {
            Path file = set.resolve("input_" + i + ".pb");
            if (Files.exists(file)) {
                values.put(graph.inputs().get(i).name(), OnnxTensors.read(file));
            }
        }
        for (NodeProto node : graph.nodes()) {
            List<OnnxTensor> inputs = new ArrayList<>();
            for (String name : node.inputs()) {
                inputs.add(name.isEmpty() ? null : values.get(name));
            }
            List<OnnxTensor> outputs = Folder.evaluate(node, Math.toIntExact(proto.opsets().get("")), inputs, reader::read);
            for (int i = 0; i < outputs.size(); i++) {
                values.put(node.outputs().get(i), outputs.get(i));
            }
        }
        for (int i = 0; i < graph.outputs().size(); i++) {
            compare(OnnxTensors.read(set.resolve("output_" + i + ".pb")), values.get(graph.outputs().get(i).name()));
        }
    }

    private static void compare(OnnxTensor expected, OnnxTensor actual) {
        assertEquals(expected.toString(), actual.toString());
        if (expected.isIntegral()) {
            assertArrayEquals(expected.longs(), actual.longs());
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            double wanted = expected.get(i);
            if (Double.isFinite(wanted)) {
                assertEquals(wanted, actual.get(i), 1e-6 + 1e-3 * Math.abs(wanted), "element " + i);
            } else {
                assertEquals(wanted, actual.get(i), "element " + i);
            }
        }
    }
}
