package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;

/** An element-wise function as a layer of its own; where it follows a convolution, {@link Conv2d#activation} fuses it. */
public interface ActivationLayer extends Layer {

    /** The function. */
    Activation activation();

    @Override
    default Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    default BackwardReads backwardReads() {
        return activation().gradInputReadsOutput() ? BackwardReads.OUTPUT : BackwardReads.INPUTS;
    }

    @Override
    default boolean worksInPlace(int index) {
        return true;
    }

    @Override
    default LayerRun newRun(Binding binding) {
        Activation activation = activation();
        return new SharedRun(binding.outputLength(), 1) {
            @Override
            void forward(Frame frame, int from, int to) {
                Eltwise.forward(activation, frame.x(0), from, frame.y(), from, to - from);
            }

            @Override
            void backward(Frame frame, int from, int to) {
                if (frame.dx(0) != null) {
                    float[] xOrY = activation.gradInputReadsOutput() ? frame.y() : frame.x(0);
                    Eltwise.gradInput(activation, xOrY, from, frame.dy(), from, frame.dx(0), from, to - from, frame.dxMode(0));
                }
            }
        };
    }
}
