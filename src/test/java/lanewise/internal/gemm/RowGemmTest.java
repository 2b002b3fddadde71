package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Products of small integers, exact in any order, for depths around a run and a slice, with all that can be added or clamped. */
class RowGemmTest {

    private static final int[] DEPTHS = {1, 16, 17, 24, 32, 63, 64, 65, 80, 127, 128, 129, 200, 1024, 1030};
    private static final int[] ROWS = {1, 2, 3, 6, 7, 8, 9, 13, 14, 15, 33};
    private static final int[] COLUMNS = {1, Panels.WIDTH / 2, Panels.WIDTH - 1, Panels.WIDTH, Panels.WIDTH + 3,
        WidePanels.WIDTH, WidePanels.WIDTH + 5, ThinTile.WIDTH, ThinTile.WIDEST + 2,
        ThinTile.WIDTH + ThinTile.WIDEST, 3 * WidePanels.WIDTH + Panels.WIDTH};

    @Test
    void everyRemainder() {
        for (int depth : DEPTHS) {
            for (int rows : ROWS) {
                for (int n : COLUMNS) {
                    check(depth, rows, n, false, false, 0);
                    check(depth, rows, n, false, false, Float.POSITIVE_INFINITY);
                    check(depth, rows, n, false, true, 6);
                    check(depth, rows, n, true, false, 0);
                }
            }
        }
    }

    private static void check(int depth, int rows, int n, boolean plus, boolean residual, float ceiling) {
        int stride = n + 5;
        float[] a = integers(rows * depth);
        float[] b = integers(depth * n);
        float[] packed = new float[Panels.columnPanelFloats(depth, n)];
        var matrix = MatrixRows.of(depth, n);
        WidePanels.pack(matrix.wideColumns(n), matrix.isThin(), b, 0, n, depth, n, 1, packed, 0, Panels.blocks(depth) * Panels.DEPTH);
        float[] bias = Arrays.copyOf(integers(n), n + Panels.WIDTH);
        float[] added = integers(rows * n);
        float[] c = integers(rows * stride);
        float[] old = c.clone();
        float[] work = new float[RowGemm.workFloats(rows, Panels.blocks(depth))];
        Arrays.fill(work, Float.NaN);
        RowGemm.run(matrix, a, 0, depth, 0, rows, 0, depth, packed, 0, n, bias, 0, plus,
                residual ? added : null, 0, n, ceiling, c, 0, stride, work, 0);
        String what = depth + " deep, " + rows + "x" + n + (plus ? ", plus" : "") + (residual ? ", residual" : "") + ", " + ceiling;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < stride; j++) {
                double sum = old[i * stride + j];
                if (j < n) {
                    sum = (plus ? sum : bias[j]) + (residual ? added[i * n + j] : 0);
                    for (int d = 0; d < depth; d++) {
                        sum += (double) a[i * depth + d] * b[d * n + j];
                    }
                    sum = ceiling > 0 ? Math.clamp(sum, 0.0, (double) ceiling) : sum;
                }
                assertEquals(sum, c[i * stride + j], what + ", at " + i + ", " + j);
            }
        }
    }

    private static float[] integers(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (i * 7 + length) % 11 - 5;
        }
        return values;
    }
}
