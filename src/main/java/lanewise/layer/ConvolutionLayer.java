package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/** A layer that is one convolution, {@link Dense} among them: parameter 0 is the filter, parameter 1 the bias if there is one. */
public interface ConvolutionLayer extends Layer {

    /** The sizes of the convolution over {@code n} examples of shape {@code in}. */
    ConvShape convolution(int n, Shape in);

    /** Whether a bias is added. */
    boolean bias();

    /** What the sums go through. */
    Activation activation();

    @Override
    default long multiplyAdds(List<Shape> inputs) {
        return convolution(1, inputs.getFirst()).multiplyAdds();
    }

    @Override
    default BackwardReads backwardReads() {
        return BackwardReads.ofFused(activation());
    }

    @Override
    default LayerRun newRun(Binding binding) {
        return FilterRun.convolution(convolution(binding.batch(), binding.input()), activation(), bias(), binding);
    }
}
