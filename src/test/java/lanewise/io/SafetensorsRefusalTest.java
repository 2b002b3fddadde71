package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of malformed file, and that its message shows what was found and what was expected. */
class SafetensorsRefusalTest {

    @TempDir
    Path folder;

    /** The header, with the data it needs if it were right, and the parts of the message. */
    static Stream<Arguments> headers() {
        return Stream.of(
                header("", 0, "empty", "0x7b"),
                header(" {}", 0, "0x20", "0x7b"),
                header("\ufeff{}", 0, "0xef", "0x7b"),
                header("[]", 0, "0x5b", "0x7b"),
                header("{} {}", 0, "strict JSON"),
                header("{},", 0, "strict JSON"),
                header("{}\0", 0, "strict JSON"),
                header("{", 0, "strict JSON"),
                header("{\"a\":1}", 0, "tensor \"a\"", "NUMBER", "BEGIN_OBJECT"),
                header("{\"a\":null}", 0, "tensor \"a\"", "NULL", "BEGIN_OBJECT"),
                header(tensor("I33", "[1]", 0, 4), 4, "\"I33\"", "F32"),
                header(tensor("f32", "[1]", 0, 4), 4, "\"f32\"", "F32"),
                header("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "NUMBER", "STRING"),
                header(tensor("F32", "[-1]", 0, 4), 4, "\"-1\"", Integer.MAX_VALUE),
                header(tensor("F32", "[-0]", 0, 0), 0, "\"-0\"", Integer.MAX_VALUE),
                header(tensor("F32", "[1.0]", 0, 4), 4, "\"1.0\"", Integer.MAX_VALUE),
                header(tensor("F32", "[1e0]", 0, 4), 4, "\"1e0\"", Integer.MAX_VALUE),
                header(tensor("F32", "[\"1\"]", 0, 4), 4, "STRING", "NUMBER"),
                header(tensor("F32", "1", 0, 4), 4, "NUMBER", "BEGIN_ARRAY"),
                header(tensor("F32", "[0,2147483648]", 0, 0), 0, "2147483648", "2147483647"),
                header(tensor("U8", "[99999999999999999999]", 0, 0), 0, "99999999999999999999", "2147483647"),
                header(tensor("U8", "[2147483647,2147483647,2147483647]", 0, 4), 4, "2147483647", "2^63 - 1"),
                header(tensor("F64", "[2147483647,2147483647]", 0, 4), 4, "F64", "2^63 - 1"),
                header(tensor("U8", "[2147483647,2147483647,8,0]", 0, 0), 0, "2147483647", "2^63 - 1"),
                header(tensor("F32", "[2,3]", 0, 20), 20, "[2, 3]", "24", "[0, 20]"),
                header(tensor("F32", "[]", 0, 0), 0, "[]", "4 bytes", "[0, 0]"),
                header(tensor("F32", "[0]", 4, 0), 4, "[4, 0]", "0 bytes"),
                header(tensor("F4", "[3]", 0, 2), 2, "F4", "12 bits", "multiple of 8"),
                header(tensor("F32", "[1]", 0, 4), 5, "end at 4", "5 bytes"),
                header(tensor("F32", "[1]", 0, 4), 3, "end at 4", "3 bytes"),
                header(tensor("F32", "[1]", 4, 8), 8, "\"a\"", "begins at 4", "end at 0"),
                header("{}", 1, "end at 0", "1 bytes"),
                header(tensors(entry("a", 0, 4), entry("b", 8, 12)), 12, "\"b\"", "begins at 8", "end at 4"),
                header(tensors(entry("a", 0, 8), entry("b", 4, 8)), 8, "\"b\"", "begins at 4", "end at 8"),
                header(tensors(entry("a", 0, 4), entry("a", 0, 4)), 4, "\"a\"", "twice"),
                header(tensors(entry("a", 0, 4), entry("\\u0061", 4, 8)), 8, "\"a\"", "twice"),
                header("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype", "twice"),
                header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "shape", "twice"),
                header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "\"a\"", "no data_offsets"),
                header("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "\"a\"", "no shape"),
                header("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "\"a\"", "no dtype"),
                header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":[]}}", 4, "\"x\"", "data_offsets"),
                header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}", 4, "1 numbers", "2"),
                header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,2,4]}}", 4, "3 numbers", "2"),
                header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4, "\"-4\"", Long.MAX_VALUE),
                header("{\"__metadata__\":{\"k\":1}}", 0, "\"k\"", "NUMBER", "STRING"),
                header("{\"__metadata__\":{\"k\":{}}}", 0, "\"k\"", "BEGIN_OBJECT", "STRING"),
                header("{\"__metadata__\":null}", 0, "__metadata__", "NULL", "BEGIN_OBJECT"),
                header("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0, "\"k\"", "twice"),
                header("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__", "twice"),
                header("{\"__metadata__\":{\"k\":\"\\ud83d\"}}", 0, "\\ud83d", "Unicode"),
                header("{\"\\ude00\":{}}", 0, "\\ude00", "Unicode"));
    }

    private static Arguments header(String header, int data, Object... parts) {
        return Arguments.of(header, data, List.of(parts));
    }

    private static String tensor(String dtype, String shape, long begin, long end) {
        return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}}".formatted(dtype, shape, begin, end);
    }

    private static String entry(String name, int begin, int end) {
        return "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}".formatted(name, end - begin, begin, end);
    }

    private static String tensors(String first, String second) {
        return "{" + first + "," + second + "}";
    }

    @ParameterizedTest
    @MethodSource
    void headers(String header, int data, List<Object> parts) throws IOException {
        Path file = folder.resolve("file");
        SafetensorsFile.write(file, header, new byte[data]);
        Refused.by(FormatException.class, () -> Safetensors.open(file), file);
        Refused.by(FormatException.class, () -> Safetensors.open(file), parts.toArray());
    }

    /** Each would be taken by a lenient reader. */
    @ParameterizedTest
    @ValueSource(strings = {"{'__metadata__':{}}", "{__metadata__:{}}", "{\"__metadata__\"={}}", "{\"__metadata__\":{},}",
        "{\"__metadata__\":{\"k\":\"v\",}}", "{\"__metadata__\":{\"k\":\"v\";\"l\":\"w\"}}", "{/**/}", "{}#", "{}//",
        "{\"__metadata__\":{\"k\":\"tab\there\"}}", "{\"__metadata__\":{\"k\":\"\\x\"}}", "{\"__metadata__\":{\"k\":\"\\'\"}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,],"
        + "\"data_offsets\":[0,4]}}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[+1],\"data_offsets\":[0,4]}}"})
    void laxJson(String header) throws IOException {
        Path file = folder.resolve("file");
        SafetensorsFile.write(file, header, new byte[header.contains("F32") ? 4 : 0]);
        Refused.by(FormatException.class, () -> Safetensors.open(file), "not strict JSON");
    }

    @Test
    void malformedUtf8() throws IOException {
        Path file = folder.resolve("file");
        for (int[] bad : new int[][] {{0xff}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {0xc3}, {0xf4, 0x90, 0x80, 0x80}}) {
            ByteBuffer header = ByteBuffer.allocate(28 + bad.length);
            header.put("{\"__metadata__\":{\"key\":\"a".getBytes(StandardCharsets.US_ASCII));
            for (int b : bad) {
                header.put((byte) b);
            }
            header.put("\"}}".getBytes(StandardCharsets.US_ASCII));
            SafetensorsFile.write(file, header.array(), new byte[0]);
            Refused.by(FormatException.class, () -> Safetensors.open(file), "UTF-8");
        }
    }

    @Test
    void lengthOfTheHeader() throws IOException {
        Path file = folder.resolve("file");
        for (int size = 0; size < 8; size++) {
            Files.write(file, new byte[size]);
            Refused.by(FormatException.class, () -> Safetensors.open(file), size + " bytes", "8");
        }
        for (long length : new long[] {3, 100_000_001, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put((byte) '{').put((byte) '}');
            Files.write(file, bytes.array());
            Refused.by(FormatException.class, () -> Safetensors.open(file), Long.toUnsignedString(length), "at most 2");
        }
    }

    @Test
    void limitOfTheHeader() throws IOException {
        Path file = folder.resolve("file");
        try (var out = Files.newByteChannel(file, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001).flip());
            out.position(200_000_000).write(ByteBuffer.allocate(1));
        }
        Refused.by(FormatException.class, () -> Safetensors.open(file), 100_000_001, 100_000_000);
    }

    @Test
    void deepNesting() throws IOException {
        Path file = folder.resolve("file");
        SafetensorsFile.write(file, "{\"a\":" + "[".repeat(1_000_000), new byte[0]);
        Refused.by(FormatException.class, () -> Safetensors.open(file), "BEGIN_ARRAY", "BEGIN_OBJECT");
    }

    /** A name out of a file does not fill the screen, nor does it write to the terminal. */
    @Test
    void longAndHostileNames() throws IOException {
        Path file = folder.resolve("file");
        String name = "\\u001b[2J" + "n".repeat(1_000_000);
        SafetensorsFile.write(file, "{\"" + name + "\":1}", new byte[0]);
        Refused.by(FormatException.class, () -> Safetensors.open(file), "\"\\u001b[2Jnnn", "nnn...\"");
        String shape = "1,".repeat(100_000) + "2";
        SafetensorsFile.write(file, tensor("F32", "[" + shape + "]", 0, 4), new byte[4]);
        FormatException e = assertThrows(FormatException.class, () -> Safetensors.open(file));
        assertTrue(e.getMessage().length() < 400, e.getMessage());
    }
}
