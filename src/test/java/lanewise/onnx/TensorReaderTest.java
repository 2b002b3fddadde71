package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.io.FormatException;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.TensorProto;
import lanewise.oracle.Allocation;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type in every storage, bit for bit, and each way in which sizes, types and other files can be wrong. */
class TensorReaderTest {

    private static final int[] DIMS = {2, 1, 3};

    /** Six elements of each type, its ends among them. */
    static final List<OnnxTensor> TENSORS = List.of(
            OnnxTensor.of(new float[] {1, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN}, DIMS),
            OnnxTensor.of(ElementType.DOUBLE, new double[] {1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e300, Double.NaN}, DIMS),
            OnnxTensor.of(ElementType.FLOAT16, new float[] {1, -0f, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -1.5f}, DIMS),
            OnnxTensor.of(ElementType.BFLOAT16, new float[] {1, -0f, 0x1.fep127f, 0x1p-133f, Float.NEGATIVE_INFINITY, -1.5f}, DIMS),
            longs(ElementType.UINT8, 0, 255), longs(ElementType.INT8, -128, 127), longs(ElementType.UINT16, 0, 65535),
            longs(ElementType.INT16, -32768, 32767), longs(ElementType.INT32, Integer.MIN_VALUE, Integer.MAX_VALUE),
            longs(ElementType.UINT32, 0, 0xffff_ffffL), longs(ElementType.INT64, Long.MIN_VALUE, Long.MAX_VALUE),
            longs(ElementType.UINT64, Long.MIN_VALUE, -1),
            OnnxTensor.of(ElementType.BOOL, new long[] {0, 1, 1, 0, 0, 1}, DIMS));

    private static OnnxTensor longs(ElementType type, long least, long most) {
        return OnnxTensor.of(type, new long[] {least, most, 1, 2, 100, 127}, DIMS);
    }

    @TempDir
    Path top;

