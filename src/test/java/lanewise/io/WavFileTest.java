package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavFileTest {

    private static final String GUID_END = "0000 0000 1000 8000 00aa 0038 9b71";
    private static final String PCM16 = chunk("fmt ", "0100 0100 401f0000 803e0000 0200 1000");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("sound.wav");
    }

    @Test
    void everyFormatByHand() throws IOException {
        assertSamples(format(1, 1, 8), "00 80 ff 81", -1, 0, 127 / 128f, 1 / 128f);
        assertSamples(format(1, 2, 16), "0080 0000 ff7f 0100", -1, 0, 32767 / 32768f, 1 / 32768f);
        assertSamples(format(1, 1, 24), "000080 ffffff ffff7f 010203", -1, -0x1p-23f, 8388607 / 8388608f, 0x030201 * 0x1p-23f);
        assertSamples(format(1, 1, 32), "00000080 00000040 ffffff7f", -1, 0.5f, 1);
        assertSamples(format(3, 1, 32), "0000803f 0000c0ff 000000c0", 1, Float.NaN, -2);
        assertSamples(format(3, 2, 64), "9a9999999999b93f 000000000000f0bf", 0.1f, -1);
        assertSamples(extensible(16, 16, 1, 2, GUID_END), "0080 0100", -1, 1 / 32768f);
        assertSamples(extensible(16, 12, 1, 2, GUID_END), "f07f 1000", 32752 / 32768f, 16 / 32768f);
        assertSamples(extensible(32, 32, 3, 1, GUID_END), "0000803e", 0.25f);
        assertSamples(format(1, 1, 16), "");
    }

    private void assertSamples(String fmt, String data, float... expected) throws IOException {
        write(riff(chunk("fmt ", fmt) + chunk("data", data)));
        WavFile sound = WavFile.read(file);
        assertEquals(8000, sound.sampleRate());
        assertEquals(Integer.reverseBytes(Integer.parseInt(fmt.replace(" ", "").substring(4, 8) + "0000", 16)), sound.channels());
        assertArrayEquals(expected, sound.samples());
    }

    @Test
    void chunksInAnyOrderUnknownOnesSkipped() throws IOException {
        float[] expected = {-1, 0.5f};
        String data = chunk("data", "0080 0040");
        String odd = chunk("LIST", "010203");
        for (String chunks : new String[] {odd + PCM16 + data, PCM16 + odd + data + odd, data + odd + PCM16,
            chunk("bext", "") + PCM16 + data}) {
            write(riff(chunks));
            assertArrayEquals(expected, WavFile.read(file).samples());
            write(riff(chunks) + "544147 0102030405060708");
            assertArrayEquals(expected, WavFile.read(file).samples(), "what follows the RIFF chunk is not ours");
        }
        String pcm8 = chunk("fmt ", format(1, 1, 8));
        write(riff(pcm8 + chunk("data", "00 80 c0")));
        assertArrayEquals(new float[] {-1, 0, 0.5f}, WavFile.read(file).samples());
        String unpadded = pcm8 + chunk("data", "00 80 c0");
        write(riff(unpadded.substring(0, unpadded.length() - 2)));
        assertArrayEquals(new float[] {-1, 0, 0.5f}, WavFile.read(file).samples(), "the last byte of padding may be missing");
        write(riff(chunk("fmt ", "0100 0100 401f0000 803e0000 0200 1000 0000") + data));
        assertArrayEquals(expected, WavFile.read(file).samples(), "WAVEFORMATEX");
    }

    @Test
    void malformedFilesShowBothValues() throws IOException {
        String data = chunk("data", "0080 0040");
        refused("", "0 bytes", "12");
        refused("52494646 04000000 5741", "10 bytes", "12");
        refused("52494658 04000000 57415645", "\"RIFX\"", "\"RIFF\"");
        refused("52463634 04000000 57415645", "\"RF64\"", "\"RIFF\"");
        refused("52494646 04000000 41564920", "\"AVI \"", "\"WAVE\"");
        refused("52494646 03000000 57415645", "3 bytes", "has 4");
        refused("52494646 05000000 57415645", "5 bytes", "has 4");
        refused("52494646 ffffffff 57415645", "4294967295 bytes", "has 4");
        refused(riff(""), "0 chunks", "no fmt");
        refused(riff(data), "1 chunks", "no fmt");
        refused(riff(PCM16), "1 chunks", "no data");
        refused(riff(PCM16 + "64617461 04"), "5 bytes", "expected 8");
        refused(riff(PCM16 + "64617461 05000000 01020304"), "\"data\"", "5 bytes", "4 are left");
        refused(riff(PCM16 + "64617461 ffffffff 01020304"), "\"data\"", "4294967295 bytes", "4 are left");
        refused(riff(PCM16 + "4c495354 00000080 01020304"), "\"LIST\"", "2147483648 bytes", "4 are left");
        refused(riff(PCM16 + PCM16 + data), "second", "\"fmt \"");
        refused(riff(PCM16 + data + data), "second", "\"data\"");
        refused(riff(PCM16 + chunk("data", "010203")), "3 bytes", "2 bytes of a frame");
        refused(riff(chunk("fmt ", "0100 0100 401f0000 803e0000 0200") + data), "14 bytes", "16");
        refusedFormat("0100 0000 401f0000 00000000 0000 1000", "0 channels", "at least 1");
        refusedFormat("0100 0100 00000000 00000000 0200 1000", "sample rate is 0", Integer.MAX_VALUE);
        refusedFormat("0100 0100 00000080 00000000 0200 1000", "sample rate is 2147483648", Integer.MAX_VALUE);
        refusedFormat("0200 0100 401f0000 00000000 0200 1000", "0x0002", "0x0001");
        refusedFormat("5500 0100 401f0000 00000000 0200 1000", "0x0055", "0x0003");
        refusedFormat("0100 0100 401f0000 00000000 0200 0c00", "12 bits", "8, 16, 24 or 32");
        refusedFormat("0100 0100 401f0000 00000000 0800 4000", "64 bits", "8, 16, 24 or 32");
        refusedFormat("0300 0100 401f0000 00000000 0200 1000", "16 bits", "32 or 64");
        refusedFormat("0100 0200 401f0000 00000000 0200 1000", "blockAlign is 2", "have 4");
        refusedFormat("0100 ffff 401f0000 00000000 feff 1000", "blockAlign is 65534", "have 131070");
        refusedFormat("feff 0100 401f0000 803e0000 0200 1000", "16 bytes", "40");
        refusedFormat(extensible(16, 17, 1, 1, GUID_END), "17 bits", "has 16");
        refusedFormat(extensible(16, 16, 1, 1, "0000 0000 1000 8000 00aa 0038 9b72"), "389b72", "389b71");
        refusedFormat(extensible(16, 16, 6, 1, GUID_END), "0x0006", "0x0001");
    }

    @Test
    void tooManyChunks() throws IOException {
        write(riff(chunk("none", "").repeat(10_001)));
        Refused.by(FormatException.class, () -> WavFile.read(file), "10001", "10000");
        write(riff(chunk("none", "").repeat(9_998) + PCM16 + chunk("data", "0080")));
        assertArrayEquals(new float[] {-1}, WavFile.read(file).samples());
    }

    @Test
    void layoutByHand() throws IOException {
        new WavFile(8000, 1, new float[] {-1, 0.5f}).write(file);
        assertArrayEquals(hex(riff(PCM16 + chunk("data", "0080 0040"))), Files.readAllBytes(file));
        new WavFile(0x12345, 2, new float[2]).write(file);
        assertArrayEquals(hex(riff(chunk("fmt ", "0100 0200 45230100 148d0400 0400 1000") + chunk("data", "0000 0000"))),
                Files.readAllBytes(file));
    }

    @Test
    void writtenFilesComeBack() throws IOException {
        float[] every = new float[1 << 16];
        for (int i = 0; i < every.length; i++) {
            every[i] = (i - 32768) / 32768f;
        }
        new WavFile(48_000, 2, every).write(file);
        WavFile back = WavFile.read(file);
        assertEquals(48_000, back.sampleRate());
        assertEquals(2, back.channels());
        assertArrayEquals(every, back.samples());

        float[] any = Data.reals(1, 99_999);
        new WavFile(1, 1, any).write(file);
        float[] rounded = WavFile.read(file).samples();
        for (int i = 0; i < any.length; i++) {
            assertTrue(Math.abs(Math.min(any[i], 32767 / 32768f) - rounded[i]) <= 0x1p-16, any[i] + " became " + rounded[i]);
        }
    }

    @Test
    void clipsAndRounds() throws IOException {
        float step = 1 / 32768f;
        float[] samples = {1, 1.5f, -1.5f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0.49f * step, 0.51f * step,
            -0.51f * step, 1e30f};
        new WavFile(1, 1, samples).write(file);
        float most = 32767 * step;
        assertArrayEquals(new float[] {most, most, -1, most, -1, 0, 0, step, -step, most}, WavFile.read(file).samples());
    }

    @Test
    void wrongArguments() {
        Refused.argument(() -> new WavFile(0, 1, new float[1]), "sampleRate", "0");
        Refused.argument(() -> new WavFile(1, 0, new float[1]), "channels", "0");
        Refused.argument(() -> new WavFile(1, 65_536, new float[0]), "65536", "65535");
        Refused.argument(() -> new WavFile(1, 2, new float[3]), "3", "2");
        Refused.isNull(() -> new WavFile(1, 2, null), "samples");
        Refused.isNull(() -> new WavFile(1, 2, new float[2]).write(null), "path");
        Refused.argument(() -> new WavFile(Integer.MAX_VALUE, 2, new float[2]).write(file), "8589934588", "4294967295");
        Refused.argument(() -> new WavFile(1, 40_000, new float[40_000]).write(file), "80000", "65535");
        assertTrue(Files.notExists(file));
        assertThrows(NoSuchFileException.class, () -> WavFile.read(file));
        Refused.isNull(() -> WavFile.read(null), "path");
    }

    private void refusedFormat(String fmt, Object... parts) throws IOException {
        refused(riff(chunk("fmt ", fmt) + chunk("data", "0080 0040")), parts);
    }

    private void refused(String hex, Object... parts) throws IOException {
        write(hex);
        Refused.by(FormatException.class, () -> WavFile.read(file), file);
        Refused.by(FormatException.class, () -> WavFile.read(file), parts);
    }

    private void write(String hex) throws IOException {
        Files.write(file, hex(hex));
    }

    static String riff(String chunks) {
        return ascii("RIFF") + little(4 + hex(chunks).length, 4) + ascii("WAVE") + chunks;
    }

    static String chunk(String id, String hex) {
        int length = hex(hex).length;
        return ascii(id) + little(length, 4) + hex + (length % 2 == 0 ? "" : "00");
    }

    static String format(int code, int channels, int bits) {
        int frame = channels * bits / 8;
        return little(code, 2) + little(channels, 2) + little(8000, 4) + little(8000 * frame, 4) + little(frame, 2) + little(bits, 2);
    }

    static String extensible(int bits, int validBits, int code, int channels, String guidEnd) {
        return format(0xfffe, channels, bits) + " 1600 " + little(validBits, 2) + " 04000000 " + little(code, 2) + guidEnd;
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String ascii(String id) {
        return HexFormat.of().formatHex(id.getBytes(StandardCharsets.US_ASCII));
    }

    private static String little(int value, int bytes) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(value)).substring(0, 2 * bytes);
    }
}
