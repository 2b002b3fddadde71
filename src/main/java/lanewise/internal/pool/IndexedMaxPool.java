package lanewise.internal.pool;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Max pooling by place: which tap of each window is the largest, and the gradient that goes there.
 *
 * <p>Taps are compared by keys, integers in the order of {@link Math#max}: {@code -infinity < ... < -0 < +0 < ... < +infinity <
 * NaN}, all NaNs equal. Negative floats grow with falling bits, so their key has all bits but the sign flipped. Of equal taps the
 * first, row by row, is the largest. So {@code y} is what {@link MaxPool} computes, but for the payload of a NaN.
 *
 * <p>All blocks of channels are masked: one code for whole vectors and the tail, where speed matters less.
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
     * Overwrites {@code windows * channels} elements of {@code y} from {@code yAt} and of {@code indices} from {@code indicesAt};
     * an index counts floats of {@code x} from {@code xOffset}, and so does {@code at}.
     */
    public static void forward(Steps steps, float[] x, int xOffset, int at, int rows, int cols,
                               float[] y, int yAt, int[] indices, int indicesAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> mask = S.indexInRange(c, channels);
                int first = at + q * steps.window() + c;
                IntVector best = IntVector.broadcast(INTS, BELOW_ALL_KEYS);
                IntVector place = IntVector.zero(INTS);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = first + i * steps.row() + j * steps.column();
                        FloatVector v = FloatVector.fromArray(S, x, xOffset + tap, mask);
                        IntVector bits = v.reinterpretAsInts();
                        IntVector flip = bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
                        IntVector key = bits.lanewise(VectorOperators.XOR, flip)
                                .blend(NAN_KEY, v.test(VectorOperators.IS_NAN).cast(INTS));
                        VectorMask<Integer> larger = key.compare(VectorOperators.GT, best);
                        best = best.blend(key, larger);
                        place = place.blend(tap, larger);
                    }
                }
                int out = q * channels + c;
                IntVector flip = best.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
                best.lanewise(VectorOperators.XOR, flip).reinterpretAsFloats().intoArray(y, yAt + out, mask); // NAN_KEY is a NaN
                place.addIndex(1).intoArray(indices, indicesAt + out, mask.cast(INTS));
            }
        }
    }

    /**
     * Adds to {@code dx}, at the first tap that equals {@code y}, the gradient {@code dy} of each window. Of the {@code rows} rows
     * of taps the first {@code before} are looked at but not written: they are another task's.
     */
    public static void gradInput(Steps steps, float[] x, int xAt, int rows, int before, int cols,
                                 float[] y, int yAt, float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> mask = S.indexInRange(c, channels);
                int out = q * channels + c;
                int first = q * steps.window() + c;
                FloatVector max = FloatVector.fromArray(S, y, yAt + out, mask);
                IntVector wanted = max.reinterpretAsInts().blend(NAN, max.test(VectorOperators.IS_NAN).cast(INTS));
                FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + out, mask);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = first + i * steps.row() + j * steps.column();
                        FloatVector v = FloatVector.fromArray(S, x, xAt + tap, mask);
                        VectorMask<Integer> found = v.reinterpretAsInts().blend(NAN, v.test(VectorOperators.IS_NAN).cast(INTS))
                                .compare(VectorOperators.EQ, wanted);
                        wanted = wanted.blend(NONE, found);
                        if (i >= before) {
                            VectorMask<Float> written = found.cast(S).and(mask);
                            FloatVector.fromArray(S, dx, dxAt + tap, mask).add(gradient).intoArray(dx, dxAt + tap, written);
                        }
                    }
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
