package lanewise.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Shares memory among arrays that do not live at the same time: handed over from the largest to the smallest, each takes the smallest
 * buffer that is free for the whole of its life. So a buffer is as large as its first tenant. Sizes in floats.
 */
final class BufferPlan {

    private record Tenant(int birth, int death) {}

    private final List<Long> sizes = new ArrayList<>();
    private final List<List<Tenant>> tenants = new ArrayList<>();

    /**
     * Finds room for {@code size} floats from step {@code birth} to step {@code death}, both inclusive.
     *
     * @param size at most that of the call before
     * @return the number of the buffer
     */
    int place(long size, int birth, int death) {
        int buffer = tenants.size() - 1;
        while (buffer >= 0 && tenants.get(buffer).stream().anyMatch(other -> other.birth <= death && birth <= other.death)) {
            buffer--;
        }
        if (buffer < 0) {
            buffer = tenants.size();
            tenants.add(new ArrayList<>());
            sizes.add(size);
        }
        assert size <= sizes.get(buffer) : "not in order of size";
        tenants.get(buffer).add(new Tenant(birth, death));
        return buffer;
    }

    /** The size of each buffer. */
    long[] sizes() {
        return sizes.stream().mapToLong(size -> size).toArray();
    }

    /** All buffers together. */
    long total() {
        return sizes.stream().mapToLong(size -> size).sum();
    }
}
