package lanewise.internal.local;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * The product whose left side lies the other way round, and whose depth is the batch:
 *
 * <pre>c[i][j] (+)= sum over d of a[d][i] b[d][j]</pre>
 *
 * <p>Tiles are 4 rows x 2 vectors, as in {@link PlaceRows}. c is as large as the weights and written once, row after row. Behind a row's
 * end whole vectors are read, whatever lies there.
 */
public final class PlaceColumns {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private PlaceColumns() {}

    /**
     * Computes {@code rows x columns} of c, dense; {@code plus} adds to it.
     *
     * @param b with room behind its rows for 4 more and a vector: rows of c that end with their array are made there
     */
    public static void run(int rows, int columns, int depth, float[] a, int aOffset, int aStride, float[] b, int bOffset,
                           boolean plus, float[] c, int cOffset) {
        for (int i = 0; i < rows; i += 4) {
            int last = Math.min(4, rows - i) - 1;
            int at = cOffset + i * columns;
            int length = (last + 1) * columns;
            float[] to = c;
            if (c.length - at - length < LANES) {
                to = b;
                at = bOffset + depth * columns;
                for (int j = 0; plus && j < length; j++) {
                    b[at + j] = c[cOffset + i * columns + j];
                }
            }
            int j = 0;
            for (; columns - j >= 2 * LANES; j += 2 * LANES) {
                rows4x2(last, depth, a, aOffset + i, aStride, b, bOffset + j, columns, plus, to, at + j);
            }
            for (; j < columns; j += LANES) {
                rows4x1(last, depth, a, aOffset + i, aStride, b, bOffset + j, columns, plus, to, at + j, columns - j);
            }
            for (j = 0; to != c && j < length; j++) {
                c[cOffset + i * columns + j] = b[at + j];
            }
        }
    }

    /** Rows 0 to 3, of which those past {@code last} are {@code last} again. */
    private static void rows4x2(int last, int depth, float[] a, int aOffset, int aStride, float[] b, int bOffset, int columns,
                                boolean plus, float[] c, int cOffset) {
        int i1 = Math.min(1, last);
        int i2 = Math.min(2, last);
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        if (plus) {
            c00 = FloatVector.fromArray(S, c, cOffset);
            c01 = FloatVector.fromArray(S, c, cOffset + LANES);
            c10 = FloatVector.fromArray(S, c, cOffset + i1 * columns);
            c11 = FloatVector.fromArray(S, c, cOffset + i1 * columns + LANES);
            c20 = FloatVector.fromArray(S, c, cOffset + i2 * columns);
            c21 = FloatVector.fromArray(S, c, cOffset + i2 * columns + LANES);
            c30 = FloatVector.fromArray(S, c, cOffset + last * columns);
            c31 = FloatVector.fromArray(S, c, cOffset + last * columns + LANES);
        }
        int aAt = aOffset;
        int bAt = bOffset;
        for (int d = 0; d < depth; d++, aAt += aStride, bAt += columns) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector v0 = FloatVector.broadcast(S, a[aAt]);
            c00 = b0.fma(v0, c00);
            c01 = b1.fma(v0, c01);
            FloatVector v1 = FloatVector.broadcast(S, a[aAt + i1]);
            c10 = b0.fma(v1, c10);
            c11 = b1.fma(v1, c11);
            FloatVector v2 = FloatVector.broadcast(S, a[aAt + i2]);
            c20 = b0.fma(v2, c20);
            c21 = b1.fma(v2, c21);
            FloatVector v3 = FloatVector.broadcast(S, a[aAt + last]);
            c30 = b0.fma(v3, c30);
            c31 = b1.fma(v3, c31);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + i1 * columns);
        c11.intoArray(c, cOffset + i1 * columns + LANES);
        c20.intoArray(c, cOffset + i2 * columns);
        c21.intoArray(c, cOffset + i2 * columns + LANES);
        c30.intoArray(c, cOffset + last * columns);
        c31.intoArray(c, cOffset + last * columns + LANES);
    }

    /** The same for one vector of columns, of which {@code left} are left. */
    private static void rows4x1(int last, int depth, float[] a, int aOffset, int aStride, float[] b, int bOffset, int columns,
                                boolean plus, float[] c, int cOffset, int left) {
        VectorMask<Float> tail = Lanes.INDEX.compare(VectorOperators.LT, left);
        int i1 = Math.min(1, last);
        int i2 = Math.min(2, last);
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        if (plus) {
            c00 = FloatVector.fromArray(S, c, cOffset);
            c10 = FloatVector.fromArray(S, c, cOffset + i1 * columns);
            c20 = FloatVector.fromArray(S, c, cOffset + i2 * columns);
            c30 = FloatVector.fromArray(S, c, cOffset + last * columns);
        }
        int aAt = aOffset;
        int bAt = bOffset;
        for (int d = 0; d < depth; d++, aAt += aStride, bAt += columns) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector v0 = FloatVector.broadcast(S, a[aAt]);
            c00 = b0.fma(v0, c00);
            FloatVector v1 = FloatVector.broadcast(S, a[aAt + i1]);
            c10 = b0.fma(v1, c10);
            FloatVector v2 = FloatVector.broadcast(S, a[aAt + i2]);
            c20 = b0.fma(v2, c20);
            FloatVector v3 = FloatVector.broadcast(S, a[aAt + last]);
            c30 = b0.fma(v3, c30);
        }
        c00.intoArray(c, cOffset, tail);
        c10.intoArray(c, cOffset + i1 * columns, tail);
        c20.intoArray(c, cOffset + i2 * columns, tail);
        c30.intoArray(c, cOffset + last * columns, tail);
    }
}
