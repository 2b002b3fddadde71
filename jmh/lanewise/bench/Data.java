package lanewise.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Operands, and whether results agree. */
final class Data {

    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private Data() {}

    /** The same floats for the same seed, uniform in [-1, 1]. */
    static float[] uniform(long seed, int length) {
        var random = new SplittableRandom(seed);
        var floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = random.nextInt() * 0x1p-31f;
        }
        return floats;
    }

    /** Room for a result, NaN at first: an element that is never written shows. */
    static float[] unwritten(int length) {
        var floats = new float[length];
        Arrays.fill(floats, Float.NaN);
        return floats;
    }

    /**
     * Compares all elements of two results of one case.
     *
     * <p>Tolerance: the product of two numbers uniform in [-1, 1] has the variance 1/9, so a partial sum of n of them stays below
     * 2 sqrt(n), six standard deviations. Each of n roundings adds at most u = 2^-24 of it, with a sign as good as random: together
     * less than 5 sqrt(n) times one, 10 n u on either side (N. Higham and T. Mary, A new approach to probabilistic rounding error
     * analysis, SISC 41(5), 2019).
     *
     * @param actual what {@code algorithm} computed
     * @param expected the result by other loops
     * @throws IllegalStateException if an element differs by more
     */
    static void requireEqual(Case work, String algorithm, float[] actual, float[] expected) {
        double tolerance = 20.0 * work.terms() * UNIT_ROUNDOFF;
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) { // so written, NaN differs
                throw new IllegalStateException("wrong result: %s, %s by %s: element %d is %s, expected %s, tolerance %.2g"
                        .formatted(work.shape(), work.pass(), algorithm, i, actual[i], expected[i], tolerance));
            }
        }
    }
}
