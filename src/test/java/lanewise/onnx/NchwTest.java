package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import lanewise.layer.Shape;
import org.junit.jupiter.api.Test;

class NchwTest {

    private static final Shape PICTURE = Shape.of(1, 2, 3);
    private static final float[] LAST = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private static final float[] FIRST = {1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12};

    @Test
    void channelsOfEachExample() {
        assertArrayEquals(FIRST, Nchw.channelsFirst(LAST, 2, PICTURE));
        assertArrayEquals(LAST, Nchw.channelsLast(FIRST, 2, PICTURE));
        assertArrayEquals(new int[] {2, 3, 1, 2}, Nchw.dims(2, PICTURE));
        assertArrayEquals(new int[] {2, 5}, Nchw.dims(2, Shape.of(5)));
    }

    /** Two taps, two channels, three filters. */
    @Test
    void filter() {
        assertArrayEquals(new float[] {1, 7, 4, 10, 2, 8, 5, 11, 3, 9, 6, 12}, Nchw.filter(LAST, 2, 2, 3));
    }

    @Test
    void rowsOfFlattened() {
        assertArrayEquals(new float[] {1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12}, Nchw.rowsOfFlattened(LAST, PICTURE, 2));
    }
}
