package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lanewise.internal.simd.Processor;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;

/** The tiles over one column panel fetch the next: all of it, and nothing beyond. */
class RowGemmFetchTest {

    private static final int LARGE = 1 << 20;

    @Test
    void placesCoverThePanelAndStayInIt() {
        for (int width : new int[] {Panels.WIDTH / 2, Panels.WIDTH}) {
            for (int tiles = 1; tiles <= 28; tiles++) {
                for (int depth = Panels.DEPTH; depth <= 1024; depth += Panels.DEPTH) {
                    int rounds = depth / Panels.RUN * (Panels.RUN / Panels.DEPTH);
                    int floats = depth * width;
                    int step = RowGemm.fetchStep(tiles, rounds, floats, LARGE);
                    int gap = RowGemm.fetchGap(floats, tiles * rounds * step);
                    String what = width + " wide, " + tiles + " tiles, " + depth + " deep";
                    if (rounds == 0) {
                        assertEquals(0, step, what);
                        continue;
                    }
                    int end = 7 * gap + tiles * rounds * step;
                    assertTrue(step > 0 && gap >= 0 && end <= floats && end > floats - 7, what + ": " + end + " of " + floats);
                    assertTrue(gap <= tiles * rounds * step, what + ": places " + gap + " apart");
                }
            }
        }
        assertEquals(0, RowGemm.fetchStep(3, 4, 0, LARGE), "no next panel");
        assertEquals(0, RowGemm.fetchStep(0, 4, 4096, LARGE), "no full tile");
        assertEquals(0, RowGemm.fetchStep(3, 4, 4096, 1 << 10), "a small b");
    }

    /** A b without a float to spare, at the end of an array: reading past it throws. Sums of small integers are exact. */
    @Test
    void lastPanelReadsNothingBeyondB() {
        int depth = 1040;
        for (int rows : new int[] {13, 14, 30, 49}) {
            for (int n : new int[] {256, 256 + 1, 256 + Panels.WIDTH - 1}) {
                float[] a = new float[rows * depth];
                float[] b = new float[Panels.columnPanelFloats(depth, n)];
                float[] c = new float[rows * n];
                float[] work = new float[RowGemm.workFloats(rows, Panels.blocks(depth))];
                Arrays.fill(a, 1);
                Arrays.fill(b, 2);
                RowGemm.run(new MatrixRows(depth, false), a, 0, depth, 0, rows, 0, depth, b, 0, n,
                        new float[n + Panels.WIDTH], 0, false, c, 0, n, work, 0);
                for (int i = 0; i < c.length; i++) {
                    assertEquals(2f * depth, c[i], rows + " rows, " + n + " columns, at " + i);
                }
            }
        }
    }

    /** The lines of c that are fetched before they are written are those of its tiles; nothing is stored by that. */
    @Test
    void farProductsHaveTheSameBits() {
        for (int depth : new int[] {20, 64, 150}) {
            for (int rows : new int[] {5, 14, 28, 61}) {
                for (int n : new int[] {Panels.WIDTH, 3 * Panels.WIDTH, 3 * Panels.WIDTH + 5, 5}) {
                    for (boolean plus : new boolean[] {false, true}) {
                        assertArrayEquals(product(false, depth, rows, n, plus), product(true, depth, rows, n, plus),
                                rows + " rows, " + n + " columns, " + depth + " deep, plus " + plus);
                    }
                }
            }
        }
        assertEquals(ReadAhead.FETCHES && Processor.READS_AHEAD, MatrixRows.of(64, 256, 1 << 15).isFar());
        assertFalse(MatrixRows.of(64, 256, (1 << 15) - 1).isFar());
        assertFalse(MatrixRows.of(64, 256).isFar());
    }

    /** The rows that are fetched are the next ones; nothing is stored by that, behind the last one neither. */
    @Test
    void fetchedRowsHaveTheSameBits() {
        int n = WidePanels.WIDTH;
        for (int depth : new int[] {48, 64, 200, 256}) {
            for (int rows : new int[] {1, 5, 98, 150}) {
                int all = 2 * rows + 1;
                float[] b = Data.reals(2, Panels.blocks(depth) * Panels.DEPTH * n);
                float[][] c = new float[2][all * n];
                for (int fetches = 0; fetches < 2; fetches++) {
                    float[] a = Data.reals(1, all * depth);
                    var matrix = new MatrixRows(depth, WidePanels.columns(depth, n) > 0, false, fetches * all);
                    for (int row = 0; row < all; row += rows) {
                        int count = Math.min(rows, all - row);
                        assertEquals(fetches * Math.min(rows, all - row - count), matrix.next(row + count, rows));
                        RowGemm.run(matrix, a, 0, depth, row, count, 0, depth, b, 0, n, new float[n], 0, false, c[fetches], row * n, n,
                                new float[RowGemm.workFloats(rows, Panels.blocks(depth))], 0);
                    }
                    assertArrayEquals(Data.reals(1, all * depth), a);
                }
                assertArrayEquals(c[0], c[1], all + " rows, " + depth + " deep");
            }
        }
        assertEquals(ReadAhead.FETCHES ? 1 << 15 : 0, MatrixRows.of(256, 64, 1 << 15).fetched());
        assertEquals(0, MatrixRows.of(256, 64, (1 << 15) - 1).fetched());
        assertEquals(0, MatrixRows.of(256, 64, 1 << 15).shared().fetched());
    }

    private static float[] product(boolean far, int depth, int rows, int n, boolean plus) {
        float[] b = Data.reals(2, Panels.columnPanelFloats(Panels.blocks(depth) * Panels.DEPTH, n));
        float[] c = Data.reals(3, rows * n); // it ends with its array
        RowGemm.run(new MatrixRows(depth, false, far, 0), Data.reals(1, rows * depth), 0, depth, 0, rows, 0, depth, b, 0, n,
                Data.reals(4, n + Panels.WIDTH), 0, plus, c, 0, n, new float[RowGemm.workFloats(rows, Panels.blocks(depth))], 0);
        return c;
    }
}
