package lanewise.internal.conv;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel of {@link FourTileWinogradConv}: transforms a filter while it multiplies, so that the 36 values that F(4x4, 3x3) makes
 * of 9 are never in memory.
 *
 * <pre>
 * t[j] = g[0][j] + b g[1][j] + c g[2][j]                 row i of G, but for a factor
 * m[tile][i][p] += v[tile][i][p] (t G')[p]               for six points p and four tiles
 * </pre>
 *
 * <p>What N of {@link WinogradF43} divides by is left to {@link #scale}. The row of infinity, which is the last tap alone, is that of 0
 * begun there: its factors are 0.
 *
 * <p>24 accumulators leave eight registers. C2 would load all 24 values of v first, since they wait for nothing, and keep sums on the
 * stack, which makes an iteration of them 28 cycles long. But it moves no load over a store into such an array: so there is a store
 * before each four of them, of a float that nobody reads. It also keeps b and c, from memory, out of registers.
 */
final class FourTileRow {

    /** Whether there are registers enough. */
    static final boolean FITS = Simd.REGISTERS == 32;

    static final int TILES = 4;
    static final int TAPS = 9;
    static final int SIDE = 6;
    static final int POINTS = SIDE * SIDE;

    /** Depths of a call: a slice of the filter, of inputs and of sums share L1. */
    static final int DEPTHS = 32;

    /** Floats of a row of depths of one point and tile: odd, as in a row panel. */
    static final int ROW = DEPTHS + 1;

    /** Distance of two points, and floats of all. */
    static final int POINT = TILES * ROW;
    static final int SECTION = Simd.roundUp(POINTS * POINT, 16);

    /** Floats of the products of one vector of channels: {@code [tile][point][lane]}. */
    static final int PRODUCTS = TILES * POINTS * Simd.LANES;

    /** Floats that the stores between loads go to: a cache line. */
    static final int SPARE = 16;

    /** Vectors behind a panel of the filter that the last depth's row of infinity reads, and multiplies by 0. */
    static final int BEHIND = 6;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int G = TAPS * LANES;

    private static final float A = WinogradF43.A;
    private static final float B = WinogradF43.B;
    private static final float A2 = WinogradF43.A2;
    private static final float B2 = WinogradF43.B2;

    /** b and c of each row. */
    private static final float[] ROWS = {0, 0, A, A2, -A, A2, B, B2, -B, B2, 0, 0};

    private static final float[] FACTORS = {WinogradF43.N0, WinogradF43.NA, WinogradF43.NA, WinogradF43.NB, WinogradF43.NB, 1};

    private FourTileRow() {}

    /**
     * Adds the products of {@link #DEPTHS} depths to those of row {@code i}.
     *
     * @param g taps {@code [depth][tap][lane]}
     * @param work inputs {@code [point][tile][ROW]} from {@code v}, of row i on; products from {@code m}, and a place for stores
     */
    static void run(int i, float[] g, int gOffset, float[] work, int v, int m, int spare) {
        int begin = i == SIDE - 1 ? BEHIND * LANES : 0;
        products(ROWS, 2 * i, g, gOffset + begin, work, v + i * SIDE * POINT, m + i * SIDE * LANES, spare);
    }

    private static void products(float[] rows, int row, float[] g, int gOffset, float[] work, int v, int m, int spare) {
        FloatVector m00 = FloatVector.fromArray(S, work, m);
        FloatVector m01 = FloatVector.fromArray(S, work, m + LANES);
        FloatVector m02 = FloatVector.fromArray(S, work, m + 2 * LANES);
        FloatVector m03 = FloatVector.fromArray(S, work, m + 3 * LANES);
        FloatVector m04 = FloatVector.fromArray(S, work, m + 4 * LANES);
        FloatVector m05 = FloatVector.fromArray(S, work, m + 5 * LANES);
        FloatVector m10 = FloatVector.fromArray(S, work, m + 36 * LANES);
        FloatVector m11 = FloatVector.fromArray(S, work, m + 37 * LANES);
        FloatVector m12 = FloatVector.fromArray(S, work, m + 38 * LANES);
        FloatVector m13 = FloatVector.fromArray(S, work, m + 39 * LANES);
        FloatVector m14 = FloatVector.fromArray(S, work, m + 40 * LANES);
        FloatVector m15 = FloatVector.fromArray(S, work, m + 41 * LANES);
        FloatVector m20 = FloatVector.fromArray(S, work, m + 72 * LANES);
        FloatVector m21 = FloatVector.fromArray(S, work, m + 73 * LANES);
        FloatVector m22 = FloatVector.fromArray(S, work, m + 74 * LANES);
        FloatVector m23 = FloatVector.fromArray(S, work, m + 75 * LANES);
        FloatVector m24 = FloatVector.fromArray(S, work, m + 76 * LANES);
        FloatVector m25 = FloatVector.fromArray(S, work, m + 77 * LANES);
        FloatVector m30 = FloatVector.fromArray(S, work, m + 108 * LANES);
        FloatVector m31 = FloatVector.fromArray(S, work, m + 109 * LANES);
        FloatVector m32 = FloatVector.fromArray(S, work, m + 110 * LANES);
        FloatVector m33 = FloatVector.fromArray(S, work, m + 111 * LANES);
        FloatVector m34 = FloatVector.fromArray(S, work, m + 112 * LANES);
        FloatVector m35 = FloatVector.fromArray(S, work, m + 113 * LANES);
        for (int d = 0; d < DEPTHS; d++) {
            int from = gOffset + d * G;
            int at = v + d;
            FloatVector t0 = FloatVector.fromArray(S, g, from + 3 * LANES).fma(FloatVector.broadcast(S, rows[row]),
                    FloatVector.fromArray(S, g, from));
            FloatVector t1 = FloatVector.fromArray(S, g, from + 4 * LANES).fma(FloatVector.broadcast(S, rows[row]),
                    FloatVector.fromArray(S, g, from + LANES));
            FloatVector t2 = FloatVector.fromArray(S, g, from + 5 * LANES).fma(FloatVector.broadcast(S, rows[row]),
                    FloatVector.fromArray(S, g, from + 2 * LANES));
            t0 = FloatVector.fromArray(S, g, from + 6 * LANES).fma(FloatVector.broadcast(S, rows[row + 1]), t0);
            t1 = FloatVector.fromArray(S, g, from + 7 * LANES).fma(FloatVector.broadcast(S, rows[row + 1]), t1);
            t2 = FloatVector.fromArray(S, g, from + 8 * LANES).fma(FloatVector.broadcast(S, rows[row + 1]), t2);
            work[spare + 0] = 0;
            m00 = t0.fma(FloatVector.broadcast(S, work[at]), m00);
            m10 = t0.fma(FloatVector.broadcast(S, work[at + ROW]), m10);
            m20 = t0.fma(FloatVector.broadcast(S, work[at + 2 * ROW]), m20);
            m30 = t0.fma(FloatVector.broadcast(S, work[at + 3 * ROW]), m30);
            work[spare + 5] = 0;
            m05 = t2.fma(FloatVector.broadcast(S, work[at + 5 * POINT]), m05);
            m15 = t2.fma(FloatVector.broadcast(S, work[at + 5 * POINT + ROW]), m15);
            m25 = t2.fma(FloatVector.broadcast(S, work[at + 5 * POINT + 2 * ROW]), m25);
            m35 = t2.fma(FloatVector.broadcast(S, work[at + 5 * POINT + 3 * ROW]), m35);
            FloatVector even = t2.fma(FloatVector.broadcast(S, A2), t0);
            FloatVector u = t1.fma(FloatVector.broadcast(S, A), even);
            work[spare + 1] = 0;
            m01 = u.fma(FloatVector.broadcast(S, work[at + POINT]), m01);
            m11 = u.fma(FloatVector.broadcast(S, work[at + POINT + ROW]), m11);
            m21 = u.fma(FloatVector.broadcast(S, work[at + POINT + 2 * ROW]), m21);
            m31 = u.fma(FloatVector.broadcast(S, work[at + POINT + 3 * ROW]), m31);
            u = t1.fma(FloatVector.broadcast(S, -A), even);
            work[spare + 2] = 0;
            m02 = u.fma(FloatVector.broadcast(S, work[at + 2 * POINT]), m02);
            m12 = u.fma(FloatVector.broadcast(S, work[at + 2 * POINT + ROW]), m12);
            m22 = u.fma(FloatVector.broadcast(S, work[at + 2 * POINT + 2 * ROW]), m22);
            m32 = u.fma(FloatVector.broadcast(S, work[at + 2 * POINT + 3 * ROW]), m32);
            even = t2.fma(FloatVector.broadcast(S, B2), t0);
            u = t1.fma(FloatVector.broadcast(S, B), even);
            work[spare + 3] = 0;
            m03 = u.fma(FloatVector.broadcast(S, work[at + 3 * POINT]), m03);
            m13 = u.fma(FloatVector.broadcast(S, work[at + 3 * POINT + ROW]), m13);
            m23 = u.fma(FloatVector.broadcast(S, work[at + 3 * POINT + 2 * ROW]), m23);
            m33 = u.fma(FloatVector.broadcast(S, work[at + 3 * POINT + 3 * ROW]), m33);
            u = t1.fma(FloatVector.broadcast(S, -B), even);
            work[spare + 4] = 0;
            m04 = u.fma(FloatVector.broadcast(S, work[at + 4 * POINT]), m04);
            m14 = u.fma(FloatVector.broadcast(S, work[at + 4 * POINT + ROW]), m14);
            m24 = u.fma(FloatVector.broadcast(S, work[at + 4 * POINT + 2 * ROW]), m24);
            m34 = u.fma(FloatVector.broadcast(S, work[at + 4 * POINT + 3 * ROW]), m34);
        }
        m00.intoArray(work, m);
        m01.intoArray(work, m + LANES);
        m02.intoArray(work, m + 2 * LANES);
        m03.intoArray(work, m + 3 * LANES);
        m04.intoArray(work, m + 4 * LANES);
        m05.intoArray(work, m + 5 * LANES);
        m10.intoArray(work, m + 36 * LANES);
        m11.intoArray(work, m + 37 * LANES);
        m12.intoArray(work, m + 38 * LANES);
        m13.intoArray(work, m + 39 * LANES);
        m14.intoArray(work, m + 40 * LANES);
        m15.intoArray(work, m + 41 * LANES);
        m20.intoArray(work, m + 72 * LANES);
        m21.intoArray(work, m + 73 * LANES);
        m22.intoArray(work, m + 74 * LANES);
        m23.intoArray(work, m + 75 * LANES);
        m24.intoArray(work, m + 76 * LANES);
        m25.intoArray(work, m + 77 * LANES);
        m30.intoArray(work, m + 108 * LANES);
        m31.intoArray(work, m + 109 * LANES);
        m32.intoArray(work, m + 110 * LANES);
        m33.intoArray(work, m + 111 * LANES);
        m34.intoArray(work, m + 112 * LANES);
        m35.intoArray(work, m + 113 * LANES);
    }

    /** Multiplies finished products by what their points divide by. */
    static void scale(float[] work, int m) {
        for (int point = 0; point < POINTS; point++) {
            float factor = FACTORS[point / SIDE] * FACTORS[point % SIDE];
            for (int tile = 0; tile < TILES; tile++) {
                int at = m + (tile * POINTS + point) * LANES;
                FloatVector.fromArray(S, work, at).mul(factor).intoArray(work, at);
            }
        }
    }
}
