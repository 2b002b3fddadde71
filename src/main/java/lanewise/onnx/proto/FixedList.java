package lanewise.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Little-endian numbers of a fixed width, appended in pieces. One piece, what writers write, stays a view of the file until the
 * array is asked for; several are gathered.
 */
final class FixedList {

    /** Bytes of several pieces together. */
    static final int MOST_GATHERED = Integer.MAX_VALUE - 8;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
    private static final float[] NO_FLOATS = {};
    private static final double[] NO_DOUBLES = {};

    private MemorySegment data = NOTHING;
    private long size; // bytes

    /** In bytes. */
    long size() {
        return size;
    }

    /** Appends a piece of the file; all pieces but an only one must fit into an array of bytes together. */
    void add(MemorySegment file, long from, long length) {
        if (length == 0) {
            return;
        }
        long sum = size + length;
        if (size == 0) {
            data = file.asSlice(from, length);
        } else {
            if (sum > data.byteSize()) { // always so when it is a view
                MemorySegment grown = MemorySegment.ofArray(new byte[(int) Math.min(MOST_GATHERED, Math.max(sum, 2 * size))]);
                MemorySegment.copy(data, 0, grown, 0, size);
                data = grown;
            }
            MemorySegment.copy(file, from, data, size, length);
        }
        size = sum;
    }

    float[] floats() {
        return size == 0 ? NO_FLOATS : data.asSlice(0, size).toArray(FLOAT);
    }

    double[] doubles() {
        return size == 0 ? NO_DOUBLES : data.asSlice(0, size).toArray(DOUBLE);
    }
}
