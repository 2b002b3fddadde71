package lanewise.internal.local;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * A product that reads its right side once and as it lies, packing nothing:
 *
 * <pre>c[i][j] = init[j] + sum over d of a[i][d] b[d][j]</pre>
 *
 * <p>Where every place has its own weights, b is used for the few rows of a batch and never again: packing it would cost as much as
 * using it. Tiles are 4 rows x 2 vectors: 8 accumulators, 2 of b, 1 broadcast, within 16 registers. A single row takes 4 vectors. A
 * tile of 2 or 3 rows repeats the last one: same values to the same places, and b is still read once.
 *
 * <p>Behind a row's end whole vectors are read, whatever lies there, and no more is written than is there. So the last rows of an array
 * may be too near to its end; their products are added one by one, in the same order.
 */
public final class PlaceRows {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private PlaceRows() {}

    /**
     * Computes {@code rows x columns} of c.
     *
     * @param a if init ends with its array, with room behind its rows for init and a vector
     * @param init what the sums of all rows begin with; null for zero
     */
    public static void run(int rows, int columns, int depth, float[] a, int aOffset, int aStride, float[] b, int bOffset, int bStride,
                           float[] init, int initOffset, float[] c, int cOffset, int cStride) {
        int whole = S.loopBound(columns);
        int most = b.length - LANES - bOffset - whole; // of b, where the last vector of a row may begin
        int near = depth;
        while (whole < columns && near > 0 && (near - 1) * bStride > most) {
            near--;
        }
        float[] start = init;
        int startAt = initOffset;
        if (init != null && init.length - initOffset - columns < LANES) {
            start = a;
            startAt = aOffset + rows * aStride;
            System.arraycopy(init, initOffset, a, startAt, columns);
        }
        int j = 0;
        for (; rows == 1 && columns - j >= 4 * LANES; j += 4 * LANES) {
            row1x4(depth, a, aOffset, b, bOffset + j, bStride, start, startAt + j, c, cOffset + j);
        }
        for (; rows > 1 && columns - j >= 2 * LANES; j += 2 * LANES) {
            for (int i = 0; i < rows; i += 4) {
                rows4x2(Math.min(4, rows - i) - 1, depth, a, aOffset + i * aStride, aStride, b, bOffset + j, bStride,
                        start, startAt + j, c, cOffset + i * cStride + j, cStride);
            }
        }
        boolean ends = whole < columns && c.length - cOffset - (rows - 1) * cStride < whole + LANES;
        for (int i = 0; ends && i < rows; i++) {
            near = 0;
            for (int k = whole; k < columns; k++) {
                c[cOffset + i * cStride + k] = init == null ? 0 : init[initOffset + k];
            }
        }
        for (; j < (ends ? whole : columns); j += LANES) {
            int deep = j < whole ? depth : near;
            if (rows == 1) {
                row1x1(deep, a, aOffset, b, bOffset + j, bStride, start, startAt + j, c, cOffset + j, columns - j);
                continue;
            }
            for (int i = 0; i < rows; i += 4) {
                rows4x1(Math.min(4, rows - i) - 1, deep, a, aOffset + i * aStride, aStride, b, bOffset + j, bStride,
                        start, startAt + j, c, cOffset + i * cStride + j, cStride, columns - j);
            }
        }
        for (; near < depth; near++) {
            for (int i = 0; i < rows; i++) {
                for (j = whole; j < columns; j++) {
                    int at = cOffset + i * cStride + j;
                    c[at] = Math.fma(b[bOffset + near * bStride + j], a[aOffset + i * aStride + near], c[at]);
                }
            }
        }
    }

