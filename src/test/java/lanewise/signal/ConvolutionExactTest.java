package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All methods give the oracle's integers, with no tolerance, in all modes. */
class ConvolutionExactTest {

    private final Random random = new Random(1);

    @Test
    void modesCutWhatTheOracleCuts() {
        for (Mode mode : Mode.values()) {
            for (int n = 1; n <= 12; n++) {
                for (int m = 1; m <= 12; m++) {
                    assertEquals(SignalOracle.first(mode, n, m), mode.first(n, m));
                    assertEquals(SignalOracle.length(mode, n, m), mode.length(n, m));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySmallPairOfLengths(Method method) {
        for (int n = 1; n <= 20; n++) {
            for (int m = 1; m <= 20; m++) {
                float[] x = SignalOracle.integers(random, 1, n).values();
                float[] w = SignalOracle.integers(random, 1, m).values();
                var oracle = SignalOracle.convolve(Plane.row(x), Plane.row(w));
                for (Mode mode : Mode.values()) {
                    float[] y = method.convolve(x, w, mode);
                    assertEquals(SignalOracle.length(mode, n, m), y.length);
                    oracle.assertExact(Plane.row(y), 0, SignalOracle.first(mode, n, m), n + " * " + m + " " + mode);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySmallPairOfPlanes(Method method) {
        int cases = 0;
        for (int sizes = 0; sizes < 6 * 6 * 6 * 6; sizes++) {
            Plane x = SignalOracle.integers(random, sizes % 6 + 1, sizes / 6 % 6 + 1);
            Plane w = SignalOracle.integers(random, sizes / 36 % 6 + 1, sizes / 216 + 1);
            cases += assertExact(method, x, w);
        }
        assertEquals(3 * 1296 - 2 * 15 * 15, cases); // VALID refuses 15 x 15 pairs of sizes that cross one way, and the other
    }

    /** On both sides of the fast path's threshold, and with sides of very different lengths. */
    @ParameterizedTest
    @EnumSource
    void randomLargerPlanes(Method method) {
        for (int run = 0; run < 120; run++) {
            int[] sizes = random.ints(4, 1, run % 2 == 0 ? 16 : 40).toArray();
            int thin = run % 8 < 4 ? run % 4 : -1; // in every second four, one side after the other is 1
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = i == thin ? 1 : sizes[i];
            }
            if (method == Method.MATRIX_PRODUCT) { // its matrix grows with the fourth power
                sizes[0] = sizes[0] % 9 + 1;
                sizes[1] = sizes[1] % 9 + 1;
            }
            Plane x = SignalOracle.integers(random, sizes[0], sizes[1]);
            Plane w = SignalOracle.integers(random, sizes[2], sizes[3]);
            assertExact(method, x, w);
        }
    }

    private static int assertExact(Method method, Plane x, Plane w) {
        var oracle = SignalOracle.convolve(x, w);
        String sizes = x.height() + " x " + x.width() + " * " + w.height() + " x " + w.width() + " ";
        int cases = 0;
        for (Mode mode : Mode.values()) {
            if (SignalOracle.accepts(mode, x, w)) {
                Plane y = method.convolve(x, w, mode);
                assertEquals(SignalOracle.length(mode, x.height(), w.height()), y.height(), sizes + mode);
                assertEquals(SignalOracle.length(mode, x.width(), w.width()), y.width(), sizes + mode);
                oracle.assertExact(y, SignalOracle.first(mode, x.height(), w.height()),
                        SignalOracle.first(mode, x.width(), w.width()), sizes + mode);
                cases++;
            }
        }
        return cases;
    }

    @ParameterizedTest
    @EnumSource
    void operandsAreNeitherChangedNorKept(Method method) {
        for (int size : new int[] {3, 80}) {
            float[] x = SignalOracle.integers(random, 1, size).values();
            float[] before = x.clone();
            float[] y = method.convolve(x, x, Mode.FULL); // both operands in one array
            SignalOracle.convolve(Plane.row(before), Plane.row(before)).assertExact(Plane.row(y), 0, 0, "x * x");
            assertArrayEquals(before, x);
            float[] kept = y.clone();
            x[0]++;
            assertArrayEquals(kept, y);
        }
    }
}
