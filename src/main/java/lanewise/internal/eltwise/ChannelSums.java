package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * Sums down the columns of {@code x[rows][channels]}: one for each channel.
 *
 * <p>Rows are added in blocks of {@code STEPS}. What rounding takes from a sum of blocks is kept beside it, as {@code lost}
 * (Knuth's TwoSum, Neumaier's sum), so a term meets at most {@code STEPS} + 2 roundings however many rows there are. An infinite
 * sum has lost NaN, which does not count. The order is the same for every channel and vector width.
 *
 * <p>A strip of four vectors of channels goes down all rows before the next begins: its sums stay in registers.
 */
public final class ChannelSums {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Rows of a block. */
    static final int STEPS = 64;

    private ChannelSums() {}

    /** {@code y[c] = sum over rows of x[row][c]}, or {@code +=}. */
    public static void sum(float[] x, int xOffset, int rows, int channels, float[] y, int yOffset, boolean accumulate) {
        int c = 0;
        for (; channels - c >= 4 * LANES; c += 4 * LANES) {
            sum4(x, xOffset + c, rows, channels, y, yOffset + c, accumulate);
        }
        for (; c < channels; c += LANES) {
            sum1(x, xOffset + c, rows, channels, y, yOffset + c, accumulate, Math.min(LANES, channels - c));
        }
    }

    /** {@code mean[c] = 1/rows sum over rows of x[row][c]}. */
    public static void mean(float[] x, int xOffset, int rows, int channels, float[] mean, int meanOffset) {
        sum(x, xOffset, rows, channels, mean, meanOffset, false);
        for (int c = 0; c < channels; c++) {
            mean[meanOffset + c] /= rows;
        }
    }

    /** {@code variance[c] = 1/rows sum over rows of (x[row][c] - mean[c])^2}. */
    public static void variance(float[] x, int xOffset, int rows, int channels, float[] mean, int meanOffset,
                                float[] variance, int varianceOffset) {
        int c = 0;
        for (; channels - c >= 4 * LANES; c += 4 * LANES) {
            variance4(x, xOffset + c, rows, channels, mean, meanOffset + c, variance, varianceOffset + c);
        }
        for (; c < channels; c += LANES) {
            variance1(x, xOffset + c, rows, channels, mean, meanOffset + c, variance, varianceOffset + c, Math.min(LANES, channels - c));
        }
    }

