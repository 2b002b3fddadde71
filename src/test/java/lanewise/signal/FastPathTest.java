package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import lanewise.internal.conv.PlaneConv;
import lanewise.internal.simd.Simd;
import org.junit.jupiter.api.Test;

/** The vector kernel against the oracle and the plain loops: each remainder, each way to overhang, several bands, hard floats. */
class FastPathTest {

    /** The kernel's block is 4 vectors wide: all sizes to two blocks and one more. */
    private static final int SWEEP = 8 * Simd.LANES + 1;

    private final Random random = new Random(3);

    @Test
    void everyRemainderOfTheWidth() {
        int[][] filters = {{1, 1}, {1, 2}, {2, 3}, {3, 3}, {4, 5}, {7, 1}};
        for (int width = 1; width <= SWEEP; width++) {
            for (int[] filter : filters) {
                Plane x = SignalOracle.integers(random, 1 + width % 6, width);
                Plane w = SignalOracle.integers(random, filter[0], filter[1]);
                var oracle = SignalOracle.convolve(x, w);
                for (Mode mode : Mode.values()) {
                    if (SignalOracle.accepts(mode, x, w)) {
                        oracle.assertExact(Method.KERNEL.convolve(x, w, mode), SignalOracle.first(mode, x.height(), w.height()),
                                SignalOracle.first(mode, x.width(), w.width()), width + " wide, " + filter[0] + " x " + filter[1]);
                    }
                }
            }
        }
    }

    @Test
    void everyHeightAndFilterHeight() {
        for (int height = 1; height <= 9; height++) {
            for (int taps = 1; taps <= 9; taps++) {
                Plane x = SignalOracle.integers(random, height, 4 * Simd.LANES + 3);
                Plane w = SignalOracle.integers(random, taps, 3);
                var oracle = SignalOracle.convolve(x, w);
                for (Mode mode : new Mode[] {Mode.FULL, Mode.SAME}) {
                    oracle.assertExact(Method.KERNEL.convolve(x, w, mode), SignalOracle.first(mode, height, taps),
                            SignalOracle.first(mode, x.width(), 3), height + " high, " + taps + " taps " + mode);
                }
            }
        }
    }

    /** Every mode, far more rows than one band holds, and one row far wider than a band. */
    @Test
    void severalBands() {
        int[][] sizes = {{150, 700, 5, 5}, {40, 2000, 31, 3}, {1, 70_000, 1, 9}, {3, 40_000, 5, 2}, {300, 260, 1, 11}};
        for (int[] size : sizes) {
            Plane x = SignalOracle.integers(random, size[0], size[1]);
            Plane w = SignalOracle.integers(random, size[2], size[3]);
            var oracle = SignalOracle.convolve(x, w);
            for (Mode mode : Mode.values()) {
                if (SignalOracle.accepts(mode, x, w)) {
                    oracle.assertExact(Method.KERNEL.convolve(x, w, mode), SignalOracle.first(mode, size[0], size[2]),
                            SignalOracle.first(mode, size[1], size[3]), Arrays.toString(size) + mode);
                }
            }
        }
    }

    @Test
    void floatsWithinTheBoundOnBothPaths() {
        Method[] methods = {Method.KERNEL, Method.PLAIN_FLIP_AND_FILTER, Method.PLAIN_TRANSLATE_AND_SCALE, Method.FLIP_AND_FILTER};
        for (int run = 0; run < 60; run++) {
            Plane x = SignalOracle.floats(random, 1 + random.nextInt(30), 1 + random.nextInt(200));
            Plane w = SignalOracle.floats(random, 1 + random.nextInt(9), 1 + random.nextInt(9));
            var oracle = SignalOracle.convolve(x, w);
            for (Method method : methods) {
                oracle.assertClose(method.convolve(x, w, Mode.FULL), 0, 0, method.name());
                oracle.assertClose(method.convolve(x, w, Mode.SAME), SignalOracle.first(Mode.SAME, x.height(), w.height()),
                        SignalOracle.first(Mode.SAME, x.width(), w.width()), method.name());
            }
        }
    }

    /** One chain of fused multiply-adds, in the order of the taps, in every place and for every width. */
    @Test
    void bitsAreThoseOfOneChain() {
        for (int width = 3; width <= SWEEP; width++) {
            Plane x = SignalOracle.floats(random, 6, width);
            Plane w = SignalOracle.floats(random, 3, 3);
            Plane z = FastPath.filter(x, w, Window.of(x, w, Mode.VALID));
            for (int p = 0; p < z.height(); p++) {
                for (int q = 0; q < z.width(); q++) {
                    float sum = 0;
                    for (int i = 0; i < 9; i++) {
                        sum = Math.fma(x.at(p + i / 3, q + i % 3), w.values()[i], sum);
                    }
                    assertEquals(sum, z.at(p, q));
                }
            }
        }
    }

