package lanewise.layer;

import java.util.List;
import lanewise.kernel.Eltwise;

/** The sum of two or more inputs of the same shape: the join of a residual block. */
public record Add() implements Layer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("takes at least 2 inputs, but was given " + inputs.size() + ": " + inputs);
        }
        for (Shape input : inputs) {
            if (!input.equals(inputs.getFirst())) {
                throw new IllegalArgumentException("inputs are " + inputs.getFirst() + " and " + input + ", must be the same");
            }
        }
        return inputs.getFirst();
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public boolean worksInPlace(int index) {
        return index < 2; // the others are added to the sum of these
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new SharedRun(binding.outputLength(), 1) {
            @Override
            void forward(Frame frame, int from, int to) {
                Eltwise.add(frame.x(0), from, frame.x(1), from, frame.y(), from, to - from);
                for (int i = 2; i < frame.inputs(); i++) {
                    Eltwise.add(frame.y(), from, frame.x(i), from, frame.y(), from, to - from);
                }
            }

            @Override
            void backward(Frame frame, int from, int to) {
                for (int i = 0; i < frame.inputs(); i++) {
                    if (frame.dx(i) != null) {
                        Gradient.pass(frame.dy(), from, frame.dx(i), from, to - from, frame.dxMode(i));
                    }
                }
            }
        };
    }
}
