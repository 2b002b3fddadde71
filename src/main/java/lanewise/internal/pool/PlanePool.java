package lanewise.internal.pool;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Max-pooling of 2x2 on a plane, where neighbours of a row are neighbours in memory. */
public final class PlanePool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** What {@link #rowPair} may read behind a row, and write behind {@code length} results. */
    public static final int SLACK = LANES + 1;

    private PlanePool() {}

    /**
     * {@code y[to + i]} becomes the largest of {@code x[at + i]}, its right neighbour and the two below them, in the order of
     * {@link Math#max}, for every {@code i} below {@code length}. Every other one is a window of the pooling.
     *
     * @param row floats from one row of x to the next
     */
    public static void rowPair(float[] x, int at, int row, int length, float[] y, int to) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector left = FloatVector.fromArray(S, x, at + i).max(FloatVector.fromArray(S, x, at + row + i));
            FloatVector right = FloatVector.fromArray(S, x, at + i + 1).max(FloatVector.fromArray(S, x, at + row + i + 1));
            left.max(right).intoArray(y, to + i);
        }
    }
}
