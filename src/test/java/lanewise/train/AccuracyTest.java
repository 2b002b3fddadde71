package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.stream.IntStream;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

class AccuracyTest {

    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    @Test
    void byHand() {
        float[] y = {0.1f, 0.7f, 0.2f, /**/ 3, 2, 1, /**/ -5, -3, -4};
        assertEquals(2, Accuracy.correct(y, new float[] {1, 0, 0}, 3, 3, 1));
        assertEquals(2, Accuracy.correct(y, new float[] {1, 0, 0}, 3, 3, 2));
        assertEquals(3, Accuracy.correct(y, new float[] {1, 0, 0}, 3, 3, 3));
        assertEquals(3, Accuracy.correct(y, new float[] {2, 1, 2}, 3, 3, 2));
        assertEquals(0, Accuracy.correct(y, new float[] {2, 1, 2}, 3, 3, 1));
        assertEquals(0, Accuracy.correct(y, new float[0], 0, 3, 1));
    }

    @Test
    void tiesGoToTheLowerIndex() {
        float[] same = new float[4];
        for (int target = 0; target < 4; target++) {
            for (int k = 1; k <= 4; k++) {
                assertEquals(target < k ? 1 : 0, Accuracy.correct(same, new float[] {target}, 1, 4, k), target + " of top " + k);
            }
        }
        assertEquals(1, Accuracy.correct(new float[] {-0f, 0}, new float[] {0}, 1, 2, 1), "-0 is 0");
        assertEquals(1, Accuracy.correct(new float[] {INF, INF}, new float[] {0}, 1, 2, 1));
        assertEquals(0, Accuracy.correct(new float[] {-INF, -INF}, new float[] {1}, 1, 2, 1));
    }

    @Test
    void rowsWithNaNAreWrong() {
        assertEquals(0, Accuracy.correct(new float[] {NAN, 1}, new float[] {0}, 1, 2, 1));
        assertEquals(0, Accuracy.correct(new float[] {NAN, 1}, new float[] {1}, 1, 2, 1));
        assertEquals(0, Accuracy.correct(new float[] {1, NAN}, new float[] {0}, 1, 2, 2));
        assertEquals(1, Accuracy.correct(new float[] {1, NAN, 1, 0}, new float[] {0, 0}, 2, 2, 2), "only that row");
    }

    /** Against a sort, with many ties. */
    @Test
    void sorted() {
        int rows = 200;
        int classes = 13;
        float[] y = Data.integers(1, rows * classes);
        float[] targets = new float[rows];
        for (int row = 0; row < rows; row++) {
            targets[row] = row % classes;
        }
        for (int k = 1; k <= classes; k++) {
            int expected = 0;
            for (int row = 0; row < rows; row++) {
                int at = row * classes;
                int wanted = row % classes;
                expected += IntStream.range(0, classes).boxed().sorted(Comparator.comparing(c -> -y[at + c])).limit(k)
                        .anyMatch(c -> c == wanted) ? 1 : 0;
            }
            assertTrue(expected > 0);
            assertEquals(expected, Accuracy.correct(y, targets, rows, classes, k), "top " + k);
        }
    }

    @Test
    void counts() {
        Accuracy accuracy = new Accuracy(2, 1);
        assertTrue(Double.isNaN(accuracy.value()));
        accuracy.add(new float[] {1, 0, 1, 0, 9}, new float[] {0, 1}, 2);
        accuracy.add(new float[] {1, 0, 0, 1}, new float[] {0, 1}, 2);
        assertEquals(3, accuracy.correct());
        assertEquals(4, accuracy.total());
        assertEquals(0.75, accuracy.value());
        assertEquals("accuracy: 3 of 4, 75.00 %", accuracy.toString());
        Refused.argument(() -> accuracy.add(new float[2], new float[] {2}, 1), 2.0);
        assertEquals(4, accuracy.total());
        accuracy.reset();
        assertEquals(0, accuracy.total());
        assertEquals(0, accuracy.correct());
        assertEquals("top-2 accuracy: 0 of 0, NaN %", new Accuracy(2, 2).toString());
    }

    @Test
    void refused() {
        float[] y = Data.reals(1, 6);
        float[] targets = {2, 1};
        Refused.argument(() -> Accuracy.correct(y, targets, 2, 3, 0), "k is 0", 3);
        Refused.argument(() -> Accuracy.correct(y, targets, 2, 3, 4), "k is 4", 3);
        Refused.argument(() -> Accuracy.correct(y, targets, 2, 0, 1), "classes", 0);
        Refused.argument(() -> Accuracy.correct(y, targets, -1, 3, 1), "n", -1);
        Refused.argument(() -> Accuracy.correct(y, new float[] {0, 3}, 2, 3, 1), "example 1", 3.0);
        Refused.bounds(() -> Accuracy.correct(y, targets, 2, 4, 1), "y", 8, 6);
        Refused.bounds(() -> Accuracy.correct(y, new float[1], 2, 3, 1), "targets", 2, 1);
        Refused.argument(() -> new Accuracy(3, 4), "k is 4");
        Refused.argument(() -> new Accuracy(0, 1), "classes");
        assertArrayEquals(Data.reals(1, 6), y);
        assertArrayEquals(new float[] {2, 1}, targets);
    }
}
