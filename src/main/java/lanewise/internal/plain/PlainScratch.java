package lanewise.internal.plain;

import java.util.Arrays;

/**
 * The rows of one thread that runs plain loops. They grow as they are asked for and are kept for the next step; old contents do not
 * matter.
 */
public final class PlainScratch {

    private float[][] sums = {};
    private float[][] filter = {};
    private float[][] one = {{}};
    private float[] patches = {};

    /** The sums of {@code count} pixels. */
    float[][] sums(int count, int length) {
        sums = grown(sums, count, length);
        return sums;
    }

    /** {@code count} rows of a filter. */
    float[][] filter(int count, int length) {
        filter = grown(filter, count, length);
        return filter;
    }

    /** What is read of one pixel. */
    float[] pixel(int length) {
        one = grown(one, 1, length);
        return one[0];
    }

    /** What several pixels see. */
    float[] patches(int length) {
        if (patches.length < length) {
            patches = new float[length];
        }
        return patches;
    }

    private static float[][] grown(float[][] rows, int count, int length) {
        float[][] enough = rows.length >= count ? rows : Arrays.copyOf(rows, count);
        for (int i = 0; i < count; i++) {
            if (enough[i] == null || enough[i].length < length) {
                enough[i] = new float[length];
            }
        }
        return enough;
    }
}
