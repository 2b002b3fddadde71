package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.LocalResponseNormPlan;

/**
 * Local response normalisation across channels: each is divided by what its neighbours at the same place amount to,
 *
 * <pre>
 * y[c] = x[c] / (bias + alpha/size sum over c' of x[c']^2)^beta,   c' from c - floor((size - 1) / 2) to c + ceil((size - 1) / 2)
 * </pre>
 *
 * <p>where channels outside are left out. Input and output {@code ... x C}.
 *
 * <p><i>Source:</i> Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012, who
 * do not divide alpha; the form here is that of ONNX.
 *
 * @param size neighbours that count, the channel itself among them
 * @param alpha the weight of their squares
 * @param beta the exponent
 * @param bias what a channel is divided by where all is 0, before the power
 */
public record LocalResponseNorm(int size, float alpha, float beta, float bias) implements OffsetLayer {

    /** Checks the components. */
    public LocalResponseNorm {
        Checks.atLeast(size, 1, "size");
        Checks.finite(alpha, "alpha");
        Checks.finite(beta, "beta");
        Checks.finite(bias, "bias");
    }

    /** The customary alpha 1e-4, beta 0.75 and bias 1. */
    public LocalResponseNorm(int size) {
        this(size, 1e-4f, 0.75f, 1);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public boolean mayOverwrite(int index) {
        return true; // a row's squares are taken before the row is written
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int channels = binding.input().channels();
        var plan = new LocalResponseNormPlan(binding.outputLength() / channels, channels, size, alpha, beta, bias);
        float[] scratch = new float[plan.gradInputScratch()];
        return CodeRun.ofInput(0,
                frame -> plan.forward(frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset(), scratch, 0),
                frame -> plan.gradInput(frame.x(0), 0, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), scratch, 0));
    }
}
