package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.io.FormatException;
import lanewise.onnx.OnnxGraph.Attribute;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.GraphProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import lanewise.onnx.proto.ValueInfoProto.Dim;
import lanewise.oracle.Allocation;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read again, in every form the wire allows, and nothing else is. */
class ModelReaderTest {

    private static final int GRAPH = 7;

    @TempDir
    Path folder;

    private ModelProto read(byte[] bytes) throws IOException {
        return ModelReader.read(Files.write(folder.resolve("model.onnx"), bytes));
    }

    private ModelProto read(ProtoMessage model) throws IOException {
        return read(model.toBytes());
    }

    private GraphProto readGraph(ProtoMessage graph) throws IOException {
        return read(new ProtoMessage().message(GRAPH, graph)).graph();
    }

    private TensorProto readTensor(ProtoMessage tensor) throws IOException {
        return readGraph(new ProtoMessage().message(5, tensor)).initializers().getFirst();
    }

    private AttributeProto readAttribute(ProtoMessage attribute) throws IOException {
        var node = new ProtoMessage().text(4, "Op").message(5, attribute);
        return readGraph(new ProtoMessage().message(1, node)).nodes().getFirst().attributes().values().iterator().next();
    }

    @Test
    void model() throws IOException {
        var graph = new OnnxGraph().opset(17).opset("ai.onnx.ml", 3);
        graph.node("Relu", "y", List.of("x"));
        ModelProto model = read(graph.model().message(25, new ProtoMessage()).message(25, new ProtoMessage().text(1, "f")));
        assertEquals(9, model.irVersion());
        assertEquals("lanewise", model.producer());
        assertEquals(Map.of("", 17L, "ai.onnx.ml", 3L), model.opsets());
        assertEquals(2, model.functions());
        assertEquals("lanewise", model.graph().name());
    }

    @Test
    void onnxDomainHasTwoNames() throws IOException {
        var graph = new OnnxGraph().opset("ai.onnx", 20);
        graph.node("ai.onnx", "Relu", "", List.of("x"), List.of("y"));
        ModelProto model = read(graph.model());
        assertEquals(Map.of("", 20L), model.opsets());
        assertEquals("", model.graph().nodes().getFirst().domain());
    }

    @Test
    void nodes() throws IOException {
        var graph = new OnnxGraph();
        graph.node("com.example", "Split", "first", List.of("a", "", "\u00e4"), List.of("p", "", "q"));
        graph.node("Relu", "y", List.of("p"));
        List<NodeProto> nodes = read(graph.model()).graph().nodes();
        assertEquals(new NodeProto("first", "Split", "com.example", List.of("a", "", "\u00e4"), List.of("p", "", "q"), Map.of()),
                nodes.getFirst());
        assertEquals(new NodeProto("y", "Relu", "", List.of("p"), List.of("y"), Map.of()), nodes.getLast());
    }

