package lanewise.internal;

import java.util.List;

/**
 * The checks of the public boundary. Each message names the argument and shows both values; inside the library, {@code assert}
 * is enough.
 */
public final class Checks {

    private Checks() {}

    /** Requires a non-null reference; the message is the argument's name. */
    public static <T> T notNull(T value, String name) {
        if (value == null) {
            throw new NullPointerException(name + " is null");
        }
        return value;
    }

    /** An immutable copy of a list without null. */
    public static <T> List<T> copy(List<T> values, String name) {
        int i = 0;
        for (T value : notNull(values, name)) {
            if (value == null) {
                throw new NullPointerException("element " + i + " of " + name + " is null: " + values);
            }
            i++;
        }
        return List.copyOf(values);
    }

    /** Requires {@code value >= least}. */
    public static int atLeast(int value, int least, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
        return value;
    }

    /** Requires that {@code holds}; otherwise the message is {@code "alpha is 0.0, must not be 0"}, of a name, the value and the rule. */
    public static void require(boolean holds, String name, float value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", " + rule);
        }
    }

    /** The same of a whole number. */
    public static void require(boolean holds, String name, long value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", " + rule);
        }
    }

    /** The same of anything that prints. */
    public static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", " + rule);
        }
    }

    /** Requires a number that is neither infinite nor NaN. */
    public static float finite(float value, String name) {
        require(Float.isFinite(value), name, value, "must be finite");
        return value;
    }

    /** Requires a finite number above 0. */
    public static float positive(float value, String name) {
        require(value > 0 && value <= Float.MAX_VALUE, name, value, "must be above 0 and finite");
        return value;
    }

    /** Requires a finite number other than 0. */
    public static float factor(float value, String name) {
        require(Float.isFinite(value) && value != 0, name, value, "must be finite and not 0");
        return value;
    }

    /** Requires that {@code array} holds {@code length} floats from {@code offset}. */
    public static void range(float[] array, int offset, long length, String name) {
        notNull(array, name);
        range(array.length, offset, length, name);
    }

    /** Requires that {@code array} holds {@code length} ints from {@code offset}. */
    public static void range(int[] array, int offset, long length, String name) {
        notNull(array, name);
        range(array.length, offset, length, name);
    }

    /** Requires that {@code array} holds {@code length} bytes from {@code offset}. */
    public static void range(byte[] array, int offset, long length, String name) {
        notNull(array, name);
        range(array.length, offset, length, name);
    }

    private static void range(int available, int offset, long length, String name) {
        if (offset < 0) {
            throw new IndexOutOfBoundsException(name + " offset is " + offset + ", must be at least 0");
        }
        if (length > (long) available - offset) {
            throw new IndexOutOfBoundsException(name + " needs " + length + " elements from offset " + offset
                    + ", but has length " + available);
        }
    }

    /** Requires an array of exactly {@code length} floats. */
    public static void length(float[] array, int length, String name) {
        notNull(array, name);
        if (array.length != length) {
            throw new IllegalArgumentException(name + " has length " + array.length + ", must be " + length);
        }
    }

    /** Requires that two ranges share no element; ranges of different arrays never do. */
    public static void disjoint(float[] a, int aOffset, long aLength, String aName,
                                float[] b, int bOffset, long bLength, String bName) {
        if (a == b && aOffset < bOffset + bLength && bOffset < aOffset + aLength && aLength > 0 && bLength > 0) {
            throw new IllegalArgumentException(aName + " [" + aOffset + ", " + (aOffset + aLength) + ") and " + bName + " ["
                    + bOffset + ", " + (bOffset + bLength) + ") overlap in the same array");
        }
    }

    /** The product of two sizes as an int; with no array of arguments, for checks that are made in every call. */
    public static int product(String name, int a, int b) {
        long product = (long) a * b;
        return product <= Integer.MAX_VALUE ? (int) product : product(name, new int[] {a, b});
    }

    /** The product as an int. */
    public static int product(String name, int... factors) {
        long product = 1;
        for (int factor : factors) {
            product = Math.multiplyExact(product, (long) factor); // each step stays below 2^62
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(name + " needs " + java.util.Arrays.toString(factors)
                        + " elements, more than the " + Integer.MAX_VALUE + " a Java array can hold");
            }
        }
        return (int) product;
    }
}
