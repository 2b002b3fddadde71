package lanewise.infer;

/**
 * When the kernels of a program are brought to full speed. Until HotSpot's optimising compiler has them, in the first seconds of a
 * JVM, they take a hundred to a thousand times as long.
 */
public enum WarmUpMode {
    /** Never: compiling is quick, and the first predictions are slow until HotSpot has compiled what they use. */
    NONE,
    /**
     * Beside the first calls, the default. {@link Predictor#compile} returns as soon as the weights are folded; a daemon thread,
     * {@code lanewise warm-up}, has the kernels compiled and packs the weights, and ends. Calls that arrive meanwhile run
     * convolutions, dense layers and poolings by plain loops, at a twentieth (LeNet) to a quarter (ResNet-50) of full speed; then every
     * context goes over to the kernels, a call under way in its midst ({@link Predictor#isWarm}, {@link Predictor#awaitWarm}).
     *
     * <p>The first calls therefore may differ from later ones in the last bits, because their sums have another order: each sum of
     * n products by no more than {@code 2 n u / (1 - n u)} times the sum of its terms' absolute values, {@code u = 2^-24}; where
     * Winograd's algorithm is used, by its larger bound ({@link PredictorOptions#withoutWinograd}). Take {@link #BEFORE} where all
     * calls must have the same bits.
     *
     * <p>Until the change the weights are held twice, packed and not. If warming up fails, for want of memory, say, the next
     * call throws {@link IllegalStateException} with the cause. A predictor that is let go of takes the thread along.
     *
     * <p>Networks of less than about fifty thousand multiply-adds a call run by their kernels from the first call on, and start no
     * thread: their first dozen calls take milliseconds, until HotSpot has compiled them. A program whose kernels an earlier one has warmed
     * up is compiled whole, at once.
     */
    BESIDE,
    /**
     * Before the first call: {@code compile} takes two to three seconds in a new JVM, and all predictions have the same bits and
     * are about as fast.
     */
    BEFORE
}
