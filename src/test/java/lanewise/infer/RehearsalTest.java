package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lanewise.internal.gemm.WidePanels;
import lanewise.kernel.ConvShape;
import org.junit.jupiter.api.Test;

/** The small problem runs the tiles of the large one: in place and over wide panels, or not. */
class RehearsalTest {

    @Test
    void wideStaysWide() {
        for (int c : new int[] {16, 32, 33, 64, 100, 256, 1024}) {
            for (int k : new int[] {16, 32, 64, 70, 100, 128, 160, 256, 512}) {
                var shape = ConvShape.of(1, 28, 28, c, k, 1, 1);
                ConvShape small = Rehearsal.smaller(shape, false);
                boolean wide = WidePanels.columns(c, k) > 0;
                assertEquals(wide, WidePanels.columns(small.c(), small.k()) > 0, shape + " as " + small);
                assertEquals(wide ? k % WidePanels.WIDTH : 0, wide ? small.k() % WidePanels.WIDTH : 0, shape + " as " + small);
                assertTrue(small.multiplyAdds() <= shape.multiplyAdds(), shape + " as " + small);
            }
        }
    }
}
