package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 1 vector of output channels, for an {@code a} that lies the other way round, as a transposed matrix or the
 * pixels of a gradient do:
 *
 * <pre>c[j][v] = init[j][v] + sum over segments g, d in [0, length) of a[g aStride + 16 d + j] * b[g length + d][v]</pre>
 *
 * <p>The depth {@code d} runs over pixels, {@code j} over 16 neighbouring channels: always the whole panel, padded with zeros. A
 * segment is a stretch of pixels that follow each other, one image row for instance; a packed panel is one segment.
 *
 * <p>Registers of 32: 8 accumulators, 1 of b, 1 broadcast; of 16: 4 accumulators. The 16 channels take 2 or 4 runs.
 * {@code init} is as in {@link RowTile1}.
 */
final class ColumnTile1 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int COLUMNS = Panels.DEPTH;

    /** Columns of the tile and of the packed panel {@code b}. */
    private static final int WIDTH = 1 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private ColumnTile1() {}

    /** Computes the {@code rows} first of the 16 rows, or up to 7 more that the caller has room for. */
    static void run(int rows, float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                    float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        int step = MANY_REGISTERS ? 8 : 4;
        for (int j = 0; j < rows; j += step) {
            int initAt = initOffset + j * initStride;
            int cAt = cOffset + j * cStride;
            if (MANY_REGISTERS) {
                rows8(a, aOffset + j, aStride, segments, length, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else {
                rows4(a, aOffset + j, aStride, segments, length, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            }
        }
    }

    private static void rows8(float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        FloatVector c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int segment = 0; segment < segments; segment++) {
            for (int d = 0; d < length; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * d);
                int at = aAt + COLUMNS * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c10 = b0.fma(a1, c10);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c20 = b0.fma(a2, c20);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c30 = b0.fma(a3, c30);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
                c40 = b0.fma(a4, c40);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
                c50 = b0.fma(a5, c50);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
                c60 = b0.fma(a6, c60);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
                c70 = b0.fma(a7, c70);
            }
            aAt += aStride;
            bAt += WIDTH * length;
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
        c40.intoArray(c, cOffset + 4 * cStride);
        c50.intoArray(c, cOffset + 5 * cStride);
        c60.intoArray(c, cOffset + 6 * cStride);
        c70.intoArray(c, cOffset + 7 * cStride);
    }

    private static void rows4(float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int segment = 0; segment < segments; segment++) {
            for (int d = 0; d < length; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * d);
                int at = aAt + COLUMNS * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c10 = b0.fma(a1, c10);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c20 = b0.fma(a2, c20);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c30 = b0.fma(a3, c30);
            }
            aAt += aStride;
            bAt += WIDTH * length;
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
    }
}
