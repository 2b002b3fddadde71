package lanewise.infer;

import lanewise.internal.Checks;

/**
 * The best of many scores. NaN comes before every number, as for {@code Reduce.argMax}, so that a broken network does not hide; then
 * the larger one; of equal ones, as 0 and -0 are, the one with the lower index.
 */
public final class TopK {

    private TopK() {}

    /**
     * Finds the {@code k} best, the best one first. Takes a time of {@code length} on most scores, {@code length k} when they rise.
     *
     * <p>Allocates nothing. Any number of threads may call, each with its own {@code indices}.
     *
     * @param x scores, {@code float[length]} from {@code xOffset}. Not modified
     * @param k from 1 to {@code length}
     * @param indices counted from {@code xOffset}. Overwritten in {@code [indicesOffset, indicesOffset + k)}
     * @throws IllegalArgumentException if {@code k} is out of range
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static void indices(float[] x, int xOffset, int length, int k, int[] indices, int indicesOffset) {
        Checks.range(x, xOffset, length, "x");
        if (k < 1 || k > length) {
            throw new IllegalArgumentException("k is " + k + ", must be from 1 to the " + length + " scores");
        }
        Checks.range(indices, indicesOffset, k, "indices");
        int last = indicesOffset + k - 1;
        for (int i = 0; i < length; i++) {
            float score = x[xOffset + i];
            if (i < k || isBetter(score, x[xOffset + indices[last]])) {
                int at = Math.min(indicesOffset + i, last);
                for (; at > indicesOffset && isBetter(score, x[xOffset + indices[at - 1]]); at--) {
                    indices[at] = indices[at - 1];
                }
                indices[at] = i;
            }
        }
    }

    private static boolean isBetter(float a, float b) {
        return a > b || Float.isNaN(a) && !Float.isNaN(b);
    }
}
