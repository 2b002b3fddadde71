package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lanewise.internal.gemm.Panels;
import lanewise.oracle.Data;
import lanewise.oracle.GemmOracle;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Gemm} in every form, size and remainder. */
@Tag("tile")
class GemmTest {

    private static final int MOST_ROWS = 2 * Panels.ROWS + 1;
    private static final int MOST_COLUMNS = 2 * Panels.WIDTH + 1;
    private static final int MOST_DEPTH = 2 * Panels.DEPTH + 1;

    /** One product: its sizes and forms. */
    private record Size(int m, int n, int k, boolean transposeA, boolean transposeB) {

        static Stream<Size> everyForm(int m, int n, int k) {
            return Stream.of(new Size(m, n, k, false, false), new Size(m, n, k, false, true), new Size(m, n, k, true, false),
                    new Size(m, n, k, true, true));
        }

        Gemm gemm() {
            return Gemm.of(m, n, k, transposeA, transposeB);
        }

        /** Floats in a row of A as it is stored. */
        int rowA() {
            return transposeA ? m : k;
        }

        int rowB() {
            return transposeB ? k : n;
        }

        Sums oracle(float alpha, float[] a, float[] b, float beta, float[] c) {
            return GemmOracle.multiply(m, n, k, transposeA, transposeB, alpha, a, b, beta, c);
        }

        @Override
        public String toString() {
            return gemm().toString();
        }
    }

    private static Workspace workspace(Gemm gemm, Threads threads) {
        Workspace workspace = gemm.newWorkspace(threads);
        Arrays.fill(workspace.floats(), Float.NaN);
        return workspace;
    }

    /** Dense matrices at odd offsets, between canaries; returns C. */
    private static Guarded multiply(Size s, float alpha, float[] a, float[] b, float beta, float[] c) {
        Guarded left = Guarded.of(a);
        Guarded right = Guarded.of(b);
        Guarded out = Guarded.of(c);
        Gemm gemm = s.gemm();
        gemm.multiply(alpha, left.array(), left.offset(), Math.max(1, s.rowA()),
                right.array(), right.offset(), Math.max(1, s.rowB()),
                beta, out.array(), out.offset(), Math.max(1, s.n), workspace(gemm, Threads.one()));
        out.assertCanaries(s);
        left.assertUntouched(s + ", A");
        right.assertUntouched(s + ", B");
        return out;
    }

    private static float[] nan(int length) {
        float[] nan = new float[length];
        Arrays.fill(nan, Float.NaN);
        return nan;
    }

    private static void checkExact(Size s) {
        float[] a = Data.integers(1, s.m * s.k);
        float[] b = Data.integers(2, s.k * s.n);
        s.oracle(1, a, b, 0, null).assertExact(multiply(s, 1, a, b, 0, nan(s.m * s.n)), s);
        float[] c = Data.integers(3, s.m * s.n);
        s.oracle(-2, a, b, 1, c).assertExact(multiply(s, -2, a, b, 1, c), s + " alpha -2, beta 1");
    }

    // ---- sizes ----

    @Test
    void everyNumberOfRows() {
        for (int m = 1; m <= MOST_ROWS; m++) {
            Size.everyForm(m, 2 * Panels.WIDTH, 7).forEach(GemmTest::checkExact);
            Size.everyForm(m, 5, 16).forEach(GemmTest::checkExact);
        }
    }

    @Test
    void everyNumberOfColumns() {
        for (int n = 1; n <= MOST_COLUMNS; n++) {
            Size.everyForm(Panels.ROWS, n, 5).forEach(GemmTest::checkExact);
            Size.everyForm(3, n, 18).forEach(GemmTest::checkExact);
        }
    }

    @Test
    void everyDepth() {
        for (int k = 1; k <= MOST_DEPTH; k++) {
            Size.everyForm(Panels.ROWS + 1, Panels.WIDTH + 3, k).forEach(GemmTest::checkExact);
            Size.everyForm(1, 1, k).forEach(GemmTest::checkExact);
        }
    }

