package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 2 vectors of output channels, or 1, for an {@code a} that lies the other way round, as a transposed matrix or the
 * pixels of a gradient do:
 *
 * <pre>c[j][v] = init[j][v] + sum over segments g, d in [0, length) of a[g aStride + 16 d + j] * b[g length + d][v]</pre>
 *
 * <p>The depth {@code d} runs over pixels, {@code j} over 16 neighbouring channels: always the whole panel, padded with zeros. A
 * segment is a stretch of pixels that follow each other, one image row for instance; a packed panel is one segment.
 *
 * <p>Registers of 32, over 2 vectors: 16 accumulators, 2 of b, 1 broadcast; of 16: 8 accumulators. The 16 channels take 2 or 4 runs.
 * {@code init} is as in {@link RowTile2}.
 */
final class ColumnTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int COLUMNS = Panels.DEPTH;

    /** Columns of the wider tile and of its packed panel {@code b}. */
    private static final int WIDTH = 2 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private ColumnTile() {}

    /** Computes {@code width} columns of the {@code rows} first of the 16 rows, or of up to 7 more that the caller has room for. */
    static void run(int width, int rows, float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                    float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        boolean two = width == WIDTH;
        int step = MANY_REGISTERS ? 8 : 4;
        for (int j = 0; j < rows; j += step) {
            int initAt = initOffset + j * initStride;
            int cAt = cOffset + j * cStride;
            if (MANY_REGISTERS && two) {
                tile2x8(a, aOffset + j, aStride, segments, length, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else if (MANY_REGISTERS) {
                tile1x8(a, aOffset + j, aStride, segments, length, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else if (two) {
                tile2x4(a, aOffset + j, aStride, segments, length, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else {
                tile1x4(a, aOffset + j, aStride, segments, length, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            }
        }
    }

    private static void tile2x8(float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
        FloatVector c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        FloatVector c61 = FloatVector.fromArray(S, init, initOffset + 6 * initStride + LANES);
        FloatVector c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
        FloatVector c71 = FloatVector.fromArray(S, init, initOffset + 7 * initStride + LANES);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int segment = 0; segment < segments; segment++) {
            for (int d = 0; d < length; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * d);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * d + LANES);
                int at = aAt + COLUMNS * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
                c40 = b0.fma(a4, c40);
                c41 = b1.fma(a4, c41);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
                c50 = b0.fma(a5, c50);
                c51 = b1.fma(a5, c51);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
                c60 = b0.fma(a6, c60);
                c61 = b1.fma(a6, c61);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
                c70 = b0.fma(a7, c70);
                c71 = b1.fma(a7, c71);
            }
            aAt += aStride;
            bAt += WIDTH * length;
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c60.intoArray(c, cOffset + 6 * cStride);
        c61.intoArray(c, cOffset + 6 * cStride + LANES);
        c70.intoArray(c, cOffset + 7 * cStride);
        c71.intoArray(c, cOffset + 7 * cStride + LANES);
    }

    private static void tile2x4(float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int segment = 0; segment < segments; segment++) {
            for (int d = 0; d < length; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * d);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * d + LANES);
                int at = aAt + COLUMNS * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
            }
            aAt += aStride;
            bAt += WIDTH * length;
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
    }

    private static void tile1x8(float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
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
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + LANES * d);
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
            bAt += LANES * length;
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

    private static void tile1x4(float[] a, int aOffset, int aStride, int segments, int length, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int segment = 0; segment < segments; segment++) {
            for (int d = 0; d < length; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + LANES * d);
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
            bAt += LANES * length;
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
    }
}
