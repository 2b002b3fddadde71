package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Where each column lies in wide panels and behind them, from rows and from columns of the matrix; and how rows are cut into tiles. */
class WidePanelsTest {

    private static final int W = WidePanels.WIDTH;

    @Test
    void everyColumnHasItsPlace() {
        for (int n : new int[] {1, W - 1, W, W + 1, 2 * W, 5 * W + Panels.WIDTH + 3}) {
            for (int depth : new int[] {1, 15, 16, 17, 40}) {
                check(depth, n, n / W * W, false);
            }
        }
    }

    @Test
    void everyColumnOfThinPanelsHasItsPlace() {
        int unit = ThinTile.WIDTH / 2;
        for (int units : new int[] {0, 2, 3, 4, 5, 8, 9}) {
            for (int rest : new int[] {0, 1, unit - 1}) {
                for (int depth : new int[] {1, 15, 16, 24, 32}) {
                    int n = Math.max(1, units * unit + rest);
                    assertEquals(units * unit, WidePanels.thinColumns(n));
                    check(depth, n, units * unit, true);
                }
            }
        }
        assertEquals(0, WidePanels.thinColumns(2 * unit - 1));
    }

    private static void check(int depth, int n, int wide, boolean thin) {
        int panelDepth = Panels.blocks(depth) * Panels.DEPTH;
        float[] rows = new float[depth * n];
        float[] columns = new float[depth * n];
        for (int d = 0; d < depth; d++) {
            for (int j = 0; j < n; j++) {
                rows[d * n + j] = 1 + d * n + j;
                columns[j * depth + d] = 1 + d * n + j;
            }
        }
        float[] packed = new float[Panels.columnPanelFloats(depth, n)];
        java.util.Arrays.fill(packed, Float.NaN);
        float[] transposed = packed.clone();
        WidePanels.pack(wide, thin, rows, 0, n, depth, n, 2, packed, 0, panelDepth);
        WidePanels.packTransposed(wide, thin, columns, 0, depth, depth, n, 2, transposed, 0, panelDepth);
        for (int j = 0; j < Panels.paddedColumns(n); j++) {
            int odd = thin && wide / (ThinTile.WIDTH / 2) % 2 == 1 ? ThinTile.WIDEST : 0;
            int unit = j >= wide ? Panels.WIDTH : !thin ? W : j < odd ? odd : ThinTile.WIDTH;
            int first = j < odd ? 0 : j < wide ? odd + (j - odd) / unit * unit : wide + (j - wide) / Panels.WIDTH * Panels.WIDTH;
            int width = Math.min(unit, Panels.paddedColumns(n - first));
            for (int d = 0; d < panelDepth; d++) {
                float expected = j < n && d < depth ? 2 * (1 + d * n + j) : 0;
                int at = first * panelDepth + d * width + j - first;
                String what = depth + " x " + n + ", depth " + d + ", column " + j;
                assertEquals(expected, packed[at], what);
                assertEquals(expected, transposed[at], what + ", transposed");
            }
        }
    }

    @Test
    void tilesEndWithTheRows() {
        for (int rows = 1; rows < 200; rows++) {
            int left = rows;
            int tiles = 0;
            for (; left > 0; tiles++) {
                int height = StrideTile4.next(left);
                assertTrue(height == 1 || height >= 4 && height <= StrideTile4.ROWS, rows + " rows, a tile of " + height);
                left -= height;
            }
            assertEquals(0, left, rows + " rows");
            int least = Math.ceilDiv(rows, StrideTile4.ROWS);
            assertTrue(tiles == least || rows == 2 || rows == 3, rows + " rows in " + tiles + " tiles");
        }
    }

    @Test
    void onlyWhereTheyPay() {
        assertEquals(StrideTile4.FITS ? W : 0, WidePanels.columns(64, W + 1));
        assertEquals(StrideTile4.FITS ? 2 * W : 0, WidePanels.columns(64, 3 * W - 1));
        assertEquals(0, WidePanels.columns(64, W - 1), "no whole panel");
        assertEquals(0, WidePanels.columns(64, 3 * W), "many columns");
        assertEquals(0, WidePanels.columns(32, W), "a little depth");
        assertEquals(ThinTile.FITS ? ThinTile.WIDTH : 0, WidePanels.columns(32, ThinTile.WIDTH + 1));
        assertEquals(ThinTile.FITS ? ThinTile.WIDEST : 0, WidePanels.columns(24, ThinTile.WIDEST));
        assertEquals(ThinTile.FITS ? 5 * ThinTile.WIDTH / 2 : 0, WidePanels.columns(1, 5 * ThinTile.WIDTH / 2));
        assertEquals(0, WidePanels.columns(33, 3 * W), "many columns, and not thin");
        assertEquals(0, WidePanels.columns(17, (1 << 8) + 1), "a thin b beyond a part of L1");
        assertEquals(ThinTile.FITS, WidePanels.columns(17, 1 << 8) > 0);
        assertEquals(0, WidePanels.columns((1 << 17) / W, W), "a large b");
        assertEquals(0, WidePanels.columns((1 << 17) / W - 1, W), "large with what pads it, as whoever cuts it into columns counts");
    }
}
