package lanewise.kernel;

/** What a call does with the old contents of its output. */
public enum WriteMode {
    /** Old contents do not matter, not even NaN. */
    OVERWRITE,
    /** The result is added to the old contents. */
    ACCUMULATE
}
