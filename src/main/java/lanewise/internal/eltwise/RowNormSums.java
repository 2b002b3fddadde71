package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * The two sums over rows that {@link RowNorm} has as gradients of gamma and beta, {@code sum dy (x - mean[row]) inverse[row]} and
 * {@code sum dy}. Blocks and what is lost are as in {@link ChannelSums}.
 */
public final class RowNormSums {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private RowNormSums() {}

    /** {@code dgamma} and {@code dbeta}, or {@code +=}. */
    public static void gradParameters(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int cols,
                                      float[] mean, int meanOffset, float[] inverse, int inverseOffset,
                                      float[] dgamma, int dgammaOffset, float[] dbeta, int dbetaOffset, boolean accumulate) {
        int c = 0;
        for (; cols - c >= 2 * LANES; c += 2 * LANES) {
            sums2(x, xOffset + c, dy, dyOffset + c, rows, cols, mean, meanOffset, inverse, inverseOffset,
                    dgamma, dgammaOffset + c, dbeta, dbetaOffset + c, accumulate);
        }
        for (; c < cols; c += LANES) {
            sums1(x, xOffset + c, dy, dyOffset + c, rows, cols, mean, meanOffset, inverse, inverseOffset,
                    dgamma, dgammaOffset + c, dbeta, dbetaOffset + c, accumulate, Math.min(LANES, cols - c));
        }
    }

    /** Two vectors of columns. */
    private static void sums2(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int stride, float[] mean, int meanOffset,
                              float[] inverse, int inverseOffset, float[] dgamma, int dgammaOffset,
                              float[] dbeta, int dbetaOffset, boolean accumulate) {
        FloatVector gamma0 = FloatVector.zero(S);
        FloatVector lostGamma0 = FloatVector.zero(S);
        FloatVector gamma1 = FloatVector.zero(S);
        FloatVector lostGamma1 = FloatVector.zero(S);
        FloatVector beta0 = FloatVector.zero(S);
        FloatVector lostBeta0 = FloatVector.zero(S);
        FloatVector beta1 = FloatVector.zero(S);
        FloatVector lostBeta1 = FloatVector.zero(S);
        int at = xOffset;
        int from = dyOffset;
        for (int row = 0; row < rows; ) {
            FloatVector blockGamma0 = FloatVector.zero(S);
            FloatVector blockGamma1 = FloatVector.zero(S);
            FloatVector blockBeta0 = FloatVector.zero(S);
            FloatVector blockBeta1 = FloatVector.zero(S);
            for (int end = row + Math.min(ChannelSums.STEPS, rows - row); row < end; row++, at += stride, from += stride) {
                FloatVector shift = FloatVector.broadcast(S, mean[meanOffset + row]);
                FloatVector scale = FloatVector.broadcast(S, inverse[inverseOffset + row]);
                FloatVector d0 = FloatVector.fromArray(S, dy, from);
                blockBeta0 = blockBeta0.add(d0);
                blockGamma0 = FloatVector.fromArray(S, x, at).sub(shift).mul(scale).fma(d0, blockGamma0);
                FloatVector d1 = FloatVector.fromArray(S, dy, from + LANES);
                blockBeta1 = blockBeta1.add(d1);
                blockGamma1 = FloatVector.fromArray(S, x, at + LANES).sub(shift).mul(scale).fma(d1, blockGamma1);
            }
            FloatVector nextGamma0 = gamma0.add(blockGamma0);
            FloatVector addedGamma0 = nextGamma0.sub(gamma0);
            lostGamma0 = lostGamma0.add(gamma0.sub(nextGamma0.sub(addedGamma0)).add(blockGamma0.sub(addedGamma0)));
            gamma0 = nextGamma0;
            FloatVector nextGamma1 = gamma1.add(blockGamma1);
            FloatVector addedGamma1 = nextGamma1.sub(gamma1);
            lostGamma1 = lostGamma1.add(gamma1.sub(nextGamma1.sub(addedGamma1)).add(blockGamma1.sub(addedGamma1)));
            gamma1 = nextGamma1;
            FloatVector nextBeta0 = beta0.add(blockBeta0);
            FloatVector addedBeta0 = nextBeta0.sub(beta0);
            lostBeta0 = lostBeta0.add(beta0.sub(nextBeta0.sub(addedBeta0)).add(blockBeta0.sub(addedBeta0)));
            beta0 = nextBeta0;
            FloatVector nextBeta1 = beta1.add(blockBeta1);
            FloatVector addedBeta1 = nextBeta1.sub(beta1);
            lostBeta1 = lostBeta1.add(beta1.sub(nextBeta1.sub(addedBeta1)).add(blockBeta1.sub(addedBeta1)));
            beta1 = nextBeta1;
        }
        gamma0 = gamma0.add(lostGamma0.blend(0, lostGamma0.compare(VectorOperators.NE, lostGamma0)));
        gamma1 = gamma1.add(lostGamma1.blend(0, lostGamma1.compare(VectorOperators.NE, lostGamma1)));
        beta0 = beta0.add(lostBeta0.blend(0, lostBeta0.compare(VectorOperators.NE, lostBeta0)));
        beta1 = beta1.add(lostBeta1.blend(0, lostBeta1.compare(VectorOperators.NE, lostBeta1)));
        if (accumulate) {
            gamma0 = gamma0.add(FloatVector.fromArray(S, dgamma, dgammaOffset));
            gamma1 = gamma1.add(FloatVector.fromArray(S, dgamma, dgammaOffset + LANES));
            beta0 = beta0.add(FloatVector.fromArray(S, dbeta, dbetaOffset));
            beta1 = beta1.add(FloatVector.fromArray(S, dbeta, dbetaOffset + LANES));
        }
        gamma0.intoArray(dgamma, dgammaOffset);
        gamma1.intoArray(dgamma, dgammaOffset + LANES);
        beta0.intoArray(dbeta, dbetaOffset);
        beta1.intoArray(dbeta, dbetaOffset + LANES);
    }

