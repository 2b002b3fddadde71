package lanewise.internal.pool;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.UGT;
import static jdk.incubator.vector.VectorOperators.UMAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Max-pooling of 2x2 where even and odd columns lie in planes of their own: neighbouring windows are neighbours in memory. */
public final class PlanePool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int MINUS_INFINITY = 0xff800000; // the bits; above it, unsigned, lie the negative NaNs

    /** What may be read behind the last row, and written behind the last result. */
    public static final int SLACK = LANES;

    private PlanePool() {}

    /**
     * {@code y[to + i]} becomes the largest of {@code x[even + i]}, {@code x[odd + i]} and the two a row below them, in the order of
     * {@link Math#max}, for every {@code i} below {@code length}; likewise for {@code pairs} pairs of rows, one below the other, whose
     * results follow each other.
     *
     * <p>One loop over all vectors of all pairs: a loop of a turn or two for each row costs more than its work.
     *
     * @param row floats from one row of x to the next
     */
    public static void rowPairs(float[] x, int even, int odd, int row, int length, int pairs, float[] y, int to) {
        int vectors = (length - 1) / LANES + 1;
        int apart = odd - even;
        int i = 0;
        int from = even;
        int result = to;
        for (int turn = 0; turn < vectors * pairs; turn++) {
            FloatVector left = FloatVector.fromArray(S, x, from + i).max(FloatVector.fromArray(S, x, from + row + i));
            FloatVector right = FloatVector.fromArray(S, x, from + apart + i).max(FloatVector.fromArray(S, x, from + apart + row + i));
            left.max(right).intoArray(y, result + i);
            i += LANES;
            if (i >= length) {
                i = 0;
                from += 2 * row;
                result += length;
            }
        }
    }

    /**
     * The same of what ReLU leaves, with places: {@code y[places + i]} becomes, as the bits of an int, the place of the largest, of equal
     * ones the first. Column c of the first row has place {@code firstPlace + c placeColumn}, rows are {@code placeRow} apart.
     *
     * <p>Below 0 there are only -0 and negative NaNs, so two extremes on the bits do (see {@link MaxPool}).
     */
    public static void rowPairsWithPlaces(float[] x, int even, int odd, int row, int length, int pairs, float[] y, int to, int places,
                                          int firstPlace, int placeRow, int placeColumn) {
        VectorSpecies<Integer> ints = IntVector.SPECIES_PREFERRED; // no field: who only predicts needs no class of ints
        IntVector columns = IntVector.zero(ints).addIndex(1).mul(2 * placeColumn);
        int vectors = (length - 1) / LANES + 1;
        int apart = odd - even;
        int i = 0;
        int from = even;
        int result = 0;
        int place = firstPlace;
        for (int turn = 0; turn < vectors * pairs; turn++) {
            IntVector a = FloatVector.fromArray(S, x, from + i).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, x, from + apart + i).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, x, from + row + i).reinterpretAsInts();
            IntVector e = FloatVector.fromArray(S, x, from + apart + row + i).reinterpretAsInts();
            IntVector high = a.max(b).max(d.max(e));
            IntVector unsigned = a.lanewise(UMAX, b).lanewise(UMAX, d.lanewise(UMAX, e));
            IntVector max = high.blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY));
            max.reinterpretAsFloats().intoArray(y, to + result + i);
            IntVector.broadcast(ints, placeRow + placeColumn).blend(placeRow, d.compare(EQ, max)).blend(placeColumn, b.compare(EQ, max))
                    .blend(0, a.compare(EQ, max)).add(columns).add(place + i * 2 * placeColumn)
                    .reinterpretAsFloats().intoArray(y, places + result + i);
            i += LANES;
            if (i >= length) {
                i = 0;
                from += 2 * row;
                result += length;
                place += 2 * placeRow;
            }
        }
    }
}
