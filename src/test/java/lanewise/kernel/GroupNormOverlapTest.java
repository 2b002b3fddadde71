package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Ranges of {@link GroupNormPlan#gradInput} that meet: one that is written must be by itself. */
class GroupNormOverlapTest {

    private static final int CHANNELS = 4;
    private static final int LENGTH = 12;
    /** Where x, dy, gamma, mean, variance, the sums and dx lie side by side. */
    private static final int[] PLACES = {0, LENGTH, 2 * LENGTH, 28, 32, 36, 40, 44};
    private static final String[] NAMES = {"x", "dy", "gamma", "mean", "variance", "sumDyXhat", "sumDy", "dx"};
    private static final int[] LENGTHS = {LENGTH, LENGTH, CHANNELS, CHANNELS, CHANNELS, CHANNELS, CHANNELS, LENGTH};

    private static void gradInput(float[] array, int... at) {
        new GroupNormPlan(1, 3, CHANNELS, 2, 1e-3f).gradInput(array, at[0], array, at[1], array, at[2], array, at[3], array, at[4],
                array, at[5], array, at[6], array, at[7], WriteMode.OVERWRITE);
    }

    @Test
    void whatIsWrittenIsApart() {
        float[] array = Data.reals(1, 44 + LENGTH);
        for (int i = 0; i < array.length; i++) {
            array[i] = Math.abs(array[i]); // some are variances
        }
        gradInput(array.clone(), PLACES);
        for (int written : new int[] {1, 5, 6, 7}) {
            for (int other = 0; other < NAMES.length; other++) {
                if (other != written) {
                    int[] at = PLACES.clone();
                    int smaller = LENGTHS[other] < LENGTHS[written] ? other : written;
                    at[smaller] = at[smaller == other ? written : other];
                    float[] before = array.clone();
                    Refused.argument(() -> gradInput(array, at), NAMES[written], NAMES[other], "overlap");
                    assertArrayEquals(before, array, NAMES[written] + " and " + NAMES[other] + ", " + Arrays.toString(at));
                }
            }
        }
    }
}
