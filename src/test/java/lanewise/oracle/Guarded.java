package lanewise.oracle;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;

/**
 * Values somewhere inside a larger array, between canaries that are NaN: who reads one spoils his result, who writes one is told.
 *
 * <p>The margins are longer than any tile is wide, and odd, so the values begin at an offset that is a multiple of nothing. Values that
 * end with their array have none behind them: who reads or writes one there is thrown out.
 */
public final class Guarded {

    private static final int CANARY = 0x7fc0cafe; // a quiet NaN like no other
    private static final int BEFORE = 37;
    private static final int AFTER = 71;

    private final float[] array;
    private final float[] original;

    private Guarded(float[] values, int after) {
        original = values;
        array = new float[BEFORE + values.length + after];
        Arrays.fill(array, Float.intBitsToFloat(CANARY));
        System.arraycopy(values, 0, array, BEFORE, values.length);
    }

    /** A copy of {@code values}, guarded. */
    public static Guarded of(float[] values) {
        return new Guarded(values.clone(), AFTER);
    }

    /** A copy of {@code values} that ends with its array. */
    public static Guarded atEnd(float[] values) {
        return new Guarded(values.clone(), 0);
    }

    /** An output that must be overwritten: NaN everywhere. */
    public static Guarded ofNaN(int length) {
        float[] values = new float[length];
        Arrays.fill(values, Float.NaN);
        return new Guarded(values, AFTER);
    }

    /** The whole array, canaries and all. */
    public float[] array() {
        return array;
    }

    /** Where the values begin in it. */
    public int offset() {
        return BEFORE;
    }

    /** How many values there are. */
    public int length() {
        return original.length;
    }

    /** Value {@code i} as it is now. */
    public float get(int i) {
        return array[BEFORE + i];
    }

    /** The values as they are now. */
    public float[] values() {
        return Arrays.copyOfRange(array, BEFORE, BEFORE + length());
    }

    /** The values as they were at first. */
    public float[] original() {
        return original;
    }

    /** Fails if anything around the values was written. */
    public void assertCanaries(Object what) {
        for (int i = 0; i < array.length; i++) {
            boolean outside = i < BEFORE || i >= BEFORE + length();
            if (outside && Float.floatToRawIntBits(array[i]) != CANARY) {
                fail("%s: wrote %s at index %d outside its %d values".formatted(what, array[i], i - BEFORE, length()));
            }
        }
    }

    /** Fails if the values or anything around them was written. */
    public void assertUntouched(Object what) {
        assertCanaries(what);
        if (Arrays.mismatch(original, values()) >= 0) {
            fail("%s: modified its input at %d".formatted(what, Arrays.mismatch(original, values())));
        }
    }
}
