package lanewise.internal.pool;

import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.UGT;
import static jdk.incubator.vector.VectorOperators.UMAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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
 * <p>The windows of up to 3 x 3 have no loop over taps: loops of two or three turns cost more than their work. Where one has fewer,
 * as at an edge, the last one counts several times, which changes no maximum. The repetition is meant: C2 does not inline a helper
 * that was seldom called when it compiled the kernel, and then every vector that it takes or returns is an object for ever after.
 * So is a vector that a small kernel's loop carries and calls a method of, if its caller was compiled before it had run often (NOTES
 * 117): such a loop calls the methods of what it loads, and the vector is an argument.
 */
public final class MaxPool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int MINUS_INFINITY = 0xff800000; // the bits; above it, unsigned, lie the negative NaNs

    /** Windows that slide over some channels before the next are taken: their rows of x stay in L1 meanwhile. */
    private static final int BLOCK = 8;

    /** Channels that slide together at most: all lines of a pixel of 64 floats are read in the order of memory. */
    private static final int MANY = 4 * LANES;

    private MaxPool() {}

    /** The kernel that whole windows of this size go to. */
    public static String describe(int rows, int cols) {
        return isUnrolled(rows, cols) ? rows + " x " + cols + " taps unrolled" : "4 vectors per tap";
    }

    private static boolean isUnrolled(int rows, int cols) {
        return rows <= 3 && cols <= 3;
    }

    /**
     * Overwrites the channels of {@code windows} outputs in {@code y} from {@code yAt}, and perhaps, if {@code y} is dense, up to a
     * vector behind them, but not from {@code yEnd} on: up to there the caller has yet to write all of it.
     *
     * @param rows of taps, at least 1; so with cols
     */
    public static void forward(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int yEnd, int windows) {
        int channels = steps.channels();
        int whole = S.loopBound(channels);
        int padded = whole + LANES;
        boolean spills = whole < channels && isUnrolled(rows, cols) && steps.isDense();
        int first = spills ? steps.readable(windows, rows, cols, padded, x.length - at, yEnd - yAt) : 0;
        if (first > 0) {
            // Whole vectors for the last channels, too: what they write too much the next window overwrites.
            unrolled(steps, x, at, rows, cols, y, yAt, first, padded);
            at += first * steps.window();
            yAt += first * channels;
            windows -= first;
        }
        int last = channels - LANES;
        if (windows == 0) {
            return;
        } else if (last < 0) {
            few(steps, x, at, rows, cols, y, yAt, windows);
        } else if (!isUnrolled(rows, cols)) {
            vectors(steps, x, at, rows, cols, y, yAt, windows, channels);
        } else {
            unrolled(steps, x, at, rows, cols, y, yAt, windows, whole);
            if (whole < channels) {
                unrolled(steps, x, at + last, rows, cols, y, yAt + last, windows, LANES); // ends where the channels end
            }
        }
    }

    private static void unrolled(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows, int whole) {
        int bottom = (rows - 1) * steps.row();
        int right = (cols - 1) * steps.column();
        int row1 = rows == 1 ? 0 : steps.row();
        int column1 = cols == 1 ? 0 : steps.column(); // a step that is not taken may have overflowed
        if (rows <= 2 && cols <= 2 && whole == LANES) {
            vector2x2(steps, x, at, bottom, right, y, yAt, windows);
        } else if (rows <= 2 && cols <= 2) {
            pixels2x2(steps, x, at, bottom, right, y, yAt, windows, whole);
        } else if (Simd.REGISTERS < 32 || windows == 1 || cols < 3 || steps.window() != right) {
            vectors3x3(steps, x, at, row1, bottom, column1, right, y, yAt, windows, whole);
        } else {
            for (int q = 0; q < windows; q += BLOCK) {
                sliding(steps, x, at + q * right, row1, bottom, y, yAt + q * steps.out(), Math.min(BLOCK, windows - q), whole);
            }
        }
    }

    /** The last channels first: what they write too much is written once more. */
    private static void sliding(Steps steps, float[] x, int at, int row1, int row2, float[] y, int yAt, int windows, int whole) {
        int c = whole;
        while (c % MANY != 0) {
            c -= LANES;
            sliding1(steps, x, at + c, row1, row2, y, yAt + c, windows);
        }
        while (c > 0) {
            c -= MANY;
            sliding4(steps, x, at + c, row1, row2, y, yAt + c, windows);
        }
    }

    /** For one vector of channels. */
    private static void vector2x2(Steps steps, float[] x, int at, int row, int column, float[] y, int yAt, int windows) {
        for (int q = 0; q < windows; q++) {
            int top = at + q * steps.window();
            int bottom = top + row;
            IntVector a = FloatVector.fromArray(S, x, top).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, x, top + column).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, x, bottom).reinterpretAsInts();
            IntVector e = FloatVector.fromArray(S, x, bottom + column).reinterpretAsInts();
            IntVector high = a.max(b).max(d.max(e));
            IntVector low = a.min(b).min(d.min(e));
            IntVector unsigned = a.lanewise(UMAX, b)
                    .lanewise(UMAX, d.lanewise(UMAX, e));
            high.blend(low, high.compare(LT, 0))
                    .blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, yAt + q * steps.out());
        }
    }

    /** All channels of a window before the next: each row of x is one stream, which caches and memory deliver faster (NOTES 85). */
    private static void pixels2x2(Steps steps, float[] x, int at, int row, int column, float[] y, int yAt, int windows,
                                  int whole) {
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < whole; c += LANES) {
                int top = at + q * steps.window() + c;
                int bottom = top + row;
                IntVector a = FloatVector.fromArray(S, x, top).reinterpretAsInts();
                IntVector b = FloatVector.fromArray(S, x, top + column).reinterpretAsInts();
                IntVector d = FloatVector.fromArray(S, x, bottom).reinterpretAsInts();
                IntVector e = FloatVector.fromArray(S, x, bottom + column).reinterpretAsInts();
                IntVector high = a.max(b).max(d.max(e));
                IntVector low = a.min(b).min(d.min(e));
                IntVector unsigned = a.lanewise(UMAX, b)
                        .lanewise(UMAX, d.lanewise(UMAX, e));
                high.blend(low, high.compare(LT, 0))
                        .blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                        .reinterpretAsFloats().intoArray(y, yAt + q * steps.out() + c);
            }
        }
    }

    /** Rows and columns of taps at these distances from the first ones; some may be equal. */
    private static void vectors3x3(Steps steps, float[] x, int at, int row1, int row2, int column1, int column2, float[] y, int yAt,
                                   int windows, int whole) {
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < whole; c += LANES) {
                int p = at + q * steps.window() + c;
                IntVector v = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                IntVector high = v;
                IntVector low = v;
                IntVector unsigned = v;
                v = FloatVector.fromArray(S, x, p + column1).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                v = FloatVector.fromArray(S, x, p + column2).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                p = at + q * steps.window() + c + row1;
                v = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                v = FloatVector.fromArray(S, x, p + column1).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                v = FloatVector.fromArray(S, x, p + column2).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                p = at + q * steps.window() + c + row2;
                v = FloatVector.fromArray(S, x, p).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                v = FloatVector.fromArray(S, x, p + column1).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                v = FloatVector.fromArray(S, x, p + column2).reinterpretAsInts();
                high = high.max(v);
                low = low.min(v);
                unsigned = unsigned.lanewise(UMAX, v);
                high.blend(low, high.compare(LT, 0))
                        .blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                        .reinterpretAsFloats().intoArray(y, yAt + q * steps.out() + c);
            }
        }
    }

    /**
     * The same for windows two columns apart, which share a column: its extremes stay in registers from one to the next. With 16
     * registers they do not, and it is slower. For one vector of channels.
     */
    private static void sliding1(Steps steps, float[] x, int at, int row1, int row2, float[] y, int yAt, int windows) {
        int column = steps.column();
        int p = at;
        IntVector a = FloatVector.fromArray(S, x, p).reinterpretAsInts();
        IntVector b = FloatVector.fromArray(S, x, p + row1).reinterpretAsInts();
        IntVector d = FloatVector.fromArray(S, x, p + row2).reinterpretAsInts();
        IntVector high = a.max(b).max(d);
        IntVector low = a.min(b).min(d);
        IntVector unsigned = a.lanewise(UMAX, b).lanewise(UMAX, d);
        for (int q = 0; q < windows; q++) {
            p = at + (2 * q + 1) * column;
            int to = yAt + q * steps.out();
            a = FloatVector.fromArray(S, x, p).reinterpretAsInts();
            b = FloatVector.fromArray(S, x, p + row1).reinterpretAsInts();
            d = FloatVector.fromArray(S, x, p + row2).reinterpretAsInts();
            high = high.max(a.max(b).max(d));
            low = low.min(a.min(b).min(d));
            unsigned = unsigned.lanewise(UMAX, a.lanewise(UMAX, b).lanewise(UMAX, d));
            a = FloatVector.fromArray(S, x, p + column).reinterpretAsInts();
            b = FloatVector.fromArray(S, x, p + column + row1).reinterpretAsInts();
            d = FloatVector.fromArray(S, x, p + column + row2).reinterpretAsInts();
            IntVector nextHigh = a.max(b).max(d);
            IntVector nextLow = a.min(b).min(d);
            IntVector nextUnsigned = a.lanewise(UMAX, b).lanewise(UMAX, d);
            high = high.max(nextHigh);
            low = low.min(nextLow);
            unsigned = unsigned.lanewise(UMAX, nextUnsigned);
            high.blend(low, high.compare(LT, 0))
                    .blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, to);
            high = nextHigh;
            low = nextLow;
            unsigned = nextUnsigned;
        }
    }

    /** The same for four vectors of channels: 12 extremes in registers (NOTES 103). */
    private static void sliding4(Steps steps, float[] x, int at, int row1, int row2, float[] y, int yAt, int windows) {
        int column = steps.column();
        int p = at;
        IntVector a0 = FloatVector.fromArray(S, x, p).reinterpretAsInts();
        IntVector b0 = FloatVector.fromArray(S, x, p + row1).reinterpretAsInts();
        IntVector d0 = FloatVector.fromArray(S, x, p + row2).reinterpretAsInts();
        IntVector high0 = a0.max(b0).max(d0);
        IntVector low0 = a0.min(b0).min(d0);
        IntVector unsigned0 = a0.lanewise(UMAX, b0).lanewise(UMAX, d0);
        IntVector a1 = FloatVector.fromArray(S, x, p + LANES).reinterpretAsInts();
        IntVector b1 = FloatVector.fromArray(S, x, p + row1 + LANES).reinterpretAsInts();
        IntVector d1 = FloatVector.fromArray(S, x, p + row2 + LANES).reinterpretAsInts();
        IntVector high1 = a1.max(b1).max(d1);
        IntVector low1 = a1.min(b1).min(d1);
        IntVector unsigned1 = a1.lanewise(UMAX, b1).lanewise(UMAX, d1);
        IntVector a2 = FloatVector.fromArray(S, x, p + 2 * LANES).reinterpretAsInts();
        IntVector b2 = FloatVector.fromArray(S, x, p + row1 + 2 * LANES).reinterpretAsInts();
        IntVector d2 = FloatVector.fromArray(S, x, p + row2 + 2 * LANES).reinterpretAsInts();
        IntVector high2 = a2.max(b2).max(d2);
        IntVector low2 = a2.min(b2).min(d2);
        IntVector unsigned2 = a2.lanewise(UMAX, b2).lanewise(UMAX, d2);
        IntVector a3 = FloatVector.fromArray(S, x, p + 3 * LANES).reinterpretAsInts();
        IntVector b3 = FloatVector.fromArray(S, x, p + row1 + 3 * LANES).reinterpretAsInts();
        IntVector d3 = FloatVector.fromArray(S, x, p + row2 + 3 * LANES).reinterpretAsInts();
        IntVector high3 = a3.max(b3).max(d3);
        IntVector low3 = a3.min(b3).min(d3);
        IntVector unsigned3 = a3.lanewise(UMAX, b3).lanewise(UMAX, d3);
        for (int q = 0; q < windows; q++) {
            p = at + (2 * q + 1) * column;
            int to = yAt + q * steps.out();
            a0 = FloatVector.fromArray(S, x, p).reinterpretAsInts();
            b0 = FloatVector.fromArray(S, x, p + row1).reinterpretAsInts();
            d0 = FloatVector.fromArray(S, x, p + row2).reinterpretAsInts();
            high0 = high0.max(a0.max(b0).max(d0));
            low0 = low0.min(a0.min(b0).min(d0));
            unsigned0 = unsigned0.lanewise(UMAX, a0.lanewise(UMAX, b0).lanewise(UMAX, d0));
            a0 = FloatVector.fromArray(S, x, p + column).reinterpretAsInts();
            b0 = FloatVector.fromArray(S, x, p + column + row1).reinterpretAsInts();
            d0 = FloatVector.fromArray(S, x, p + column + row2).reinterpretAsInts();
            IntVector nextHigh0 = a0.max(b0).max(d0);
            IntVector nextLow0 = a0.min(b0).min(d0);
            IntVector nextUnsigned0 = a0.lanewise(UMAX, b0).lanewise(UMAX, d0);
            high0 = high0.max(nextHigh0);
            low0 = low0.min(nextLow0);
            unsigned0 = unsigned0.lanewise(UMAX, nextUnsigned0);
            high0.blend(low0, high0.compare(LT, 0))
                    .blend(unsigned0, unsigned0.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, to);
            high0 = nextHigh0;
            low0 = nextLow0;
            unsigned0 = nextUnsigned0;
            a1 = FloatVector.fromArray(S, x, p + LANES).reinterpretAsInts();
            b1 = FloatVector.fromArray(S, x, p + row1 + LANES).reinterpretAsInts();
            d1 = FloatVector.fromArray(S, x, p + row2 + LANES).reinterpretAsInts();
            high1 = high1.max(a1.max(b1).max(d1));
            low1 = low1.min(a1.min(b1).min(d1));
            unsigned1 = unsigned1.lanewise(UMAX, a1.lanewise(UMAX, b1).lanewise(UMAX, d1));
            a1 = FloatVector.fromArray(S, x, p + column + LANES).reinterpretAsInts();
            b1 = FloatVector.fromArray(S, x, p + column + row1 + LANES).reinterpretAsInts();
            d1 = FloatVector.fromArray(S, x, p + column + row2 + LANES).reinterpretAsInts();
            IntVector nextHigh1 = a1.max(b1).max(d1);
            IntVector nextLow1 = a1.min(b1).min(d1);
            IntVector nextUnsigned1 = a1.lanewise(UMAX, b1).lanewise(UMAX, d1);
            high1 = high1.max(nextHigh1);
            low1 = low1.min(nextLow1);
            unsigned1 = unsigned1.lanewise(UMAX, nextUnsigned1);
            high1.blend(low1, high1.compare(LT, 0))
                    .blend(unsigned1, unsigned1.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, to + LANES);
            high1 = nextHigh1;
            low1 = nextLow1;
            unsigned1 = nextUnsigned1;
            a2 = FloatVector.fromArray(S, x, p + 2 * LANES).reinterpretAsInts();
            b2 = FloatVector.fromArray(S, x, p + row1 + 2 * LANES).reinterpretAsInts();
            d2 = FloatVector.fromArray(S, x, p + row2 + 2 * LANES).reinterpretAsInts();
            high2 = high2.max(a2.max(b2).max(d2));
            low2 = low2.min(a2.min(b2).min(d2));
            unsigned2 = unsigned2.lanewise(UMAX, a2.lanewise(UMAX, b2).lanewise(UMAX, d2));
            a2 = FloatVector.fromArray(S, x, p + column + 2 * LANES).reinterpretAsInts();
            b2 = FloatVector.fromArray(S, x, p + column + row1 + 2 * LANES).reinterpretAsInts();
            d2 = FloatVector.fromArray(S, x, p + column + row2 + 2 * LANES).reinterpretAsInts();
            IntVector nextHigh2 = a2.max(b2).max(d2);
            IntVector nextLow2 = a2.min(b2).min(d2);
            IntVector nextUnsigned2 = a2.lanewise(UMAX, b2).lanewise(UMAX, d2);
            high2 = high2.max(nextHigh2);
            low2 = low2.min(nextLow2);
            unsigned2 = unsigned2.lanewise(UMAX, nextUnsigned2);
            high2.blend(low2, high2.compare(LT, 0))
                    .blend(unsigned2, unsigned2.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, to + 2 * LANES);
            high2 = nextHigh2;
            low2 = nextLow2;
            unsigned2 = nextUnsigned2;
            a3 = FloatVector.fromArray(S, x, p + 3 * LANES).reinterpretAsInts();
            b3 = FloatVector.fromArray(S, x, p + row1 + 3 * LANES).reinterpretAsInts();
            d3 = FloatVector.fromArray(S, x, p + row2 + 3 * LANES).reinterpretAsInts();
            high3 = high3.max(a3.max(b3).max(d3));
            low3 = low3.min(a3.min(b3).min(d3));
            unsigned3 = unsigned3.lanewise(UMAX, a3.lanewise(UMAX, b3).lanewise(UMAX, d3));
            a3 = FloatVector.fromArray(S, x, p + column + 3 * LANES).reinterpretAsInts();
            b3 = FloatVector.fromArray(S, x, p + column + row1 + 3 * LANES).reinterpretAsInts();
            d3 = FloatVector.fromArray(S, x, p + column + row2 + 3 * LANES).reinterpretAsInts();
            IntVector nextHigh3 = a3.max(b3).max(d3);
            IntVector nextLow3 = a3.min(b3).min(d3);
            IntVector nextUnsigned3 = a3.lanewise(UMAX, b3).lanewise(UMAX, d3);
            high3 = high3.max(nextHigh3);
            low3 = low3.min(nextLow3);
            unsigned3 = unsigned3.lanewise(UMAX, nextUnsigned3);
            high3.blend(low3, high3.compare(LT, 0))
                    .blend(unsigned3, unsigned3.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, to + 3 * LANES);
            high3 = nextHigh3;
            low3 = nextLow3;
            unsigned3 = nextUnsigned3;
        }
    }

    /**
     * Any window: 12 accumulators for 4 vectors of channels, then the vectors that are left one by one; the last one ends where the
     * channels end.
     */
    private static void vectors(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows, int channels) {
        for (int q = 0; q < windows; q++) {
            int from = at + q * steps.window();
            int to = yAt + q * steps.out();
            int c = 0;
            for (; c <= channels - MANY; c += MANY) {
                four(steps, x, from + c, rows, cols, y, to + c);
            }
            for (; c < channels; c += LANES) {
                int last = Math.min(c, channels - LANES);
                one(steps, x, from + last, rows, cols, y, to + last);
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
                unsigned0 = unsigned0.lanewise(UMAX, v0);
                IntVector v1 = FloatVector.fromArray(S, x, p + LANES).reinterpretAsInts();
                high1 = high1.max(v1);
                low1 = low1.min(v1);
                unsigned1 = unsigned1.lanewise(UMAX, v1);
                IntVector v2 = FloatVector.fromArray(S, x, p + 2 * LANES).reinterpretAsInts();
                high2 = high2.max(v2);
                low2 = low2.min(v2);
                unsigned2 = unsigned2.lanewise(UMAX, v2);
                IntVector v3 = FloatVector.fromArray(S, x, p + 3 * LANES).reinterpretAsInts();
                high3 = high3.max(v3);
                low3 = low3.min(v3);
                unsigned3 = unsigned3.lanewise(UMAX, v3);
            }
        }
        high0.blend(low0, high0.compare(LT, 0))
                .blend(unsigned0, unsigned0.compare(UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt);
        high1.blend(low1, high1.compare(LT, 0))
                .blend(unsigned1, unsigned1.compare(UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt + LANES);
        high2.blend(low2, high2.compare(LT, 0))
                .blend(unsigned2, unsigned2.compare(UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt + 2 * LANES);
        high3.blend(low3, high3.compare(LT, 0))
                .blend(unsigned3, unsigned3.compare(UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt + 3 * LANES);
    }

    private static void one(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt) {
        IntVector high = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector low = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector unsigned = IntVector.zero(INTS);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                IntVector v = FloatVector.fromArray(S, x, at + i * steps.row() + j * steps.column()).reinterpretAsInts();
                high = v.max(high);
                low = v.min(low);
                unsigned = v.lanewise(UMAX, unsigned);
            }
        }
        high.blend(low, high.compare(LT, 0))
                .blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                .reinterpretAsFloats().intoArray(y, yAt);
    }

    /**
     * Fewer channels than a vector has, in whole vectors, too, but for windows at the end of x: a load by mask is two loads that merge,
     * and what C2 merges it may keep as an object.
     */
    private static void few(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        VectorMask<Float> mask = Lanes.INDEX.compare(LT, steps.channels());
        int readable = steps.writable(windows, rows, cols, LANES, x.length - at, y.length - yAt);
        for (int q = 0; q < readable; q++) {
            int from = at + q * steps.window();
            IntVector high = IntVector.broadcast(INTS, Integer.MIN_VALUE);
            IntVector low = IntVector.broadcast(INTS, Integer.MAX_VALUE);
            IntVector unsigned = IntVector.zero(INTS);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    IntVector v = FloatVector.fromArray(S, x, from + i * steps.row() + j * steps.column()).reinterpretAsInts();
                    high = v.max(high);
                    low = v.min(low);
                    unsigned = v.lanewise(UMAX, unsigned);
                }
            }
            high.blend(low, high.compare(LT, 0))
                    .blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(y, yAt + q * steps.out(), mask);
        }
        scalars(steps, x, at, rows, cols, y, yAt, readable, windows);
    }

    /** The same, all channels of a window one by one. */
    static void scalars(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int from, int to) {
        for (int q = from; q < to; q++) {
            for (int c = 0; c < steps.channels(); c++) {
                int high = Integer.MIN_VALUE;
                int low = Integer.MAX_VALUE;
                int unsigned = Integer.MIN_VALUE; // of an order in which signed comparison is that of unsigned numbers
                int tap = at + q * steps.window() + c;
                for (int i = rows; i > 0; i--) {
                    for (int j = cols; j > 0; j--) {
                        int v = Float.floatToRawIntBits(x[tap]);
                        high = Math.max(high, v);
                        low = Math.min(low, v);
                        unsigned = Math.max(unsigned, v ^ Integer.MIN_VALUE);
                        tap += steps.column();
                    }
                    tap += steps.row() - cols * steps.column();
                }
                int number = high ^ (high ^ low) & high >> 31;
                y[yAt + q * steps.out() + c] =
                        Float.intBitsToFloat(unsigned > (MINUS_INFINITY ^ Integer.MIN_VALUE) ? unsigned ^ Integer.MIN_VALUE : number);
            }
        }
    }
}
