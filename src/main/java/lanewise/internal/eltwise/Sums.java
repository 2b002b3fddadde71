package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of ranges: floats in blocks, the blocks in double. However long the range, a term meets at most {@code STEPS} + 8 roundings
 * of a float, and the order is fixed by length and vector width alone.
 */
public final class Sums {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Additions to one lane of one accumulator in a block. */
    static final int STEPS = 64;

    private static final int STEP = 4 * LANES;
    private static final int BLOCK = STEPS * STEP;

    /**
     * For the sum of all lanes, by halves. {@code reduceLanes(ADD)} may choose another order in compiled than in interpreted code,
     * and so other bits.
     */
    static final VectorShuffle<Float> SWAP_1 = swap(1);
    static final VectorShuffle<Float> SWAP_2 = swap(2);
    static final VectorShuffle<Float> SWAP_4 = swap(4);
    static final VectorShuffle<Float> SWAP_8 = swap(8);

    private Sums() {}

    private static VectorShuffle<Float> swap(int distance) {
        assert LANES == 4 || LANES == 8 || LANES == 16;
        return VectorShuffle.fromOp(S, i -> (i ^ distance) % LANES);
    }

    /** {@code sum x}. */
    public static double sum(float[] x, int xOffset, int length) {
        double total = 0;
        int i = 0;
        for (int body = length - length % STEP; i < body; ) {
            FloatVector s0 = FloatVector.zero(S);
            FloatVector s1 = FloatVector.zero(S);
            FloatVector s2 = FloatVector.zero(S);
            FloatVector s3 = FloatVector.zero(S);
            for (int end = i + Math.min(BLOCK, body - i); i < end; i += STEP) {
                int at = xOffset + i;
                s0 = s0.add(FloatVector.fromArray(S, x, at));
                s1 = s1.add(FloatVector.fromArray(S, x, at + LANES));
                s2 = s2.add(FloatVector.fromArray(S, x, at + 2 * LANES));
                s3 = s3.add(FloatVector.fromArray(S, x, at + 3 * LANES));
            }
            FloatVector sum = s0.add(s1).add(s2.add(s3));
            FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
            FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
            FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
            total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        }
        int whole = S.loopBound(length);
        FloatVector sum = FloatVector.zero(S);
        for (; i < whole; i += LANES) {
            sum = sum.add(FloatVector.fromArray(S, x, xOffset + i));
        }
        FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
        FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
        FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
        total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        for (; i < length; i++) {
            total += x[xOffset + i];
        }
        return total;
    }

    /** {@code sum a b}, products not rounded. */
    public static double dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
        double total = 0;
        int i = 0;
        for (int body = length - length % STEP; i < body; ) {
            FloatVector s0 = FloatVector.zero(S);
            FloatVector s1 = FloatVector.zero(S);
            FloatVector s2 = FloatVector.zero(S);
            FloatVector s3 = FloatVector.zero(S);
            for (int end = i + Math.min(BLOCK, body - i); i < end; i += STEP) {
                int at = aOffset + i;
                int with = bOffset + i;
                s0 = FloatVector.fromArray(S, a, at).fma(FloatVector.fromArray(S, b, with), s0);
                s1 = FloatVector.fromArray(S, a, at + LANES).fma(FloatVector.fromArray(S, b, with + LANES), s1);
                s2 = FloatVector.fromArray(S, a, at + 2 * LANES).fma(FloatVector.fromArray(S, b, with + 2 * LANES), s2);
                s3 = FloatVector.fromArray(S, a, at + 3 * LANES).fma(FloatVector.fromArray(S, b, with + 3 * LANES), s3);
            }
            FloatVector sum = s0.add(s1).add(s2.add(s3));
            FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
            FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
            FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
            total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        }
        int whole = S.loopBound(length);
        FloatVector sum = FloatVector.zero(S);
        for (; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            FloatVector w = FloatVector.fromArray(S, b, bOffset + i);
            sum = v.fma(w, sum);
        }
        FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
        FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
        FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
        total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        for (; i < length; i++) {
            total += (double) a[aOffset + i] * b[bOffset + i];
        }
        return total;
    }
}
