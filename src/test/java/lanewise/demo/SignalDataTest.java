package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SignalDataTest {

    private static SignalData data;

    @BeforeAll
    static void load() throws IOException {
        data = SignalData.load();
    }

    @Test
    void sizesAndLabels() {
        assertEquals(64, data.width());
        assertEquals(20, data.channels());
        assertEquals(1500 * 64 * 20, data.train().length);
        assertEquals(375 * 64 * 20, data.test().length);
        assertEquals(List.of("English", "Spanish", "French", "Italian", "Russian"), data.classNames());
        assertArrayEquals(new int[] {300, 300, 300, 300, 300}, counts(data.trainLabels()));
        assertArrayEquals(new int[] {75, 75, 75, 75, 75}, counts(data.testLabels()));
    }

    private static int[] counts(int[] labels) {
        int[] counts = new int[5];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** A float sum of 64 numbers, each less than 8 and rounded twice. */
    @Test
    void everyChannelOfASignalHasTheMeanZero() {
        for (float[] signals : List.of(data.train(), data.test())) {
            for (int signal = 0; signal < signals.length; signal += 64 * 20) {
                for (int channel = 0; channel < 20; channel++) {
                    double sum = 0;
                    for (int frame = 0; frame < 64; frame++) {
                        sum += signals[signal + frame * 20 + channel];
                    }
                    assertEquals(0, sum, 2 * 64 * Math.ulp(8f));
                }
            }
        }
    }

    /** Both sets are divided by the deviation of the training set: that of the test set is near 1, but not 1. */
    @Test
    void trainingSignalsHaveTheDeviationOne() {
        double eps = Math.ulp(1f);
        assertEquals(1, deviation(data.train()), 2 * eps);
        assertEquals(1, deviation(data.test()), 0.05);
        assertTrue(Math.abs(deviation(data.test()) - 1) > 2 * eps);
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    @Test
    void noSignalOccursTwice() {
        Set<Integer> seen = new HashSet<>();
        for (float[] signals : List.of(data.train(), data.test())) {
            for (int signal = 0; signal < signals.length; signal += 64 * 20) {
                assertTrue(seen.add(Arrays.hashCode(Arrays.copyOfRange(signals, signal, signal + 64 * 20))), "signal at " + signal);
            }
        }
    }

    /** How much each channel changes, compared with the mean of that over each class: far from enough, but twice what chance gives. */
    @Test
    void labelsBelongToTheirSignals() {
        double[][] train = spreads(data.train());
        double[][] means = new double[5][20];
        for (int i = 0; i < train.length; i++) {
            for (int channel = 0; channel < 20; channel++) {
                means[data.trainLabels()[i]][channel] += train[i][channel] / 300;
            }
        }
        double[][] test = spreads(data.test());
        int right = 0;
        for (int i = 0; i < test.length; i++) {
            right += nearest(means, test[i]) == data.testLabels()[i] ? 1 : 0;
        }
        assertTrue(right > 0.4 * test.length, right + " of " + test.length);
        assertTrue(right < 0.8 * test.length, right + " of " + test.length + ": this needs no network");
    }

    private static double[][] spreads(float[] signals) {
        double[][] spreads = new double[signals.length / (64 * 20)][20];
        for (int i = 0; i < signals.length; i++) {
            spreads[i / (64 * 20)][i % 20] += signals[i] * signals[i] / 64.0;
        }
        return spreads;
    }

    private static int nearest(double[][] means, double[] spread) {
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int label = 0; label < means.length; label++) {
            double distance = 0;
            for (int channel = 0; channel < spread.length; channel++) {
                distance += Math.pow(spread[channel] - means[label][channel], 2);
            }
            if (distance < least) {
                least = distance;
                best = label;
            }
        }
        return best;
    }

    @Test
    void refusesWhatDoesNotFit() {
        List<String> names = List.of("a", "b");
        float[] two = new float[12];
        int[] labels = {0, 1};
        assertEquals(2, new SignalData(two, labels, two, labels, 2, 3, names).trainLabels().length);
        assertThrows(IllegalArgumentException.class, () -> new SignalData(new float[11], labels, two, labels, 2, 3, names));
        assertThrows(IllegalArgumentException.class, () -> new SignalData(two, labels, new float[13], labels, 2, 3, names));
        assertThrows(IllegalArgumentException.class, () -> new SignalData(two, labels, two, new int[] {0, 2}, 2, 3, names));
        assertThrows(IllegalArgumentException.class, () -> new SignalData(two, new int[] {-1, 0}, two, labels, 2, 3, names));
        assertThrows(IllegalArgumentException.class, () -> new SignalData(new float[0], new int[0], two, labels, 2, 3, names));
    }
}
