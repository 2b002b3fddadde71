package lanewise.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Shares memory among arrays that do not live at the same time: each takes the free buffer that fits best when it is born and gives
 * it back after its last use. Sizes in floats.
 */
final class BufferPlan {

    private static final class Buffer {
        long size;
        int freeFrom;
    }

    private final List<Buffer> buffers = new ArrayList<>();

    /**
     * Finds room for {@code size} floats from step {@code birth} to step {@code death}, both inclusive; births must not decrease.
     *
     * @return the number of the buffer
     */
    int place(long size, int birth, int death) {
        int best = -1;
        for (int i = 0; i < buffers.size(); i++) {
            if (buffers.get(i).freeFrom <= birth && (best < 0 || better(size, buffers.get(i).size, buffers.get(best).size))) {
                best = i;
            }
        }
        if (best < 0) {
            best = buffers.size();
            buffers.add(new Buffer());
        }
        Buffer buffer = buffers.get(best);
        buffer.size = Math.max(buffer.size, size);
        buffer.freeFrom = death + 1;
        return best;
    }

    /** The smallest that is large enough; if none is, the largest, which has to grow least. */
    private static boolean better(long size, long candidate, long best) {
        if (candidate >= size) {
            return best < size || candidate < best;
        }
        return best < size && candidate > best;
    }

    /** The size of each buffer. */
    long[] sizes() {
        return buffers.stream().mapToLong(buffer -> buffer.size).toArray();
    }

    /** All buffers together. */
    long total() {
        return buffers.stream().mapToLong(buffer -> buffer.size).sum();
    }
}
