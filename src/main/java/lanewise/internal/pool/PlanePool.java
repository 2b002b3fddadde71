package lanewise.internal.pool;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.UGT;
import static jdk.incubator.vector.VectorOperators.UMAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Max-pooling of 2x2 on a plane, where neighbours of a row are neighbours in memory. */
public final class PlanePool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int MINUS_INFINITY = 0xff800000; // the bits; above it, unsigned, lie the negative NaNs

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

    /**
     * The same for {@code pairs} pairs of rows, one below the other, of what ReLU leaves, and their places: the results of a pair begin
     * {@code step} floats behind those of the one above, and {@code y[places + i]} becomes, as the bits of an int, the place of the
     * largest, of equal ones the first. Column c of the first row has place {@code firstPlace + c placeColumn}, rows are
     * {@code placeRow} apart.
     *
     * <p>Below 0 there are only -0 and negative NaNs, so two extremes on the bits do (see {@link MaxPool}). One loop over all vectors of
     * all pairs: a loop of two turns for each row costs more than its work.
     */
    public static void rowPairsWithPlaces(float[] x, int at, int row, int length, int pairs, float[] y, int to, int places, int step,
                                          int firstPlace, int placeRow, int placeColumn) {
        IntVector columns = IntVector.zero(INTS).addIndex(1).mul(placeColumn);
        int vectors = (length - 1) / LANES + 1;
        int i = 0;
        int from = at;
        int result = 0;
        int place = firstPlace;
        for (int turn = 0; turn < vectors * pairs; turn++) {
            IntVector a = FloatVector.fromArray(S, x, from + i).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, x, from + i + 1).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, x, from + row + i).reinterpretAsInts();
            IntVector e = FloatVector.fromArray(S, x, from + row + i + 1).reinterpretAsInts();
            IntVector high = a.max(b).max(d.max(e));
            IntVector unsigned = a.lanewise(UMAX, b).lanewise(UMAX, d.lanewise(UMAX, e));
            IntVector max = high.blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY));
            max.reinterpretAsFloats().intoArray(y, to + result + i);
            IntVector.broadcast(INTS, placeRow + placeColumn).blend(placeRow, d.compare(EQ, max)).blend(placeColumn, b.compare(EQ, max))
                    .blend(0, a.compare(EQ, max)).add(columns).add(place + i * placeColumn)
                    .reinterpretAsFloats().intoArray(y, places + result + i);
            i += LANES;
            if (i >= length) {
                i = 0;
                from += 2 * row;
                result += step;
                place += 2 * placeRow;
            }
        }
    }
}
