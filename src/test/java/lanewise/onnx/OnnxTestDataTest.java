package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.onnx.proto.OnnxMl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lanewise.onnx.proto.GraphProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.TensorFile;
import lanewise.onnx.proto.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Reads every file of the official test cases, if a folder with them is given, as Google's parser does. */
@EnabledIfSystemProperty(named = "lanewise.onnx.testdata", matches = ".+")
class OnnxTestDataTest {

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(System.getProperty("lanewise.onnx.testdata")))) {
            List<Path> files = all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
            assertFalse(files.isEmpty());
            return files;
        }
    }

    @Test
    void models() throws IOException {
        for (Path file : files(".onnx")) {
            ModelProto model = ModelReader.read(file);
            ProtobufOracleTest.assertSame(model, OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)));
            GraphProto graph = model.graph();
            assertFalse(graph.nodes().isEmpty(), file::toString);
            assertFalse(graph.outputs().isEmpty(), file::toString);
            var tensors = new TensorReader(file);
            for (TensorProto tensor : graph.initializers()) {
                assertNotNull(tensors.read(tensor));
            }
        }
    }

    @Test
    void tensors() throws IOException {
        for (Path file : files(".pb")) {
            ProtobufOracleTest.assertSame(TensorFile.read(file), OnnxMl.TensorProto.parseFrom(Files.readAllBytes(file)));
            assertNotNull(OnnxTensors.read(file));
        }
    }
}
