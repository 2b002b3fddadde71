package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernel for sums over windows of which one pixel counts, another one for each channel, 2 vectors wide:
 *
 * <pre>c[j][v] += sum over i &lt; windows of dy[i k + j] * b[places[i k + j] + v]</pre>
 *
 * <p>A gradient behind a max-pooling is 0 at three pixels of four: this multiplies at the fourth only.
 *
 * <p>Registers: 12 accumulators, a broadcast; b is read from memory. Six channels have twelve sums, enough to hide their latency. What an
 * address is made of matters as much: C2 keeps what does not fit its general registers in vector ones, and to fetch it takes a port that
 * multiplies.
 */
public final class MaximaTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int STEP = Panels.WIDTH;

    private MaximaTile2() {}

    /**
     * Adds to {@code channels} rows of {@link Panels#WIDTH} floats, one behind the other.
     *
     * @param k channels of a window in {@code dy} and {@code places}
     * @param places counted from {@code bAt}
     */
    public static void run(int channels, int k, int windows, float[] dy, int dyAt, int[] places, int placesAt,
                           float[] b, int bAt, float[] c, int cAt) {
        for (int j = 0; j < channels; ) {
            int height = height(channels - j);
            switch (height) {
                case 6 -> rows6(k, windows, dy, dyAt + j, places, placesAt + j, b, bAt, c, cAt + j * STEP);
                case 4 -> rows4(k, windows, dy, dyAt + j, places, placesAt + j, b, bAt, c, cAt + j * STEP);
                default -> rows1(k, windows, dy, dyAt + j, places, placesAt + j, b, bAt, c, cAt + j * STEP);
            }
            j += height;
        }
    }

    private static int height(int left) {
        if (left >= 6 && left != 8) {
            return 6;
        }
        return left >= 4 ? 4 : 1;
    }

    private static void rows6(int k, int windows, float[] dy, int dyAt, int[] places, int placesAt,
                              float[] b, int bAt, float[] c, int cAt) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, cAt + STEP);
        FloatVector c11 = FloatVector.fromArray(S, c, cAt + STEP + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * STEP);
        FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * STEP + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * STEP);
        FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * STEP + LANES);
        FloatVector c40 = FloatVector.fromArray(S, c, cAt + 4 * STEP);
        FloatVector c41 = FloatVector.fromArray(S, c, cAt + 4 * STEP + LANES);
        FloatVector c50 = FloatVector.fromArray(S, c, cAt + 5 * STEP);
        FloatVector c51 = FloatVector.fromArray(S, c, cAt + 5 * STEP + LANES);
        for (int i = 0; i < windows; i++) {
            int b0 = bAt + places[placesAt + i * k];
            FloatVector g0 = FloatVector.broadcast(S, dy[dyAt + i * k]);
            c00 = FloatVector.fromArray(S, b, b0).fma(g0, c00);
            c01 = FloatVector.fromArray(S, b, b0 + LANES).fma(g0, c01);
            int b1 = bAt + places[placesAt + i * k + 1];
            FloatVector g1 = FloatVector.broadcast(S, dy[dyAt + i * k + 1]);
            c10 = FloatVector.fromArray(S, b, b1).fma(g1, c10);
            c11 = FloatVector.fromArray(S, b, b1 + LANES).fma(g1, c11);
            int b2 = bAt + places[placesAt + i * k + 2];
            FloatVector g2 = FloatVector.broadcast(S, dy[dyAt + i * k + 2]);
            c20 = FloatVector.fromArray(S, b, b2).fma(g2, c20);
            c21 = FloatVector.fromArray(S, b, b2 + LANES).fma(g2, c21);
            int b3 = bAt + places[placesAt + i * k + 3];
            FloatVector g3 = FloatVector.broadcast(S, dy[dyAt + i * k + 3]);
            c30 = FloatVector.fromArray(S, b, b3).fma(g3, c30);
            c31 = FloatVector.fromArray(S, b, b3 + LANES).fma(g3, c31);
            int b4 = bAt + places[placesAt + i * k + 4];
            FloatVector g4 = FloatVector.broadcast(S, dy[dyAt + i * k + 4]);
            c40 = FloatVector.fromArray(S, b, b4).fma(g4, c40);
            c41 = FloatVector.fromArray(S, b, b4 + LANES).fma(g4, c41);
            int b5 = bAt + places[placesAt + i * k + 5];
            FloatVector g5 = FloatVector.broadcast(S, dy[dyAt + i * k + 5]);
            c50 = FloatVector.fromArray(S, b, b5).fma(g5, c50);
            c51 = FloatVector.fromArray(S, b, b5 + LANES).fma(g5, c51);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + STEP);
        c11.intoArray(c, cAt + STEP + LANES);
        c20.intoArray(c, cAt + 2 * STEP);
        c21.intoArray(c, cAt + 2 * STEP + LANES);
        c30.intoArray(c, cAt + 3 * STEP);
        c31.intoArray(c, cAt + 3 * STEP + LANES);
        c40.intoArray(c, cAt + 4 * STEP);
        c41.intoArray(c, cAt + 4 * STEP + LANES);
        c50.intoArray(c, cAt + 5 * STEP);
        c51.intoArray(c, cAt + 5 * STEP + LANES);
    }

    private static void rows4(int k, int windows, float[] dy, int dyAt, int[] places, int placesAt,
                              float[] b, int bAt, float[] c, int cAt) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, cAt + STEP);
        FloatVector c11 = FloatVector.fromArray(S, c, cAt + STEP + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * STEP);
        FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * STEP + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * STEP);
        FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * STEP + LANES);
        for (int i = 0; i < windows; i++) {
            int b0 = bAt + places[placesAt + i * k];
            FloatVector g0 = FloatVector.broadcast(S, dy[dyAt + i * k]);
            c00 = FloatVector.fromArray(S, b, b0).fma(g0, c00);
            c01 = FloatVector.fromArray(S, b, b0 + LANES).fma(g0, c01);
            int b1 = bAt + places[placesAt + i * k + 1];
            FloatVector g1 = FloatVector.broadcast(S, dy[dyAt + i * k + 1]);
            c10 = FloatVector.fromArray(S, b, b1).fma(g1, c10);
            c11 = FloatVector.fromArray(S, b, b1 + LANES).fma(g1, c11);
            int b2 = bAt + places[placesAt + i * k + 2];
            FloatVector g2 = FloatVector.broadcast(S, dy[dyAt + i * k + 2]);
            c20 = FloatVector.fromArray(S, b, b2).fma(g2, c20);
            c21 = FloatVector.fromArray(S, b, b2 + LANES).fma(g2, c21);
            int b3 = bAt + places[placesAt + i * k + 3];
            FloatVector g3 = FloatVector.broadcast(S, dy[dyAt + i * k + 3]);
            c30 = FloatVector.fromArray(S, b, b3).fma(g3, c30);
            c31 = FloatVector.fromArray(S, b, b3 + LANES).fma(g3, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + STEP);
        c11.intoArray(c, cAt + STEP + LANES);
        c20.intoArray(c, cAt + 2 * STEP);
        c21.intoArray(c, cAt + 2 * STEP + LANES);
        c30.intoArray(c, cAt + 3 * STEP);
        c31.intoArray(c, cAt + 3 * STEP + LANES);
    }

    private static void rows1(int k, int windows, float[] dy, int dyAt, int[] places, int placesAt,
                              float[] b, int bAt, float[] c, int cAt) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + LANES);
        for (int i = 0; i < windows; i++) {
            int b0 = bAt + places[placesAt + i * k];
            FloatVector g0 = FloatVector.broadcast(S, dy[dyAt + i * k]);
            c00 = FloatVector.fromArray(S, b, b0).fma(g0, c00);
            c01 = FloatVector.fromArray(S, b, b0 + LANES).fma(g0, c01);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
    }
}
