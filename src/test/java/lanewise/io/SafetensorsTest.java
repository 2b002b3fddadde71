package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("weights.safetensors");
    }

    /** The file as the format's description has it, byte by byte: a header of 0x90 bytes, of which the last 4 are spaces. */
    @Test
    void layoutByHand() throws IOException {
        float[] values = {7, 1, -2, 0.5f, 8, 9};
        Safetensors.write(file, Map.of("by", "hand"),
                List.of(new TensorSlice("w", List.of(1, 3), values, 1), new TensorSlice("b", List.of(), values, 5)));

        String json = "{\"__metadata__\":{\"by\":\"hand\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[0,12]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[12,16]}}";
        var expected = new ByteArrayOutputStream();
        expected.writeBytes(new byte[] {(byte) 0x90, 0, 0, 0, 0, 0, 0, 0});
        expected.writeBytes((json + "    ").getBytes(StandardCharsets.US_ASCII));
        expected.writeBytes(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 0, 0, 0, 0x3f, 0, 0, 0x10, 0x41});
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(file));
    }

    @Test
    void everyBitComesBack() throws IOException {
        int[] bits = {0x7fc00000, 0x7f800001, 0xffc12345, 0xff812345, 0x80000000, 0, 1, 0x80000001, 0x007fffff, 0x7f800000,
            0xff800000, 0x7f7fffff};
        float[] values = new float[bits.length];
        ByteBuffer bytes = ByteBuffer.allocate(4 * bits.length);
        bytes.asIntBuffer().put(bits);
        bytes.asFloatBuffer().get(values); // intBitsToFloat may quiet a NaN on some machines
        Safetensors.write(file, Map.of(), List.of(new TensorSlice("x", List.of(bits.length), values, 0)));
        ByteBuffer written = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] back = read("x", bits.length);
        bytes.asFloatBuffer().put(back);
        for (int i = 0; i < bits.length; i++) {
            assertEquals(bits[i], written.getInt(written.limit() - 4 * bits.length + 4 * i));
            assertEquals(bits[i], bytes.getInt(4 * i));
        }
    }

    /** Larger than the buffer, at odd offsets on both sides. */
    @Test
    void largeTensorsComeBack() throws IOException {
        float[] values = Data.reals(1, 100_003);
        Safetensors.write(file, Map.of(), List.of(
                new TensorSlice("first", List.of(3, 11_111), values, 5),
                new TensorSlice("second", List.of(50_001), values, 50_002)));
        try (Safetensors in = Safetensors.open(file)) {
            float[] back = new float[60_000];
            Arrays.fill(back, 77);
            in.read("second", back, 9);
            assertArrayEquals(Arrays.copyOfRange(values, 50_002, 100_003), Arrays.copyOfRange(back, 9, 9 + 50_001));
            assertEquals(77, back[8]);
            assertEquals(77, back[9 + 50_001]);
            in.read("first", back, 0);
            assertArrayEquals(Arrays.copyOfRange(values, 5, 5 + 33_333), Arrays.copyOf(back, 33_333));
        }
    }

    @Test
    void namesShapesAndMetadataComeBackInOrder() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z \" \\ \n \u0000 \u2028", "\u00e9\ud83d\ude00</script>");
        metadata.put("", "");
        metadata.put("a", "b");
        List<TensorSlice> tensors = List.of(
                new TensorSlice("z", List.of(2), new float[2], 0),
                new TensorSlice("", List.of(0), new float[0], 0),
                new TensorSlice("conv.weight\u00e9\ud83d\ude00", List.of(1, 2, 0, 4), new float[0], 0),
                new TensorSlice("a", List.of(), new float[1], 0));
        Safetensors.write(file, metadata, tensors);
        try (Safetensors in = Safetensors.open(file)) {
            assertEquals(metadata, in.metadata());
            assertEquals(List.copyOf(metadata.keySet()), List.copyOf(in.metadata().keySet()));
            assertEquals(tensors.stream().map(TensorSlice::name).toList(), List.copyOf(in.tensors().keySet()));
            assertEquals(new TensorInfo("F32", List.of(1, 2, 0, 4), 8, 8), in.tensors().get(tensors.get(2).name()));
            assertEquals(new TensorInfo("F32", List.of(), 8, 12), in.tensors().get("a"));
            assertEquals(1, in.tensors().get("a").elements());
            in.read("", new float[0], 0);
            assertThrows(UnsupportedOperationException.class, () -> in.metadata().clear());
            assertThrows(UnsupportedOperationException.class, () -> in.tensors().clear());
        }
    }

    @Test
    void alignsTheDataWhateverTheLengthOfTheHeader() throws IOException {
        for (int length = 0; length < 17; length++) {
            Safetensors.write(file, Map.of("k", "v".repeat(length)), List.of());
            assertEquals(0, Files.size(file) % 8);
            assertEquals("v".repeat(length), metadata("k"));
        }
        Safetensors.write(file, Map.of(), List.of());
        assertArrayEquals("\10\0\0\0\0\0\0\0{}      ".getBytes(StandardCharsets.US_ASCII), Files.readAllBytes(file));
    }

    @Test
    void otherTypesBecomeFloats() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(Double.MIN_VALUE);
        data.putShort((short) 0x3c00).putShort((short) 0xfbff).putShort((short) 1).putShort((short) 0x7c00);
        data.putShort((short) 0x3f80).putShort((short) 0xc0a0).putShort((short) 0x7f80).putShort((short) 0x0001);
        data.putInt(5);
        SafetensorsFile.write(file, """
                {"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},
                 "h":{"dtype":"F16","shape":[2,2],"data_offsets":[16,24]},
                 "b":{"dtype":"BF16","shape":[4,1],"data_offsets":[24,32]},
                 "i":{"dtype":"I32","shape":[1],"data_offsets":[32,36]}}""", data.array());
        assertArrayEquals(new float[] {0.1f, 0}, read("d", 2));
        assertArrayEquals(new float[] {1, -65504, 0x1p-24f, Float.POSITIVE_INFINITY}, read("h", 4));
        assertArrayEquals(new float[] {1, -5, Float.POSITIVE_INFINITY, Float.intBitsToFloat(0x10000)}, read("b", 4));
        try (Safetensors in = Safetensors.open(file)) {
            assertEquals(new TensorInfo("I32", List.of(1), 32, 36), in.tensors().get("i"));
        }
        Refused.by(FormatException.class, () -> read("i", 1), file, "\"i\"", "I32", "F32, F64, F16 and BF16");
    }

    /** The order of names in the header is not that of the data. */
    @Test
    void tensorsAreInOrderOfTheirData() throws IOException {
        SafetensorsFile.write(file, """
                {"b":{"data_offsets":[4,8],"shape":[1],"dtype":"F32"},
                 "none":{"dtype":"U8","shape":[7,0],"data_offsets":[4,4]},
                 "six":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[8,11]},
                 "a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}\n \n""", new byte[11]);
        try (Safetensors in = Safetensors.open(file)) {
            assertEquals(List.of("a", "none", "b", "six"), List.copyOf(in.tensors().keySet()));
            assertEquals(Map.of(), in.metadata());
        }
    }

    @Test
    void sameArgumentsGiveTheSameBytes() throws IOException {
        List<TensorSlice> tensors = List.of(new TensorSlice("x", List.of(3), new float[] {1, 2, 3}, 0));
        Safetensors.write(file, Map.of("a", "b"), tensors);
        byte[] first = Files.readAllBytes(file);
        Safetensors.write(file, Map.of("a", "b"), tensors);
        assertArrayEquals(first, Files.readAllBytes(file));
    }

    @Test
    void refusesToWriteWhatTheFormatDoesNotHold() {
        TensorSlice x = new TensorSlice("x", List.of(1), new float[1], 0);
        Refused.argument(() -> Safetensors.write(file, Map.of(), List.of(x, x)), "\"x\"");
        Refused.argument(() -> new TensorSlice("__metadata__", List.of(1), new float[1], 0), "__metadata__");
        Refused.argument(() -> new TensorSlice("half \ud83d", List.of(1), new float[1], 0), "half", "\\ud83d");
        Refused.argument(() -> Safetensors.write(file, Map.of("k", "\ude00"), List.of()), "value of metadata", "\\ude00");
        Refused.argument(() -> Safetensors.write(file, Map.of("\ude00", "v"), List.of()), "key of metadata");
        Refused.argument(() -> new TensorSlice("x", List.of(2, -1), new float[2], 0), "shape[1]", "-1");
        Refused.argument(() -> new TensorSlice("x", List.of(1 << 16, 1 << 16), new float[2], 0), "65536", Integer.MAX_VALUE);
        Refused.bounds(() -> new TensorSlice("x", List.of(2, 3), new float[7], 2), "6", "2", "7");
        Refused.bounds(() -> new TensorSlice("x", List.of(2), new float[7], -1), "-1");
        Refused.isNull(() -> new TensorSlice(null, List.of(2), new float[7], 0), "name");
        Refused.isNull(() -> new TensorSlice("x", null, new float[7], 0), "shape");
        Refused.isNull(() -> new TensorSlice("x", List.of(2), null, 0), "values");
        Refused.isNull(() -> Safetensors.write(null, Map.of(), List.of()), "path");
        Refused.isNull(() -> Safetensors.write(file, null, List.of()), "metadata");
        Refused.isNull(() -> Safetensors.write(file, Map.of(), null), "tensors");
        List<TensorSlice> holed = new ArrayList<>();
        holed.add(null);
        Refused.isNull(() -> Safetensors.write(file, Map.of(), holed), "tensor");
        Map<String, String> noValue = new HashMap<>();
        noValue.put("k", null);
        Refused.isNull(() -> Safetensors.write(file, noValue, List.of()), "value of metadata");
        String tooLong = "v".repeat(Safetensors.MOST_HEADER_BYTES);
        Refused.argument(() -> Safetensors.write(file, Map.of("k", tooLong), List.of()), "100000032", "100000000");
        assertTrue(Files.notExists(file));
    }

    @Test
    void refusesToReadWhatIsNotThere() throws IOException {
        Safetensors.write(file, Map.of(), List.of(new TensorSlice("x", List.of(2, 3), new float[6], 0)));
        try (Safetensors in = Safetensors.open(file)) {
            Refused.argument(() -> in.read("y", new float[6], 0), "\"y\"", "1");
            Refused.bounds(() -> in.read("x", new float[6], 1), "6", "1");
            Refused.bounds(() -> in.read("x", new float[6], -1), "-1");
            Refused.isNull(() -> in.read(null, new float[6], 0), "name");
            Refused.isNull(() -> in.read("x", null, 0), "dst");
            long size = Files.size(file);
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) size - 1));
            Refused.by(FormatException.class, () -> in.read("x", new float[6], 0), size - 1, size);
        }
        Refused.isNull(() -> Safetensors.open(null), "path");
        assertThrows(NoSuchFileException.class, () -> Safetensors.open(folder.resolve("missing")));
        Throwable directory = assertThrows(IOException.class, () -> Safetensors.open(folder));
        assertTrue(!(directory instanceof FormatException), directory.toString());
    }

    private float[] read(String name, int length) throws IOException {
        float[] values = new float[length];
        try (Safetensors in = Safetensors.open(file)) {
            in.read(name, values, 0);
        }
        return values;
    }

    private String metadata(String key) throws IOException {
        try (Safetensors in = Safetensors.open(file)) {
            return in.metadata().get(key);
        }
    }
}