    /** NaN and infinities anywhere, zero taps among the others: the class of each result is that of the plain loops. */
    @Test
    void specialValuesReachExactlyTheirOutputs() {
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        int affected = 0;
        for (int run = 0; run < 200; run++) {
            Plane w = SignalOracle.integers(random, 1 + random.nextInt(5), 1 + random.nextInt(5));
            Plane x = SignalOracle.integers(random, 1 + random.nextInt(12), w.width() + random.nextInt(SWEEP));
            w.values()[random.nextInt(w.values().length)] = 0;
            for (int i = 0; i < 3; i++) {
                x.values()[random.nextInt(x.values().length)] = special[random.nextInt(3)];
            }
            for (Mode mode : new Mode[] {Mode.FULL, Mode.SAME}) {
                float[] plain = Method.PLAIN_FLIP_AND_FILTER.convolve(x, w, mode).values();
                assertArrayEquals(plain, Method.KERNEL.convolve(x, w, mode).values());
                assertArrayEquals(plain, Method.PLAIN_TRANSLATE_AND_SCALE.convolve(x, w, mode).values());
                for (float value : plain) {
                    affected += Float.isFinite(value) ? 0 : 1;
                }
            }
        }
        assertTrue(affected > 1000);
    }

    @Test
    void infiniteTapsTakeThePlainPathAndSpareTheBorder() {
        Plane x = SignalOracle.integers(random, 60, 60);
        Plane w = SignalOracle.integers(random, 5, 5);
        assertTrue(FastPath.takes(x, w));
        w.values()[4] = Float.POSITIVE_INFINITY;
        assertFalse(FastPath.takes(x, w));
        for (Mode mode : Mode.values()) {
            Plane plain = Method.PLAIN_FLIP_AND_FILTER.convolve(x, w, mode);
            assertEquals(plain, Method.FLIP_AND_FILTER.convolve(x, w, mode));
            assertEquals(plain, Method.TRANSLATE_AND_SCALE.convolve(x, w, mode));
        }
        // The infinite tap is w[0, 4]: it reaches neither column 0 nor the last row of the full result.
        assertTrue(Float.isFinite(Method.FLIP_AND_FILTER.convolve(x, w, Mode.FULL).at(10, 0)));
        assertTrue(Float.isFinite(Method.FLIP_AND_FILTER.convolve(x, w, Mode.FULL).at(63, 30)));
    }

    @Test
    void thresholdIsWhereItSays() {
        float[] taps = new float[16];
        assertFalse(FastPath.takes(Plane.row(new float[FastPath.LEAST_PRODUCTS / 16 - 1]), Plane.row(taps)));
        assertTrue(FastPath.takes(Plane.row(new float[FastPath.LEAST_PRODUCTS / 16]), Plane.row(taps)));
        assertTrue(FastPath.takes(Plane.zeros(20_000, 1), Plane.zeros(1, 200_000))); // the product is beyond an int
    }

    /** The narrower operand serves as the filter, so that a long one beside a short signal costs no more than the reverse. */
    @Test
    void theNarrowerOperandMustBeFinite() {
        Plane narrow = SignalOracle.integers(random, 50, 5);
        Plane wide = SignalOracle.integers(random, 3, 60);
        wide.values()[100] = Float.NaN;
        assertTrue(FastPath.takes(narrow, wide));
        assertTrue(FastPath.takes(wide, narrow));
        assertEquals(Method.PLAIN_FLIP_AND_FILTER.convolve(narrow, wide, Mode.SAME),
                Method.KERNEL.convolve(narrow, wide, Mode.SAME));
        narrow.values()[7] = Float.NaN;
        assertFalse(FastPath.takes(narrow, wide));
        assertFalse(FastPath.takes(wide, narrow));
    }

    @Test
    void oldContentsOfTheOutputDoNotMatterAndNothingBesideItIsWritten() {
        for (int width = 1; width <= SWEEP; width++) {
            Plane x = SignalOracle.integers(random, 4, width);
            Plane w = SignalOracle.integers(random, 3, 2);
            float[] y = new float[4 * width + 5];
            Arrays.fill(y, Float.NaN);
            Arrays.fill(y, 4 * width, y.length, 77);
            PlaneConv.correlate(x.values(), 4, width, w.values(), 3, 2, -1, -1, y, 4, width);
            Plane z = Convolution2d.crossCorrelatePlain(x, w, new Window(1, 0, 4, width));
            float[] expected = Arrays.copyOf(z.values(), y.length);
            Arrays.fill(expected, 4 * width, y.length, 77);
            assertArrayEquals(expected, y);
        }
    }

    /** Windows that no mode asks for: beside the result, where everything is zero, at each edge, and inside without overhang. */
    @Test
    void anyShiftIsDefined() {
        Plane x = SignalOracle.integers(random, 5, 70);
        Plane w = SignalOracle.integers(random, 3, 4);
        float[] y = new float[6 * 66];
        for (int down = -12; down <= 12; down++) {
            for (int right = -75; right <= 75; right++) {
                Arrays.fill(y, Float.NaN);
                PlaneConv.correlate(x.values(), 5, 70, w.values(), 3, 4, down, right, y, 6, 66);
                for (int i = 0; i < y.length; i++) {
                    assertEquals(at(x, w, i / 66 + down, i % 66 + right), y[i]);
                }
            }
        }
    }

    private static double at(Plane x, Plane w, int row, int column) {
        double sum = 0;
        for (int i = 0; i < w.values().length; i++) {
            int a = row + i / w.width();
            int b = column + i % w.width();
            if (a >= 0 && a < x.height() && b >= 0 && b < x.width()) {
                sum += x.at(a, b) * w.values()[i];
            }
        }
        return sum;
    }
}
