package lanewise.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** The {@code fmt} chunk of a {@link WavFile}. */
record WavFormat(boolean isFloat, int channels, int sampleRate, int bits) {

    static final int LEAST_BYTES = 16;
    static final int PCM = 1;

    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xfffe;
    private static final int EXTENSIBLE_BYTES = 40;
    /** What follows the code of a format in its GUID. */
    private static final byte[] GUID_END = {0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71};

    /** Reads a chunk of at least 16 bytes, little-endian. */
    static WavFormat parse(InputFile file, ByteBuffer chunk) throws FormatException {
        int code = chunk.getShort(0) & 0xffff;
        int channels = chunk.getShort(2) & 0xffff;
        long sampleRate = Integer.toUnsignedLong(chunk.getInt(4));
        int blockAlign = chunk.getShort(12) & 0xffff;
        int bits = chunk.getShort(14) & 0xffff;
        if (code == EXTENSIBLE) {
            code = extensibleCode(file, chunk, bits);
        }
        if (channels == 0) {
            throw file.malformed("has 0 channels, expected at least 1");
        }
        if (sampleRate == 0 || sampleRate > Integer.MAX_VALUE) {
            throw file.malformed("the sample rate is " + sampleRate + ", expected 1 to " + Integer.MAX_VALUE);
        }
        if (code != PCM && code != FLOAT) {
            throw file.malformed("the format code is 0x%04x, expected 0x0001 (PCM) or 0x0003 (float)".formatted(code));
        }
        if (code == PCM && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw file.malformed("PCM has " + bits + " bits per sample, expected 8, 16, 24 or 32");
        }
        if (code == FLOAT && bits != Float.SIZE && bits != Double.SIZE) {
            throw file.malformed("float has " + bits + " bits per sample, expected 32 or 64");
        }
        if (blockAlign != channels * bits / Byte.SIZE) {
            throw file.malformed("blockAlign is " + blockAlign + " bytes, " + channels + " channels of " + bits + " bits have "
                    + channels * bits / Byte.SIZE);
        }
        return new WavFormat(code == FLOAT, channels, (int) sampleRate, bits);
    }

    private static int extensibleCode(InputFile file, ByteBuffer chunk, int bits) throws FormatException {
        if (chunk.limit() < EXTENSIBLE_BYTES) {
            throw file.malformed("the extensible fmt chunk has " + chunk.limit() + " bytes, expected at least "
                    + EXTENSIBLE_BYTES);
        }
        int valid = chunk.getShort(18) & 0xffff; // left-aligned in the sample, so the scale is that of all bits
        if (valid > bits) {
            throw file.malformed(valid + " bits of a sample are valid, it has " + bits);
        }
        byte[] end = new byte[GUID_END.length];
        chunk.get(26, end);
        if (!Arrays.equals(end, GUID_END)) {
            throw file.malformed("the format's GUID ends in " + hex(end) + ", expected " + hex(GUID_END));
        }
        return chunk.getShort(24) & 0xffff;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    int sampleBytes() {
        return bits / Byte.SIZE;
    }

    int frameBytes() {
        return channels * sampleBytes();
    }

    /** The sample at a byte of a little-endian buffer; integers as multiples of {@code 2^-(bits - 1)}. */
    float sample(ByteBuffer bytes, int at) {
        if (isFloat) {
            return bits == Float.SIZE ? bytes.getFloat(at) : (float) bytes.getDouble(at);
        }
        return switch (bits) {
            case 8 -> ((bytes.get(at) & 0xff) - 128) * 0x1p-7f; // alone unsigned
            case 16 -> bytes.getShort(at) * 0x1p-15f;
            case 24 -> ((bytes.getShort(at) & 0xffff) | bytes.get(at + 2) << 16) * 0x1p-23f;
            default -> bytes.getInt(at) * 0x1p-31f;
        };
    }
}
