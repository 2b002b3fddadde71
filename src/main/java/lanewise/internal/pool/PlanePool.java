package lanewise.internal.pool;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/** Max-pooling of 2x2 on a plane, where neighbours of a row are neighbours in memory. */
public final class PlanePool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** What {@link #maxima} may read behind a row, and write behind {@code length} results. */
    public static final int SLACK = LANES + 1;

    private PlanePool() {}

    /**
     * For each of {@code planes} planes, one {@code xStep} or {@code yStep} floats behind the other, {@code y[to + i]} becomes the largest
     * of {@code x[at + i]}, its right neighbour and the two below them, in the order of {@link Math#max}, for every {@code i} below
     * {@code length}. Every other one is a window of the pooling.
     *
     * @param row floats from one row of x to the next
     */
    public static void maxima(int planes, float[] x, int at, int xStep, int row, int length, float[] y, int to, int yStep) {
        for (int plane = 0; plane < planes; plane++) {
            int from = at + plane * xStep;
            for (int i = 0; i < length; i += LANES) {
                FloatVector left = FloatVector.fromArray(S, x, from + i).max(FloatVector.fromArray(S, x, from + row + i));
                FloatVector right = FloatVector.fromArray(S, x, from + i + 1).max(FloatVector.fromArray(S, x, from + row + i + 1));
                left.max(right).intoArray(y, to + plane * yStep + i);
            }
        }
    }

    /**
     * The same, and {@code places[placesAt + i]}, {@code placesStep} apart, becomes where the first of the four stands that has this value,
     * a NaN if the value is one: {@code x[at]} has the place {@code place}, its right neighbour {@code right} more, the one below
     * {@code below} more. A zero of either sign has the value of the other. Places are written in whole vectors.
     */
    public static void maxima(int planes, float[] x, int at, int xStep, int row, int length, float[] y, int to, int yStep,
                              int place, int right, int below, int[] places, int placesAt, int placesStep) {
        for (int plane = 0; plane < planes; plane++) {
            int from = at + plane * xStep;
            for (int i = 0; i < length; i += LANES) {
                FloatVector a = FloatVector.fromArray(S, x, from + i);
                FloatVector b = FloatVector.fromArray(S, x, from + i + 1);
                FloatVector c = FloatVector.fromArray(S, x, from + row + i);
                FloatVector d = FloatVector.fromArray(S, x, from + row + i + 1);
                FloatVector max = a.max(c).max(b.max(d));
                max.intoArray(y, to + plane * yStep + i);
                IntVector first = Lanes.INT_INDEX.mul(right).add(place + i * right);
                first.add(below + right)
                        .blend(first.add(below), c.compare(EQ, max).or(c.compare(NE, c)).cast(INTS))
                        .blend(first.add(right), b.compare(EQ, max).or(b.compare(NE, b)).cast(INTS))
                        .blend(first, a.compare(EQ, max).or(a.compare(NE, a)).cast(INTS))
                        .intoArray(places, placesAt + plane * placesStep + i);
            }
        }
    }

    /** {@code y[to + i channels + j] = x[at + j xStep + 2 i]}: every other float of each row, channels-last. */
    public static void interleave(int channels, float[] x, int at, int xStep, int count, float[] y, int to) {
        int j = 0;
        for (; j + 6 <= channels; j += 6) {
            int a = at + j * xStep;
            int b = a + xStep;
            int c = b + xStep;
            int d = c + xStep;
            int e = d + xStep;
            int f = e + xStep;
            for (int i = 0; i < count; i++) {
                int out = to + j + i * channels;
                y[out] = x[a + 2 * i];
                y[out + 1] = x[b + 2 * i];
                y[out + 2] = x[c + 2 * i];
                y[out + 3] = x[d + 2 * i];
                y[out + 4] = x[e + 2 * i];
                y[out + 5] = x[f + 2 * i];
            }
        }
        for (; j < channels; j++) {
            for (int i = 0; i < count; i++) {
                y[to + j + i * channels] = x[at + j * xStep + 2 * i];
            }
        }
    }
}
