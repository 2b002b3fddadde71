package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import lanewise.model.LeNet;
import org.junit.jupiter.api.Test;

class ShiftExperimentTest {

    private static ShiftExperiment of(float background) {
        float[] digit = new float[28 * 28];
        Arrays.fill(digit, background);
        SplittableRandom random = new SplittableRandom(4);
        for (int row = 10; row < 18; row++) {
            for (int column = 10; column < 18; column++) {
                digit[row * 28 + column] = random.nextInt(1, 256) / 255f;
            }
        }
        return new ShiftExperiment(LeNet.network(3), digit);
    }

    /** Away from the border, the maps of a moved digit are the moved maps, bit for bit. */
    @Test
    void convolutionIsEquivariant() {
        ShiftExperiment shift = of(0);
        assertEquals(0, shift.equivarianceError("conv1", 2));
        assertEquals(0, shift.equivarianceError("pool1", 2));
        assertTrue(shift.equivarianceError("pool1", 1) > 0.01, "pooled by 2, half a pixel is no move");
        assertTrue(shift.change("conv1", 2) > 0.1, "the maps did not move");
        assertTrue(shift.change("pool1", 1) < shift.change("conv1", 1), "pooling made nothing more invariant");
    }

    @Test
    void backgroundComesIn() {
        ShiftExperiment shift = of(-0.5f);
        float[] digit = shift.shifted(0);
        for (int columns : new int[] {-3, 1, 27, 28}) {
            float[] expected = new float[28 * 28];
            for (int i = 0; i < expected.length; i++) {
                int column = i % 28 - columns;
                expected[i] = column < 0 || column > 27 ? -0.5f : digit[i - columns];
            }
            assertArrayEquals(expected, shift.shifted(columns));
        }
        assertArrayEquals(shift.shifted(2), shift.activation("digit", 2));
    }

    @Test
    void nothingMovedIsNoChange() {
        ShiftExperiment shift = of(0);
        assertEquals(0, shift.change("scores", 0));
        ShiftExperiment blank = new ShiftExperiment(LeNet.network(3), new float[28 * 28]);
        assertEquals(0, blank.change("digit", 1), "0 of 0");
        assertEquals(1 / Math.sqrt(2), dot().change("digit", 1) / 2, Math.ulp(1.0), "two dots, where there was one");
    }

    private static ShiftExperiment dot() {
        float[] digit = new float[28 * 28];
        digit[14 * 28 + 14] = 1;
        return new ShiftExperiment(LeNet.network(3), digit);
    }

    @Test
    void reportHasBothPropertiesAndSevenPredictions() {
        String report = of(0).report();
        assertEquals(2, report.lines().count());
        assertTrue(report.contains("conv1's maps move by 2 and differ by 0.0e+00"), report);
        assertTrue(report.matches("(?s).*predictions for moves by -3 to 3:( \\d){7}"), report);
    }
}
