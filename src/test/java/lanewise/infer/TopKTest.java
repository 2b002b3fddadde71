package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lanewise.kernel.Reduce;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** The best indices against a stable sort of all of them. */
class TopKTest {

    private static int[] top(int k, float... x) {
        int[] indices = new int[k];
        TopK.indices(x, 0, x.length, k, indices, 0);
        return indices;
    }

    /** Few different values, so that there are ties everywhere, NaN and both infinities and zeros among them. */
    @Test
    void everyLengthAndK() {
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1, 2, 3, -1};
        SplittableRandom random = new SplittableRandom(1);
        for (int length = 1; length <= 24; length++) {
            float[] x = new float[length + 5];
            Arrays.fill(x, 99);
            for (int i = 0; i < length; i++) {
                x[3 + i] = values[random.nextInt(length % 2 == 0 ? 1 : 0, values.length)];
            }
            Comparator<Integer> byScore = Comparator.comparingDouble(i -> rank(x[3 + i]));
            int[] sorted = IntStream.range(0, length).boxed().sorted(byScore.reversed()).mapToInt(i -> i).toArray();
            for (int k = 1; k <= length; k++) {
                int[] indices = new int[k + 4];
                Arrays.fill(indices, -7);
                TopK.indices(x, 3, length, k, indices, 2);
                assertArrayEquals(Arrays.copyOf(sorted, k), Arrays.copyOfRange(indices, 2, 2 + k), "of " + length + ", " + k);
                assertEquals(-7, indices[1]);
                assertEquals(-7, indices[2 + k]);
            }
            assertEquals(Reduce.argMax(x, 3, length), sorted[0]);
        }
    }

    private static double rank(float score) {
        return Float.isNaN(score) ? Double.MAX_VALUE : Float.isInfinite(score) ? Math.copySign(1e100, score) : score + 0.0;
    }

    @Test
    void orders() {
        assertArrayEquals(new int[] {3, 2, 1}, top(3, 1, 2, 3, 4), "rising");
        assertArrayEquals(new int[] {0, 1, 2}, top(3, 4, 3, 2, 1), "falling");
        assertArrayEquals(new int[] {0, 1, 2}, top(3, 5, 5, 5, 5), "equal");
        assertArrayEquals(new int[] {0, 1, 2}, top(3, -0f, 0f, -0f, -1), "zeros are equal");
        assertArrayEquals(new int[] {2, 4, 1}, top(3, 0, 9, Float.NaN, 1, Float.NaN), "NaN first");
        assertArrayEquals(new int[] {1, 0}, top(2, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY));
    }

    @Test
    void refusals() {
        float[] x = new float[5];
        Refused.argument(() -> top(6, x), "k is 6, must be from 1 to the 5 scores");
        Refused.argument(() -> TopK.indices(x, 0, 5, 0, new int[1], 0), "k is 0");
        Refused.argument(() -> TopK.indices(x, 0, 0, 1, new int[1], 0), "k is 1", "0 scores");
        Refused.bounds(() -> TopK.indices(x, 1, 5, 1, new int[1], 0), "x needs 5", "length 5");
        Refused.bounds(() -> TopK.indices(x, 0, 5, 3, new int[3], 1), "indices needs 3", "length 3");
        Refused.bounds(() -> TopK.indices(x, -1, 3, 1, new int[1], 0), "x offset is -1");
        Refused.isNull(() -> TopK.indices(null, 0, 5, 1, new int[1], 0), "x");
        Refused.isNull(() -> TopK.indices(x, 0, 5, 1, null, 0), "indices");
    }
}