    /** Rows 0 to 3, of which those past {@code last} are {@code last} again. */
    private static void rows4x2(int last, int depth, float[] a, int aOffset, int aStride, float[] b, int bOffset, int bStride,
                                float[] init, int initOffset, float[] c, int cOffset, int cStride) {
        int i1 = Math.min(1, last);
        int i2 = Math.min(2, last);
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = c00;
        if (init != null) {
            c00 = FloatVector.fromArray(S, init, initOffset);
            c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        }
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        int a1 = aOffset + i1 * aStride;
        int a2 = aOffset + i2 * aStride;
        int a3 = aOffset + last * aStride;
        int bAt = bOffset;
        for (int d = 0; d < depth; d++, bAt += bStride) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector v0 = FloatVector.broadcast(S, a[aOffset + d]);
            c00 = b0.fma(v0, c00);
            c01 = b1.fma(v0, c01);
            FloatVector v1 = FloatVector.broadcast(S, a[a1 + d]);
            c10 = b0.fma(v1, c10);
            c11 = b1.fma(v1, c11);
            FloatVector v2 = FloatVector.broadcast(S, a[a2 + d]);
            c20 = b0.fma(v2, c20);
            c21 = b1.fma(v2, c21);
            FloatVector v3 = FloatVector.broadcast(S, a[a3 + d]);
            c30 = b0.fma(v3, c30);
            c31 = b1.fma(v3, c31);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + i1 * cStride);
        c11.intoArray(c, cOffset + i1 * cStride + LANES);
        c20.intoArray(c, cOffset + i2 * cStride);
        c21.intoArray(c, cOffset + i2 * cStride + LANES);
        c30.intoArray(c, cOffset + last * cStride);
        c31.intoArray(c, cOffset + last * cStride + LANES);
    }

    /** The same for one vector of columns, of which {@code left} are left. */
    private static void rows4x1(int last, int depth, float[] a, int aOffset, int aStride, float[] b, int bOffset, int bStride,
                                float[] init, int initOffset, float[] c, int cOffset, int cStride, int left) {
        VectorMask<Float> tail = Lanes.INDEX.compare(VectorOperators.LT, left);
        int i1 = Math.min(1, last);
        int i2 = Math.min(2, last);
        FloatVector c00 = init == null ? FloatVector.zero(S) : FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        int a1 = aOffset + i1 * aStride;
        int a2 = aOffset + i2 * aStride;
        int a3 = aOffset + last * aStride;
        int bAt = bOffset;
        for (int d = 0; d < depth; d++, bAt += bStride) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector v0 = FloatVector.broadcast(S, a[aOffset + d]);
            c00 = b0.fma(v0, c00);
            FloatVector v1 = FloatVector.broadcast(S, a[a1 + d]);
            c10 = b0.fma(v1, c10);
            FloatVector v2 = FloatVector.broadcast(S, a[a2 + d]);
            c20 = b0.fma(v2, c20);
            FloatVector v3 = FloatVector.broadcast(S, a[a3 + d]);
            c30 = b0.fma(v3, c30);
        }
        c00.intoArray(c, cOffset, tail);
        c10.intoArray(c, cOffset + i1 * cStride, tail);
        c20.intoArray(c, cOffset + i2 * cStride, tail);
        c30.intoArray(c, cOffset + last * cStride, tail);
    }

    private static void row1x4(int depth, float[] a, int aOffset, float[] b, int bOffset, int bStride,
                               float[] init, int initOffset, float[] c, int cOffset) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        if (init != null) {
            c0 = FloatVector.fromArray(S, init, initOffset);
            c1 = FloatVector.fromArray(S, init, initOffset + LANES);
            c2 = FloatVector.fromArray(S, init, initOffset + 2 * LANES);
            c3 = FloatVector.fromArray(S, init, initOffset + 3 * LANES);
        }
        int bAt = bOffset;
        for (int d = 0; d < depth; d++, bAt += bStride) {
            FloatVector v = FloatVector.broadcast(S, a[aOffset + d]);
            c0 = FloatVector.fromArray(S, b, bAt).fma(v, c0);
            c1 = FloatVector.fromArray(S, b, bAt + LANES).fma(v, c1);
            c2 = FloatVector.fromArray(S, b, bAt + 2 * LANES).fma(v, c2);
            c3 = FloatVector.fromArray(S, b, bAt + 3 * LANES).fma(v, c3);
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + LANES);
        c2.intoArray(c, cOffset + 2 * LANES);
        c3.intoArray(c, cOffset + 3 * LANES);
    }

    /** One vector of columns, of which {@code left} are left. */
    private static void row1x1(int depth, float[] a, int aOffset, float[] b, int bOffset, int bStride,
                               float[] init, int initOffset, float[] c, int cOffset, int left) {
        VectorMask<Float> tail = Lanes.INDEX.compare(VectorOperators.LT, left);
        FloatVector c0 = init == null ? FloatVector.zero(S) : FloatVector.fromArray(S, init, initOffset);
        int bAt = bOffset;
        for (int d = 0; d < depth; d++, bAt += bStride) {
            FloatVector v = FloatVector.broadcast(S, a[aOffset + d]);
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            c0 = b0.fma(v, c0);
        }
        c0.intoArray(c, cOffset, tail);
    }
}
