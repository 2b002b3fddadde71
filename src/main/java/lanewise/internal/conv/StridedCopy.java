package lanewise.internal.conv;

/**
 * Gathers floats that lie a constant distance apart. There is a loop for each frequent distance: C2 moves range checks out of a
 * loop only if the distance is a number in the code.
 */
final class StridedCopy {

    private StridedCopy() {}

    /** {@code to[toOffset + i] = from[fromOffset + i step]} for {@code count} values of i. */
    static void run(int step, float[] from, int fromOffset, float[] to, int toOffset, int count) {
        switch (step) {
            case 1 -> System.arraycopy(from, fromOffset, to, toOffset, count);
            case 2 -> every2nd(from, fromOffset, to, toOffset, count);
            case 3 -> every3rd(from, fromOffset, to, toOffset, count);
            case 6 -> every6th(from, fromOffset, to, toOffset, count);
            case 12 -> every12th(from, fromOffset, to, toOffset, count);
            case 24 -> every24th(from, fromOffset, to, toOffset, count);
            default -> any(step, from, fromOffset, to, toOffset, count);
        }
    }

    private static void every2nd(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = from[fromOffset + 2 * i];
        }
    }

    private static void every3rd(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = from[fromOffset + 3 * i];
        }
    }

    private static void every6th(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = from[fromOffset + 6 * i];
        }
    }

    private static void every12th(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = from[fromOffset + 12 * i];
        }
    }

    private static void every24th(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = from[fromOffset + 24 * i];
        }
    }

    private static void any(int step, float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = from[fromOffset + step * i];
        }
    }
}
