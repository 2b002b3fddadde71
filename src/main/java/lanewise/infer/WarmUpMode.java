package lanewise.infer;

/**
 * When the kernels of a program are brought to full speed. Until HotSpot's optimising compiler has them, in the first seconds of a
 * JVM, they take a hundred to a thousand times as long.
 */
public enum WarmUpMode {
    /** Never: compiling is quick, and predictions are slow and make garbage until HotSpot has compiled what they use. */
    NONE,
    /**
     * Beside the first calls, the default. {@link Predictor#compile} returns as soon as the weights are folded; a daemon thread,
     * {@code lanewise warm-up}, or one of an executor ({@link PredictorOptions#warmUpOn}), has the kernels compiled and packs the
     * weights, and ends. Calls that arrive meanwhile run convolutions, dense layers and poolings by plain loops, at a twentieth (LeNet)
     * to a quarter (ResNet-50) of full speed; then every context goes over to the kernels, a call under way in its midst ({@link
     * Predictor#isWarm}, {@link Predictor#awaitWarm}).
     *
     * <p>The first calls therefore may differ from later ones in the last bits, because their sums have another order: each sum of
     * n products by no more than {@code 2 n u / (1 - n u)} times the sum of its terms' absolute values, {@code u = 2^-24}; where
     * Winograd's algorithm is used, by its larger bound ({@link PredictorOptions#withoutWinograd}). Take {@link #BEFORE} where all
     * calls must have the same bits.
     *
     * <p>Until the change the weights are held twice, packed and not, and near its end the thread has a context of its own for a while.
     * If warming up fails, for want of memory, say, every further call throws {@link IllegalStateException} with the cause; only
     * compiling again helps. A predictor that is let go of takes the thread along. Where kernels do not become fast, on a machine
     * that has no time for the compiler, they take over after twenty seconds as they are. Where all kernels are fast already, because
     * an earlier program has warmed them up, there is no thread, and no plain loop.
     */
    BESIDE,
    /**
     * Before the first call: {@code compile} takes two to three seconds in a new JVM, no more even on a machine that has no time for the
     * compiler, whose first calls then are slower. All predictions have the same bits.
     */
    BEFORE
}
