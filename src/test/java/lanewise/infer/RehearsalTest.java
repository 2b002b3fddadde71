package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.internal.gemm.DenseGemm;
import lanewise.internal.gemm.TileRehearsal;
import lanewise.internal.gemm.WidePanels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import lanewise.kernel.PoolShape;
import org.junit.jupiter.api.Test;

/** The small problem runs the tiles of the large one: in place and over wide panels, or not. */
class RehearsalTest {

    /** The kinds of panels, and what is left of the columns. */
    private static List<Integer> kinds(int c, int k) {
        int wide = WidePanels.columns(c, k);
        if (!WidePanels.isThin(c)) {
            return List.of(k - wide);
        }
        int unit = WidePanels.WIDTH / 4 * 3;
        int odd = wide / unit % 2;
        return List.of(k - wide, odd, odd == 1 && wide == 3 * unit ? 0 : 1);
    }

    @Test
    void wideStaysWide() {
        for (int c : new int[] {16, 32, 33, 64, 100, 256, 1024}) {
            for (int k : new int[] {16, 32, 64, 70, 96, 100, 128, 144, 150, 160, 192, 240, 256, 336, 512}) {
                var shape = ConvShape.of(1, 28, 28, c, k, 1, 1);
                ConvShape small = Rehearsal.smaller(shape, false);
                boolean wide = WidePanels.columns(c, k) > 0;
                assertEquals(wide, WidePanels.columns(small.c(), small.k()) > 0, shape + " as " + small);
                assertEquals(wide && WidePanels.isThin(c), wide && WidePanels.isThin(small.c()), shape + " as " + small);
                assertEquals(wide ? kinds(c, k) : List.of(), wide ? kinds(small.c(), small.k()) : List.of(), shape + " as " + small);
                assertTrue(small.multiplyAdds() <= shape.multiplyAdds(), shape + " as " + small);
            }
        }
    }

    /** What is packed in the large product is packed in the small one, where few columns would be read in place. */
    @Test
    void packedStaysPacked() {
        for (int c : new int[] {64, 128, 256, 1024, 2048}) {
            for (int k : new int[] {128, 256, 512, 1000, 2048}) {
                var shape = ConvShape.of(1, 7, 7, c, k, 1, 1);
                ConvShape small = Rehearsal.smaller(shape, false);
                if (WidePanels.columns(c, k) == 0) {
                    assertTrue(small.c() >= 64 && small.k() > 64, shape + " as " + small);
                    assertEquals(c % 64, small.c() % 64, shape + " as " + small);
                    assertEquals(k % 32, small.k() % 32, shape + " as " + small);
                }
            }
        }
    }

    /** Of the columns of a dense layer, a block, a panel and a part of one have tiles of their own. */
    @Test
    void denseLayersKeepTheirTiles() {
        for (int c : new int[] {1, 20, 84, 400, 2048}) {
            for (int k : new int[] {1, 10, 32, 40, 64, 84, 96, 100, 120, 1000, 4096}) {
                ConvShape small = Rehearsal.dense(ConvShape.of(1, 1, 1, c, k, 1, 1));
                assertEquals(k % DenseGemm.BLOCK, small.k() % DenseGemm.BLOCK);
                assertEquals(k >= DenseGemm.BLOCK, small.k() >= DenseGemm.BLOCK);
                assertTrue(small.k() <= k && small.c() <= c, small.toString());
                assertTrue(small.c() >= Math.min(c, 64), "of few depths a cold tile takes as long as a fast one: " + small);
            }
        }
    }

    /** 64 channels and more have other tiles than 16; and the small problem has the tiles of 4x4 that the large one has. */
    @Test
    void transformedProductsStayDeep() {
        for (int c : new int[] {64, 128, 192}) {
            ConvPlan plan = ConvPlan.of(ConvShape.of(1, 56, 56, c, c, 3, 3, 1, 1));
            assertTrue(plan.usesWinograd(Pass.FORWARD), plan.toString());
            String key = Rehearsal.of(plan, false).key().toString();
            assertTrue(key.startsWith("n1c64h9w12_k32r3s3_p1 WinogradConv"), key);
        }
    }

    /** Each kernel has its tiles; what has none of its own here brings none. */
    @Test
    void tilesOfAKernel() {
        assertEquals(TileRehearsal.PLANES, tiles(ConvShape.of(1, 28, 28, 1, 6, 5, 5, 1, 2), "PlanarConv"));
        assertEquals(TileRehearsal.FILTER_ROW, tiles(ConvShape.of(1, 14, 14, 6, 16, 5, 5), "FilterRowConv"));
        assertEquals(TileRehearsal.DENSE4 | TileRehearsal.DENSE_TAILS, tiles(ConvShape.of(1, 1, 1, 400, 120, 1, 1), "DenseConv"));
        assertEquals(TileRehearsal.ADJACENT14, tiles(ConvShape.of(1, 224, 224, 3, 64, 7, 7, 2, 3), "FewChannelWinogradConv"));
        assertEquals(TileRehearsal.PIXELS14, tiles(ConvShape.of(1, 32, 32, 3, 64, 3, 3, 2, 1), "FewChannelConv"));
        assertEquals(TileRehearsal.ROWS14, tiles(ConvShape.of(1, 28, 28, 256, 512, 1, 1), "PointwiseConv"));
        assertEquals(TileRehearsal.ROWS14 | TileRehearsal.ROWS7, tiles(ConvShape.of(1, 7, 7, 512, 512, 3, 3, 1, 1), "GemmConv"));
        assertEquals(0, tiles(ConvShape.depthwise(1, 28, 28, 64, 3, 3), "DepthwiseConv"));
    }

    private static int tiles(ConvShape shape, String algorithm) {
        return Rehearsal.tiles(ConvPlan.of(shape).withAlgorithm(Pass.FORWARD, algorithm));
    }

    /** Pooling has a loop for a single vector of channels, and border windows, of which there are few, run only that or the other. */
    @Test
    void severalVectorsOfChannelsStaySeveral() {
        for (int c : new int[] {1, 6, 8, 16, 20, 31, 32, 64, 100, 192}) {
            PoolShape shape = PoolShape.of(1, 112, 112, c, 3, 3).withStride(2, 2).withPadding(1, 1);
            PoolShape small = Rehearsal.smaller(shape, 2 * Simd.LANES);
            assertEquals(Math.min(2, c / Simd.LANES), Math.min(2, small.c() / Simd.LANES), shape + " as " + small);
            assertEquals(c % Simd.LANES, small.c() % Simd.LANES, shape + " as " + small);
            assertTrue(small.xLength() <= shape.xLength(), shape + " as " + small);
        }
    }
}
