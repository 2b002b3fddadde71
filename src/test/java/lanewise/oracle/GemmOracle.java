package lanewise.oracle;

/** What a matrix product is: {@code C[i][j] = alpha sum over d of op(A)[i][d] op(B)[d][j] + beta C[i][j]}. */
public final class GemmOracle {

    private GemmOracle() {}

    /**
     * The dense {@code m x n} result of dense operands; a factor of 0 leaves its operands unread, and {@code c} may then be
     * null.
     */
    public static Sums multiply(int m, int n, int k, boolean transposeA, boolean transposeB,
                                float alpha, float[] a, float[] b, float beta, float[] c) {
        var sums = new Sums(m * n);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int d = 0; d < k && alpha != 0; d++) {
                    double left = a[transposeA ? d * m + i : i * k + d];
                    double right = b[transposeB ? j * k + d : d * n + j];
                    sums.add(i * n + j, alpha * left * right);
                }
                if (beta != 0) {
                    sums.add(i * n + j, (double) beta * c[i * n + j]);
                }
            }
        }
        return sums;
    }
}
