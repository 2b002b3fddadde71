package lanewise.internal.conv;

/**
 * Writes two planes as two channels of pixels. There is a loop for pixels of six channels: C2 moves range checks out of a loop only if
 * the distance is a number in the code, and they take half of the time.
 */
final class Interleave {

    private static final int SIX = 6;

    private Interleave() {}

    /** {@code y[to + i k] = planes[first + i]} and {@code y[to + i k + apart] = planes[second + i]} for {@code i < count}. */
    static void floats(int count, float[] planes, int first, int second, int k, int apart, float[] y, int to) {
        if (k == SIX) {
            sixFloats(count, planes, first, second, y, to, to + apart);
            return;
        }
        for (int i = 0; i < count; i++) {
            y[to + i * k] = planes[first + i];
            y[to + i * k + apart] = planes[second + i];
        }
    }

    private static void sixFloats(int count, float[] planes, int first, int second, float[] y, int to, int toSecond) {
        for (int i = 0; i < count; i++) {
            y[to + SIX * i] = planes[first + i];
            y[toSecond + SIX * i] = planes[second + i];
        }
    }

    /** The same for ints of which the planes hold the bits. */
    static void ints(int count, float[] planes, int first, int second, int k, int apart, int[] y, int to) {
        if (k == SIX) {
            sixInts(count, planes, first, second, y, to, to + apart);
            return;
        }
        for (int i = 0; i < count; i++) {
            y[to + i * k] = Float.floatToRawIntBits(planes[first + i]);
            y[to + i * k + apart] = Float.floatToRawIntBits(planes[second + i]);
        }
    }

    private static void sixInts(int count, float[] planes, int first, int second, int[] y, int to, int toSecond) {
        for (int i = 0; i < count; i++) {
            y[to + SIX * i] = Float.floatToRawIntBits(planes[first + i]);
            y[toSecond + SIX * i] = Float.floatToRawIntBits(planes[second + i]);
        }
    }
}
