package lanewise.bench;

import java.util.Arrays;

/** {@code C = A B} for dense row-major matrices, as one writes it first and as one writes it second. C is overwritten. */
final class NaiveGemm {

    private NaiveGemm() {}

    /** Row times column: the definition. The column of B is walked a row's length at a time. */
    static void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a[i * k + l] * b[l * n + j];
                }
                c[i * n + j] = sum;
            }
        }
    }

    /** The two inner loops exchanged: all of memory is read in order, and C2 makes vectors of the innermost loop by itself. */
    static void multiplyByRows(int m, int n, int k, float[] a, float[] b, float[] c) {
        Arrays.fill(c, 0);
        for (int i = 0; i < m; i++) {
            for (int l = 0; l < k; l++) {
                float factor = a[i * k + l];
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += factor * b[l * n + j];
                }
            }
        }
    }
}
