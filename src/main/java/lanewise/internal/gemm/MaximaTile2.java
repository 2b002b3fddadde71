package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernel for sums over 2x2 windows of which one pixel counts, another one for each channel, 2 vectors wide:
 *
 * <pre>
 * c[j][v] += sum over i &lt; windows of dy[i k + j] * b[bPlaces[i] + (place % 2) right + (place / 2) down + v]
 * place = places[i k + j], 0 to 3
 * </pre>
 *
 * <p>A gradient behind a max-pooling is 0 at three pixels of four: this multiplies at the fourth only.
 *
 * <p>Registers: 12 accumulators, a broadcast; b is read from memory. Six channels have twelve sums, enough to hide their latency.
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
     * @param right from a pixel of {@code b} to the one right of it, {@code down} to the one below
     */
    public static void run(int channels, int k, int windows, float[] dy, int dyAt, byte[] places, int placesAt,
                           float[] b, int bAt, int[] bPlaces, int right, int down, float[] c, int cAt) {
        for (int j = 0; j < channels; ) {
            int height = height(channels - j);
            switch (height) {
                case 6 -> rows6(k, windows, dy, dyAt + j, places, placesAt + j, b, bAt, bPlaces, right, down, c, cAt + j * STEP);
                case 4 -> rows4(k, windows, dy, dyAt + j, places, placesAt + j, b, bAt, bPlaces, right, down, c, cAt + j * STEP);
                default -> rows1(k, windows, dy, dyAt + j, places, placesAt + j, b, bAt, bPlaces, right, down, c, cAt + j * STEP);
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

    private static void rows6(int k, int windows, float[] dy, int dyAt, byte[] places, int placesAt,
                              float[] b, int bAt, int[] bPlaces, int right, int down, float[] c, int cAt) {
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
            int window = bAt + bPlaces[i];
            int at = i * k;
            int p0 = places[placesAt + at];
            int b0 = window + (p0 & 1) * right + (p0 >> 1 & 1) * down;
            FloatVector g0 = FloatVector.broadcast(S, dy[dyAt + at]);
            c00 = FloatVector.fromArray(S, b, b0).fma(g0, c00);
            c01 = FloatVector.fromArray(S, b, b0 + LANES).fma(g0, c01);
            int p1 = places[placesAt + at + 1];
            int b1 = window + (p1 & 1) * right + (p1 >> 1 & 1) * down;
            FloatVector g1 = FloatVector.broadcast(S, dy[dyAt + at + 1]);
            c10 = FloatVector.fromArray(S, b, b1).fma(g1, c10);
            c11 = FloatVector.fromArray(S, b, b1 + LANES).fma(g1, c11);
            int p2 = places[placesAt + at + 2];
            int b2 = window + (p2 & 1) * right + (p2 >> 1 & 1) * down;
            FloatVector g2 = FloatVector.broadcast(S, dy[dyAt + at + 2]);
            c20 = FloatVector.fromArray(S, b, b2).fma(g2, c20);
            c21 = FloatVector.fromArray(S, b, b2 + LANES).fma(g2, c21);
            int p3 = places[placesAt + at + 3];
            int b3 = window + (p3 & 1) * right + (p3 >> 1 & 1) * down;
            FloatVector g3 = FloatVector.broadcast(S, dy[dyAt + at + 3]);
            c30 = FloatVector.fromArray(S, b, b3).fma(g3, c30);
            c31 = FloatVector.fromArray(S, b, b3 + LANES).fma(g3, c31);
            int p4 = places[placesAt + at + 4];
            int b4 = window + (p4 & 1) * right + (p4 >> 1 & 1) * down;
            FloatVector g4 = FloatVector.broadcast(S, dy[dyAt + at + 4]);
            c40 = FloatVector.fromArray(S, b, b4).fma(g4, c40);
            c41 = FloatVector.fromArray(S, b, b4 + LANES).fma(g4, c41);
            int p5 = places[placesAt + at + 5];
            int b5 = window + (p5 & 1) * right + (p5 >> 1 & 1) * down;
            FloatVector g5 = FloatVector.broadcast(S, dy[dyAt + at + 5]);
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

    private static void rows4(int k, int windows, float[] dy, int dyAt, byte[] places, int placesAt,
                              float[] b, int bAt, int[] bPlaces, int right, int down, float[] c, int cAt) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, cAt + STEP);
        FloatVector c11 = FloatVector.fromArray(S, c, cAt + STEP + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * STEP);
        FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * STEP + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * STEP);
        FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * STEP + LANES);
        for (int i = 0; i < windows; i++) {
            int window = bAt + bPlaces[i];
            int at = i * k;
            int p0 = places[placesAt + at];
            int b0 = window + (p0 & 1) * right + (p0 >> 1 & 1) * down;
            FloatVector g0 = FloatVector.broadcast(S, dy[dyAt + at]);
            c00 = FloatVector.fromArray(S, b, b0).fma(g0, c00);
            c01 = FloatVector.fromArray(S, b, b0 + LANES).fma(g0, c01);
            int p1 = places[placesAt + at + 1];
            int b1 = window + (p1 & 1) * right + (p1 >> 1 & 1) * down;
            FloatVector g1 = FloatVector.broadcast(S, dy[dyAt + at + 1]);
            c10 = FloatVector.fromArray(S, b, b1).fma(g1, c10);
            c11 = FloatVector.fromArray(S, b, b1 + LANES).fma(g1, c11);
            int p2 = places[placesAt + at + 2];
            int b2 = window + (p2 & 1) * right + (p2 >> 1 & 1) * down;
            FloatVector g2 = FloatVector.broadcast(S, dy[dyAt + at + 2]);
            c20 = FloatVector.fromArray(S, b, b2).fma(g2, c20);
            c21 = FloatVector.fromArray(S, b, b2 + LANES).fma(g2, c21);
            int p3 = places[placesAt + at + 3];
            int b3 = window + (p3 & 1) * right + (p3 >> 1 & 1) * down;
            FloatVector g3 = FloatVector.broadcast(S, dy[dyAt + at + 3]);
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

    private static void rows1(int k, int windows, float[] dy, int dyAt, byte[] places, int placesAt,
                              float[] b, int bAt, int[] bPlaces, int right, int down, float[] c, int cAt) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + LANES);
        for (int i = 0; i < windows; i++) {
            int window = bAt + bPlaces[i];
            int at = i * k;
            int p0 = places[placesAt + at];
            int b0 = window + (p0 & 1) * right + (p0 >> 1 & 1) * down;
            FloatVector g0 = FloatVector.broadcast(S, dy[dyAt + at]);
            c00 = FloatVector.fromArray(S, b, b0).fma(g0, c00);
            c01 = FloatVector.fromArray(S, b, b0 + LANES).fma(g0, c01);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
    }
}
