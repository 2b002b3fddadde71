package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * Fully connected layer {@code y[k] = f(bias[k] + sum over c of x[c] w[c,k])}, on the last axis of its input: on a picture or signal
 * it acts at every place alike, like a convolution of one tap. {@link Flatten} before it connects everything to everything.
 *
 * <p>Input {@code ... x C}, output {@code ... x K}, weight {@code C x K}, bias {@code K}.
 *
 * @param units outputs, K
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record Dense(int units, boolean bias, Activation activation, Initializer initializer) implements ConvolutionLayer {

    /** Checks the components. */
    public Dense {
        Checks.atLeast(units, 1, "units");
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code units} with bias, without activation, Glorot initialisation. */
    public static Dense of(int units) {
        return new Dense(units, true, Activation.NONE, Initializer.GLOROT_UNIFORM);
    }

    /** The same without bias. */
    public Dense withoutBias() {
        return new Dense(units, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public Dense activation(Activation activation) {
        return new Dense(units, bias, activation, initializer);
    }

    /** The same with ReLU fused in, and the initialisation that goes with it. */
    public Dense relu() {
        return new Dense(units, bias, Activation.RELU, Initializer.HE_NORMAL);
    }

    /** The same with another start. */
    public Dense initializer(Initializer initializer) {
        return new Dense(units, bias, activation, initializer);
    }

    @Override
    public ConvShape convolution(int n, Shape in) {
        return ConvShape.of(n, 1, in.positions(), in.channels(), units, 1, 1);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs).withChannels(units);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        int c = inputs.getFirst().channels();
        return Filters.withBias(ParameterSpec.weight("weight", Shape.of(c, units), initializer, c, units), bias,
                Shape.of(units));
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return inputs.getFirst().rank() == 1 ? ReceptiveField.WHOLE : seen.getFirst();
    }
}
