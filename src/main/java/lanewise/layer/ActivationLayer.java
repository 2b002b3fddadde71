package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * An element-wise function as a layer of its own; where it follows a convolution, {@link Conv2d#activation} fuses it.
 *
 * <p>A function that is no {@link Activation} brings its own {@link #apply}, {@link #gradInput} and {@link #gradInputReadsOutput}.
 */
public interface ActivationLayer extends OffsetLayer {

    /** The function, or null if it is none that a convolution can do. */
    Activation activation();

    /** Whether {@link #gradInput} reads y (true) or x (false). */
    default boolean gradInputReadsOutput() {
        return activation().gradInputReadsOutput();
    }

    /** {@code y[yOffset + i] = f(x[xOffset + i])}; y may be the very range of x. */
    default void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.forward(activation(), x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy f'(x)}, all from the same offset. */
    default void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.gradInput(activation(), xOrY, offset, dy, offset, dx, offset, length, mode);
    }

    @Override
    default boolean mayOverwrite(int index) {
        return true;
    }

    @Override
    default Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    default BackwardReads backwardReads() {
        return gradInputReadsOutput() ? BackwardReads.OUTPUT : BackwardReads.INPUTS;
    }

    @Override
    default boolean worksInPlace(int index) {
        return true;
    }

    @Override
    default LayerRun newRun(Binding binding) {
        return new SharedRun(binding.outputLength(), 1) {
            @Override
            void forward(Frame frame, int from, int to) {
                apply(frame.x(0), frame.xOffset(0) + from, frame.y(), frame.yOffset() + from, to - from);
            }

            @Override
            boolean isReluInPlace(Frame frame) {
                return ActivationLayer.this instanceof Relu && frame.dx(0) == frame.dy();
            }

            @Override
            void backward(Frame frame, int from, int to) {
                if (frame.dx(0) != null) {
                    float[] xOrY = gradInputReadsOutput() ? frame.y() : frame.x(0);
                    gradInput(xOrY, frame.dy(), frame.dx(0), from, to - from, frame.dxMode(0));
                }
            }
        };
    }
}