    /** One vector of columns, of which {@code left} are left, the last ones; as {@link ChannelSums#sum} has its last channels. */
    private static void sums1(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int stride, float[] mean, int meanOffset,
                              float[] inverse, int inverseOffset, float[] dgamma, int dgammaOffset,
                              float[] dbeta, int dbetaOffset, boolean accumulate, int left) {
        int lead = LANES - left;
        FloatVector oldGamma = FloatVector.broadcast(S, -0f); // adding it changes nothing
        FloatVector oldBeta = FloatVector.broadcast(S, -0f);
        for (int c = 0; accumulate && c < left; c++) {
            VectorMask<Float> lane = Lanes.INDEX.compare(VectorOperators.EQ, lead + c);
            oldGamma = oldGamma.blend(dgamma[dgammaOffset + c], lane);
            oldBeta = oldBeta.blend(dbeta[dbetaOffset + c], lane);
        }
        FloatVector gamma = FloatVector.zero(S);
        FloatVector lostGamma = FloatVector.zero(S);
        FloatVector beta = FloatVector.zero(S);
        FloatVector lostBeta = FloatVector.zero(S);
        FloatVector blockGamma = FloatVector.zero(S);
        FloatVector blockBeta = FloatVector.zero(S);
        int at = xOffset - lead;
        int from = dyOffset - lead;
        int row = 0;
        for (; row < rows && Math.min(at, from) < 0; row++, at += stride, from += stride) { // fewer rows than a vector has lanes
            FloatVector v = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            for (int c = lead; c < LANES; c++) {
                VectorMask<Float> lane = Lanes.INDEX.compare(VectorOperators.EQ, c);
                v = v.blend((x[at + c] - mean[meanOffset + row]) * inverse[inverseOffset + row], lane);
                d = d.blend(dy[from + c], lane);
            }
            blockBeta = blockBeta.add(d);
            blockGamma = v.fma(d, blockGamma);
        }
        int end = Math.min(ChannelSums.STEPS, rows);
        do {
            for (; row < end; row++, at += stride, from += stride) {
                FloatVector shift = FloatVector.broadcast(S, mean[meanOffset + row]);
                FloatVector scale = FloatVector.broadcast(S, inverse[inverseOffset + row]);
                FloatVector d = FloatVector.fromArray(S, dy, from);
                blockBeta = blockBeta.add(d);
                blockGamma = FloatVector.fromArray(S, x, at).sub(shift).mul(scale).fma(d, blockGamma);
            }
            FloatVector nextGamma = gamma.add(blockGamma);
            FloatVector addedGamma = nextGamma.sub(gamma);
            lostGamma = lostGamma.add(gamma.sub(nextGamma.sub(addedGamma)).add(blockGamma.sub(addedGamma)));
            gamma = nextGamma;
            FloatVector nextBeta = beta.add(blockBeta);
            FloatVector addedBeta = nextBeta.sub(beta);
            lostBeta = lostBeta.add(beta.sub(nextBeta.sub(addedBeta)).add(blockBeta.sub(addedBeta)));
            beta = nextBeta;
            blockGamma = FloatVector.zero(S);
            blockBeta = FloatVector.zero(S);
            end = row + Math.min(ChannelSums.STEPS, rows - row);
        } while (row < rows);
        gamma = gamma.add(lostGamma.blend(0, lostGamma.compare(VectorOperators.NE, lostGamma)));
        beta = beta.add(lostBeta.blend(0, lostBeta.compare(VectorOperators.NE, lostBeta)));
        gamma = gamma.add(oldGamma);
        beta = beta.add(oldBeta);
        if (lead == 0) {
            gamma.intoArray(dgamma, dgammaOffset);
            beta.intoArray(dbeta, dbetaOffset);
            return;
        }
        for (int c = 0; c < left; c++) {
            VectorMask<Float> others = Lanes.INDEX.compare(VectorOperators.NE, lead + c);
            dgamma[dgammaOffset + c] = gamma.blend(Float.NEGATIVE_INFINITY, others).reduceLanes(VectorOperators.MAX);
            dbeta[dbetaOffset + c] = beta.blend(Float.NEGATIVE_INFINITY, others).reduceLanes(VectorOperators.MAX);
        }
    }
}
