package lanewise.layer;

/** What {@link Pad} writes beyond an edge; for {@code a b c d} with two before and two after. */
public enum PadMode {
    /** One value: {@code v v a b c d v v}. */
    CONSTANT,
    /** The inside, mirrored at the first and last element: {@code c b a b c d c b}. */
    REFLECT,
    /** The first and the last element: {@code a a a b c d d d}. */
    EDGE,
    /** The other end: {@code c d a b c d a b}. */
    WRAP;

    /** The index that is read for {@code i}, which may be beyond 0 to {@code size - 1}, or -1 for the value. */
    int source(int i, int size) {
        return switch (this) {
            case CONSTANT -> i >= 0 && i < size ? i : -1;
            case EDGE -> Math.clamp(i, 0, size - 1);
            case WRAP -> Math.floorMod(i, size);
            case REFLECT -> {
                if (size == 1) {
                    yield 0;
                }
                int there = Math.floorMod(i, 2 * (size - 1)); // to the end and back again
                yield there < size ? there : 2 * (size - 1) - there;
            }
        };
    }
}
