package lanewise.internal.gemm;

import lanewise.internal.simd.Simd;

/** Pixels of an image of few channels against one column panel; the edges of {@link PixelTile2}. */
public final class PixelGemm {

    private PixelGemm() {}

    /**
     * Computes {@code rows} neighbouring pixels.
     *
     * @param columns columns of {@code c} to write, 1 to {@link Panels#WIDTH}
     * @param taps for each depth, its offset from a pixel's place
     * @param b a column panel as deep as there are taps
     * @param first start from {@code bias} instead of from {@code c}
     * @param tile {@code rows} x {@link Panels#WIDTH} floats in {@code work} at this offset
     */
    public static void run(int rows, int columns, float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                           float[] bias, int biasOffset, boolean first, boolean relu, float[] c, int cOffset, int cStride,
                           float[] work, int tile) {
        int width = Panels.paddedColumns(columns);
        if (columns == width) {
            vectors(width, rows, a, aOffset, taps, b, bOffset, first ? bias : c, first ? biasOffset : cOffset, first ? 0 : cStride,
                    relu, c, cOffset, cStride);
            return;
        }
        if (!first) {
            Tiles.copy(rows, columns, c, cOffset, cStride, work, tile, width);
        }
        vectors(width, rows, a, aOffset, taps, b, bOffset, first ? bias : work, first ? biasOffset : tile, first ? 0 : width,
                relu, work, tile, width);
        Tiles.copyOut(rows, columns, work, tile, width, c, cOffset, cStride);
    }

    private static void vectors(int width, int rows, float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        if (width == Panels.WIDTH) {
            PixelTile2.run(rows, a, aOffset, taps, b, bOffset, init, initOffset, initStride, relu, c, cOffset, cStride);
        } else {
            PixelTile1.run(rows, a, aOffset, taps, b, bOffset, init, initOffset, initStride, relu, c, cOffset, cStride);
        }
    }

    /** The size of the smallest tile for {@code left} pixels, or {@code left} if that has several full ones. */
    static int fullTile(int left) {
        if (Simd.REGISTERS < 32 || left <= 4) {
            return left == 3 ? 4 : left;
        }
        return left <= 7 ? 7 : left <= 10 ? 10 : Math.max(left, 14);
    }
}
