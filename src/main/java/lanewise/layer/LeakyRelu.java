package lanewise.layer;

import java.util.List;
import lanewise.kernel.Eltwise;

/**
 * {@code y = x < 0 ? alpha x : x}.
 *
 * @param alpha the slope of the negative side
 */
public record LeakyRelu(float alpha) implements Layer {

    /** Checks that the slope is finite. */
    public LeakyRelu {
        if (!Float.isFinite(alpha)) {
            throw new IllegalArgumentException("alpha is " + alpha + ", must be finite");
        }
    }

    /** The customary slope of 0.01. */
    public LeakyRelu() {
        this(0.01f);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.INPUTS;
    }

    @Override
    public boolean worksInPlace(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new SharedRun(binding.outputLength(), 1) {
            @Override
            void forward(Frame frame, int from, int to) {
                Eltwise.leakyRelu(alpha, frame.x(0), from, frame.y(), from, to - from);
            }

            @Override
            void backward(Frame frame, int from, int to) {
                if (frame.dx(0) != null) {
                    Eltwise.leakyReluGradInput(alpha, frame.x(0), from, frame.dy(), from, frame.dx(0), from, to - from, frame.dxMode(0));
                }
            }
        };
    }
}
