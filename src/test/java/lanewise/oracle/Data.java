package lanewise.oracle;

import java.util.SplittableRandom;

/** Seeded numbers for tests: the same in every run and on every machine. */
public final class Data {

    private Data() {}

    /** Numbers in [-1, 1) with all 24 bits. */
    public static float[] reals(long seed, int length) {
        var random = new SplittableRandom(seed);
        float[] data = new float[length];
        for (int i = 0; i < length; i++) {
            data[i] = (float) random.nextDouble(-1, 1);
        }
        return data;
    }

    /** Integers from -4 to 4: sums of up to a million products of two are exact in float, in any order. */
    public static float[] integers(long seed, int length) {
        var random = new SplittableRandom(seed);
        float[] data = new float[length];
        for (int i = 0; i < length; i++) {
            data[i] = random.nextInt(-4, 5);
        }
        return data;
    }

    /** The inner product, in double. */
    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** {@code a + factor b}, element by element. */
    public static float[] axpy(float[] a, float factor, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + factor * b[i];
        }
        return sum;
    }
}