    /** Every remainder of rows with every remainder of columns and a few of the depth. */
    @Test
    void everyTile() {
        for (int m = 1; m <= MOST_ROWS; m++) {
            for (int n = 1; n <= MOST_COLUMNS; n++) {
                checkExact(new Size(m, n, 1 + (m + n) % MOST_DEPTH, (m + n) % 3 == 0, (m ^ n) % 2 == 0));
            }
        }
    }

    /** Past every blocking constant: slices of the depth, blocks of rows, blocks of columns. */
    static Stream<Size> large() {
        return Stream.of(new int[] {5, 9, 600}, new int[] {30, 70, 257}, new int[] {400, 20, 9}, new int[] {3, 2100, 5},
                new int[] {370, 40, 300},
                new int[] {17, 2049, 260}, new int[] {1, 4099, 16}, new int[] {800, 1, 31}, new int[] {1, 1, 5000},
                        new int[] {129, 130, 512})
                .flatMap(s -> Size.everyForm(s[0], s[1], s[2]));
    }

    @ParameterizedTest
    @MethodSource("large")
    void largeSizes(Size s) {
        checkExact(s);
    }

    @Test
    void emptySizes() {
        int products = 0;
        for (int[] sizes : new int[][] {{0, 4, 5}, {3, 0, 5}, {3, 4, 0}, {0, 0, 5}, {0, 4, 0}, {3, 0, 0}, {0, 0, 0}, {1, 1, 0}}) {
            for (Size s : Size.everyForm(sizes[0], sizes[1], sizes[2]).toList()) {
                float[] a = Data.reals(1, s.m * s.k);
                float[] b = Data.reals(2, s.k * s.n);
                float[] c = Data.reals(3, s.m * s.n);
                Guarded set = multiply(s, 1, a, b, 0, nan(s.m * s.n));
                Guarded plus = multiply(s, 1, a, b, 1, c);
                Guarded half = multiply(s, 1, a, b, 0.5f, c);
                for (int i = 0; i < s.m * s.n; i++) { // only where k = 0
                    assertEquals(0, set.get(i), s::toString);
                    assertEquals(c[i], plus.get(i), s::toString);
                    assertEquals(c[i] / 2, half.get(i), s::toString);
                }
                products++;
            }
        }
        assertEquals(32, products);
    }

    // ---- factors ----

