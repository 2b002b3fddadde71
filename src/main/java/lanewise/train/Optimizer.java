package lanewise.train;

import java.util.Map;
import lanewise.layer.Gradients;
import lanewise.layer.Parameters;

/**
 * Changes parameters by their gradients. An optimiser is stateful (momentum, the number of steps) and belongs to one network; from its
 * first step on it allocates nothing. Not thread-safe.
 *
 * <p>What a step touches is what {@link Gradients#forEachRange} tells: not frozen parameters, and of the table of an embedding only the
 * rows that the batch used, whose moments rest in between. Weight decay applies where a range says so: not to biases.
 */
public interface Optimizer {

    /**
     * Takes one step, in one sweep over the flat arrays, and calls {@link Parameters#changed}.
     *
     * @param parameters modified
     * @param gradients of the same network. Not modified
     * @param learningRate at least 0, finite
     * @throws IllegalArgumentException if the learning rate is negative or not finite, or there are more or fewer gradients than trained
     *     parameters
     * @throws IllegalStateException if the step before, or the restored state, was of another length; the message shows both
     */
    void step(Parameters parameters, Gradients gradients, double learningRate);

    /** How many steps there have been. */
    long steps();

    /**
     * What the next step depends on, apart from {@link #steps}: flat arrays of {@link Parameters#trainableLength}, live. The same
     * keys from the first step on; empty before it, and for an optimiser that remembers nothing.
     *
     * @return unmodifiable
     */
    Map<String, float[]> state();

    /**
     * Goes back to a saved state: the steps that follow have the same bits as those that followed then.
     *
     * @param state what {@link #state} held. Copied
     * @param steps what {@link #steps} said, at least 0
     * @throws IllegalArgumentException if the keys are not those of this optimiser, the arrays have different lengths, or steps is
     *         negative; nothing has changed then. No keys at all are right if steps is 0
     */
    void restore(Map<String, float[]> state, long steps);
}
