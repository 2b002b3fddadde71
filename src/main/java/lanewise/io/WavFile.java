package lanewise.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import lanewise.internal.Checks;

/**
 * Sound of a RIFF/WAVE file.
 *
 * <p>Read are PCM of 8, 16, 24 and 32 bits, IEEE float of 32 and 64, each plain or as {@code WAVE_FORMAT_EXTENSIBLE}. A PCM sample
 * of b bits is divided by {@code 2^(b - 1)}: -1 is reached, 1 is not, except that 32 bits are rounded to the nearest float. Float
 * samples are taken as they are, which may be beyond 1, infinite or NaN. Chunks may have any order, unknown ones are skipped, and
 * so is what follows the RIFF chunk; the byte rate is not checked, as many programs get it wrong.
 *
 * <p>A program that writes into a pipe cannot go back to fill in the sizes, and leaves 0 or 0xFFFFFFFF. Such a file is refused: it
 * looks like one that was cut off. So is one whose data ends inside of a frame.
 *
 * <p>The array is the record's, not a copy.
 *
 * <p><i>Source:</i> Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft, 1991; Multiple Channel Audio
 * Data and WAVE Files, Microsoft.
 *
 * @param sampleRate frames per second, at least 1
 * @param channels samples per frame, from 1 to 65535
 * @param samples {@code float[frames * channels]}, the samples of a frame side by side, full scale from -1 to 1
 */
public record WavFile(int sampleRate, int channels, float[] samples) {

    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int WRITTEN_HEADER = RIFF_HEADER + CHUNK_HEADER + WavFormat.LEAST_BYTES + CHUNK_HEADER;
    private static final int MOST_CHANNELS = 0xffff;
    private static final int MOST_CHUNKS = 10_000; // a file of a gigabyte could have a hundred million, one read for each
    private static final int MOST_FORMAT_BYTES = 1 << 16; // enough for any; what is beyond is not read
    private static final int MOST_SAMPLES = Integer.MAX_VALUE - 8;
    private static final int PIECE = 1 << 16;

    /**
     * Checks the sizes.
     *
     * @throws NullPointerException if {@code samples} is null
     * @throws IllegalArgumentException if {@code sampleRate} or {@code channels} is out of its range, or the number of samples no
     *         multiple of {@code channels}
     */
    public WavFile {
        Checks.atLeast(sampleRate, 1, "sampleRate");
        Checks.atLeast(channels, 1, "channels");
        requireFits("channels", channels, MOST_CHANNELS);
        if (Checks.notNull(samples, "samples").length % channels != 0) {
            throw new IllegalArgumentException("samples has length " + samples.length + ", no multiple of " + channels
                    + " channels");
        }
    }

    /**
     * Reads a file.
     *
     * @param path a RIFF/WAVE file
     * @return all its samples
     * @throws NullPointerException if {@code path} is null
     * @throws FormatException if it is malformed, is cut off, or has another format
     * @throws IOException if it cannot be read
     */
    public static WavFile read(Path path) throws IOException {
        try (InputFile file = InputFile.open(path)) {
            long end = riffEnd(file);
            WavFormat format = null;
            long data = -1;
            long dataBytes = 0;
            int chunks = 0;
            for (long at = RIFF_HEADER; at < end; ) {
                if (++chunks > MOST_CHUNKS) {
                    throw file.malformed("has at least " + chunks + " chunks, expected at most " + MOST_CHUNKS);
                }
                if (end - at < CHUNK_HEADER) {
                    throw file.malformed("a chunk's header at byte " + at + " has " + (end - at) + " bytes, expected "
                            + CHUNK_HEADER);
                }
                ByteBuffer header = little(file.read(at, CHUNK_HEADER));
                String id = text(header, 0);
                long bytes = Integer.toUnsignedLong(header.getInt(4));
                at += CHUNK_HEADER;
                if (bytes > end - at) {
                    throw file.malformed("chunk " + FormatException.quote(id) + " has " + bytes + " bytes, " + (end - at)
                            + " are left of the RIFF chunk");
                }
                if (id.equals("fmt ")) {
                    requireFirst(file, id, format == null);
                    if (bytes < WavFormat.LEAST_BYTES) {
                        throw file.malformed("the fmt chunk has " + bytes + " bytes, expected at least " + WavFormat.LEAST_BYTES);
                    }
                    format = WavFormat.parse(file, little(file.read(at, (int) Math.min(bytes, MOST_FORMAT_BYTES))));
                } else if (id.equals("data")) {
                    requireFirst(file, id, data < 0);
                    data = at;
                    dataBytes = bytes;
                }
                at += bytes + bytes % 2; // padded to an even length
            }
            if (format == null || data < 0) {
                throw file.malformed("has " + chunks + " chunks, but no " + (format == null ? "fmt" : "data") + " chunk");
            }
            return new WavFile(format.sampleRate(), format.channels(), samples(file, format, data, dataBytes));
        }
    }

