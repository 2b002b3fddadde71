package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows that are read where they lie give the bits of rows that are packed first. */
class RowGemmInPlaceTest {

    private static final int[] DEPTHS = {1, 7, 16, 24, 32, 33, 64, 100, 144, 200};
    private static final int[] ROWS = {1, 4, 7, 13, 14, 15, 19, 30, 42};

    /** The same rows, not known to lie in one piece. */
    private record Gathered(MatrixRows rows) implements RowSource {

        @Override
        public void pack(float[] a, int aOffset, int aStride, int row, int count, int fromBlock, int toBlock,
                         float[] to, int toOffset, int run, int rowStride, int runStride, int spare) {
            rows.pack(a, aOffset, aStride, row, count, fromBlock, toBlock, to, toOffset, run, rowStride, runStride, spare);
        }

        @Override
        public void packOuter(float[] a, int aOffset, int aStride, int row, int count, int fromPanel, int toPanel,
                              float[] to, int toOffset, int panelStride) {
            rows.packOuter(a, aOffset, aStride, row, count, fromPanel, toPanel, to, toOffset, panelStride);
        }
    }

    @Test
    void sameBits() {
        int width = Panels.WIDTH;
        for (int depth : DEPTHS) {
            for (int rows : ROWS) {
                for (int n : new int[] {1, width / 2, width - 1, width, width + 1, 2 * width - 3, 2 * width, 3 * width,
                    4 * width, 4 * width + 1, 9 * width / 2, 6 * width + 3, 15 * width / 2}) {
                    check(depth, rows, n, false, false, 0);
                    check(depth, rows, n, false, true, Float.POSITIVE_INFINITY);
                    check(depth, rows, n, false, false, 0.25f);
                    check(depth, rows, n, true, false, 0);
                }
            }
        }
    }

    private static void check(int depth, int rows, int n, boolean plus, boolean residual, float ceiling) {
        var random = new Random(depth * 1000L + n);
        int aStride = depth + 3;
        int cStride = n + 5;
        int first = 2;
        float[] a = floats(random, first * aStride + rows * aStride);
        float[] filter = floats(random, depth * n);
        float[] b = new float[Panels.columnPanelFloats(depth, n)];
        float[] wide = b.clone();
        int panelDepth = Panels.blocks(depth) * Panels.DEPTH;
        Panels.packColumns(filter, 0, n, depth, n, 1, b, 0, panelDepth);
        float[] bias = Arrays.copyOf(floats(random, n), n + Panels.WIDTH);
        float[] added = residual ? floats(random, rows * n) : null;
        float[] expected = floats(random, rows * cStride);
        float[] c = expected.clone();
        float[] dense = rows(expected, rows, n, cStride); // where last vectors spill into the next row
        float[] denseGathered = dense.clone();
        var matrix = MatrixRows.of(depth, n);
        WidePanels.pack(matrix.wideColumns(n), matrix.isThin(), filter, 0, n, depth, n, 1, wide, 0, panelDepth);
        run(new Gathered(matrix), a, aStride, first, rows, depth, b, n, bias, plus, added, ceiling, expected, cStride);
        run(matrix, a, aStride, first, rows, depth, wide, n, bias, plus, added, ceiling, c, cStride);
        String what = rows + " rows, " + depth + " deep, " + n + " columns, plus " + plus + ", ceiling " + ceiling;
        assertArrayEquals(expected, c, what);
        run(new Gathered(matrix), a, aStride, first, rows, depth, b, n, bias, plus, added, ceiling, denseGathered, n);
        run(matrix, a, aStride, first, rows, depth, wide, n, bias, plus, added, ceiling, dense, n);
        assertArrayEquals(rows(expected, rows, n, cStride), denseGathered, () -> "packed and dense, " + what);
        assertArrayEquals(denseGathered, dense, () -> "dense, " + what);
    }

    /** The rows without the gaps between them. */
    private static float[] rows(float[] c, int rows, int n, int cStride) {
        float[] dense = new float[rows * n];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(c, i * cStride, dense, i * n, n);
        }
        return dense;
    }

    private static void run(RowSource source, float[] a, int aStride, int first, int rows, int depth, float[] b, int n, float[] bias,
                            boolean plus, float[] residual, float ceiling, float[] c, int cStride) {
        float[] work = new float[RowGemm.workFloats(rows, Panels.blocks(depth))];
        Arrays.fill(work, Float.NaN);
        RowGemm.run(source, a, 0, aStride, first, rows, 0, depth, b, 0, n, bias, 0, plus, residual, 0, n, ceiling,
                c, 0, cStride, work, 0);
    }

    private static float[] floats(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