    /** Four vectors of channels. */
    private static void sum4(float[] x, int xOffset, int rows, int stride, float[] y, int yOffset, boolean accumulate) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector lost0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        FloatVector lost1 = FloatVector.zero(S);
        FloatVector sum2 = FloatVector.zero(S);
        FloatVector lost2 = FloatVector.zero(S);
        FloatVector sum3 = FloatVector.zero(S);
        FloatVector lost3 = FloatVector.zero(S);
        int at = xOffset;
        for (int row = 0; row < rows; ) {
            FloatVector block0 = FloatVector.zero(S);
            FloatVector block1 = FloatVector.zero(S);
            FloatVector block2 = FloatVector.zero(S);
            FloatVector block3 = FloatVector.zero(S);
            for (int end = row + Math.min(STEPS, rows - row); row < end; row++, at += stride) {
                block0 = block0.add(FloatVector.fromArray(S, x, at));
                block1 = block1.add(FloatVector.fromArray(S, x, at + LANES));
                block2 = block2.add(FloatVector.fromArray(S, x, at + 2 * LANES));
                block3 = block3.add(FloatVector.fromArray(S, x, at + 3 * LANES));
            }
            FloatVector next0 = sum0.add(block0);
            FloatVector added0 = next0.sub(sum0);
            lost0 = lost0.add(sum0.sub(next0.sub(added0)).add(block0.sub(added0)));
            sum0 = next0;
            FloatVector next1 = sum1.add(block1);
            FloatVector added1 = next1.sub(sum1);
            lost1 = lost1.add(sum1.sub(next1.sub(added1)).add(block1.sub(added1)));
            sum1 = next1;
            FloatVector next2 = sum2.add(block2);
            FloatVector added2 = next2.sub(sum2);
            lost2 = lost2.add(sum2.sub(next2.sub(added2)).add(block2.sub(added2)));
            sum2 = next2;
            FloatVector next3 = sum3.add(block3);
            FloatVector added3 = next3.sub(sum3);
            lost3 = lost3.add(sum3.sub(next3.sub(added3)).add(block3.sub(added3)));
            sum3 = next3;
        }
        sum0 = sum0.add(lost0.blend(0, lost0.compare(VectorOperators.NE, lost0)));
        sum1 = sum1.add(lost1.blend(0, lost1.compare(VectorOperators.NE, lost1)));
        sum2 = sum2.add(lost2.blend(0, lost2.compare(VectorOperators.NE, lost2)));
        sum3 = sum3.add(lost3.blend(0, lost3.compare(VectorOperators.NE, lost3)));
        if (accumulate) {
            sum0 = sum0.add(FloatVector.fromArray(S, y, yOffset));
            sum1 = sum1.add(FloatVector.fromArray(S, y, yOffset + LANES));
            sum2 = sum2.add(FloatVector.fromArray(S, y, yOffset + 2 * LANES));
            sum3 = sum3.add(FloatVector.fromArray(S, y, yOffset + 3 * LANES));
        }
        sum0.intoArray(y, yOffset);
        sum1.intoArray(y, yOffset + LANES);
        sum2.intoArray(y, yOffset + 2 * LANES);
        sum3.intoArray(y, yOffset + 3 * LANES);
    }

    /**
     * One vector of channels, or the last {@code left} in its last lanes. The others have what lies before, and are not written.
     * Where nothing does, in the first rows of few channels, the lanes are filled one by one, and all are written so: a load by mask,
     * or a store by mask that reaches out of the array, would leave an object behind in some runs ({@link Lanes}). Four blocks at a
     * time, as each waits for itself.
     */
    private static void sum1(float[] x, int xOffset, int rows, int stride, float[] y, int yOffset, boolean accumulate, int left) {
        int lead = LANES - left;
        FloatVector old = FloatVector.broadcast(S, -0f); // adding it changes nothing
        for (int c = 0; accumulate && c < left; c++) {
            old = old.blend(y[yOffset + c], Lanes.INDEX.compare(VectorOperators.EQ, lead + c));
        }
        FloatVector lost0 = FloatVector.zero(S);
        FloatVector first = FloatVector.zero(S);
        int at = xOffset - lead;
        int row = 0;
        int end = at < 0 ? Math.min(STEPS, rows) : 0;
        for (; row < end && at < 0; row++, at += stride) { // fewer rows than a vector has lanes
            FloatVector v = FloatVector.zero(S);
            for (int c = lead; c < LANES; c++) {
                v = v.blend(x[at + c], Lanes.INDEX.compare(VectorOperators.EQ, c));
            }
            first = first.add(v);
        }
        for (; row < end; row++, at += stride) {
            first = first.add(FloatVector.fromArray(S, x, at));
        }
        FloatVector sum0 = first;
        for (; rows - row >= 4 * STEPS; row += 4 * STEPS, at += 4 * STEPS * stride) {
            FloatVector block0 = FloatVector.zero(S);
            FloatVector block1 = FloatVector.zero(S);
            FloatVector block2 = FloatVector.zero(S);
            FloatVector block3 = FloatVector.zero(S);
            for (int i = 0; i < STEPS; i++) {
                block0 = block0.add(FloatVector.fromArray(S, x, at + i * stride));
                block1 = block1.add(FloatVector.fromArray(S, x, at + (i + STEPS) * stride));
                block2 = block2.add(FloatVector.fromArray(S, x, at + (i + 2 * STEPS) * stride));
                block3 = block3.add(FloatVector.fromArray(S, x, at + (i + 3 * STEPS) * stride));
            }
            FloatVector next0 = sum0.add(block0);
            FloatVector added0 = next0.sub(sum0);
            lost0 = lost0.add(sum0.sub(next0.sub(added0)).add(block0.sub(added0)));
            FloatVector next1 = next0.add(block1);
            FloatVector added1 = next1.sub(next0);
            lost0 = lost0.add(next0.sub(next1.sub(added1)).add(block1.sub(added1)));
            FloatVector next2 = next1.add(block2);
            FloatVector added2 = next2.sub(next1);
            lost0 = lost0.add(next1.sub(next2.sub(added2)).add(block2.sub(added2)));
            sum0 = next2.add(block3);
            FloatVector added3 = sum0.sub(next2);
            lost0 = lost0.add(next2.sub(sum0.sub(added3)).add(block3.sub(added3)));
        }
        while (row < rows) {
            FloatVector block0 = FloatVector.zero(S);
            for (end = row + Math.min(STEPS, rows - row); row < end; row++, at += stride) {
                block0 = block0.add(FloatVector.fromArray(S, x, at));
            }
            FloatVector next0 = sum0.add(block0);
            FloatVector added0 = next0.sub(sum0);
            lost0 = lost0.add(sum0.sub(next0.sub(added0)).add(block0.sub(added0)));
            sum0 = next0;
        }
        sum0 = sum0.add(lost0.blend(0, lost0.compare(VectorOperators.NE, lost0)));
        FloatVector total = sum0.add(old);
        if (lead == 0) {
            total.intoArray(y, yOffset);
            return;
        }
        for (int c = 0; c < left; c++) {
            VectorMask<Float> others = Lanes.INDEX.compare(VectorOperators.NE, lead + c);
            y[yOffset + c] = total.blend(Float.NEGATIVE_INFINITY, others).reduceLanes(VectorOperators.MAX);
        }
    }

    /** Four vectors of channels. */
    private static void variance4(float[] x, int xOffset, int rows, int stride, float[] mean, int meanOffset, float[] y,
                                  int yOffset) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector lost0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        FloatVector lost1 = FloatVector.zero(S);
        FloatVector sum2 = FloatVector.zero(S);
        FloatVector lost2 = FloatVector.zero(S);
        FloatVector sum3 = FloatVector.zero(S);
        FloatVector lost3 = FloatVector.zero(S);
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector mean1 = FloatVector.fromArray(S, mean, meanOffset + LANES);
        FloatVector mean2 = FloatVector.fromArray(S, mean, meanOffset + 2 * LANES);
        FloatVector mean3 = FloatVector.fromArray(S, mean, meanOffset + 3 * LANES);
        int at = xOffset;
        for (int row = 0; row < rows; ) {
            FloatVector block0 = FloatVector.zero(S);
            FloatVector block1 = FloatVector.zero(S);
            FloatVector block2 = FloatVector.zero(S);
            FloatVector block3 = FloatVector.zero(S);
            for (int end = row + Math.min(STEPS, rows - row); row < end; row++, at += stride) {
                FloatVector d0 = FloatVector.fromArray(S, x, at).sub(mean0);
                block0 = d0.fma(d0, block0);
                FloatVector d1 = FloatVector.fromArray(S, x, at + LANES).sub(mean1);
                block1 = d1.fma(d1, block1);
                FloatVector d2 = FloatVector.fromArray(S, x, at + 2 * LANES).sub(mean2);
                block2 = d2.fma(d2, block2);
                FloatVector d3 = FloatVector.fromArray(S, x, at + 3 * LANES).sub(mean3);
                block3 = d3.fma(d3, block3);
            }
            FloatVector next0 = sum0.add(block0);
            FloatVector added0 = next0.sub(sum0);
            lost0 = lost0.add(sum0.sub(next0.sub(added0)).add(block0.sub(added0)));
            sum0 = next0;
            FloatVector next1 = sum1.add(block1);
            FloatVector added1 = next1.sub(sum1);
            lost1 = lost1.add(sum1.sub(next1.sub(added1)).add(block1.sub(added1)));
            sum1 = next1;
            FloatVector next2 = sum2.add(block2);
            FloatVector added2 = next2.sub(sum2);
            lost2 = lost2.add(sum2.sub(next2.sub(added2)).add(block2.sub(added2)));
            sum2 = next2;
            FloatVector next3 = sum3.add(block3);
            FloatVector added3 = next3.sub(sum3);
            lost3 = lost3.add(sum3.sub(next3.sub(added3)).add(block3.sub(added3)));
            sum3 = next3;
        }
        sum0 = sum0.add(lost0.blend(0, lost0.compare(VectorOperators.NE, lost0)));
        sum0 = sum0.div(rows);
        sum1 = sum1.add(lost1.blend(0, lost1.compare(VectorOperators.NE, lost1)));
        sum1 = sum1.div(rows);
        sum2 = sum2.add(lost2.blend(0, lost2.compare(VectorOperators.NE, lost2)));
        sum2 = sum2.div(rows);
        sum3 = sum3.add(lost3.blend(0, lost3.compare(VectorOperators.NE, lost3)));
        sum3 = sum3.div(rows);
        sum0.intoArray(y, yOffset);
        sum1.intoArray(y, yOffset + LANES);
        sum2.intoArray(y, yOffset + 2 * LANES);
        sum3.intoArray(y, yOffset + 3 * LANES);
    }

    /** One vector of channels, as {@link #sum1}. */
    private static void variance1(float[] x, int xOffset, int rows, int stride, float[] mean, int meanOffset,
                                  float[] y, int yOffset, int left) {
        int lead = LANES - left;
        FloatVector mean0 = FloatVector.zero(S);
        for (int c = 0; c < left; c++) {
            mean0 = mean0.blend(mean[meanOffset + c], Lanes.INDEX.compare(VectorOperators.EQ, lead + c));
        }
        FloatVector lost0 = FloatVector.zero(S);
        FloatVector first = FloatVector.zero(S);
        int at = xOffset - lead;
        int row = 0;
        int end = at < 0 ? Math.min(STEPS, rows) : 0;
        for (; row < end && at < 0; row++, at += stride) { // fewer rows than a vector has lanes
            FloatVector v = FloatVector.zero(S);
            for (int c = lead; c < LANES; c++) {
                v = v.blend(x[at + c], Lanes.INDEX.compare(VectorOperators.EQ, c));
            }
            FloatVector d = v.sub(mean0);
            first = d.fma(d, first);
        }
        for (; row < end; row++, at += stride) {
            FloatVector d = FloatVector.fromArray(S, x, at).sub(mean0);
            first = d.fma(d, first);
        }
        FloatVector sum0 = first;
        for (; rows - row >= 4 * STEPS; row += 4 * STEPS, at += 4 * STEPS * stride) {
            FloatVector block0 = FloatVector.zero(S);
            FloatVector block1 = FloatVector.zero(S);
            FloatVector block2 = FloatVector.zero(S);
            FloatVector block3 = FloatVector.zero(S);
            for (int i = 0; i < STEPS; i++) {
                FloatVector d0 = FloatVector.fromArray(S, x, at + i * stride).sub(mean0);
                block0 = d0.fma(d0, block0);
                FloatVector d1 = FloatVector.fromArray(S, x, at + (i + STEPS) * stride).sub(mean0);
                block1 = d1.fma(d1, block1);
                FloatVector d2 = FloatVector.fromArray(S, x, at + (i + 2 * STEPS) * stride).sub(mean0);
                block2 = d2.fma(d2, block2);
                FloatVector d3 = FloatVector.fromArray(S, x, at + (i + 3 * STEPS) * stride).sub(mean0);
                block3 = d3.fma(d3, block3);
            }
            FloatVector next0 = sum0.add(block0);
            FloatVector added0 = next0.sub(sum0);
            lost0 = lost0.add(sum0.sub(next0.sub(added0)).add(block0.sub(added0)));
            FloatVector next1 = next0.add(block1);
            FloatVector added1 = next1.sub(next0);
            lost0 = lost0.add(next0.sub(next1.sub(added1)).add(block1.sub(added1)));
            FloatVector next2 = next1.add(block2);
            FloatVector added2 = next2.sub(next1);
            lost0 = lost0.add(next1.sub(next2.sub(added2)).add(block2.sub(added2)));
            sum0 = next2.add(block3);
            FloatVector added3 = sum0.sub(next2);
            lost0 = lost0.add(next2.sub(sum0.sub(added3)).add(block3.sub(added3)));
        }
        while (row < rows) {
            FloatVector block0 = FloatVector.zero(S);
            for (end = row + Math.min(STEPS, rows - row); row < end; row++, at += stride) {
                FloatVector v = FloatVector.fromArray(S, x, at);
                FloatVector d0 = v.sub(mean0);
                block0 = d0.fma(d0, block0);
            }
            FloatVector next0 = sum0.add(block0);
            FloatVector added0 = next0.sub(sum0);
            lost0 = lost0.add(sum0.sub(next0.sub(added0)).add(block0.sub(added0)));
            sum0 = next0;
        }
        sum0 = sum0.add(lost0.blend(0, lost0.compare(VectorOperators.NE, lost0)));
        FloatVector variance = sum0.div(rows);
        if (lead == 0) {
            variance.intoArray(y, yOffset);
            return;
        }
        for (int c = 0; c < left; c++) {
            VectorMask<Float> others = Lanes.INDEX.compare(VectorOperators.NE, lead + c);
            y[yOffset + c] = variance.blend(Float.NEGATIVE_INFINITY, others).reduceLanes(VectorOperators.MAX);
        }
    }
}
