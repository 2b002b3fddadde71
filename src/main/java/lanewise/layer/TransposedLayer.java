package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/** A layer that is one transposed convolution: parameter 0 is the filter, parameter 1 the bias if there is one. */
public interface TransposedLayer extends Layer {

    /** The convolution whose gradient by its input this layer is, over {@code n} examples of shape {@code in}. */
    ConvShape mirror(int n, Shape in);

    /** Whether a bias is added. */
    boolean bias();

    /** What the sums go through. */
    Activation activation();

    @Override
    default long multiplyAdds(List<Shape> inputs) {
        return mirror(1, inputs.getFirst()).multiplyAdds();
    }

    @Override
    default BackwardReads backwardReads() {
        return BackwardReads.ofFused(activation());
    }

    @Override
    default LayerRun newRun(Binding binding) {
        return FilterRun.transposed(mirror(binding.batch(), binding.input()), activation(), bias(), binding);
    }
}
