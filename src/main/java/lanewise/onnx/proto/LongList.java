package lanewise.onnx.proto;

import java.util.Arrays;

/** Longs, appended one by one; at most {@link #MOST}. */
final class LongList {

    /** So many an array can hold. */
    static final int MOST = Integer.MAX_VALUE - 8;

    private static final long[] NONE = {};

    private long[] values = NONE;
    private int size;

    int size() {
        return size;
    }

    /** Room for so many more. */
    void reserve(int more) {
        if (more > values.length - size) {
            values = Arrays.copyOf(values, (int) Math.min(MOST, Math.max(size + (long) more, size + (size >> 1))));
        }
    }

    void add(long value) {
        reserve(1);
        values[size++] = value;
    }

    long[] toArray() {
        return size == values.length ? values : Arrays.copyOf(values, size);
    }
}
