package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Sums of outer products of small integers, exact in any order: every height and width of a tile, depths around a run, scratch full of
 * NaN, a left side that ends with its array, and neighbours of the result that must stay.
 */
class OuterGemmTest {

    private static final int[] DEPTHS = {1, 15, 16, 17, 33};

    @Test
    void everyRowAndColumn() {
        for (int depth : DEPTHS) {
            for (int m = 1; m <= 2 * OuterGemm.HEIGHT + 1; m++) {
                for (int n = 1; n <= Panels.WIDTH; n++) {
                    check(depth, m, n, true);
                    check(depth, m, n, false);
                }
            }
        }
    }

    /** A row is packed in parts, as the taps of a patch are, with zeros between them; parts may begin and end anywhere in a panel. */
    @Test
    void rowsInParts() {
        int height = OuterGemm.HEIGHT;
        int m = 3 * height + 5;
        int stride = OuterGemm.panelStride(2);
        for (int first = 0; first <= m; first++) {
            for (int second = first; second <= m; second++) {
                float[] a = integers(2 * m);
                float[] packed = new float[OuterGemm.panels(m) * stride];
                Arrays.fill(packed, Float.NaN);
                for (int d = 0; d < 2; d++) {
                    OuterGemm.copy(a, d * m, 0, first, packed, d * height, stride);
                    OuterGemm.clear(first, second - first, packed, d * height, stride);
                    OuterGemm.copy(a, d * m + second, second, m - second, packed, d * height, stride);
                }
                OuterGemm.pad(OuterGemm.panels(m), 2, packed, 0, stride);
                for (int d = 0; d < 2; d++) {
                    for (int i = 0; i < m; i++) {
                        float expected = i >= first && i < second ? 0 : a[d * m + i];
                        assertEquals(expected, packed[i / height * stride + d * height + i % height], first + " to " + second + ", " + i);
                    }
                }
                for (int i = 2 * height; i < OuterGemm.paddedDepth(2) * height; i++) {
                    assertEquals(0, packed[i]);
                }
            }
        }
    }

    private static void check(int depth, int m, int n, boolean first) {
        int stride = n + 3;
        float[] a = integers(depth * m);
        float[] b = integers(depth * n);
        float[] c = integers(m * stride);
        float[] old = c.clone();
        int panels = OuterGemm.panels(m);
        int panelStride = OuterGemm.panelStride(depth);
        int padded = OuterGemm.paddedDepth(depth);
        int tile = Panels.WIDTH;
        int right = tile + OuterGemm.TILE_FLOATS;
        int left = right + padded * Panels.paddedColumns(n);
        float[] work = new float[left + panels * panelStride];
        Arrays.fill(work, Float.NaN);
        Arrays.fill(work, 0, Panels.WIDTH, 0);
        Panels.packColumns(b, 0, n, depth, n, 1, work, right, padded);
        new MatrixRows(m, false).packOuter(a, 0, m, 0, depth, 0, panels, work, left, panelStride);
        OuterGemm.pad(panels, depth, work, left, panelStride);
        for (int panel = 0; panel < panels; panel++) {
            int row = panel * OuterGemm.HEIGHT;
            OuterGemm.tile(Math.min(OuterGemm.HEIGHT, m - row), n, work, left + panel * panelStride, padded, work, right, first,
                    c, row * stride, stride, work, 0, tile);
        }
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < stride; j++) {
                double sum = first && j < n ? 0 : old[i * stride + j];
                for (int d = 0; j < n && d < depth; d++) {
                    sum += (double) a[d * m + i] * b[d * n + j];
                }
                assertEquals(sum, c[i * stride + j], depth + " deep, " + m + "x" + n + (first ? "" : ", added") + ", at " + i + ", " + j);
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