    @Test
    void attributes() throws IOException {
        var inner = new OnnxGraph();
        inner.node("Relu", "y", List.of("x"));
        var graph = new OnnxGraph();
        graph.node("Op", "y", List.of("x"), Attribute.of("f", 1.5f), Attribute.of("i", -7L), Attribute.of("s", "same"),
                Attribute.of("t", OnnxTensor.vector(1, 2)), Attribute.of("g", inner), Attribute.of("fs", new float[] {1, -2}),
                Attribute.of("is", new long[] {Long.MIN_VALUE, 3}), Attribute.of("ss", List.of("a", "")),
                Attribute.of("none", new int[0]));
        Map<String, AttributeProto> read = read(graph.model()).graph().nodes().getFirst().attributes();
        assertEquals(List.of("f", "i", "s", "t", "g", "fs", "is", "ss", "none"), List.copyOf(read.keySet()));
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 7), read.values().stream().map(AttributeProto::type).toList());
        read.forEach((name, attribute) -> assertEquals(name, attribute.name()));
        assertEquals(1.5f, read.get("f").f());
        assertEquals(-7, read.get("i").i());
        assertEquals("same", read.get("s").s());
        assertArrayEquals(new long[] {2}, read.get("t").t().dims());
        assertArrayEquals(new float[] {1, -2}, read.get("fs").floats());
        assertArrayEquals(new long[] {Long.MIN_VALUE, 3}, read.get("is").ints());
        assertEquals(List.of("a", ""), read.get("ss").strings());
        assertEquals(0, read.get("none").ints().length);
        assertNull(read.get("f").t());
    }

    /** What no importer takes still says its type: lists of tensors and graphs, sparse tensors, types. */
    @ParameterizedTest
    @MethodSource("skippedValues")
    void attributesThatAreSkipped(int field, int type) throws IOException {
        AttributeProto read = readAttribute(new ProtoMessage().text(1, "a").message(field, new ProtoMessage().number(1, 1))
                .number(20, type));
        assertEquals(type, read.type());
    }

    static Stream<Arguments> skippedValues() {
        return Stream.of(Arguments.of(6, 5), Arguments.of(10, 9), Arguments.of(11, 10), Arguments.of(22, 11), Arguments.of(23, 12),
                Arguments.of(14, 13), Arguments.of(15, 14));
    }

    /** Old writers gave no type, and some leave out what is 0. */
    @Test
    void attributesWithoutTypeOrValue() throws IOException {
        assertEquals(2, readAttribute(new ProtoMessage().text(1, "a").number(3, 5)).type());
        AttributeProto zero = readAttribute(new ProtoMessage().text(1, "a").number(20, 1));
        assertEquals(1, zero.type());
        assertEquals(0, zero.f());
    }

    @Test
    void valueInfos() throws IOException {
        var graph = new OnnxGraph();
        graph.input("x", ElementType.INT64, "batch", 3, null, 0, -1);
        graph.input("scalar", ElementType.FLOAT);
        graph.output("y", 1, 2);
        graph.untypedOutput("z");
        GraphProto read = read(graph.model()).graph();
        assertEquals(List.of(new Dim(-1, "batch"), new Dim(3, ""), new Dim(-1, ""), new Dim(0, ""), new Dim(-1, "")),
                read.inputs().getFirst().dims());
        assertEquals(7, read.inputs().getFirst().elementType());
        assertEquals(List.of(), read.inputs().getLast().dims());
        assertEquals(List.of(new Dim(1, ""), new Dim(2, "")), read.outputs().getFirst().dims());
        assertEquals("z", read.outputs().getLast().name());
        assertEquals(0, read.outputs().getLast().elementType());
        assertNull(read.outputs().getLast().dims());
    }

    /** Of the kinds of types the last counts. */
    @Test
    void valuesThatAreNoTensors() throws IOException {
        var tensor = new ProtoMessage().number(1, 1).message(2, new ProtoMessage());
        for (int kind : new int[] {4, 5, 7, 8, 9}) {
            var type = new ProtoMessage().message(1, tensor).message(kind, new ProtoMessage().message(1, tensor));
            GraphProto read = readGraph(new ProtoMessage().message(11, new ProtoMessage().text(1, "x").message(2, type)));
            assertEquals(0, read.inputs().getFirst().elementType());
            assertNull(read.inputs().getFirst().dims());
        }
    }

    @Test
    void sparseInitializersAreNoticed() throws IOException {
        var values = new ProtoMessage().number(1, 1).number(2, 1).text(8, "w");
        GraphProto read = readGraph(new ProtoMessage().message(15, new ProtoMessage().message(1, values).message(2, values))
                .message(15, new ProtoMessage()));
        assertEquals(List.of("w", ""), read.sparseInitializers());
    }

    /** Packed, one by one, and both in turn. */
    @Test
    void packedAndUnpacked() throws IOException {
        var floats = new ProtoMessage().text(8, "w").packed(4, 1, 2f).real(4, 3f).packed(4).packed(4, 4f, 5f).real(4, 6f);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, readTensor(floats).floats());
        var doubles = new ProtoMessage().text(8, "w").real(10, 1.0).packed(10, 2.0, 3.0);
        assertArrayEquals(new double[] {1, 2, 3}, readTensor(doubles).doubles());
        long big = Long.MIN_VALUE;
        for (int field : new int[] {1, 5, 7, 11}) {
            var numbers = new ProtoMessage().text(8, "w").number(field, -1).packed(field, 2, big, 300).number(field, 4);
            TensorProto read = readTensor(numbers);
            long[] values = Map.of(1, read.dims(), 5, read.ints(), 7, read.longs(), 11, read.unsigned()).get(field);
            assertArrayEquals(new long[] {-1, 2, big, 300, 4}, values);
        }
        AttributeProto attribute = readAttribute(new ProtoMessage().text(1, "a").packed(8, 1, 2).number(8, 3).number(20, 7));
        assertArrayEquals(new long[] {1, 2, 3}, attribute.ints());
        attribute = readAttribute(new ProtoMessage().text(1, "a").real(7, 1f).packed(7, 2f, 3f));
        assertArrayEquals(new float[] {1, 2, 3}, attribute.floats());
    }

    /** A field of every wire type that no message has, at each level. */
    @Test
    void unknownFieldsAreSkipped() throws IOException {
        var node = unknown().text(4, "Op").message(5, unknown().text(1, "a").message(5, unknown().number(2, 7)));
        var shape = unknown().message(1, unknown().number(1, 3));
        var type = unknown().message(1, unknown().number(1, 1).message(2, shape));
        var external = unknown().text(1, "location").text(2, "w.bin");
        var graph = unknown().message(1, node).message(11, unknown().text(1, "x").message(2, type))
                .message(5, unknown().text(8, "w").message(13, external).number(14, 1));
        ModelProto model = read(unknown().number(1, 4).message(GRAPH, graph).message(8, unknown().number(2, 13)));
        assertEquals(4, model.irVersion());
        assertEquals(13, model.opsets().get(""));
        assertEquals(7, model.graph().nodes().getFirst().attributes().get("a").t().elementType());
        assertEquals(List.of(new Dim(3, "")), model.graph().inputs().getFirst().dims());
        assertEquals(Map.of("location", "w.bin"), model.graph().initializers().getFirst().external());
    }

    private static ProtoMessage unknown() {
        return new ProtoMessage().number(99, -1).text(536_870_911, "unknown").real(100, 1f).real(101, 1.0);
    }

    /** As protocol buffers want it: the last scalar counts, lists go on, messages are merged. */
    @Test
    void repeatedFieldsAreMerged() throws IOException {
        var first = new ProtoMessage().text(2, "first").message(1, new ProtoMessage().text(4, "A"));
        var second = new ProtoMessage().text(2, "second").message(1, new ProtoMessage().text(4, "B"));
        ModelProto model = read(new ProtoMessage().number(1, 3).message(GRAPH, first).number(1, 4).message(GRAPH, second));
        assertEquals(4, model.irVersion());
        assertEquals("second", model.graph().name());
        assertEquals(List.of("A", "B"), model.graph().nodes().stream().map(NodeProto::opType).toList());
        AttributeProto attribute = readAttribute(new ProtoMessage().text(1, "a").message(5, new ProtoMessage().number(1, 2))
                .message(5, new ProtoMessage().number(1, 3).number(2, 1)));
        assertArrayEquals(new long[] {2, 3}, attribute.t().dims());
        assertEquals(1, attribute.t().elementType());
        var value = new ProtoMessage().text(1, "x").message(2, shaped(2)).message(2, shaped(3));
        GraphProto graph = readGraph(new ProtoMessage().message(11, value));
        assertEquals(List.of(new Dim(2, ""), new Dim(3, "")), graph.inputs().getFirst().dims());
    }

    private static ProtoMessage shaped(int size) {
        var shape = new ProtoMessage().message(1, new ProtoMessage().number(1, size));
        return new ProtoMessage().message(1, new ProtoMessage().message(2, shape));
    }

    /** Data that stands in the file, whatever else is said. */
    @Test
    void externalDataCountsOnlyWhenItIsMeant() throws IOException {
        var entry = new ProtoMessage().text(1, "location").text(2, "w.bin");
        assertEquals(Map.of(), readTensor(new ProtoMessage().text(8, "w").message(13, entry)).external());
    }

    /** The lower half, as other readers take it. */
    @Test
    void longNumberForAnInteger() throws IOException {
        assertEquals(1, readTensor(new ProtoMessage().text(8, "w").number(2, 1L << 32 | 1)).elementType());
    }

    @Test
    void numberMayBeLongerThanNeeded() throws IOException {
        assertEquals(1, read(HexFormat.of().parseHex("08" + "8180808080808080" + "8000" + "3a00")).irVersion());
    }

    /** Bytes that are text nearly always; a blob of an unknown operator must not hide its name. */
    @Test
    void attributeMayHoldAnyBytes() throws IOException {
        assertEquals("a\ufffd", readAttribute(new ProtoMessage().text(1, "a").bytes(4, new byte[] {'a', -1})).s());
        assertEquals("\ufffd", readGraph(new ProtoMessage().text(2, "\ufffd")).name());
    }

    static Stream<Arguments> malformed() {
        ProtoMessage op = new ProtoMessage().text(4, "Op");
        return Stream.of(
                bytes("", "at byte 0", "no graph"),
                bytes("0801", "at byte 0", "no graph"),
                bytes("0a00", "ir_version", "wire type 2", "expected 0"),
                bytes("3801", "at byte 0", "ModelProto.graph", "wire type 0", "expected 2"),
                bytes("3a0001", "at byte 2", "field number is 0", "1 to 536870911"),
                bytes("3a0000", "at byte 2", "field number is 0"),
                bytes("3a00f8ffffff7f00", "field number is 4294967295", "536870911"),
                bytes("3a00fbffffffffffffffff01", "field number is 2305843009213693951"),
                bytes("3b3c", "at byte 0", "field 7", "wire type 3", "0, 1, 2 or 5"),
                bytes("3c", "wire type 4"),
                bytes("3e", "wire type 6"),
                bytes("3f", "wire type 7"),
                bytes("3a02", "ModelProto.graph", "2 bytes", "at most 0"),
                bytes("3a001205" + "61", "producer_name", "5 bytes", "at most 1"),
                bytes("3a00faff07ffffffff0f", "4294967295 bytes", "at most 0"),
                bytes("3a00faff07ffffffffffffffffff01", "18446744073709551615 bytes", "at most 0"),
                bytes("3a00f9ff0700000000000000", "8 bytes", "at most 7"),
                bytes("3a00fdff07000000", "4 bytes", "at most 3"),
                bytes("08", "at byte 1", "a number goes on"),
                bytes("08ffffff", "at byte 4", "a number goes on"),
                bytes("3a0280", "2 bytes", "at most 1"),
                bytes("3a0180" + "01", "at byte 3", "a number goes on"), // the tag would end outside of the graph
                bytes("08ffffffffffffffffff02", "at byte 10", "more than 64 bits"),
                bytes("08ffffffffffffffffffff01", "more than 64 bits"),
                bytes("1201ff3a00", "producer_name", "\\ufffd", "UTF-8"),
                bytes("1202c0803a00", "UTF-8"),
                graph(new ProtoMessage().message(1, new ProtoMessage().text(3, "n")), "\"n\"", "op_type"),
                graph(new ProtoMessage().message(5, new ProtoMessage()), "initializer", "no name"),
                graph(new ProtoMessage().message(11, new ProtoMessage()), "GraphProto.input", "no name"),
                graph(new ProtoMessage().message(12, new ProtoMessage()), "GraphProto.output", "no name"),
                tensor(new ProtoMessage().message(3, new ProtoMessage()), "segments", "whole"),
                tensor(new ProtoMessage().bytes(4, new byte[5]), "float_data", "5 bytes", "multiple of 4"),
                tensor(new ProtoMessage().bytes(10, new byte[12]), "double_data", "12 bytes", "multiple of 8"),
                tensor(new ProtoMessage().bytes(7, new byte[] {1, -1}), "a number goes on"),
                tensor(new ProtoMessage().real(7, 1f), "int64_data", "wire type 5", "expected 2"),
                tensor(new ProtoMessage().real(4, 1.0), "float_data", "wire type 1"),
                tensor(new ProtoMessage().number(9, 1), "raw_data", "wire type 0"),
                tensor(new ProtoMessage().text(8, "w").number(14, 2), "\"w\"", "data_location 2", "0 or 1"),
                tensor(new ProtoMessage().text(8, "w").number(14, 1), "\"w\"", "location"),
                node(op, new ProtoMessage().text(1, "a"), "\"a\"", "type 0", "no value"),
                node(op, new ProtoMessage().text(1, "a").number(20, 4), "\"a\"", "type 4", "no value"),
                node(op, new ProtoMessage().text(1, "a").number(3, 1).number(20, 1), "\"a\"", "type 1", "type 2"),
                node(op, new ProtoMessage().text(1, "a").number(3, 1).real(2, 1f), "\"a\"", "types 2 and 1"),
                node(op, new ProtoMessage().text(1, "a").text(21, "b"), "\"a\"", "\"b\"", "function"),
                graph(new ProtoMessage().message(1, new ProtoMessage().text(4, "Op").message(5, new ProtoMessage().number(3, 1))
                        .message(5, new ProtoMessage().number(3, 1))), "attribute \"\" twice"),
                model(new ProtoMessage().message(7, new ProtoMessage()).message(8, new ProtoMessage().number(2, 7))
                        .message(8, new ProtoMessage().text(1, "ai.onnx").number(2, 8)), "version 8", "expected 7"),
                model(new ProtoMessage().text(2, "a".repeat((1 << 20) + 1)), "1048577 bytes", "at most 1048576"));
    }

    private static Arguments bytes(String hex, Object... parts) {
        return Arguments.of(HexFormat.of().parseHex(hex), parts);
    }

    private static Arguments model(ProtoMessage model, Object... parts) {
        return Arguments.of(model.toBytes(), parts);
    }

    private static Arguments graph(ProtoMessage graph, Object... parts) {
        return model(new ProtoMessage().message(GRAPH, graph), parts);
    }

    private static Arguments tensor(ProtoMessage tensor, Object... parts) {
        return graph(new ProtoMessage().message(5, tensor), parts);
    }

    private static Arguments node(ProtoMessage op, ProtoMessage attribute, Object... parts) {
        return graph(new ProtoMessage().message(1, new ProtoMessage().bytes(3, new byte[0]).message(5, attribute)
                .bytes(4, Arrays.copyOfRange(op.toBytes(), 2, 4))), parts);
    }

    @ParameterizedTest
    @MethodSource
    void malformed(byte[] bytes, Object[] parts) {
        Refused.by(FormatException.class, () -> read(bytes), parts);
    }

    @Test
    void arguments() {
        Refused.isNull(() -> ModelReader.read(null), "path");
        Refused.isNull(() -> ModelReader.read(Files.createFile(folder.resolve("empty")), null), "arena");
        Refused.by(NoSuchFileException.class, () -> ModelReader.read(folder.resolve("none")), "none");
        assertThrows(IOException.class, () -> ModelReader.read(folder));
    }

    @Test
    void closedArenaReleasesTheFile() throws IOException {
        var graph = new OnnxGraph();
        graph.constant("w", OnnxTensor.of(new float[] {1, 2}, 2));
        Path file = graph.write(folder.resolve("model.onnx"));
        TensorProto tensor;
        try (Arena arena = Arena.ofConfined()) {
            tensor = ModelReader.read(file, arena).graph().initializers().getFirst();
            assertEquals(8, tensor.raw().byteSize());
        }
        Refused.by(IllegalStateException.class, () -> tensor.raw().get(ValueLayout.JAVA_BYTE, 0));
    }

    /** A file with a hole, so that it takes no room. */
    @Test
    void beyondTwoGigabytes() throws IOException {
        long raw = 2_300_000_000L;
        var behind = new ProtoMessage().text(8, "w").number(2, 3).number(1, raw);
        long tensor = 1 + 5 + raw + behind.length();
        byte[] head = HexFormat.of().parseHex("3a" + varint(1 + 5 + tensor) + "2a" + varint(tensor) + "4a" + varint(raw));
        Path file = folder.resolve("large.onnx");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(head));
            channel.write(ByteBuffer.wrap(behind.toBytes()), head.length + raw);
        }
        long before = Allocation.bytesSoFar();
        TensorProto read = ModelReader.read(file).graph().initializers().getFirst();
        assertTrue(Allocation.bytesSoFar() - before < 1 << 20);
        assertEquals(raw, read.raw().byteSize());
        assertEquals("w", read.name());
        Refused.by(FormatException.class, () -> new TensorReader(file).read(read), "\"w\"", "[2300000000]", "2147483647");
        Files.delete(file);
    }

    /** In five bytes. */
    private static String varint(long value) {
        var hex = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            hex.append("%02x".formatted(value >>> 7 * i & 0x7f | (i < 4 ? 0x80 : 0)));
        }
        return hex.toString();
    }

    /** A hundred thousand graphs, each an attribute within the one around it. */
    @Test
    void deepNestingIsReadPast() throws IOException {
        byte[] buffer = new byte[2_000_000];
        int start = buffer.length;
        for (int level = 0; level < 100_000; level++) {
            for (int tag : level == 99_999 ? new int[] {6 << 3 | 2} : new int[] {6 << 3 | 2, 5 << 3 | 2, 1 << 3 | 2}) {
                byte[] head = new ProtoMessage().number(tag >> 3, buffer.length - start).toBytes();
                head[0] = (byte) tag;
                start -= head.length;
                System.arraycopy(head, 0, buffer, start, head.length);
            }
        }
        byte[] graph = Arrays.copyOfRange(buffer, start, buffer.length);
        var attribute = new ProtoMessage().text(1, "body").number(20, 5);
        byte[] whole = Arrays.copyOf(attribute.toBytes(), (int) attribute.length() + graph.length);
        System.arraycopy(graph, 0, whole, (int) attribute.length(), graph.length);
        var node = new ProtoMessage().text(4, "Loop").bytes(5, whole);
        NodeProto read = readGraph(new ProtoMessage().message(1, node)).nodes().getFirst();
        assertEquals(5, read.attributes().get("body").type());
    }

    /** The smallest things a file can hold, many times: memory stays in proportion to the file. */
    @ParameterizedTest
    @MethodSource
    void floods(ProtoMessage one) throws IOException {
        int count = 50_000;
        byte[] bytes = one.toBytes();
        byte[] many = new byte[count * bytes.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = bytes[i % bytes.length];
        }
        Path file = Files.write(folder.resolve("flood.onnx"), new ProtoMessage().bytes(GRAPH, many).toBytes());
        long before = Allocation.bytesSoFar();
        ModelReader.read(file);
        long allocated = Allocation.bytesSoFar() - before;
        assertTrue(allocated < 100L * many.length, () -> allocated + " bytes for " + many.length);
    }

    static Stream<ProtoMessage> floods() {
        var attribute = new ProtoMessage().number(3, 0);
        return Stream.of(new ProtoMessage().message(1, new ProtoMessage().text(4, "A")),
                new ProtoMessage().message(1, new ProtoMessage().text(4, "A").text(1, "")),
                new ProtoMessage().message(1, new ProtoMessage().text(4, "A").message(5, attribute)),
                new ProtoMessage().message(1, new ProtoMessage().text(4, "A").message(5, new ProtoMessage().text(9, ""))),
                new ProtoMessage().message(1, new ProtoMessage().text(4, "A").message(5, new ProtoMessage().bytes(5, new byte[0]))),
                new ProtoMessage().message(5, new ProtoMessage().text(8, "w")),
                new ProtoMessage().message(5, new ProtoMessage().text(8, "w").real(4, 0f).real(4, 0f)),
                new ProtoMessage().message(5, new ProtoMessage().text(8, "w").packed(7, 1).number(7, 1).number(5, 1)),
                new ProtoMessage().message(11, new ProtoMessage().text(1, "x")),
                new ProtoMessage().message(11, new ProtoMessage().text(1, "x").message(2, new ProtoMessage().message(1,
                        new ProtoMessage().message(2, new ProtoMessage().message(1, new ProtoMessage()))))),
                new ProtoMessage().message(15, new ProtoMessage()));
    }

    /** One tensor whose elements come in crumbs. */
    @Test
    void crumbs() throws IOException {
        var tensor = new ProtoMessage().text(8, "w");
        for (int i = 0; i < 20_000; i++) {
            tensor.real(4, 1f).number(7, 1).packed(4, 1f).packed(7, 1).bytes(10, new byte[0]);
        }
        byte[] bytes = new ProtoMessage().message(GRAPH, new ProtoMessage().message(5, tensor)).toBytes();
        Path file = Files.write(folder.resolve("crumbs.onnx"), bytes);
        long before = Allocation.bytesSoFar();
        TensorProto read = ModelReader.read(file).graph().initializers().getFirst();
        long allocated = Allocation.bytesSoFar() - before;
        assertTrue(allocated < 20L * bytes.length, () -> allocated + " bytes for " + bytes.length);
        assertEquals(40_000, read.floats().length);
        assertEquals(40_000, read.longs().length);
    }

    /** More tiny messages than any network has: refused before they fill the heap. */
    @Test
    void tooManyItems() throws IOException {
        byte[] dims = new byte[2 * (1 << 21)];
        for (int i = 0; i < dims.length; i += 2) {
            dims[i] = 0x0a;
        }
        var type = new ProtoMessage().message(1, new ProtoMessage().bytes(2, dims));
        var graph = new ProtoMessage().message(11, new ProtoMessage().text(1, "x").message(2, type));
        byte[] bytes = new ProtoMessage().message(GRAPH, graph).toBytes();
        Refused.by(FormatException.class, () -> read(bytes), "more than 2097152");
    }
}
