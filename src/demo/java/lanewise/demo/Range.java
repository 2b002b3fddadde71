package lanewise.demo;

/**
 * How numbers become colours: {@code low} at one end, {@code high} at the other, straight in between, and beyond them the colour of
 * the end. NaN is {@link #NOT_A_NUMBER}.
 *
 * @param low black, or blue
 * @param high white, or red; more than {@code low}
 * @param palette the colours
 */
public record Range(float low, float high, Palette palette) {

    /** What stands for NaN: a colour of neither palette. */
    public static final int NOT_A_NUMBER = 0xff00ff;

    /** The colours, as {@code 0xRRGGBB}. */
    public enum Palette {
        /** From black to white. */
        GREY(0x000000, 0x808080, 0xffffff),
        /** From blue by white to red: white is the middle. */
        BLUE_WHITE_RED(0x2166ac, 0xf7f7f7, 0xb2182b);

        private final int[] stops;

        Palette(int... stops) {
            this.stops = stops;
        }
    }

    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException if they are not finite and in order
     * @throws NullPointerException if the palette is null
     */
    public Range {
        if (!(low < high) || Float.isInfinite(low) || Float.isInfinite(high)) {
            throw new IllegalArgumentException("range from " + low + " to " + high + ": must be finite, and the first the smaller");
        }
        if (palette == null) {
            throw new NullPointerException("palette is null");
        }
    }

    /** Black to white. */
    public static Range grey(float low, float high) {
        return new Range(low, high, Palette.GREY);
    }

    /** Black for {@code -limit}, mid grey for 0, white for {@code limit}. */
    public static Range signedGrey(float limit) {
        return new Range(-limit, limit, Palette.GREY);
    }

    /** Blue for {@code -limit}, white for 0, red for {@code limit}. */
    public static Range signed(float limit) {
        return new Range(-limit, limit, Palette.BLUE_WHITE_RED);
    }

    /** Black for the least value, white for the greatest; if all are the same, that is black. NaN and infinity do not count. */
    public static Range greyOf(float[] values) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            if (Float.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low > high) {
            return grey(0, 1);
        }
        return grey(low, high > low ? high : low + Math.max(1, Math.ulp(low)));
    }

    /** The greatest magnitude among finite values, or 1 if they are all zero: the limit of a signed range that cuts nothing off. */
    public static float limit(float[] values) {
        float limit = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                limit = Math.max(limit, Math.abs(value));
            }
        }
        return limit > 0 ? limit : 1;
    }

    /** The colour of a value, {@code 0xRRGGBB}. */
    public int colour(float value) {
        if (Float.isNaN(value)) {
            return NOT_A_NUMBER;
        }
        double place = Math.clamp(((double) value - low) / ((double) high - low), 0, 1) * 2;
        int from = place < 1 ? 0 : 1;
        return mix(palette.stops[from], palette.stops[from + 1], place - from);
    }

    /** Each of red, green and blue on the straight line between two colours. */
    static int mix(int from, int to, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 0xff;
            int b = to >> shift & 0xff;
            mixed |= (int) Math.round(a + (b - a) * share) << shift;
        }
        return mixed;
    }
}