    static Stream<Size> forms() {
        return Stream.concat(Size.everyForm(31, 45, 37), Size.everyForm(16, 2 * Panels.WIDTH, 300));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void factors(Size s) {
        float[] a = Data.reals(1, s.m * s.k);
        float[] b = Data.reals(2, s.k * s.n);
        float[] c = Data.reals(3, s.m * s.n);
        for (float alpha : new float[] {0, 1, -1, 0.3f, 1e-20f}) {
            for (float beta : new float[] {0, 1, -1, 0.7f, 1e20f}) {
                String what = s + " alpha " + alpha + " beta " + beta;
                Guarded out = multiply(s, alpha, alpha == 0 ? nan(a.length) : a, alpha == 0 ? nan(b.length) : b,
                        beta, beta == 0 ? nan(c.length) : c);
                s.oracle(alpha, a, b, beta, c).plusRoundings(2).assertClose(out, what);
            }
        }
    }

    @Test
    void realsInEverySize() {
        for (Size s : Stream.concat(large(), forms()).toList()) {
            float[] a = Data.reals(1, s.m * s.k);
            float[] b = Data.reals(2, s.k * s.n);
            s.oracle(1, a, b, 0, null).assertClose(multiply(s, 1, a, b, 0, nan(s.m * s.n)), s);
        }
    }

    @Test
    void wholeArrays() {
        for (Size s : forms().toList()) {
            float[] a = Data.integers(1, s.m * s.k);
            float[] b = Data.integers(2, s.k * s.n);
            float[] c = nan(s.m * s.n);
            Gemm gemm = s.gemm();
            gemm.multiply(a, b, c, gemm.newWorkspace());
            s.oracle(1, a, b, 0, null).assertExact(Guarded.of(c), s);
        }
    }

    // ---- parts of larger matrices ----

    /** A matrix whose rows are {@code stride} floats apart, with NaN between them. */
    private static float[] spread(float[] dense, int row, int stride) {
        float[] wide = nan(dense.length / row * stride);
        for (int i = 0; i < dense.length; i++) {
            wide[i / row * stride + i % row] = dense[i];
        }
        return wide;
    }

    @Test
    void partsOfLargerMatrices() {
        var random = new SplittableRandom(5);
        int products = 0;
        for (int[] sizes : new int[][] {{1, 1, 1}, {15, 33, 17}, {29, 64, 40}, {7, 5, 270}, {370, 18, 20}, {64, 64, 64}}) {
            for (Size s : Size.everyForm(sizes[0], sizes[1], sizes[2]).toList()) {
                int lda = s.rowA() + random.nextInt(1, 40);
                int ldb = s.rowB() + random.nextInt(1, 40);
                int ldc = s.n + random.nextInt(1, 40);
                float[] a = Data.integers(1, s.m * s.k);
                float[] b = Data.integers(2, s.k * s.n);
                float[] c = Data.integers(3, s.m * s.n);
                Guarded left = Guarded.of(spread(a, s.rowA(), lda));
                Guarded right = Guarded.of(spread(b, s.rowB(), ldb));
                Guarded out = Guarded.of(spread(c, s.n, ldc));
                Gemm gemm = s.gemm();
                gemm.multiply(3, left.array(), left.offset(), lda, right.array(), right.offset(), ldb, 1, out.array(), out.offset(),
                        ldc,
                        workspace(gemm, Threads.one()));
                float[] rows = new float[s.m * s.n];
                for (int i = 0; i < s.m * ldc; i++) {
                    if (i % ldc < s.n) {
                        rows[i / ldc * s.n + i % ldc] = out.get(i);
                    } else {
                        assertTrue(Float.isNaN(out.get(i)), () -> s + ": wrote between the rows of C");
                    }
                }
                s.oracle(3, a, b, 1, c).assertExact(Guarded.of(rows), s + " strided");
                out.assertCanaries(s);
                left.assertUntouched(s);
                right.assertUntouched(s);
                products++;
            }
        }
        assertEquals(24, products);
    }

    /** The last row of a strided matrix need not be padded to the stride. */
    @Test
    void lastRowMayEndTheArray() {
        Gemm gemm = Gemm.of(3, 2, 4);
        float[] a = spread(Data.integers(1, 12), 4, 9);
        float[] b = spread(Data.integers(2, 8), 2, 5);
        float[] c = new float[2 * 7 + 2];
        gemm.multiply(1, Arrays.copyOf(a, 2 * 9 + 4), 0, 9, Arrays.copyOf(b, 3 * 5 + 2), 0, 5, 0, c, 0, 7, gemm.newWorkspace());
        Sums sums = GemmOracle.multiply(3, 2, 4, false, false, 1, Data.integers(1, 12), Data.integers(2, 8), 0, null);
        assertEquals(sums.value(5), c[15]);
    }

    // ---- NaN and infinity ----

    @Test
    void poisonReachesExactlyItsRowOrColumn() {
        for (Size s : Stream.of(new Size(31, 45, 37, false, false), new Size(15, 40, 20, true, false),
                new Size(20, 37, 33, false, true),
                new Size(30, 33, 18, true, true)).toList()) {
            for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (int at = 0; at < 5; at++) {
                    float[] a = Data.integers(1, s.m * s.k); // with zeros: 0 * infinity is NaN
                    float[] b = Data.integers(2, s.k * s.n);
                    a[at * 7919 % a.length] = poison;
                    b[at * 104729 % b.length] = poison;
                    s.oracle(1, a, b, 0, null).assertExact(multiply(s, 1, a, b, 0, nan(s.m * s.n)), s + " with " + poison);
                }
            }
        }
    }

