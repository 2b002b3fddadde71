package lanewise.internal.pool;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;
import lanewise.internal.simd.Simd;

/**
 * Max pooling of a run of windows that lie side by side and have the same taps, by value:
 *
 * <pre>y[q][c] = max over i &lt; rows, j &lt; cols of x[at + q window + i row + j column + c]</pre>
 *
 * <p>in the order of {@link Math#max}: {@code -0 < +0}, and NaN is above all. On x86 a float maximum with these rules takes six
 * instructions; this takes three, on the bits as integers. The signed maximum is the answer if any tap is positive (a positive NaN
 * is the largest), the signed minimum if all are negative (the nearest to zero), and a negative NaN shows in the unsigned maximum,
 * above -infinity. Being extremes, the three depend on no order.
 *
 * <p>The windows of 2 x 2 and 3 x 3 have no loop over taps: loops of two or three turns cost more than their work. The repetition
 * is meant: C2 does not inline a helper that was seldom called when it compiled the kernel, and then every vector that it takes
 * or returns is an object for ever after.
 */
public final class MaxPool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int MINUS_INFINITY = 0xff800000; // the bits; above it, unsigned, lie the negative NaNs

    /** Windows that slide over one vector of channels before the next is taken: their rows of x stay in L1 meanwhile. */
    private static final int BLOCK = 8;

    private MaxPool() {}

    /** The kernel that whole windows of this size go to. */
    public static String describe(int rows, int cols) {
        return isUnrolled(rows, cols) ? rows + " x " + cols + " taps unrolled" : "4 vectors per tap";
    }

    private static boolean isUnrolled(int rows, int cols) {
        return rows == cols && (rows == 2 || rows == 3);
    }

    /**
     * Overwrites the channels of {@code windows} outputs in {@code y} from {@code yAt}, and perhaps, if {@code y} is dense, up to a
     * vector behind them, but not from {@code yEnd} on: up to there the caller has yet to write all of it. It reads nothing in
     * {@code x} from {@code xEnd} on.
     *
     * @param far whether x comes from a far cache or memory: reading it in order then counts for more than reading it once
     */
    public static void forward(Steps steps, float[] x, int at, int xEnd, int rows, int cols, float[] y, int yAt, int yEnd,
                               int windows, boolean far) {
        int channels = steps.channels();
        int whole = S.loopBound(channels);
        int padded = whole + LANES;
        boolean spills = whole < channels && isUnrolled(rows, cols) && steps.isDense();
        int first = spills ? steps.paddable(windows, cols, padded, xEnd - at - (rows - 1) * steps.row(), yEnd - yAt) : 0;
        if (first > 0) {
            // Whole vectors for the last channels, too: what they write too much the next window overwrites.
            unrolled(steps, x, at, rows, y, yAt, first, padded, far);
            at += first * steps.window();
            yAt += first * channels;
            windows -= first;
        }
        if (whole > 0 && !isUnrolled(rows, cols)) {
            vectors(steps, x, at, rows, cols, y, yAt, windows, whole);
        } else if (whole > 0) {
            unrolled(steps, x, at, rows, y, yAt, windows, whole, far);
        }
        if (whole < channels) {
            tail(steps, x, at + whole, rows, cols, y, yAt + whole, windows, channels - whole);
        }
    }

    private static void unrolled(Steps steps, float[] x, int at, int rows, float[] y, int yAt, int windows, int whole,
                                 boolean far) {
        if (rows == 2 && whole == LANES) {
            vector2x2(steps, x, at, y, yAt, windows);
        } else if (rows == 2) {
            pixels2x2(steps, x, at, y, yAt, windows, whole);
        } else if (steps.window() != 2 * steps.column() || Simd.REGISTERS < 32 || far && whole >= 4 * LANES) {
            vectors3x3(steps, x, at, y, yAt, windows, whole);
        } else {
            for (int q = 0; q < windows; q += BLOCK) {
                sliding3x3(steps, x, at + q * steps.window(), y, yAt + q * steps.out(), Math.min(BLOCK, windows - q), whole);
            }
        }
    }

    /** For one vector of channels. */
    private static void vector2x2(Steps steps, float[] x, int at, float[] y, int yAt, int windows) {
        int column = steps.column();
        for (int q = 0; q < windows; q++) {
            int top = at + q * steps.window();
            int bottom = top + steps.row();
            IntVector a = FloatVector.fromArray(S, x, top).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, x, top + column).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, x, bottom).reinterpretAsInts();
            IntVector e = FloatVector.fromArray(S, x, bottom + column).reinterpretAsInts();
            IntVector high = a.max(b).max(d.max(e));
            IntVector low = a.min(b).min(d.min(e));
            IntVector unsigned = a.lanewise(VectorOperators.UMAX, b)
                    .lanewise(VectorOperators.UMAX, d.lanewise(VectorOperators.UMAX, e));
            high.blend(low, high.compare(VectorOperators.LT, 0))
                    .blend(unsigned, unsigned.compare(VectorOperators.UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, yAt + q * steps.out());
        }
    }

    /** All channels of a window before the next: each row of x is one stream, which caches and memory deliver faster (NOTES 85). */
    private static void pixels2x2(Steps steps, float[] x, int at, float[] y, int yAt, int windows, int whole) {
        int column = steps.column();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < whole; c += LANES) {
                int top = at + q * steps.window() + c;
                int bottom = top + steps.row();
                IntVector a = FloatVector.fromArray(S, x, top).reinterpretAsInts();
                IntVector b = FloatVector.fromArray(S, x, top + column).reinterpretAsInts();
                IntVector d = FloatVector.fromArray(S, x, bottom).reinterpretAsInts();
                IntVector e = FloatVector.fromArray(S, x, bottom + column).reinterpretAsInts();
                IntVector high = a.max(b).max(d.max(e));
                IntVector low = a.min(b).min(d.min(e));
                IntVector unsigned = a.lanewise(VectorOperators.UMAX, b)
                        .lanewise(VectorOperators.UMAX, d.lanewise(VectorOperators.UMAX, e));
                high.blend(low, high.compare(VectorOperators.LT, 0))
                        .blend(unsigned, unsigned.compare(VectorOperators.UGT, MINUS_INFINITY))
                        .reinterpretAsFloats().intoArray(y, yAt + q * steps.out() + c);
            }
        }
    }

    private static void vectors3x3(Steps steps, float[] x, int at, float[] y, int yAt, int windows, int whole) {
        int column = steps.column();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < whole; c += LANES) {
                int p = at + q * steps.window() + c;
                IntVector v = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                IntVector high = v;
                IntVector low = v;
                IntVector unsigned = v;
                v = FloatVector.fromArray(S, x, p + column).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                v = FloatVector.fromArray(S, x, p + 2 * column).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                p += steps.row();
                v = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                v = FloatVector.fromArray(S, x, p + column).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                v = FloatVector.fromArray(S, x, p + 2 * column).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                p += steps.row();
                v = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                v = FloatVector.fromArray(S, x, p + column).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                v = FloatVector.fromArray(S, x, p + 2 * column).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                high.blend(low, high.compare(VectorOperators.LT, 0))
                        .blend(unsigned, unsigned.compare(VectorOperators.UGT, MINUS_INFINITY))
                        .reinterpretAsFloats().intoArray(y, yAt + q * steps.out() + c);
            }
        }
    }

    /**
     * The same for windows two columns apart, which share a column: its extremes stay in registers from one to the next. With 16
     * registers they do not, and it is slower.
     */
    private static void sliding3x3(Steps steps, float[] x, int at, float[] y, int yAt, int windows, int whole) {
        int row = steps.row();
        int column = steps.column();
        for (int c = whole - LANES; c >= 0; c -= LANES) {
            int p = at + c;
            IntVector a = FloatVector.fromArray(S, x, p).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, x, p + row).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, x, p + 2 * row).reinterpretAsInts();
            IntVector high = a.max(b).max(d);
            IntVector low = a.min(b).min(d);
            IntVector unsigned = a.lanewise(VectorOperators.UMAX, b).lanewise(VectorOperators.UMAX, d);
            for (int q = 0; q < windows; q++) {
                p = at + c + (2 * q + 1) * column;
                a = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                b = FloatVector.fromArray(S, x, p + row).reinterpretAsInts();
                d = FloatVector.fromArray(S, x, p + 2 * row).reinterpretAsInts();
                high = high.max(a.max(b).max(d));
                low = low.min(a.min(b).min(d));
                unsigned = unsigned.lanewise(VectorOperators.UMAX,
                        a.lanewise(VectorOperators.UMAX, b).lanewise(VectorOperators.UMAX, d));
                p += column;
                a = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                b = FloatVector.fromArray(S, x, p + row).reinterpretAsInts();
                d = FloatVector.fromArray(S, x, p + 2 * row).reinterpretAsInts();
                IntVector nextHigh = a.max(b).max(d);
                IntVector nextLow = a.min(b).min(d);
                IntVector nextUnsigned = a.lanewise(VectorOperators.UMAX, b).lanewise(VectorOperators.UMAX, d);
                high = high.max(nextHigh);
                low = low.min(nextLow);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, nextUnsigned);
                high.blend(low, high.compare(VectorOperators.LT, 0))
                        .blend(unsigned, unsigned.compare(VectorOperators.UGT, MINUS_INFINITY))
                        .reinterpretAsFloats().intoArray(y, yAt + q * steps.out() + c);
                high = nextHigh;
                low = nextLow;
                unsigned = nextUnsigned;
            }
        }
    }

    /** Any window: 12 accumulators for 4 vectors of channels, then the vectors that are left one by one. */
    private static void vectors(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows, int whole) {
        for (int q = 0; q < windows; q++) {
            int from = at + q * steps.window();
            int to = yAt + q * steps.out();
            int c = 0;
            for (; c <= whole - 4 * LANES; c += 4 * LANES) {
                four(steps, x, from + c, rows, cols, y, to + c);
            }
            for (; c < whole; c += LANES) {
                one(steps, x, from + c, rows, cols, y, to + c);
            }
        }
    }

    private static void four(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt) {
        IntVector high0 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector low0 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector unsigned0 = IntVector.zero(INTS);
        IntVector high1 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector low1 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector unsigned1 = IntVector.zero(INTS);
        IntVector high2 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector low2 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector unsigned2 = IntVector.zero(INTS);
        IntVector high3 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector low3 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector unsigned3 = IntVector.zero(INTS);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                int p = at + i * steps.row() + j * steps.column();
                IntVector v0 = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                high0 = high0.max(v0);
                low0 = low0.min(v0);
                unsigned0 = unsigned0.lanewise(VectorOperators.UMAX, v0);
                IntVector v1 = FloatVector.fromArray(S, x, p + LANES).reinterpretAsInts();
                high1 = high1.max(v1);
                low1 = low1.min(v1);
                unsigned1 = unsigned1.lanewise(VectorOperators.UMAX, v1);
                IntVector v2 = FloatVector.fromArray(S, x, p + 2 * LANES).reinterpretAsInts();
                high2 = high2.max(v2);
                low2 = low2.min(v2);
                unsigned2 = unsigned2.lanewise(VectorOperators.UMAX, v2);
                IntVector v3 = FloatVector.fromArray(S, x, p + 3 * LANES).reinterpretAsInts();
                high3 = high3.max(v3);
                low3 = low3.min(v3);
                unsigned3 = unsigned3.lanewise(VectorOperators.UMAX, v3);
            }
        }
        high0.blend(low0, high0.compare(VectorOperators.LT, 0))
                .blend(unsigned0, unsigned0.compare(VectorOperators.UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt);
        high1.blend(low1, high1.compare(VectorOperators.LT, 0))
                .blend(unsigned1, unsigned1.compare(VectorOperators.UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt + LANES);
        high2.blend(low2, high2.compare(VectorOperators.LT, 0))
                .blend(unsigned2, unsigned2.compare(VectorOperators.UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt + 2 * LANES);
        high3.blend(low3, high3.compare(VectorOperators.LT, 0))
                .blend(unsigned3, unsigned3.compare(VectorOperators.UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt + 3 * LANES);
    }

    private static void one(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt) {
        IntVector high = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector low = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector unsigned = IntVector.zero(INTS);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                IntVector v = FloatVector.fromArray(S, x, at + i * steps.row() + j * steps.column()).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
            }
        }
        high.blend(low, high.compare(VectorOperators.LT, 0))
                .blend(unsigned, unsigned.compare(VectorOperators.UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt);
    }

    /** The last channels, fewer than a vector. */
    private static void tail(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows, int channels) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels);
        for (int q = 0; q < windows; q++) {
            int from = at + q * steps.window();
            IntVector high = IntVector.broadcast(INTS, Integer.MIN_VALUE);
            IntVector low = IntVector.broadcast(INTS, Integer.MAX_VALUE);
            IntVector unsigned = IntVector.zero(INTS);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    int p = from + i * steps.row() + j * steps.column();
                    IntVector v = FloatVector.fromArray(S, x, p, mask).reinterpretAsInts();
                    high = high.max(v);
                    low = low.min(v);
                    unsigned = unsigned.lanewise(VectorOperators.UMAX, v);
                }
            }
            high.blend(low, high.compare(VectorOperators.LT, 0))
                    .blend(unsigned, unsigned.compare(VectorOperators.UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, yAt + q * steps.out(), mask);
        }
    }
}
