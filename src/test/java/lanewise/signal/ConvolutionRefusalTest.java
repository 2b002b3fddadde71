package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is refused, and with which words; and what NaN and infinity do. */
class ConvolutionRefusalTest {

    private static final float[] ONE = {1};
    private static final Plane PIXEL = Plane.row(ONE);
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @ParameterizedTest
    @EnumSource(names = {"TRANSLATE_AND_SCALE", "FLIP_AND_FILTER", "MATRIX_PRODUCT"})
    void nullAndEmpty(Method method) {
        assertNull("x", () -> method.convolve(null, ONE, Mode.FULL));
        assertNull("w", () -> method.convolve(ONE, null, Mode.FULL));
        assertNull("mode", () -> method.convolve(ONE, ONE, null));
        assertNull("x", () -> method.convolve(null, PIXEL, Mode.FULL));
        assertNull("w", () -> method.convolve(PIXEL, null, Mode.FULL));
        assertNull("mode", () -> method.convolve(PIXEL, PIXEL, null));
        assertRefused(() -> method.convolve(new float[0], ONE, Mode.SAME), "x is 0", "at least 1");
        assertRefused(() -> method.convolve(ONE, new float[0], Mode.SAME), "w is 0", "at least 1");
    }

    @Test
    void nullAndEmptyInCorrelation() {
        assertNull("x", () -> Convolution1d.crossCorrelate(null, ONE, Mode.FULL));
        assertNull("w", () -> Convolution2d.crossCorrelate(PIXEL, null, Mode.FULL));
        assertNull("w", () -> Convolution1d.flip(null));
        assertRefused(() -> Convolution1d.crossCorrelate(new float[0], ONE, Mode.FULL), "x is 0");
    }

    /** Ten thousand million elements; the answer comes before any is allocated. */
    @Test
    void toeplitzMatrixTooLargeForAnArray() {
        float[] w = new float[100_000];
        assertRefused(() -> Toeplitz1d.matrix(w, 100_000, Mode.FULL), "199999", "100000");
        assertRefused(() -> Toeplitz1d.matrix(w, 100_000, Mode.SAME), "100000, 100000");
        assertRefused(() -> Convolution1d.matrixProduct(w, w, Mode.SAME), "100000, 100000");
        assertRefused(() -> Toeplitz2d.matrix(PIXEL, 300, 400, Mode.FULL), "120000, 120000");
        assertRefused(() -> Toeplitz2d.matrix(PIXEL, 100_000, 100_000, Mode.FULL), "100000 x 100000");
        assertRefused(() -> Toeplitz1d.matrix(ONE, 0, Mode.FULL), "n is 0");
        assertRefused(() -> Toeplitz1d.matrix(ONE, -5, Mode.FULL), "n is -5");
        assertRefused(() -> Toeplitz2d.matrix(PIXEL, 3, 0, Mode.SAME), "is 0");
        assertNull("w", () -> Toeplitz1d.matrix(null, 1, Mode.FULL));
        assertNull("mode", () -> Toeplitz2d.matrix(PIXEL, 1, 1, null));
    }

    @Test
    void resultTooLargeForAnArray() {
        Plane column = Plane.zeros(60_000, 1);
        Plane row = Plane.zeros(1, 60_000);
        assertRefused(() -> Convolution2d.flipAndFilter(column, row, Mode.FULL), "60000 x 1 and 1 x 60000");
        assertRefused(() -> Convolution2d.translateAndScale(column, row, Mode.FULL), "60000 x 1 and 1 x 60000");
        assertEquals(Plane.zeros(60_000, 1), Convolution2d.flipAndFilter(column, row, Mode.SAME));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"MATRIX_PRODUCT", "KERNEL"})
    void zeroTimesInfinityIsNaNButTheBorderIsNotMultiplied(Method method) {
        float[] x = {1, INFINITY, 2};
        assertArrayEquals(new float[] {0, Float.NaN, INFINITY, Float.NaN, 0},
                method.convolve(x, new float[] {0, 3, 0}, Mode.FULL), "a tap of zero");
        assertArrayEquals(new float[] {3, INFINITY, INFINITY, 6}, method.convolve(x, new float[] {3, 3}, Mode.FULL));
        assertArrayEquals(new float[] {INFINITY, INFINITY, 2},
                method.convolve(new float[] {1, 2}, new float[] {INFINITY, 1}, Mode.FULL), "an infinite tap");
        assertArrayEquals(new float[] {INFINITY, Float.NaN},
                method.convolve(new float[] {INFINITY, -INFINITY}, new float[] {1, 1}, Mode.SAME));
    }

    /** As it is documented: here the zeros beside the diagonals do multiply. */
    @Test
    void matrixProductMultipliesItsZeros() {
        assertArrayEquals(new float[] {Float.NaN, INFINITY, INFINITY, Float.NaN},
                Convolution1d.matrixProduct(new float[] {1, INFINITY, 2}, new float[] {3, 3}, Mode.FULL));
    }

    /** Three times the largest float is beyond its range; only the kernel meets it. */
    @Test
    void plainSumsMayPassTheRangeOfFloat() {
        float most = Float.MAX_VALUE;
        float[] x = {most, most, most};
        float[] w = {1, -1, 1};
        assertArrayEquals(new float[] {most}, Convolution1d.flipAndFilter(x, new float[] {-1, 1, 1}, Mode.VALID));
        assertArrayEquals(new float[] {most}, Convolution1d.translateAndScale(x, w, Mode.VALID));
        assertArrayEquals(new float[] {INFINITY}, Convolution1d.flipAndFilter(x, new float[] {1, 1, 1}, Mode.VALID));
    }

    private static void assertNull(String name, Executable call) {
        assertEquals(name + " is null", assertThrows(NullPointerException.class, call).getMessage());
    }

    private static void assertRefused(Executable call, String... parts) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
