package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import lanewise.oracle.Allocation;

/** Reads thousands of damaged copies of a valid file: each must give a valid result or an IOException, soon and in little memory. */
public final class Mutations {

    private static final long[] HUGE = {
        -1, 0, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0x7fff_ffff_ffff_ffffL, 0x8000_0000_0000_0000L, 0x7fff_fff0L, 0x1_0000_0000L,
        0x7fff_ffff_7fff_ffffL
    };

    /** Generous, for busy machines; a reader that hangs needs more. */
    private static final Duration TIME = Duration.ofSeconds(120);

    /** Reads one file, and checks that what comes out is whole. */
    @FunctionalInterface
    public interface Reader {
        void read(Path file) throws IOException;
    }

    private final byte[] valid;
    private final SplittableRandom random;

    private Mutations(byte[] valid, long seed) {
        this.valid = valid;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Reads the valid file, then the damaged ones; between a twentieth and all of these must be refused.
     *
     * @param header damage falls into the first bytes twice as often
     * @param mostBytes that a reader may allocate for one file
     */
    public static void readAll(Path folder, byte[] valid, int header, int count, long mostBytes, Reader reader) throws IOException {
        Outcome outcome = outcome(folder, valid, header, count, mostBytes, reader);
        assertTrue(outcome.refused > count / 20 && outcome.refused < count, "refused " + outcome.refused + " of " + count);
    }

    /** The same for a format with a checksum: whatever differs from the valid file must be refused. */
    public static void refuseAll(Path folder, byte[] valid, int header, int count, long mostBytes, Reader reader) throws IOException {
        Outcome outcome = outcome(folder, valid, header, count, mostBytes, reader);
        assertTrue(outcome.refused > count / 20, "refused " + outcome.refused + " of " + count);
        assertEquals(outcome.differing, outcome.refused, "refused, of those that differ");
    }

    private record Outcome(int refused, int differing) {}

    private static Outcome outcome(Path folder, byte[] valid, int header, int count, long mostBytes, Reader reader) throws IOException {
        Path file = folder.resolve("damaged");
        Files.write(file, valid);
        reader.read(file);
        var mutations = new Mutations(valid, valid.length);
        return assertTimeoutPreemptively(TIME, () -> {
            int refusals = 0;
            int differing = 0;
            for (int i = 0; i < count; i++) {
                byte[] damaged = mutations.next(header);
                Files.delete(file); // some file systems wait for the disk when a file is written over
                Files.write(file, damaged);
                differing += Arrays.equals(damaged, valid) ? 0 : 1;
                refusals += isRefused(file, damaged, mostBytes, reader) ? 1 : 0;
            }
            return new Outcome(refusals, differing);
        });
    }

    private static boolean isRefused(Path file, byte[] damaged, long mostBytes, Reader reader) {
        long before = Allocation.bytesSoFar();
        boolean refused = false;
        try {
            reader.read(file);
        } catch (FormatException e) {
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
            refused = true;
        } catch (Throwable e) {
            fail(show(damaged), e);
        }
        long allocated = Allocation.bytesSoFar() - before;
        assertTrue(allocated <= mostBytes, () -> allocated + " bytes for " + show(damaged));
        return refused;
    }

    private static String show(byte[] bytes) {
        return bytes.length + " bytes, " + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 2000));
    }

    private byte[] next(int header) {
        byte[] bytes = valid.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            bytes = damage(bytes, header);
        }
        return bytes;
    }

    private byte[] damage(byte[] bytes, int header) {
        if (bytes.length == 0) {
            return bytes;
        }
        int range = random.nextInt(3) < 2 ? Math.min(header, bytes.length) : bytes.length;
        int at = random.nextInt(range);
        int length = Math.min(random.nextInt(1, 17), bytes.length - at);
        return switch (random.nextInt(8)) {
            case 0 -> set(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
            case 1 -> set(bytes, at, (byte) random.nextInt());
            case 2 -> set(bytes, at, bytes[random.nextInt(bytes.length)]);
            case 3 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 4 -> splice(bytes, at, 0, random(length));
            case 5 -> splice(bytes, at, length, new byte[0]);
            case 6 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            default -> huge(bytes, at);
        };
    }

    private byte[] huge(byte[] bytes, int at) {
        long value = HUGE[random.nextInt(HUGE.length)];
        int size = 1 << random.nextInt(1, 4);
        boolean little = random.nextBoolean();
        for (int i = 0; i < size && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >> Byte.SIZE * (little ? i : size - 1 - i));
        }
        return bytes;
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] set(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int at, int removed, byte[] added) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - removed + added.length);
        System.arraycopy(added, 0, result, at, added.length);
        System.arraycopy(bytes, at + removed, result, at + added.length, bytes.length - at - removed);
        return result;
    }
}
