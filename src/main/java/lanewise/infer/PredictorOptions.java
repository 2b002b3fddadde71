package lanewise.infer;

import java.util.concurrent.Executor;
import lanewise.internal.Checks;

/**
 * How {@link Predictor#compile} compiles; each method answers a changed copy.
 *
 * @param batch examples that one call predicts, at least 1
 * @param winograd whether convolutions may use Winograd's algorithm, whose rounding differs
 *     ({@link lanewise.kernel.ConvPlan#withoutWinograd} says how)
 * @param warmUp when the kernels are brought to full speed
 * @param tuning where timed choices of algorithms are remembered, or null to choose by rule
 * @param warmUpExecutor who warms up beside the first calls, or null for a new daemon thread each time
 */
public record PredictorOptions(int batch, boolean winograd, WarmUpMode warmUp, Tuning tuning, Executor warmUpExecutor) {

    /** Checks the batch. */
    public PredictorOptions {
        Checks.atLeast(batch, 1, "batch");
        Checks.notNull(warmUp, "warmUp");
    }

    /** One example a call, Winograd allowed, warmed up beside the first calls, algorithms by rule. */
    public static PredictorOptions defaults() {
        return new PredictorOptions(1, true, WarmUpMode.BESIDE, null, null);
    }

    /** The same for {@code batch} examples a call. */
    public PredictorOptions batch(int batch) {
        return new PredictorOptions(batch, winograd, warmUp, tuning, warmUpExecutor);
    }

    /** The same with sums of products only. */
    public PredictorOptions withoutWinograd() {
        return new PredictorOptions(batch, false, warmUp, tuning, warmUpExecutor);
    }

    /** The same with another mode of warming up. */
    public PredictorOptions warmUp(WarmUpMode warmUp) {
        return new PredictorOptions(batch, winograd, warmUp, tuning, warmUpExecutor);
    }

    /** The same without warming up. */
    public PredictorOptions withoutWarmUp() {
        return warmUp(WarmUpMode.NONE);
    }

    /** The same with algorithms chosen by timing those that can do a convolution, unless {@code tuning} remembers the winner. */
    public PredictorOptions tuned(Tuning tuning) {
        return new PredictorOptions(batch, winograd, warmUp, Checks.notNull(tuning, "tuning"), warmUpExecutor);
    }

    /**
     * The same with a thread of the caller's for {@link WarmUpMode#BESIDE}: where kernels are cold, {@link Predictor#compile} hands
     * {@code executor} one task, which works and waits for HotSpot for some seconds. Until it has run, plain loops predict. What
     * {@code executor} throws, {@code compile} throws, and {@link IllegalStateException} if it runs the task on the calling thread.
     */
    public PredictorOptions warmUpOn(Executor executor) {
        return new PredictorOptions(batch, winograd, warmUp, tuning, Checks.notNull(executor, "executor"));
    }
}