    private static long riffEnd(InputFile file) throws IOException {
        if (file.size() < RIFF_HEADER) {
            throw file.malformed("has " + file.size() + " bytes, expected at least " + RIFF_HEADER);
        }
        ByteBuffer header = little(file.read(0, RIFF_HEADER));
        String found = text(header, 0) + text(header, 8);
        if (!found.equals("RIFFWAVE")) {
            throw file.malformed("starts with " + FormatException.quote(found.substring(0, 4)) + " and "
                    + FormatException.quote(found.substring(4)) + ", expected \"RIFF\" and \"WAVE\"");
        }
        long bytes = Integer.toUnsignedLong(header.getInt(4));
        if (bytes < Integer.BYTES || bytes > file.size() - CHUNK_HEADER) {
            throw file.malformed("the RIFF chunk has " + bytes + " bytes, the file has " + (file.size() - CHUNK_HEADER)
                    + " for it");
        }
        return CHUNK_HEADER + bytes;
    }

    private static void requireFirst(InputFile file, String id, boolean first) throws FormatException {
        if (!first) {
            throw file.malformed("has a second chunk \"" + id + "\", expected one");
        }
    }

    private static float[] samples(InputFile file, WavFormat format, long data, long bytes) throws IOException {
        if (bytes % format.frameBytes() != 0) {
            throw file.malformed("the data chunk has " + bytes + " bytes, no multiple of the " + format.frameBytes()
                    + " bytes of a frame");
        }
        int step = format.sampleBytes();
        if (bytes / step > MOST_SAMPLES) {
            throw file.malformed("has " + bytes / step + " samples, expected at most " + MOST_SAMPLES);
        }
        float[] samples = new float[(int) (bytes / step)];
        ByteBuffer buffer = little(ByteBuffer.allocate((int) Math.min(bytes, PIECE / step * step)));
        for (int done = 0; done < samples.length; ) {
            int count = Math.min(samples.length - done, buffer.capacity() / step);
            file.read(data + (long) done * step, buffer.clear().limit(count * step));
            for (int i = 0; i < count; i++) {
                samples[done + i] = format.sample(buffer, i * step);
            }
            done += count;
        }
        return samples;
    }

    private static ByteBuffer little(ByteBuffer bytes) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer bytes, int at) {
        return new String(bytes.array(), at, Integer.BYTES, StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes 16-bit PCM, {@linkplain AtomicFile whole or not at all}: {@code samples * 2^15} rounded to the nearest integer and
     * clipped to -32768 and 32767; NaN becomes 0. What was read from 16-bit PCM is written bit for bit.
     *
     * @param path the file; replaced if it exists
     * @throws NullPointerException if {@code path} is null
     * @throws IllegalArgumentException if the samples or the bytes per second are too many for the sizes in the header, or a frame
     *         has more than 65535 bytes
     * @throws IOException if it cannot be written; the old file then stays
     */
    public void write(Path path) throws IOException {
        Checks.notNull(path, "path");
        int frameBytes = channels * Short.BYTES;
        long bytes = (long) samples.length * Short.BYTES;
        requireFits("size of the RIFF chunk", WRITTEN_HEADER - CHUNK_HEADER + bytes, 0xffff_fffeL);
        requireFits("bytes per second", (long) sampleRate * frameBytes, 0xffff_ffffL);
        requireFits("bytes of a frame", frameBytes, 0xffff);
        ByteBuffer header = little(ByteBuffer.allocate(WRITTEN_HEADER));
        header.put(ascii("RIFF")).putInt((int) (WRITTEN_HEADER - CHUNK_HEADER + bytes)).put(ascii("WAVE"));
        header.put(ascii("fmt ")).putInt(WavFormat.LEAST_BYTES).putShort((short) WavFormat.PCM).putShort((short) channels);
        header.putInt(sampleRate).putInt(sampleRate * frameBytes).putShort((short) frameBytes).putShort((short) Short.SIZE);
        header.put(ascii("data")).putInt((int) bytes);
        AtomicFile.write(path, out -> {
            out.write(header.array());
            for (float sample : samples) {
                int value = Math.clamp(Math.round(sample * 0x1p15f), Short.MIN_VALUE, Short.MAX_VALUE);
                out.write(value);
                out.write(value >> Byte.SIZE);
            }
        });
    }

    private static void requireFits(String name, long value, long most) {
        if (value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at most " + most);
        }
    }

    private static byte[] ascii(String id) {
        return id.getBytes(StandardCharsets.US_ASCII);
    }
}
