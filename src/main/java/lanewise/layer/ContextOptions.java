package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Threads;

/**
 * How a {@link Context} is made.
 *
 * @param batch the largest number of examples per call
 * @param threads who shares the work of each layer; the results do not depend on how many there are
 * @param training whether activations and gradients are kept, so that {@link Context#backward} can follow
 * @param inputGradient whether backward also computes the gradients of the network's inputs, for saliency maps or for a network
 *     that feeds this one
 * @param seed draws what dropout drops
 * @param winograd whether convolutions may use Winograd's algorithm, whose rounding differs
 *     ({@link lanewise.kernel.ConvPlan#withoutWinograd} says how)
 * @param keep which activations are kept
 */
public record ContextOptions(int batch, Threads threads, boolean training, boolean inputGradient, long seed, boolean winograd,
                             Keep keep) {

    /** Checks the components. */
    public ContextOptions {
        Checks.atLeast(batch, 1, "batch");
        Checks.notNull(threads, "threads");
        Checks.notNull(keep, "keep");
        if (inputGradient && !training) {
            throw new IllegalArgumentException("inputGradient is true and training false: gradients need a training context");
        }
    }

    /** With Winograd's algorithm where it is the fastest, and with those activations kept that are needed. */
    public ContextOptions(int batch, Threads threads, boolean training, boolean inputGradient, long seed) {
        this(batch, threads, training, inputGradient, seed, true, Keep.NEEDED);
    }

    /** The same with sums of products only. */
    public ContextOptions withoutWinograd() {
        return new ContextOptions(batch, threads, training, inputGradient, seed, false, keep);
    }

    /** The same with other activations kept. */
    public ContextOptions keeping(Keep which) {
        return new ContextOptions(batch, threads, training, inputGradient, seed, winograd, which);
    }
}
