package lanewise.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lanewise.oracle.Data;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest of four neighbours in a plane and its place, ties and NaN among them. */
class PlanePoolTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 33, 40})
    void theFirstOfTheLargest(int length) {
        int row = length + 3;
        int plane = 2 * row + 5;
        float[] x = Data.integers(length, 3 * plane + PlanePool.SLACK + 20);
        for (int i = 5; i < x.length; i += 11) {
            x[i] = Float.NaN;
        }
        int step = length + PlanePool.SLACK;
        float[] y = new float[3 * step + 20];
        int placesStep = length + 16;
        int[] places = new int[3 * placesStep + 20];
        float[] alone = new float[y.length];
        PlanePool.maxima(3, x, 1, plane, row, length, y, 2, step, 100, 3, 37, places, 3, placesStep);
        PlanePool.maxima(3, x, 1, plane, row, length, alone, 2, step);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < length; i++) {
                int at = 1 + c * plane + i;
                int[] taps = {at, at + 1, at + row, at + row + 1};
                int best = 0;
                for (int tap = 1; tap < 4; tap++) {
                    boolean larger = x[taps[tap]] > x[taps[best]] || Float.isNaN(x[taps[tap]]);
                    best = !Float.isNaN(x[taps[best]]) && larger ? tap : best;
                }
                assertEquals(x[taps[best]], y[2 + c * step + i]);
                assertEquals(x[taps[best]], alone[2 + c * step + i]);
                assertEquals(100 + 3 * (i + best % 2) + 37 * (best / 2), places[3 + c * placesStep + i]);
            }
        }
    }
}
