package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which part is kept; the expected numbers were printed by scipy.signal.convolve and correlate (SciPy 1.17.1). */
class ModeTest {

    private static final float[] LONG = {3, 1, 4, 1, 5};
    private static final float[] EVEN = {2, 7, 1, 8};
    private static final float[] SHORT = {2, 7, 1};
    private static final float[] LONGER = {9, 2, 6, 5, 3, 5};
    private static final Plane X = Plane.of(new float[] {3, 1, 4, 1, 5}, new float[] {9, 2, 6, 5, 3}, new float[] {5, 8, 9, 7, 9});
    private static final Plane W = Plane.of(new float[] {2, 7}, new float[] {1, 8}, new float[] {2, 8});

    @ParameterizedTest
    @EnumSource
    void asScipyForAnEvenFilter(Method method) {
        assertArrayEquals(new float[] {6, 23, 18, 55, 29, 68, 13, 40}, method.convolve(LONG, EVEN, Mode.FULL));
        assertArrayEquals(new float[] {23, 18, 55, 29, 68}, method.convolve(LONG, EVEN, Mode.SAME));
        assertArrayEquals(new float[] {55, 29}, method.convolve(LONG, EVEN, Mode.VALID));
    }

    @ParameterizedTest
    @EnumSource
    void asScipyForAFilterLongerThanTheSignal(Method method) {
        assertArrayEquals(new float[] {18, 67, 35, 54, 47, 36, 38, 5}, method.convolve(SHORT, LONGER, Mode.FULL));
        assertArrayEquals(new float[] {35, 54, 47}, method.convolve(SHORT, LONGER, Mode.SAME));
        assertArrayEquals(new float[] {35, 54, 47, 36}, method.convolve(SHORT, LONGER, Mode.VALID));
    }

    @Test
    void correlationAsScipy() {
        assertArrayEquals(new float[] {11, 54, 25, 71, 20}, Convolution1d.crossCorrelate(LONG, EVEN, Mode.SAME));
        assertArrayEquals(new float[] {25, 71}, Convolution1d.crossCorrelate(LONG, EVEN, Mode.VALID));
        assertArrayEquals(new float[] {36, 50, 51}, Convolution1d.crossCorrelate(SHORT, LONGER, Mode.SAME));
        assertArrayEquals(new float[] {36, 50, 51, 38}, Convolution1d.crossCorrelate(SHORT, LONGER, Mode.VALID));
        assertEquals(Plane.of(new float[] {96, 45, 85, 64, 75}, new float[] {133, 112, 168, 135, 152},
                new float[] {103, 101, 126, 112, 110}), Convolution2d.crossCorrelate(X, W, Mode.SAME));
        assertEquals(Plane.of(new float[] {112, 168, 135, 152}), Convolution2d.crossCorrelate(X, W, Mode.VALID));
        assertEquals(Plane.of(new float[] {152, 135, 168, 112}), Convolution2d.crossCorrelate(W, X, Mode.VALID));
    }

    @ParameterizedTest
    @EnumSource
    void asScipyInTwoDimensions(Method method) {
        assertEquals(Plane.of(new float[] {21, 92, 38, 85, 54}, new float[] {25, 151, 112, 164, 128},
                new float[] {23, 124, 101, 137, 111}), method.convolve(X, W, Mode.SAME));
        assertEquals(Plane.of(new float[] {38, 85}, new float[] {112, 164}, new float[] {101, 137}),
                method.convolve(W, X, Mode.SAME));
        assertEquals(Plane.of(new float[] {151, 112, 164, 128}), method.convolve(X, W, Mode.VALID));
        assertEquals(Plane.of(new float[] {151, 112, 164, 128}), method.convolve(W, X, Mode.VALID));
    }

    @ParameterizedTest
    @EnumSource
    void validRefusesPlanesThatCross(Method method) {
        Plane wide = Plane.zeros(3, 7);
        Plane tall = Plane.zeros(5, 2);
        var refusal = assertThrows(IllegalArgumentException.class, () -> method.convolve(wide, tall, Mode.VALID));
        assertTrue(refusal.getMessage().contains("3 x 7") && refusal.getMessage().contains("5 x 2"), refusal::getMessage);
        assertEquals(7, method.convolve(wide, tall, Mode.FULL).height());
        assertEquals(3, method.convolve(wide, tall, Mode.SAME).height());
    }

    @Test
    void sizesBeyondAnIntAreRefusedWithBothNumbers() {
        int most = Integer.MAX_VALUE;
        assertEquals(most, Mode.FULL.length(most - 4, 5));
        for (Mode mode : Mode.values()) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> mode.length(most, 2));
            assertTrue(refusal.getMessage().contains("n = " + most) && refusal.getMessage().contains("m = 2"), refusal::getMessage);
            assertThrows(IllegalArgumentException.class, () -> mode.first(most, most));
            assertThrows(IllegalArgumentException.class, () -> mode.first(0, 3));
            assertThrows(IllegalArgumentException.class, () -> mode.length(3, -1));
        }
    }
}
