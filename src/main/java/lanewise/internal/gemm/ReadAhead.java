package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * Brings what will be needed next into the caches, in pieces between the tiles that need something else.
 *
 * <p>A range is a few streams, whole pages apart, of which a piece takes two lines each: a prefetcher begins anew in each page, and so
 * many streams wait for their first lines together (NOTES 79).
 */
public final class ReadAhead {

    /** Floats of x and dy together that are left to the caches alone: 512 KB. */
    public static final int HOT = 1 << 17;

    /**
     * Whether {@link #fetch} is a single instruction: with masks in registers. They are known to exist with vectors of 512 bits;
     * elsewhere a masked store may be a loop.
     */
    public static final boolean FETCHES = Simd.LANES == 16;

    /** Streams at most, floats of a page, and of a piece. */
    private static final int STREAMS = 16;
    private static final int PAGE = 1024;
    private static final int PIECE = 32;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_128;
    private static final VectorMask<Float> NONE = VectorMask.fromLong(S, 0);

    private ReadAhead() {}

    /** Length of each stream of a range of {@code floats}. */
    public static int stream(int floats) {
        return floats <= 0 ? 0 : Simd.roundUp((floats - 1) / STREAMS + 1, PAGE);
    }

    /** Pieces to take after each of {@code tiles} tiles. */
    public static int pieces(int stream, int tiles) {
        return (stream / PIECE + tiles - 1) / tiles;
    }

    /**
     * Reads {@code pieces} pieces, from number {@code first} on, of the {@code floats} that begin at {@code from}. Returns a
     * meaningless sum, or they would not be read.
     */
    public static int read(float[] a, int from, int floats, int stream, int first, int pieces) {
        int end = Math.min(stream, (first + pieces) * PIECE);
        int sum = 0;
        for (int piece = first * PIECE; piece < end; piece += PIECE) {
            for (int at = piece; at < floats - PIECE / 2; at += stream) {
                sum += Float.floatToRawIntBits(a[from + at]) + Float.floatToRawIntBits(a[from + at + PIECE / 2]);
            }
        }
        return sum;
    }

    /**
     * The same by stores that store nothing: what follows does not wait for them, as it does for reads. Better where the tiles find all
     * they need in L1, but not where they take from L2, too: all misses share the same few buffers (NOTES 80). Lines are taken from
     * other cores, so the range should be this worker's alone.
     */
    public static void fetch(float[] a, int from, int floats, int stream, int first, int pieces) {
        FloatVector zero = FloatVector.zero(S);
        int end = Math.min(stream, (first + pieces) * PIECE);
        for (int piece = first * PIECE; piece < end; piece += PIECE) {
            for (int at = piece; at < floats - PIECE / 2; at += stream) {
                zero.intoArray(a, from + at, NONE);
                zero.intoArray(a, from + at + PIECE / 2, NONE);
            }
        }
    }

    /** Fetches all lines of {@code [from, end)}, which will be written. */
    public static void fetch(float[] c, int from, int end) {
        FloatVector zero = FloatVector.zero(S);
        int last = end - S.length();
        for (int i = from; i <= last; i += PIECE / 2) {
            zero.intoArray(c, i, NONE);
        }
    }

    /** Fetches two lines of each of the {@code rows} of a tile that will be written, {@code stride} floats apart. */
    static void fetchTile(float[] c, int from, int stride, int rows) {
        FloatVector zero = FloatVector.zero(S);
        for (int i = 0; i < rows; i++) {
            zero.intoArray(c, from + i * stride, NONE);
            zero.intoArray(c, from + i * stride + PIECE / 2, NONE);
        }
    }
}
