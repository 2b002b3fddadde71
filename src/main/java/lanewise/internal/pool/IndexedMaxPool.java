package lanewise.internal.pool;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;
import lanewise.internal.simd.Simd;

/**
 * Max pooling by place: which tap of each window is the largest, and the gradient that goes there.
 *
 * <p>Taps are compared by keys, integers in the order of {@link Math#max}: {@code -infinity < ... < -0 < +0 < ... < +infinity <
 * NaN}, all NaNs equal. Negative floats grow with falling bits, so their key has all bits but the sign flipped. Of equal taps the
 * first, row by row, is the largest. So {@code y} is what {@link MaxPool} computes, but for the payload of a NaN.
 *
 * <p>All blocks of channels are stored by mask: one code for whole vectors and the last one, which ends where the channels end. Where
 * they are fewer than a vector has, whole vectors are read, too, but for windows at the end of an array, which scalars do.
 */
public final class IndexedMaxPool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int BELOW_ALL_KEYS = Integer.MIN_VALUE;
    private static final int NAN_KEY = Integer.MAX_VALUE;
    private static final int NAN = 0x7fc00000; // the bits that stand for any NaN
    private static final int NONE = -1; // the bits of another NaN: no element is equal to it

    private IndexedMaxPool() {}

    /**
     * Overwrites the channels of {@code windows} outputs in {@code y} from {@code yAt}, and as many elements of {@code indices},
     * always dense, from {@code indicesAt}; an index counts floats of {@code x} from {@code xOffset}, and so does {@code at}.
     */
    public static void forward(Steps steps, float[] x, int xOffset, int at, int rows, int cols,
                               float[] y, int yAt, int[] indices, int indicesAt, int windows) {
        int channels = steps.channels();
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels);
        int padded = Math.max(channels, LANES);
        int xRoom = x.length - xOffset - at;
        int readable = steps.readable(steps.writable(windows, rows, cols, padded, xRoom, y.length - yAt),
                rows, cols, padded, xRoom, indices.length - indicesAt);
        for (int q = 0; q < readable; q++) {
            for (int block = 0; block < channels; block += LANES) {
                int c = Math.max(0, Math.min(block, channels - LANES)); // the last vector ends where the channels end
                int first = at + q * steps.window() + c;
                IntVector best = IntVector.broadcast(INTS, BELOW_ALL_KEYS);
                IntVector place = IntVector.zero(INTS);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = first + i * steps.row() + j * steps.column();
                        FloatVector v = FloatVector.fromArray(S, x, xOffset + tap);
                        IntVector bits = v.reinterpretAsInts();
                        IntVector flip = bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
                        IntVector key = bits.lanewise(VectorOperators.XOR, flip)
                                .blend(NAN_KEY, v.test(VectorOperators.IS_NAN).cast(INTS));
                        VectorMask<Integer> larger = key.compare(VectorOperators.GT, best);
                        best = best.blend(key, larger);
                        place = place.blend(tap, larger);
                    }
                }
                IntVector flip = best.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
                best.lanewise(VectorOperators.XOR, flip).reinterpretAsFloats() // NAN_KEY is a NaN
                        .intoArray(y, yAt + q * steps.out() + c, mask);
                place.addIndex(1).intoArray(indices, indicesAt + q * channels + c, mask.cast(INTS));
            }
        }
        MaxPool.scalars(steps, x, xOffset + at, rows, cols, y, yAt, readable, windows);
        for (int q = readable; q < windows; q++) {
            for (int c = 0; c < channels; c++) {
                int first = at + q * steps.window() + c;
                int out = yAt + q * steps.out() + c;
                indices[indicesAt + q * channels + c] = first + find(steps, x, xOffset + first, rows, cols, y[out]);
                if (y[out] != y[out]) {
                    y[out] = Float.intBitsToFloat(NAN_KEY);
                }
            }
        }
    }

    /** How far the first tap that equals {@code max} lies behind the one at {@code at}; less than 0 if there is none. */
    private static int find(Steps steps, float[] x, int at, int rows, int cols, float max) {
        int wanted = Float.floatToIntBits(max);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                int tap = i * steps.row() + j * steps.column();
                if (Float.floatToIntBits(x[at + tap]) == wanted) {
                    return tap;
                }
            }
        }
        return -1;
    }

    /**
     * Adds to {@code dx}, at the first tap that equals {@code y}, the gradient {@code dy} of each window. Of the {@code rows} rows
     * of taps the first {@code before} are looked at but not written: they are another task's.
     */
    public static void gradInput(Steps steps, float[] x, int xAt, int rows, int before, int cols,
                                 float[] y, int yAt, float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        int channels = steps.channels();
        boolean apart = steps.column() < steps.window(); // windows that share columns are summed in one order, however rows are cut
        int first = apart && rows == 2 && cols == 2 && before == 0
                ? steps.paddable(windows, cols, Simd.roundUp(channels, LANES)) : 0;
        for (int c = 0; first > 0 && c < channels; c += LANES) {
            // Every other window, then the rest: a load that meets a part of a store on its way to the cache has to wait for it.
            for (int parity = 0; parity < 2; parity++) {
                for (int q = parity; q < first; q += 2) {
                    q = whole2x2(steps, x, xAt + c, y, yAt + c, dy, dyAt + c, dx, dxAt + c, q, first, channels - c);
                    if (q < first) { // one with a NaN
                        int in = q * steps.window() + c;
                        int out = q * channels + c;
                        taps(steps, x, xAt + in, 2, 0, 2, y, yAt + out, dy, dyAt + out, dx, dxAt + in, 1, Math.min(LANES, channels - c));
                    }
                }
            }
        }
        taps(steps, x, xAt + first * steps.window(), rows, before, cols, y, yAt + first * channels, dy, dyAt + first * channels,
                dx, dxAt + first * steps.window(), windows - first, channels);
    }

    /**
     * The same for 2 x 2 taps and whole vectors, of which the first {@code channels} lanes change, for every other window from
     * {@code from}. Masked access costs several times as much. Returns the window at which it stopped: the first that holds a NaN.
     */
    private static int whole2x2(Steps steps, float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt,
                                float[] dx, int dxAt, int from, int windows, int channels) {
        int column = steps.column();
        VectorMask<Integer> mask = Lanes.INT_INDEX.compare(VectorOperators.LT, channels);
        int q = from;
        for (; q < windows; q += 2) {
            FloatVector max = FloatVector.fromArray(S, y, yAt + q * steps.channels());
            if (max.test(VectorOperators.IS_NAN).anyTrue()) {
                break;
            }
            FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + q * steps.channels());
            IntVector wanted = max.reinterpretAsInts();
            int top = q * steps.window();
            int bottom = top + steps.row();
            VectorMask<Integer> a = FloatVector.fromArray(S, x, xAt + top).reinterpretAsInts()
                    .compare(VectorOperators.EQ, wanted).and(mask);
            wanted = wanted.blend(NONE, a);
            VectorMask<Integer> b = FloatVector.fromArray(S, x, xAt + top + column).reinterpretAsInts()
                    .compare(VectorOperators.EQ, wanted).and(mask);
            wanted = wanted.blend(NONE, b);
            VectorMask<Integer> d = FloatVector.fromArray(S, x, xAt + bottom).reinterpretAsInts()
                    .compare(VectorOperators.EQ, wanted).and(mask);
            wanted = wanted.blend(NONE, d);
            VectorMask<Integer> e = FloatVector.fromArray(S, x, xAt + bottom + column).reinterpretAsInts()
                    .compare(VectorOperators.EQ, wanted).and(mask);
            FloatVector dxA = FloatVector.fromArray(S, dx, dxAt + top);
            FloatVector dxB = FloatVector.fromArray(S, dx, dxAt + top + column);
            FloatVector dxD = FloatVector.fromArray(S, dx, dxAt + bottom);
            FloatVector dxE = FloatVector.fromArray(S, dx, dxAt + bottom + column);
            // In this order: what the left tap writes too much, the right one then writes as it should be.
            dxA.blend(dxA.add(gradient), a.cast(S)).intoArray(dx, dxAt + top);
            dxB.blend(dxB.add(gradient), b.cast(S)).intoArray(dx, dxAt + top + column);
            dxD.blend(dxD.add(gradient), d.cast(S)).intoArray(dx, dxAt + bottom);
            dxE.blend(dxE.add(gradient), e.cast(S)).intoArray(dx, dxAt + bottom + column);
        }
        return q;
    }

    /** The same for any taps, in the first {@code channels} channels. */
    private static void taps(Steps steps, float[] x, int xAt, int rows, int before, int cols,
                             float[] y, int yAt, float[] dy, int dyAt, float[] dx, int dxAt, int windows, int channels) {
        int readable = steps.readable(windows, rows, cols, Math.max(channels, LANES),
                Math.min(x.length - xAt, dx.length - dxAt), Math.min(y.length - yAt, dy.length - dyAt));
        for (int q = 0; q < readable; q++) {
            for (int block = 0; block < channels; block += LANES) {
                int c = Math.max(0, Math.min(block, channels - LANES));
                VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels)
                        .and(Lanes.INDEX.compare(VectorOperators.GE, block - c));
                int out = q * steps.channels() + c;
                int first = q * steps.window() + c;
                FloatVector max = FloatVector.fromArray(S, y, yAt + out);
                IntVector wanted = max.reinterpretAsInts().blend(NAN, max.test(VectorOperators.IS_NAN).cast(INTS));
                FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + out);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = first + i * steps.row() + j * steps.column();
                        FloatVector v = FloatVector.fromArray(S, x, xAt + tap);
                        VectorMask<Integer> found = v.reinterpretAsInts().blend(NAN, v.test(VectorOperators.IS_NAN).cast(INTS))
                                .compare(VectorOperators.EQ, wanted);
                        wanted = wanted.blend(NONE, found);
                        if (i >= before) {
                            VectorMask<Float> written = found.cast(S).and(mask);
                            FloatVector.fromArray(S, dx, dxAt + tap).add(gradient).intoArray(dx, dxAt + tap, written);
                        }
                    }
                }
            }
        }
        for (int q = readable; q < windows; q++) {
            for (int c = 0; c < channels; c++) {
                int first = q * steps.window() + c;
                int out = q * steps.channels() + c;
                int tap = find(steps, x, xAt + first, rows, cols, y[yAt + out]);
                if (tap >= before * steps.row()) {
                    dx[dxAt + first + tap] += dy[dyAt + out];
                }
            }
        }
    }

    /**
     * Adds {@code dy[k]} to {@code dx[dxOffset + indices[k]]}, for {@code count} successive k, if the index lies in
     * {@code [from, to)}: the others are another task's.
     *
     * @throws IllegalArgumentException if an index lies outside {@code [least, end)}, the rows of the input that the windows see
     */
    public static void gradInput(int[] indices, int indicesAt, float[] dy, int dyAt, int count,
                                 float[] dx, int dxOffset, int from, int to, int least, int end) {
        for (int k = 0; k < count; k++) {
            int index = indices[indicesAt + k];
            if (index < least || index >= end) {
                throw new IllegalArgumentException("indices[" + (indicesAt + k) + "] is " + index
                        + ", its window's rows are [" + least + ", " + end + ")");
            }
            if (index >= from && index < to) {
                dx[dxOffset + index] += dy[dyAt + k];
            }
        }
    }
}
