package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.oracle.Refused;
import lanewise.train.ConfusionMatrix.Confusion;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

    /** Adds {@code times} rows of one class that were taken for another. */
    private static void add(ConfusionMatrix matrix, int classes, int actual, int predicted, int times) {
        float[] y = new float[times * classes];
        float[] targets = new float[times];
        for (int row = 0; row < times; row++) {
            y[row * classes + predicted] = 1;
            targets[row] = actual;
        }
        matrix.add(y, targets, times);
    }

    private static ConfusionMatrix example() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        add(matrix, 3, 0, 0, 6);
        add(matrix, 3, 0, 1, 2);
        add(matrix, 3, 1, 1, 3);
        add(matrix, 3, 1, 0, 1);
        add(matrix, 3, 2, 1, 2);
        add(matrix, 3, 2, 0, 10);
        return matrix;
    }

    @Test
    void byHand() {
        ConfusionMatrix matrix = example();
        assertArrayEquals(new long[][] {{6, 2, 0}, {1, 3, 0}, {10, 2, 0}}, matrix.counts());
        assertEquals(24, matrix.total());
        assertEquals(9.0 / 24, matrix.accuracy());
        assertEquals(6.0 / 17, matrix.precision(0));
        assertEquals(6.0 / 8, matrix.recall(0));
        assertEquals(12.0 / 25, matrix.f1(0));
        assertEquals(3.0 / 7, matrix.precision(1));
        assertEquals(3.0 / 4, matrix.recall(1));
        assertTrue(Double.isNaN(matrix.precision(2)), "never predicted");
        assertEquals(0, matrix.recall(2));
        assertEquals(0, matrix.f1(2));
        double harmonic = 2 / (1 / matrix.precision(1) + 1 / matrix.recall(1));
        assertEquals(harmonic, matrix.f1(1), 1e-15);
    }

    @Test
    void mostConfused() {
        ConfusionMatrix matrix = example();
        List<Confusion> all = List.of(new Confusion(2, 0, 10), new Confusion(0, 1, 2), new Confusion(2, 1, 2), new Confusion(1, 0, 1));
        assertEquals(all, matrix.mostConfused(100));
        assertEquals(all.subList(0, 2), matrix.mostConfused(2));
        assertEquals(List.of(), matrix.mostConfused(0));
    }

    @Test
    void countsAreACopy() {
        ConfusionMatrix matrix = example();
        matrix.counts()[0][0] = 99;
        assertEquals(6, matrix.counts()[0][0]);
    }

    @Test
    void tiesAndNaN() {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        matrix.add(new float[] {1, 1, 0, Float.NaN, Float.NaN, 0}, new float[] {1, 1, 0}, 3);
        assertArrayEquals(new long[][] {{0, 0}, {1, 0}}, matrix.counts());
        assertEquals(2, matrix.undecided());
        assertEquals(3, matrix.total());
        assertEquals(0, matrix.accuracy());
        matrix.add(new float[] {0, 1}, new float[] {1}, 1);
        assertEquals(1.0 / 3, matrix.recall(1));
        assertEquals(1, matrix.precision(1));
        assertEquals(2.0 / 4, matrix.f1(1));
        assertEquals("""
                actual\\predicted  0  1  NaN
                               0  0  0    1
                               1  1  1    1
                """, matrix.toString());
    }

    @Test
    void empty() {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        assertEquals(0, matrix.total());
        assertTrue(Double.isNaN(matrix.accuracy()));
        assertTrue(Double.isNaN(matrix.f1(0)));
        assertTrue(Double.isNaN(matrix.recall(0)));
        assertEquals(List.of(), matrix.mostConfused(3));
    }

    @Test
    void tables() {
        assertEquals("""
                actual\\predicted   0  1  2
                               0   6  2  0
                               1   1  3  0
                               2  10  2  0
                """, example().toString());
        assertEquals("""
                actual\\predicted  cat  a very long name of a class  x
                             cat    6                            2  0
                a very long name of a class    1                            3  0
                """.lines().findFirst().orElseThrow(), example().table(List.of("cat", "a very long name of a class", "x")).lines()
                .findFirst().orElseThrow().stripLeading());
        List<Integer> widths = example().table(List.of("cat", "a very long name of a class", "x")).lines().map(String::length).distinct()
                .toList();
        assertEquals(1, widths.size(), "aligned");
    }

    @Test
    void refused() {
        ConfusionMatrix matrix = example();
        Refused.argument(() -> new ConfusionMatrix(0), "classes", 0);
        Refused.argument(() -> matrix.add(new float[6], new float[] {0, 3}, 2), "example 1", 3.0);
        assertEquals(24, matrix.total());
        Refused.bounds(() -> matrix.add(new float[5], new float[2], 2), "y", 6, 5);
        Refused.bounds(() -> matrix.add(new float[6], new float[1], 2), "targets", 2, 1);
        Refused.argument(() -> matrix.precision(3), 3, 2);
        Refused.argument(() -> matrix.recall(-1), -1, 2);
        Refused.argument(() -> matrix.f1(3), 3, 2);
        Refused.argument(() -> matrix.mostConfused(-1), "n", -1);
        Refused.argument(() -> matrix.table(List.of("a")), 1, 3);
    }
}
