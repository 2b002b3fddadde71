package lanewise.infer;

/** How far {@link Predictor#compile} brings the kernels to full speed before it returns. */
public enum WarmUpMode {
    /** Not at all: compiling is quick, and the first predictions are slow until HotSpot has compiled what they use. */
    NONE,
    /**
     * Where it makes the first prediction come earlier: for networks of more than about five million multiply-adds a call. Smaller
     * ones answer at once, and become fast within about two seconds of use.
     */
    WORTHWHILE,
    /** Always: {@code compile} takes two to three seconds in a new JVM, and the first prediction is about as fast as all others. */
    FULL
}