    /** Of the model; beside it are things that it must not see. */
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(top.resolve("model"));
    }

    private OnnxTensor read(ProtoMessage tensor) throws IOException {
        var graph = new OnnxGraph();
        graph.constant("w", tensor);
        Path file = graph.write(folder.resolve("model.onnx"));
        return new TensorReader(file).read(ModelReader.read(file).graph().initializers().getFirst());
    }

    private static void assertSame(OnnxTensor expected, OnnxTensor found) {
        assertEquals(expected.toString(), found.toString());
        switch (expected.type()) {
            case FLOAT, FLOAT16, BFLOAT16 -> assertArrayEquals(expected.floats(), found.floats());
            case DOUBLE -> assertArrayEquals(expected.doubles(), found.doubles());
            default -> assertArrayEquals(expected.longs(), found.longs());
        }
    }

    @Test
    void allTypesAreHere() {
        assertEquals(List.of(ElementType.values()).stream().sorted().toList(),
                TENSORS.stream().map(OnnxTensor::type).sorted().toList());
    }

    @ParameterizedTest
    @FieldSource("TENSORS")
    void raw(OnnxTensor tensor) throws IOException {
        assertSame(tensor, read(TensorMessages.raw(tensor)));
    }

    @ParameterizedTest
    @FieldSource("TENSORS")
    void packed(OnnxTensor tensor) throws IOException {
        assertSame(tensor, read(TensorMessages.typed(tensor)));
    }

    @ParameterizedTest
    @FieldSource("TENSORS")
    void unpacked(OnnxTensor tensor) throws IOException {
        assertSame(tensor, read(TensorMessages.unpacked(tensor)));
    }

    @ParameterizedTest
    @FieldSource("TENSORS")
    void external(OnnxTensor tensor) throws IOException {
        byte[] bytes = TensorMessages.bytes(tensor);
        byte[] padded = new byte[bytes.length + 10];
        System.arraycopy(bytes, 0, padded, 7, bytes.length);
        Files.write(Files.createDirectory(folder.resolve("weights")).resolve("w 1.bin"), padded);
        String length = String.valueOf(bytes.length);
        assertSame(tensor, read(external(tensor, "location", "weights/w 1.bin", "offset", "7", "length", length)));
        assertSame(tensor, read(external(tensor, "location", "weights/w 1.bin", "offset", "0007", "checksum", "?")));
    }

    private static ProtoMessage external(OnnxTensor tensor, String... entries) {
        return TensorMessages.external(tensor.type().code(), tensor.dims(), entries);
    }

    @ParameterizedTest
    @EnumSource
    void emptyAndScalar(ElementType type) throws IOException {
        assertEquals(type + "[0, 2147483647]", read(TensorMessages.header(type.code(), 0, Integer.MAX_VALUE)).toString());
        assertEquals(type + "[3, 0]", read(TensorMessages.header(type.code(), 3, 0).bytes(9, new byte[0])).toString());
        OnnxTensor scalar = read(TensorMessages.header(type.code()).bytes(9, new byte[type.bytes()]));
        assertEquals(0, scalar.rank());
        assertEquals(0, scalar.get(0));
        Files.write(folder.resolve("w.bin"), new byte[5]);
        OnnxTensor none = read(TensorMessages.external(type.code(), new int[] {0}, "location", "w.bin", "offset", "5"));
        assertEquals(0, none.size());
    }

    /** As other readers do it: the low bits. */
    @Test
    void numbersBeyondTheirType() throws IOException {
        assertArrayEquals(new long[] {255, 1}, read(TensorMessages.header(2, 2).packed(5, -1, 257)).longs());
        assertArrayEquals(new long[] {-128, 1}, read(TensorMessages.header(3, 2).packed(5, 128, 257)).longs());
        assertArrayEquals(new long[] {-2}, read(TensorMessages.header(6, 1).packed(5, 0xffff_fffeL)).longs());
        assertArrayEquals(new long[] {1, 1, 0}, read(TensorMessages.header(9, 3).packed(5, 7, 1L << 31, 0)).longs());
        assertArrayEquals(new long[] {1, 0}, read(TensorMessages.header(9, 2).bytes(9, new byte[] {-1, 0})).longs());
        assertArrayEquals(new float[] {-1}, read(TensorMessages.header(10, 1).packed(5, (short) 0xbc00)).floats());
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(TensorMessages.header(1, 2, 3).bytes(9, new byte[23]),
                        "\"w\": FLOAT[2, 3] needs 24 bytes, 23 are there"),
                Arguments.of(TensorMessages.header(1, 2, 3).bytes(9, new byte[28]), "needs 24 bytes, 28 are there"),
                Arguments.of(TensorMessages.header(7, 2).packed(7, 1, 2, 3),
                        "INT64[2] needs 2 elements in int64_data, 3 are there"),
                Arguments.of(TensorMessages.header(1, 2), "FLOAT[2] needs 2 elements in float_data, 0 are there"),
                Arguments.of(TensorMessages.header(11, 1).packed(4, 1f),
                        "DOUBLE[1] needs 1 elements in double_data, 0 are there"),
                Arguments.of(TensorMessages.header(10, 1).packed(4, 1f),
                        "FLOAT16[1] needs 1 elements in int32_data, 0 are there"),
                Arguments.of(TensorMessages.header(13, 1).packed(7, 1), "UINT64[1] needs 1 elements in uint64_data, 0 are there"),
                Arguments.of(TensorMessages.header(9, 1).packed(7, 1), "BOOL[1] needs 1 elements in int32_data, 0 are there"),
                Arguments.of(TensorMessages.header(1, 1).packed(4, 1f).bytes(9, new byte[4]), "stored in 2 ways, expected one"),
                Arguments.of(TensorMessages.header(7, 1).packed(7, 1).packed(5, 1), "stored in 2 ways, expected one"),
                Arguments.of(TensorMessages.header(1, -1), "sizes are [-1], size 0 must be from 0 to 2147483647"),
                Arguments.of(TensorMessages.header(1).number(1, 1L << 31), "sizes are [2147483648], size 0"),
                Arguments.of(TensorMessages.header(1, 0, 1 << 16, 1 << 15),
                        "sizes are [0, 65536, 32768], size 2 must be from 0 to 32767"),
                Arguments.of(TensorMessages.header(3, Integer.MAX_VALUE),
                        "INT8[2147483647] needs 2147483647 elements in int32_data, 0"),
                Arguments.of(TensorMessages.header(7, Integer.MAX_VALUE).bytes(9, new byte[8]),
                        "needs 17179869176 bytes, 8 are there"),
                Arguments.of(TensorMessages.header(7, IntStream.range(0, 999).map(i -> 1).toArray()),
                        "and 991 more needs 1 elements"));
    }

    /** With no more memory than the message takes, however large the sizes. */
    @ParameterizedTest
    @MethodSource
    void wrong(ProtoMessage tensor, String message) {
        long before = Allocation.bytesSoFar();
        Refused.by(FormatException.class, () -> read(tensor), "tensor \"w\"", message);
        assertTrue(Allocation.bytesSoFar() - before < 1 << 21);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 UNDEFINED", "8 STRING", "14 COMPLEX64", "15 COMPLEX128", "17 FLOAT8E4M3FN", "20 FLOAT8E5M2FNUZ",
        "21 UINT4", "22 INT4", "23 FLOAT4E2M1", "26 INT2", "27 type 27", "-1 type -1"})
    void typesWithoutNumbers(String type) throws IOException {
        int code = Integer.parseInt(type.split(" ", 2)[0]);
        String name = type.split(" ", 2)[1];
        ProtoMessage tensor = TensorMessages.header(code, 1).bytes(9, new byte[1]);
        Refused.by(FormatException.class, () -> read(tensor), "tensor \"w\"", "elements are " + name + ",", "FLOAT16");
        Refused.argument(() -> ElementType.of(code), name);
        Path file = folder.resolve("model.onnx");
        TensorProto proto = ModelReader.read(file).graph().initializers().getFirst();
        assertNotNull(TensorReader.refusal(proto));
    }

    @Test
    void refusalOfASupportedTypeIsNull() throws IOException {
        var graph = new OnnxGraph();
        graph.constant("w", OnnxTensor.vector(1));
        Path file = graph.write(folder.resolve("model.onnx"));
        assertNull(TensorReader.refusal(ModelReader.read(file).graph().initializers().getFirst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/hostname", "\\w.bin", "../w.bin", "weights/../../w.bin", "..",
        "weights\\..\\w.bin", "./../w.bin"})
    void locationsOutside(String location) throws IOException {
        Files.write(top.resolve("w.bin"), new byte[4]);
        Files.createDirectory(folder.resolve("weights"));
        ProtoMessage tensor = TensorMessages.external(1, new int[] {1}, "location", location);
        Refused.by(FormatException.class, () -> read(tensor), "\"w\"", "location is \"", "within the folder of the model");
    }

    @Test
    void linksOutside() throws IOException {
        Files.write(top.resolve("w.bin"), new byte[4]);
        Files.createSymbolicLink(folder.resolve("link.bin"), Path.of("../w.bin"));
        Files.createSymbolicLink(folder.resolve("out"), top);
        for (String location : List.of("link.bin", "out/w.bin")) {
            ProtoMessage tensor = TensorMessages.external(1, new int[] {1}, "location", location);
            Refused.by(FormatException.class, () -> read(tensor), location, "link to another folder");
        }
        Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        ProtoMessage tensor = TensorMessages.external(1, new int[] {1}, "location", "circle");
        Refused.by(FormatException.class, () -> read(tensor), "\"circle\"", "leads nowhere");
    }

    /** Whichever way leads to the folder, and from it to a file in it. */
    @Test
    void linksInside() throws IOException {
        Files.write(folder.resolve("w.bin"), TensorMessages.bytes(TENSORS.getFirst()));
        Files.createSymbolicLink(folder.resolve("link.bin"), Path.of("w.bin"));
        folder = Files.createSymbolicLink(top.resolve("linked"), folder);
        assertSame(TENSORS.getFirst(), read(external(TENSORS.getFirst(), "location", "./link.bin")));
    }

    static Stream<Arguments> wrongExternal() {
        String digits = "9".repeat(18);
        return Stream.of(
                Arguments.of(new String[] {"location", "none.bin"}, "\"none.bin\", but there is no such file"),
                Arguments.of(new String[] {"location", "w.bin/x"}, "leads nowhere"),
                Arguments.of(new String[] {"location", "x".repeat(5000)}, "leads nowhere"),
                Arguments.of(new String[] {"location", "a\0b"}, "\"a\\u0000b\", which is no path"),
                Arguments.of(new String[] {"location", "."}, "no regular file"),
                Arguments.of(new String[] {"location",
                        "w.bin", "offset", "1"}, "bytes 1 to 25 of \"w.bin\" are meant, it has 24"),
                Arguments.of(new String[] {"location", "w.bin", "offset", digits}, "bytes " + digits),
                Arguments.of(new String[] {"location", "w.bin", "offset", "-1"}, "offset is \"-1\", expected a number"),
                Arguments.of(new String[] {"location", "w.bin", "offset", "+1"}, "offset is \"+1\""),
                Arguments.of(new String[] {"location", "w.bin", "offset", ""}, "offset is \"\""),
                Arguments.of(new String[] {"location", "w.bin", "offset", "1" + digits}, "at most 18 digits"),
                Arguments.of(new String[] {"location", "w.bin", "length", "23"}, "length is 23, type and sizes need 24 bytes"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongExternal(String[] entries, String message) throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[24]);
        Refused.by(FormatException.class, () -> read(external(TENSORS.getFirst(), entries)),
                "tensor \"w\" in another file", message);
    }

    @Test
    void rawAndExternal() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[24]);
        ProtoMessage tensor = external(TENSORS.getFirst(), "location", "w.bin").bytes(9, new byte[24]);
        Refused.by(FormatException.class, () -> read(tensor), "stored in 2 ways");
    }

    @Test
    void hugeExternalTensorOfASmallFile() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[24]);
        ProtoMessage tensor = TensorMessages.external(7, new int[] {Integer.MAX_VALUE}, "location", "w.bin");
        wrong(tensor, "bytes 0 to 17179869176");
    }

    /** A file that is one tensor, which needs no name. */
    @Test
    void tensorOfItsOwn() throws IOException {
        for (OnnxTensor tensor : TENSORS) {
            Path file = Files.write(folder.resolve("input_0.pb"), TensorMessages.raw(tensor).toBytes());
            assertSame(tensor, OnnxTensors.read(file));
        }
    }
}
