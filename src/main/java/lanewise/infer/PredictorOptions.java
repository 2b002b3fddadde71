package lanewise.infer;

import lanewise.internal.Checks;

/**
 * How {@link Predictor#compile} compiles; each method answers a changed copy.
 *
 * @param batch examples that one call predicts, at least 1
 * @param winograd whether convolutions may use Winograd's algorithm, whose rounding differs
 *     ({@link lanewise.kernel.ConvPlan#withoutWinograd} says how)
 * @param warmUp when the kernels are brought to full speed
 * @param tuning where timed choices of algorithms are remembered, or null to choose by rule
 */
public record PredictorOptions(int batch, boolean winograd, WarmUpMode warmUp, Tuning tuning) {

    /** Checks the batch. */
    public PredictorOptions {
        Checks.atLeast(batch, 1, "batch");
        Checks.notNull(warmUp, "warmUp");
    }

    /** One example a call, Winograd allowed, warmed up beside the first calls, algorithms by rule. */
    public static PredictorOptions defaults() {
        return new PredictorOptions(1, true, WarmUpMode.BESIDE, null);
    }

    /** The same for {@code batch} examples a call. */
    public PredictorOptions batch(int batch) {
        return new PredictorOptions(batch, winograd, warmUp, tuning);
    }

    /** The same with sums of products only. */
    public PredictorOptions withoutWinograd() {
        return new PredictorOptions(batch, false, warmUp, tuning);
    }

    /** The same with another mode of warming up. */
    public PredictorOptions warmUp(WarmUpMode warmUp) {
        return new PredictorOptions(batch, winograd, warmUp, tuning);
    }

    /** The same without warming up. */
    public PredictorOptions withoutWarmUp() {
        return warmUp(WarmUpMode.NONE);
    }

    /** The same with algorithms chosen by timing those that can do a convolution, unless {@code tuning} remembers the winner. */
    public PredictorOptions tuned(Tuning tuning) {
        return new PredictorOptions(batch, winograd, warmUp, Checks.notNull(tuning, "tuning"));
    }
}
