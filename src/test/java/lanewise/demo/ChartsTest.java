package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartsTest {

    private static final int TRAIN = 0x0969da;
    private static final int VALIDATION = 0xcf5300;
    private static final int RIGHT = 0xdcefe0;
    private static final int MOST_ERRORS = 0xc62f26;

    @Test
    void bothCurvesAreInBothPanels() {
        BufferedImage chart = Charts.learningCurve(new double[] {0.9, 0.5, 0.3}, new double[] {0.8, 0.6, 0.5},
                new double[] {0.7, 0.9, 0.95}, new double[] {0.72, 0.88, 0.9});
        assertEquals(1120, chart.getWidth());
        assertEquals(380, chart.getHeight());
        for (int left : new int[] {0, 560}) {
            BufferedImage panel = chart.getSubimage(left, 0, 560, 380);
            assertTrue(count(panel, TRAIN) > 500, "training, from " + left);
            assertTrue(count(panel, VALIDATION) > 500, "validation, from " + left);
        }
    }

    @Test
    void aCurveMayBeMissingOrHaveGaps() {
        BufferedImage chart = Charts.learningCurve(new double[] {0.9, Double.NaN, 0.3}, null, new double[0], new double[] {0.5});
        assertEquals(0, count(chart.getSubimage(0, 0, 560, 380), VALIDATION));
        assertEquals(0, count(chart.getSubimage(560, 0, 560, 380), TRAIN));
        assertTrue(count(chart.getSubimage(0, 0, 560, 380), TRAIN) > 100);
        assertTrue(count(chart.getSubimage(560, 0, 560, 380), VALIDATION) > 50);
    }

    @Test
    void anEmptyPanelIsRefused() {
        double[] some = {1};
        assertThrows(IllegalArgumentException.class, () -> Charts.learningCurve(null, null, some, some));
        var refusal = assertThrows(IllegalArgumentException.class, () -> Charts.learningCurve(some, some, new double[] {Double.NaN}, null));
        assertTrue(refusal.getMessage().startsWith("Accuracy"), refusal::getMessage);
    }

    /** Thousands on the diagonal do not pale the errors, and the row is the truth. */
    @Test
    void theMostFrequentErrorIsTheReddest() {
        List<String> names = List.of("a", "b", "c");
        BufferedImage none = Charts.confusionMatrix(new long[][] {{9000, 0, 0}, {0, 9000, 0}, {0, 0, 9000}}, names);
        assertEquals(0, count(none, MOST_ERRORS));
        assertTrue(count(none, RIGHT) > 3 * 54 * 54 * 0.7);
        BufferedImage upper = Charts.confusionMatrix(new long[][] {{9000, 1, 12}, {0, 9000, 0}, {0, 0, 9000}}, names);
        BufferedImage lower = Charts.confusionMatrix(new long[][] {{9000, 0, 0}, {1, 9000, 0}, {12, 0, 9000}}, names);
        assertTrue(count(upper, MOST_ERRORS) > 54 * 54 * 0.7);
        double[] above = middle(upper);
        double[] below = middle(lower);
        assertTrue(above[0] > below[0] + 90, "column of the answer");
        assertTrue(above[1] < below[1] - 90, "row of the truth");
    }

    @Test
    void twoErrorsAreNoAlarm() {
        BufferedImage chart = Charts.confusionMatrix(new long[][] {{9000, 2}, {0, 9000}}, List.of("a", "b"));
        assertEquals(0, count(chart, MOST_ERRORS));
    }

    /** More than an int can hold. */
    @Test
    void countsAreLong() {
        long many = 3_000_000_000L;
        BufferedImage chart = Charts.confusionMatrix(new long[][] {{many, many}, {0, many}}, List.of("a", "b"));
        assertTrue(count(chart, MOST_ERRORS) > 54 * 54 * 0.5);
    }

    @Test
    void drawsManyClassesAndLongNames() {
        long[][] counts = new long[30][30];
        counts[29][0] = 1;
        BufferedImage chart = Charts.confusionMatrix(counts, Collections.nCopies(30, "a rather long name of a class"));
        assertTrue(chart.getWidth() < 4000);
        assertEquals(1, Charts.confusionMatrix(new long[1][1], List.of("one")).getType());
    }

    @Test
    void refusals() {
        List<String> two = List.of("a", "b");
        assertThrows(IllegalArgumentException.class, () -> Charts.confusionMatrix(new long[0][0], List.of()));
        assertThrows(IllegalArgumentException.class, () -> Charts.confusionMatrix(new long[3][3], two));
        assertThrows(IllegalArgumentException.class, () -> Charts.confusionMatrix(new long[][] {{1, 2}, {3}}, two));
        assertThrows(IllegalArgumentException.class, () -> Charts.confusionMatrix(new long[][] {{1, 2}, {-3, 4}}, two));
    }

    private static int count(BufferedImage picture, int colour) {
        int count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += (picture.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
            }
        }
        return count;
    }

    /** The mean place of the reddest pixels. */
    private static double[] middle(BufferedImage picture) {
        double[] sum = new double[2];
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                if ((picture.getRGB(x, y) & 0xffffff) == MOST_ERRORS) {
                    sum[0] += x;
                    sum[1] += y;
                }
            }
        }
        int count = count(picture, MOST_ERRORS);
        return new double[] {sum[0] / count, sum[1] / count};
    }
}