    @Test
    void zeroDoesNotStopNaN() {
        Gemm gemm = Gemm.of(1, 2, 2);
        float[] c = {5, 5};
        gemm.multiply(new float[] {0, 1}, new float[] {Float.NaN, 1, 2, 3}, c, gemm.newWorkspace());
        assertTrue(Float.isNaN(c[0]));
        assertEquals(3, c[1]);
    }

    @Test
    void betaTimesPoison() {
        Gemm gemm = Gemm.of(1, 3, 1);
        float[] c = {Float.NaN, Float.POSITIVE_INFINITY, 4};
        float[] one = {1};
        float[] ones = {1, 1, 1};
        gemm.multiply(1, one, 0, 1, ones, 0, 3, -0.5f, c, 0, 3, gemm.newWorkspace());
        assertArrayEquals(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -1}, c);
    }

    // ---- threads ----

    @Test
    void sameBitsWithAnyThreads() {
        for (Size s : Stream.concat(large(), forms()).toList()) {
            float[] a = Data.reals(1, s.m * s.k);
            float[] b = Data.reals(2, s.k * s.n);
            float[] c = Data.reals(3, s.m * s.n);
            Gemm gemm = s.gemm();
            float[] expected = null;
            for (int count : new int[] {1, 1, 2, 3, 4}) {
                try (Threads threads = Threads.of(count)) {
                    Guarded out = Guarded.of(c);
                    gemm.multiply(0.7f, a, 0, s.rowA(), b, 0, s.rowB(), 0.3f, out.array(), out.offset(), s.n,
                            workspace(gemm, threads));
                    expected = expected == null ? out.values() : expected;
                    assertArrayEquals(expected, out.values(), () -> s + " with " + count + " threads");
                    out.assertCanaries(s);
                }
            }
        }
    }

    // ---- hostile arguments ----

    @Test
    void sizesThatAreRefused() {
        int huge = Integer.MAX_VALUE;
        Refused.argument(() -> Gemm.of(-1, 2, 3), "m is -1", 0);
        Refused.argument(() -> Gemm.of(2, -1, 3), "n is -1", 0);
        Refused.argument(() -> Gemm.of(2, 3, Integer.MIN_VALUE), "k is " + Integer.MIN_VALUE, 0);
        Refused.argument(() -> Gemm.of(1 << 16, 1, 1 << 16), "A needs", 1 << 16, huge);
        Refused.argument(() -> Gemm.of(1, 1 << 16, 1 << 16), "B needs", 1 << 16, huge);
        Refused.argument(() -> Gemm.of(1 << 16, 1 << 16, 1), "C needs", 1 << 16, huge);
        Refused.argument(() -> Gemm.of(huge, huge, huge), huge);
    }

    /** An empty operand makes the other sizes as large as they like. */
    @Test
    void hugeEmptyProducts() {
        int huge = Integer.MAX_VALUE;
        float[] none = {};
        for (Size s : Stream.of(new int[] {0, huge, 0}, new int[] {0, 0, huge}, new int[] {huge, 0, 0})
                .flatMap(v -> Size.everyForm(v[0], v[1], v[2])).toList()) {
            Gemm gemm = s.gemm();
            gemm.multiply(none, none, none, new Workspace(gemm.workspaceFloats(), Threads.one()));
        }
    }

    private final Gemm gemm = Gemm.of(3, 4, 5);
    private final Workspace workspace = gemm.newWorkspace();
    private final float[] a = new float[15];
    private final float[] b = new float[20];
    private final float[] c = new float[12];

    @Test
    void nulls() {
        Refused.isNull(() -> gemm.multiply(null, b, c, workspace), "a");
        Refused.isNull(() -> gemm.multiply(a, null, c, workspace), "b");
        Refused.isNull(() -> gemm.multiply(a, b, null, workspace), "c");
        Refused.isNull(() -> gemm.multiply(a, b, c, null), "workspace");
    }

    @Test
    void arraysTooShort() {
        Refused.bounds(() -> gemm.multiply(new float[14], b, c, workspace), "a needs 15", 14);
        Refused.bounds(() -> gemm.multiply(a, new float[19], c, workspace), "b needs 20", 19);
        Refused.bounds(() -> gemm.multiply(a, b, new float[11], workspace), "c needs 12", 11);
        Refused.bounds(() -> gemm.multiply(1, a, -1, 5, b, 0, 4, 0, c, 0, 4, workspace), "a offset is -1");
        Refused.bounds(() -> gemm.multiply(1, a, 0, 5, b, 1, 4, 0, c, 0, 4, workspace), "b needs 20", "offset 1");
        Refused.bounds(() -> gemm.multiply(1, a, 0, 5, b, 0, 4, 0, c, Integer.MAX_VALUE, 4, workspace), "c needs 12",
                Integer.MAX_VALUE);
        Refused.bounds(() -> gemm.multiply(1, a, 0, Integer.MAX_VALUE, b, 0, 4, 0, c, 0, 4, workspace),
                "a needs " + (2L * Integer.MAX_VALUE + 5), 15);
        Refused.bounds(() -> gemm.multiply(1, a, 0, 5, b, 0, 4, 0, c, 0, 5, workspace), "c needs 14", 12);
    }

    @Test
    void rowsTooClose() {
        Refused.argument(() -> gemm.multiply(1, a, 0, 4, b, 0, 4, 0, c, 0, 4, workspace), "lda is 4", 5);
        Refused.argument(() -> gemm.multiply(1, a, 0, 5, b, 0, 3, 0, c, 0, 4, workspace), "ldb is 3", 4);
        Refused.argument(() -> gemm.multiply(1, a, 0, 5, b, 0, 4, 0, c, 0, 3, workspace), "ldc is 3", 4);
        Refused.argument(() -> gemm.multiply(1, a, 0, -5, b, 0, 4, 0, c, 0, 4, workspace), "lda is -5", 5);
        Gemm transposed = Gemm.of(3, 4, 5, true, true);
        Refused.argument(() -> transposed.multiply(1, a, 0, 2, b, 0, 5, 0, c, 0, 4, workspace), "lda is 2", 3);
        Refused.argument(() -> transposed.multiply(1, a, 0, 3, b, 0, 4, 0, c, 0, 4, workspace), "ldb is 4", 5);
    }

    @Test
    void overlap() {
        float[] all = new float[40];
        for (int shift : new int[] {0, 1, 14}) {
            Refused.argument(() -> gemm.multiply(1, all, 0, 5, b, 0, 4, 0, all, shift, 4, workspace), "a [0, 15)", "c [" + shift);
        }
        for (int shift : new int[] {0, 1, 19}) {
            Refused.argument(() -> gemm.multiply(1, a, 0, 5, all, 0, 4, 0, all, shift, 4, workspace), "b [0, 20)", "c [" + shift);
        }
        gemm.multiply(1, all, 0, 5, all, 5, 4, 0, c, 0, 4, workspace); // A and B may share
        gemm.multiply(1, all, 0, 5, all, 0, 4, 0, all, 20, 4, workspace);
        gemm.multiply(1, all, 12, 5, all, 20, 4, 0, all, 0, 4, workspace);
        for (Size s : List.of(new Size(0, 4, 5, false, false), new Size(3, 0, 5, false, false))) { // nothing shares nothing
            s.gemm().multiply(1, all, 0, 5, all, 0, 4, 0, all, 0, 4, s.gemm().newWorkspace());
        }
    }

    @Test
    void workspaceTooSmall() {
        int need = gemm.workspaceFloats();
        Refused.argument(() -> gemm.multiply(a, b, c, Workspace.ofFloats(need - 1)), need - 1, need);
        gemm.multiply(a, b, c, Workspace.ofFloats(need));
        gemm.multiply(a, b, c, Workspace.ofFloats(1, need + 100, 7));
    }

    @Test
    void says() {
        assertEquals("gemm m3 n4 k5", gemm.toString());
        assertEquals("gemm m3 n4 k5 (A transposed) (B transposed)", Gemm.of(3, 4, 5, true, true).toString());
    }
}
