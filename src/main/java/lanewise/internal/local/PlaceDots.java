package lanewise.internal.local;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * A matrix times a vector, both along the channels: {@code c[i] = sum over j of a[i][j] b[j]}, four rows at a time.
 */
public final class PlaceDots {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    // The sum of all lanes, by halves: reduceLanes(ADD) may choose another order in compiled than in interpreted code.
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);

    private PlaceDots() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> (i ^ distance) % LANES);
    }

    /**
     * Computes {@code rows} sums; the rows of a follow each other.
     *
     * @param c with room behind the sums for 4 rows of a, b and a vector: where they end with their arrays. What lies behind a row is
     *         read, and counts for nothing.
     */
    public static void run(int rows, int columns, float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset) {
        int room = cOffset + rows;
        float[] right = b;
        int rightAt = bOffset;
        if (b.length - bOffset - columns < LANES) {
            right = c;
            rightAt = room + 4 * columns;
            System.arraycopy(b, bOffset, c, rightAt, columns);
        }
        for (int i = 0; i < rows; i += 4) {
            int count = Math.min(4, rows - i);
            float[] from = a;
            int at = aOffset + i * columns;
            if (a.length - at - count * columns < LANES) {
                from = c;
                System.arraycopy(a, at, c, room, count * columns);
                at = room;
            }
            rows4(count - 1, columns, from, at, right, rightAt, c, cOffset + i);
        }
    }

    /** Rows 0 to 3, of which those past {@code last} are {@code last} again. */
    private static void rows4(int last, int columns, float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset) {
        int i1 = Math.min(1, last);
        int i2 = Math.min(2, last);
        int a1 = aOffset + i1 * columns;
        int a2 = aOffset + i2 * columns;
        int a3 = aOffset + last * columns;
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        int body = S.loopBound(columns);
        for (int j = 0; j < body; j += LANES) {
            FloatVector v = FloatVector.fromArray(S, b, bOffset + j);
            s0 = FloatVector.fromArray(S, a, aOffset + j).fma(v, s0);
            s1 = FloatVector.fromArray(S, a, a1 + j).fma(v, s1);
            s2 = FloatVector.fromArray(S, a, a2 + j).fma(v, s2);
            s3 = FloatVector.fromArray(S, a, a3 + j).fma(v, s3);
        }
        if (body < columns) {
            VectorMask<Float> tail = Lanes.INDEX.compare(VectorOperators.LT, columns - body);
            FloatVector zero = FloatVector.zero(S);
            FloatVector v = zero.blend(FloatVector.fromArray(S, b, bOffset + body), tail);
            s0 = zero.blend(FloatVector.fromArray(S, a, aOffset + body), tail).fma(v, s0);
            s1 = zero.blend(FloatVector.fromArray(S, a, a1 + body), tail).fma(v, s1);
            s2 = zero.blend(FloatVector.fromArray(S, a, a2 + body), tail).fma(v, s2);
            s3 = zero.blend(FloatVector.fromArray(S, a, a3 + body), tail).fma(v, s3);
        }
        if (LANES > 8) {
            s0 = s0.add(s0.rearrange(SWAP_8));
            s1 = s1.add(s1.rearrange(SWAP_8));
            s2 = s2.add(s2.rearrange(SWAP_8));
            s3 = s3.add(s3.rearrange(SWAP_8));
        }
        if (LANES > 4) {
            s0 = s0.add(s0.rearrange(SWAP_4));
            s1 = s1.add(s1.rearrange(SWAP_4));
            s2 = s2.add(s2.rearrange(SWAP_4));
            s3 = s3.add(s3.rearrange(SWAP_4));
        }
        s0 = s0.add(s0.rearrange(SWAP_2));
        s1 = s1.add(s1.rearrange(SWAP_2));
        s2 = s2.add(s2.rearrange(SWAP_2));
        s3 = s3.add(s3.rearrange(SWAP_2));
        c[cOffset] = s0.add(s0.rearrange(SWAP_1)).lane(0);
        c[cOffset + i1] = s1.add(s1.rearrange(SWAP_1)).lane(0);
        c[cOffset + i2] = s2.add(s2.rearrange(SWAP_1)).lane(0);
        c[cOffset + last] = s3.add(s3.rearrange(SWAP_1)).lane(0);
    }
}
