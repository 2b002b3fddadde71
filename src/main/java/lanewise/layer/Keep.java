package lanewise.layer;

/** Which activations a {@link Context} keeps. The numbers it computes are the same bits. */
public enum Keep {
    /** All, each in an array of its own, so that {@link Context#activation} shows any of them. */
    ALL,
    /** Those that something still reads: the default. A training step keeps what its backward pass reads. */
    NEEDED,
    /**
     * In training, few: those at the borders of some segments of the network. The backward pass computes a segment's others again, just
     * before it needs them. Takes the least memory that equal segments give, and up to one forward pass more time.
     */
    LEAST
}
