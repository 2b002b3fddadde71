package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of CSC321, lecture 11. */
class LectureExampleTest {

    private static final float[] X = {2, -1, 1};
    private static final float[] W = {1, 1, 2};
    private static final Plane PICTURE = Plane.of(new float[] {1, 3, 1}, new float[] {0, -1, 1}, new float[] {2, 2, -1});
    private static final Plane FILTER = Plane.of(new float[] {1, 2}, new float[] {0, -1});

    @ParameterizedTest
    @EnumSource
    void oneDimension(Method method) {
        assertArrayEquals(new float[] {2, 1, 4, -1, 2}, method.convolve(X, W, Mode.FULL));
        assertArrayEquals(new float[] {1, 4, -1}, method.convolve(X, W, Mode.SAME));
        assertArrayEquals(new float[] {4}, method.convolve(X, W, Mode.VALID));
    }

    @ParameterizedTest
    @EnumSource
    void twoDimensions(Method method) {
        Plane full = Plane.of(new float[] {1, 5, 7, 2}, new float[] {0, -2, -4, 1}, new float[] {2, 6, 4, -3},
                new float[] {0, -2, -2, 1});
        assertEquals(full, method.convolve(PICTURE, FILTER, Mode.FULL));
        assertEquals(Plane.of(new float[] {1, 5, 7}, new float[] {0, -2, -4}, new float[] {2, 6, 4}),
                method.convolve(PICTURE, FILTER, Mode.SAME));
        assertEquals(Plane.of(new float[] {-2, -4}, new float[] {6, 4}), method.convolve(PICTURE, FILTER, Mode.VALID));
    }

    @Test
    void crossCorrelationDoesNotFlip() {
        float[] z = Convolution1d.crossCorrelate(X, W, Mode.FULL);
        assertArrayEquals(new float[] {4, 0, 3, 0, 1}, z);
        assertNotEquals(Convolution2d.flipAndFilter(PICTURE, FILTER, Mode.FULL),
                Convolution2d.crossCorrelate(PICTURE, FILTER, Mode.FULL));
    }

    @Test
    void toeplitzMatrixPrints() {
        Plane matrix = Toeplitz1d.matrix(W, 3, Mode.FULL);
        assertEquals("""
                1 0 0
                1 1 0
                2 1 1
                0 2 1
                0 0 2""", matrix.toString());
        assertArrayEquals(new float[] {2, 1, 4, -1, 2}, matrix.times(X));
        assertEquals("2 1 1", Toeplitz1d.matrix(W, 3, Mode.VALID).toString());
        assertEquals("1 1 0\n2 1 1\n0 2 1", Toeplitz1d.matrix(W, 3, Mode.SAME).toString());
    }

    @Test
    void doublyBlockToeplitzMatrixPrintsItsBlocks() {
        Plane matrix = Toeplitz2d.matrix(FILTER, 2, 2, Mode.FULL);
        assertEquals("""
                 1  0 |  0  0
                 2  1 |  0  0
                 0  2 |  0  0
                -------------
                 0  0 |  1  0
                -1  0 |  2  1
                 0 -1 |  0  2
                -------------
                 0  0 |  0  0
                 0  0 | -1  0
                 0  0 |  0 -1""", matrix.toString(3, 2));
    }
}
