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
        int length = binding.outputLength();
        return new LayerRun() {
            @Override
            public void forward(Frame frame) {
                Eltwise.forward(activation, frame.x(0), 0, frame.y(), 0, length);
            }

            @Override
            public void backward(Frame frame) {
                if (frame.dx(0) != null) {
                    float[] xOrY = activation.gradInputReadsOutput() ? frame.y() : frame.x(0);
                    Eltwise.gradInput(activation, xOrY, 0, frame.dy(), 0, frame.dx(0), 0, length, frame.dxMode(0));
                }
            }
        };
    }
}
