package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * In training, sets each element to 0 with probability {@code rate} and divides the others by {@code 1 - rate}, so that the mean stays;
 * outside training, nothing. What is dropped depends on the context's seed, the step and the place alone.
 *
 * <p><i>Source:</i> Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 2014.
 *
 * @param rate at least 0, below 1
 */
public record Dropout(float rate) implements Layer {

    /** Checks the rate. */
    public Dropout {
        Checks.require(rate >= 0 && rate < 1, "rate", rate, "must be at least 0 and below 1");
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public boolean worksInPlace(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new DropoutRun(rate, binding.outputLength());
    }
}
