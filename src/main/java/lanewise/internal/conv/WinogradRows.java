package lanewise.internal.conv;

import static lanewise.internal.conv.WinogradF43.A;
import static lanewise.internal.conv.WinogradF43.A2;
import static lanewise.internal.conv.WinogradF43.A3;
import static lanewise.internal.conv.WinogradF43.B;
import static lanewise.internal.conv.WinogradF43.B2;
import static lanewise.internal.conv.WinogradF43.B3;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * F(4x4,3x3) for as many channels as a vector has lanes, 16 of them, on both sides: a row of six points of 16 tiles at a time, from
 * the transformed inputs to the products' first transform back, so that all of it stays in L1.
 *
 * <pre>
 * for i in 0 .. 5    v[j]    = (strip[i] B)[j]          a row of points, {@link WinogradStrip#along}
 *                    m[j]    = v[j] u[i][j]             one product of 16 x 16 x 16 for each point
 *                    t[i][q] = (m A)[q]                 four columns of outputs
 * then               y       = A' t
 * </pre>
 *
 * <p>Where all 36 points of 28 tiles are made first, inputs and products are 64 KB each and pass through L2 twice. With more
 * channels a product takes so much longer than its transforms that this matters less.
 *
 * <p>A weight gradient goes through its tiles alike: rows of points of x and of dy, then their products into sums.
 */
final class WinogradRows {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int SIX = 6 * LANES;
    private static final int FOUR = 4 * LANES;

    /** Tiles that are done together: the sums of a point are 16 registers. */
    static final int TILES = 16;

    /** Floats of a row of points of all tiles. */
    static final int ROW_FLOATS = TILES * SIX;

    /** Floats of all four columns of outputs before the last pass. */
    static final int COLUMN_FLOATS = TILES * 6 * FOUR;

    private WinogradRows() {}

    /** Whether there are registers for 16 sums, and {@code channels} on both sides fill one vector of 16 lanes. */
    static boolean does(WinogradForm form, int inside, int outside) {
        return form == WinogradForm.SQUARE4 && LANES == TILES && inside == LANES && outside == LANES;
    }

    /**
     * The products of a row of points, for 8 or 16 tiles whether they are all wanted or not.
     *
     * @param v point j of tile t at {@code j TILES LANES + t LANES}
     * @param filter point j of the row at {@code b + j bPoint}
     * @param m written: point j of tile t at {@code t SIX + j LANES}
     */
    static void products(int tiles, float[] work, int v, float[] filter, int b, int bPoint, int m) {
        if (tiles > 8) {
            products16(work, v, filter, b, bPoint, m);
        } else {
            products8(work, v, filter, b, bPoint, m);
        }
    }

    private static void products16(float[] work, int v, float[] filter, int b, int bPoint, int m) {
        for (int j = 0; j < 6; j++) {
            int at = v + j * TILES * LANES;
            int bAt = b + j * bPoint;
            int to = m + j * LANES;
            FloatVector c0 = FloatVector.zero(S);
            FloatVector c1 = FloatVector.zero(S);
            FloatVector c2 = FloatVector.zero(S);
            FloatVector c3 = FloatVector.zero(S);
            FloatVector c4 = FloatVector.zero(S);
            FloatVector c5 = FloatVector.zero(S);
            FloatVector c6 = FloatVector.zero(S);
            FloatVector c7 = FloatVector.zero(S);
            FloatVector c8 = FloatVector.zero(S);
            FloatVector c9 = FloatVector.zero(S);
            FloatVector ca = FloatVector.zero(S);
            FloatVector cb = FloatVector.zero(S);
            FloatVector cc = FloatVector.zero(S);
            FloatVector cd = FloatVector.zero(S);
            FloatVector ce = FloatVector.zero(S);
            FloatVector cf = FloatVector.zero(S);
            for (int d = 0; d < LANES; d++) {
                FloatVector u = FloatVector.fromArray(S, filter, bAt + d * LANES);
                c0 = u.fma(FloatVector.broadcast(S, work[at + d]), c0);
                c1 = u.fma(FloatVector.broadcast(S, work[at + d + LANES]), c1);
                c2 = u.fma(FloatVector.broadcast(S, work[at + d + 2 * LANES]), c2);
                c3 = u.fma(FloatVector.broadcast(S, work[at + d + 3 * LANES]), c3);
                c4 = u.fma(FloatVector.broadcast(S, work[at + d + 4 * LANES]), c4);
                c5 = u.fma(FloatVector.broadcast(S, work[at + d + 5 * LANES]), c5);
                c6 = u.fma(FloatVector.broadcast(S, work[at + d + 6 * LANES]), c6);
                c7 = u.fma(FloatVector.broadcast(S, work[at + d + 7 * LANES]), c7);
                c8 = u.fma(FloatVector.broadcast(S, work[at + d + 8 * LANES]), c8);
                c9 = u.fma(FloatVector.broadcast(S, work[at + d + 9 * LANES]), c9);
                ca = u.fma(FloatVector.broadcast(S, work[at + d + 10 * LANES]), ca);
                cb = u.fma(FloatVector.broadcast(S, work[at + d + 11 * LANES]), cb);
                cc = u.fma(FloatVector.broadcast(S, work[at + d + 12 * LANES]), cc);
                cd = u.fma(FloatVector.broadcast(S, work[at + d + 13 * LANES]), cd);
                ce = u.fma(FloatVector.broadcast(S, work[at + d + 14 * LANES]), ce);
                cf = u.fma(FloatVector.broadcast(S, work[at + d + 15 * LANES]), cf);
            }
            c0.intoArray(work, to);
            c1.intoArray(work, to + SIX);
            c2.intoArray(work, to + 2 * SIX);
            c3.intoArray(work, to + 3 * SIX);
            c4.intoArray(work, to + 4 * SIX);
            c5.intoArray(work, to + 5 * SIX);
            c6.intoArray(work, to + 6 * SIX);
            c7.intoArray(work, to + 7 * SIX);
            c8.intoArray(work, to + 8 * SIX);
            c9.intoArray(work, to + 9 * SIX);
            ca.intoArray(work, to + 10 * SIX);
            cb.intoArray(work, to + 11 * SIX);
            cc.intoArray(work, to + 12 * SIX);
            cd.intoArray(work, to + 13 * SIX);
            ce.intoArray(work, to + 14 * SIX);
            cf.intoArray(work, to + 15 * SIX);
        }
    }

    private static void products8(float[] work, int v, float[] filter, int b, int bPoint, int m) {
        for (int j = 0; j < 6; j++) {
            int at = v + j * TILES * LANES;
            int bAt = b + j * bPoint;
            int to = m + j * LANES;
            FloatVector c0 = FloatVector.zero(S);
            FloatVector c1 = FloatVector.zero(S);
            FloatVector c2 = FloatVector.zero(S);
            FloatVector c3 = FloatVector.zero(S);
            FloatVector c4 = FloatVector.zero(S);
            FloatVector c5 = FloatVector.zero(S);
            FloatVector c6 = FloatVector.zero(S);
            FloatVector c7 = FloatVector.zero(S);
            for (int d = 0; d < LANES; d++) {
                FloatVector u = FloatVector.fromArray(S, filter, bAt + d * LANES);
                c0 = u.fma(FloatVector.broadcast(S, work[at + d]), c0);
                c1 = u.fma(FloatVector.broadcast(S, work[at + d + LANES]), c1);
                c2 = u.fma(FloatVector.broadcast(S, work[at + d + 2 * LANES]), c2);
                c3 = u.fma(FloatVector.broadcast(S, work[at + d + 3 * LANES]), c3);
                c4 = u.fma(FloatVector.broadcast(S, work[at + d + 4 * LANES]), c4);
                c5 = u.fma(FloatVector.broadcast(S, work[at + d + 5 * LANES]), c5);
                c6 = u.fma(FloatVector.broadcast(S, work[at + d + 6 * LANES]), c6);
                c7 = u.fma(FloatVector.broadcast(S, work[at + d + 7 * LANES]), c7);
            }
            c0.intoArray(work, to);
            c1.intoArray(work, to + SIX);
            c2.intoArray(work, to + 2 * SIX);
            c3.intoArray(work, to + 3 * SIX);
            c4.intoArray(work, to + 4 * SIX);
            c5.intoArray(work, to + 5 * SIX);
            c6.intoArray(work, to + 6 * SIX);
            c7.intoArray(work, to + 7 * SIX);
        }
    }

    /** The first transform back, of a row of points: columns of outputs q of tile t at {@code to + t 6 FOUR + q LANES}. */
    static void along(int tiles, float[] work, int m, int to) {
        for (int t = 0; t < tiles; t++) {
            int at = m + t * SIX;
            int into = to + t * 6 * FOUR;
            FloatVector m1 = FloatVector.fromArray(S, work, at + LANES);
            FloatVector m2 = FloatVector.fromArray(S, work, at + 2 * LANES);
            FloatVector m3 = FloatVector.fromArray(S, work, at + 3 * LANES);
            FloatVector m4 = FloatVector.fromArray(S, work, at + 4 * LANES);
            FloatVector evenA = m1.add(m2);
            FloatVector oddA = m1.sub(m2);
            FloatVector evenB = m3.add(m4);
            FloatVector oddB = m3.sub(m4);
            FloatVector.fromArray(S, work, at).add(evenA).add(evenB).intoArray(work, into);
            oddA.mul(A).add(oddB.mul(B)).intoArray(work, into + LANES);
            evenA.mul(A2).add(evenB.mul(B2)).intoArray(work, into + 2 * LANES);
            oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3),
                    FloatVector.fromArray(S, work, at + 5 * LANES))).intoArray(work, into + 3 * LANES);
        }
    }

    /**
     * Adds the products of a row of points of a weight gradient: channel c of x by those of dy.
     *
     * @param v of x, as in {@link #products}
     * @param u of dy alike
     * @param sums point j of channel c at {@code j sumPoint + c LANES}
     */
    static void sums(int tiles, float[] work, int v, int u, int sums, int sumPoint) {
        for (int j = 0; j < 6; j++) {
            int at = v + j * TILES * LANES;
            int bAt = u + j * TILES * LANES;
            int to = sums + j * sumPoint;
            FloatVector c0 = FloatVector.fromArray(S, work, to);
            FloatVector c1 = FloatVector.fromArray(S, work, to + LANES);
            FloatVector c2 = FloatVector.fromArray(S, work, to + 2 * LANES);
            FloatVector c3 = FloatVector.fromArray(S, work, to + 3 * LANES);
            FloatVector c4 = FloatVector.fromArray(S, work, to + 4 * LANES);
            FloatVector c5 = FloatVector.fromArray(S, work, to + 5 * LANES);
            FloatVector c6 = FloatVector.fromArray(S, work, to + 6 * LANES);
            FloatVector c7 = FloatVector.fromArray(S, work, to + 7 * LANES);
            FloatVector c8 = FloatVector.fromArray(S, work, to + 8 * LANES);
            FloatVector c9 = FloatVector.fromArray(S, work, to + 9 * LANES);
            FloatVector ca = FloatVector.fromArray(S, work, to + 10 * LANES);
            FloatVector cb = FloatVector.fromArray(S, work, to + 11 * LANES);
            FloatVector cc = FloatVector.fromArray(S, work, to + 12 * LANES);
            FloatVector cd = FloatVector.fromArray(S, work, to + 13 * LANES);
            FloatVector ce = FloatVector.fromArray(S, work, to + 14 * LANES);
            FloatVector cf = FloatVector.fromArray(S, work, to + 15 * LANES);
            for (int t = 0; t < tiles; t++) {
                FloatVector y = FloatVector.fromArray(S, work, bAt + t * LANES);
                c0 = y.fma(FloatVector.broadcast(S, work[at + t * LANES]), c0);
                c1 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 1]), c1);
                c2 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 2]), c2);
                c3 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 3]), c3);
                c4 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 4]), c4);
                c5 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 5]), c5);
                c6 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 6]), c6);
                c7 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 7]), c7);
                c8 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 8]), c8);
                c9 = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 9]), c9);
                ca = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 10]), ca);
                cb = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 11]), cb);
                cc = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 12]), cc);
                cd = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 13]), cd);
                ce = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 14]), ce);
                cf = y.fma(FloatVector.broadcast(S, work[at + t * LANES + 15]), cf);
            }
            c0.intoArray(work, to);
            c1.intoArray(work, to + LANES);
            c2.intoArray(work, to + 2 * LANES);
            c3.intoArray(work, to + 3 * LANES);
            c4.intoArray(work, to + 4 * LANES);
            c5.intoArray(work, to + 5 * LANES);
            c6.intoArray(work, to + 6 * LANES);
            c7.intoArray(work, to + 7 * LANES);
            c8.intoArray(work, to + 8 * LANES);
            c9.intoArray(work, to + 9 * LANES);
            ca.intoArray(work, to + 10 * LANES);
            cb.intoArray(work, to + 11 * LANES);
            cc.intoArray(work, to + 12 * LANES);
            cd.intoArray(work, to + 13 * LANES);
            ce.intoArray(work, to + 14 * LANES);
            cf.intoArray(work, to + 15 * LANES);
        }
    }
}
