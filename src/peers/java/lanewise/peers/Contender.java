package lanewise.peers;

/** One side: a computation, ready to be called again and again. */
interface Contender extends AutoCloseable {

    /** Who computes: {@code ours}, {@code ort-bound}. */
    String name();

    /** One call; the input is always the same. */
    void call();

    /** What the last call computed, channels last. */
    float[] result();

    /** The most calls to make in a row. */
    default int mostCalls() {
        return Integer.MAX_VALUE;
    }

    /**
     * How long the last {@code wall.length} calls took, in ns.
     *
     * @param wall what a clock around each call says
     */
    default double[] nanos(double[] wall) {
        return wall;
    }

    @Override
    default void close() {}
}
