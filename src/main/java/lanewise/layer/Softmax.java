package lanewise.layer;

import java.util.List;

/**
 * {@code y[k] = exp(x[k]) / sum over j of exp(x[j])} along the last axis, computed without overflow. For training, leave it out and
 * use the loss that has it built in.
 */
public record Softmax() implements Layer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.OUTPUT;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int cols = binding.input().channels();
        int rows = binding.outputLength() / cols;
        return new LayerRun() {
            @Override
            public void forward(Frame frame) {
                lanewise.kernel.Softmax.forward(frame.x(0), 0, frame.y(), 0, rows, cols);
            }

            @Override
            public void backward(Frame frame) {
                if (frame.dx(0) != null) {
                    lanewise.kernel.Softmax.gradInput(frame.y(), 0, frame.dy(), 0, frame.dx(0), 0, rows, cols, frame.dxMode(0));
                }
            }
        };
    }
}
