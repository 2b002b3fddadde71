package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lanewise.io.Mutations;
import lanewise.onnx.OnnxGraph.Attribute;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.GraphProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged models: each gives a whole model or a {@link lanewise.io.FormatException}, in memory in proportion to the file. */
class OnnxMutationTest {

    private static final int COUNT = 3334;

    /** Besides what {@link ModelReader} says: the classes and strings of the first exceptions. */
    private static final long BASE = 1 << 20;

    @TempDir
    Path folder;

    /** Small, all of it structure: every kind of attribute, of value and of storage. */
    @Test
    void everything() throws IOException {
        Files.write(folder.resolve("w"), new byte[24]);
        readAll(everything(TensorMessages.external(1, new int[] {2, 3}, "location", "w", "offset", "0", "length", "24")));
    }

    static OnnxGraph everything(ProtoMessage external) {
        var body = new OnnxGraph();
        body.node("Relu", "b", List.of("a"));
        var graph = new OnnxGraph().opset(13).opset("com.example", 1);
        graph.input("x", ElementType.FLOAT, "n", 3, null);
        TensorReaderTest.TENSORS.forEach(tensor -> {
            graph.constant("raw" + tensor.type(), tensor);
            graph.constant("typed" + tensor.type(), TensorMessages.typed(tensor));
            graph.constant("unpacked" + tensor.type(), TensorMessages.unpacked(tensor));
        });
        graph.constant("external", external);
        graph.node("com.example", "Op", "node", List.of("x", "", "rawFLOAT"), List.of("y", "", "z"), Attribute.of("f", 1f),
                Attribute.of("i", 2), Attribute.of("s", "SAME_UPPER"), Attribute.of("t", OnnxTensor.vector(1, 2)),
                Attribute.of("g", body), Attribute.of("fs", new float[] {1, 2}), Attribute.of("is", new int[] {1, 2}),
                Attribute.of("ss", List.of("a", "b")));
        graph.output("y", ElementType.INT64, "n", 5);
        graph.untypedOutput("z");
        return graph;
    }

    /** A chain of operators. */
    @Test
    void chain() throws IOException {
        var graph = new OnnxGraph();
        graph.input("v0", 1, 3, 8, 8);
        for (int i = 0; i < 30; i++) {
            graph.constant("w" + i, OnnxTensor.of(Data.reals(i, 27), 3, 1, 3, 3));
            graph.node("Conv", "v" + (i + 1), List.of("v" + i, "w" + i), Attribute.of("pads", new int[] {1, 1, 1, 1}),
                    Attribute.of("group", 3));
        }
        graph.output("v30", 1, 3, 8, 8);
        readAll(graph);
    }

    /** Constants in attributes, as lists. */
    @Test
    void constants() throws IOException {
        var graph = new OnnxGraph();
        for (int i = 0; i < 20; i++) {
            OnnxTensor shape = OnnxTensor.vector(1, -1, i, 1L << i);
            graph.node("Constant", "c" + i, List.of(), i % 2 == 0 ? Attribute.tensor("value", TensorMessages.typed(shape))
                    : Attribute.of("value_ints", shape.longs()));
        }
        graph.output("c0", ElementType.INT64, 4);
        readAll(graph);
    }

    private void readAll(OnnxGraph graph) throws IOException {
        byte[] valid = graph.model().toBytes();
        long most = BASE + 100L * valid.length;
        Mutations.readAll(folder, valid, valid.length, COUNT, most, file -> {
            try (Arena arena = Arena.ofConfined()) {
                check(file, ModelReader.read(file, arena).graph());
            }
        });
    }

    private static void check(Path file, GraphProto graph) throws IOException {
        var tensors = new TensorReader(file);
        for (TensorProto tensor : graph.initializers()) {
            check(tensors.read(tensor), tensor);
        }
        for (NodeProto node : graph.nodes()) {
            assertTrue(!node.opType().isEmpty());
            for (AttributeProto attribute : node.attributes().values()) {
                assertTrue(attribute.type() != 0);
                if (attribute.type() == 4) {
                    check(tensors.read(attribute.t()), attribute.t());
                }
            }
        }
    }

    private static void check(OnnxTensor read, TensorProto tensor) {
        assertEquals(tensor.dims().length, read.rank());
        for (int i = 0; i < read.size(); i++) {
            read.get(i);
        }
    }
}
