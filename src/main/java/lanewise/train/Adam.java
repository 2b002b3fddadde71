package lanewise.train;

import java.util.Map;
import lanewise.kernel.Update;
import lanewise.layer.Gradients;
import lanewise.layer.Parameters;

/**
 * Adam, and AdamW. With gradient g, weights w, moments m and v, which begin at 0, and t the number of the step, from 1:
 *
 * <pre>
 * d = g + weightDecay w                     Adam; AdamW: d = g
 * m = beta1 m + (1 - beta1) d
 * v = beta2 v + (1 - beta2) d^2
 * w -= learningRate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * w -= learningRate weightDecay w           AdamW only, with w as it was before the step
 * </pre>
 *
 * <pre>
 * Adam.of()                                 without decay
 * Adam.of().weightDecay(1e-4)               decay in the gradient, where it is divided by sqrt(v) as well
 * Adam.decoupled(0.01)                      AdamW: decay beside the gradient
 * </pre>
 *
 * <p>As in PyTorch, AdamW's decay is multiplied by the learning rate, so it follows its schedule. Each of the methods with a number
 * makes a new optimiser, without steps. The state is {@code mean} (m) and {@code square} (v). A row of an embedding's table that a batch
 * did not use keeps its moments as they are, while t counts all steps.
 *
 * <p><i>Source:</i> D. P. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, arXiv:1412.6980, algorithm 1; I. Loshchilov,
 * F. Hutter, Decoupled Weight Decay Regularization, arXiv:1711.05101, algorithm 2.
 */
public final class Adam implements Optimizer {

    private static final String MEAN = "mean";
    private static final String SQUARE = "square";

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final boolean decoupled;
    private final Moments moments = new Moments(MEAN, SQUARE);
    private final Gradients.RangeAction sweep = this::update;

    // Of the step at work, so that the sweep needs no object of its own.
    private float[] w;
    private float[] g;
    private float[] m;
    private float[] v;
    private float rate;
    private float decay;
    private float l2;
    private float scale;

    private Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        this.decoupled = decoupled;
    }

    /** Adam with the paper's numbers, {@code beta1} 0.9, {@code beta2} 0.999 and {@code epsilon} 1e-8, without decay. */
    public static Adam of() {
        return new Adam(0.9, 0.999, 1e-8, 0, false);
    }

    /**
     * AdamW with the same numbers.
     *
     * @param weightDecay at least 0, often 0.01
     * @throws IllegalArgumentException if it is not
     */
    public static Adam decoupled(double weightDecay) {
        return new Adam(0.9, 0.999, 1e-8, Hyper.notNegative(weightDecay, "weightDecay"), true);
    }

    /**
     * The same with another memory of the gradient.
     *
     * @param beta1 at least 0 and less than 1
     * @throws IllegalArgumentException if it is not
     */
    public Adam beta1(double beta1) {
        return new Adam(Hyper.fraction(beta1, "beta1"), beta2, epsilon, weightDecay, decoupled);
    }

    /**
     * The same with another memory of the gradient's square.
     *
     * @param beta2 at least 0 and less than 1
     * @throws IllegalArgumentException if it is not
     */
    public Adam beta2(double beta2) {
        return new Adam(beta1, Hyper.fraction(beta2, "beta2"), epsilon, weightDecay, decoupled);
    }

    /**
     * The same with another epsilon.
     *
     * @param epsilon greater than 0 as a float: an element whose gradients were all 0 would be 0 / 0
     * @throws IllegalArgumentException if it is not
     */
    public Adam epsilon(double epsilon) {
        Hyper.positive((float) epsilon, "epsilon");
        return new Adam(beta1, beta2, epsilon, weightDecay, decoupled);
    }

    /**
     * The same with another decay, coupled or not as it is.
     *
     * @param weightDecay at least 0
     * @throws IllegalArgumentException if it is not
     */
    public Adam weightDecay(double weightDecay) {
        return new Adam(beta1, beta2, epsilon, Hyper.notNegative(weightDecay, "weightDecay"), decoupled);
    }

    @Override
    public void step(Parameters parameters, Gradients gradients, double learningRate) {
        moments.begin(parameters, gradients, learningRate);
        w = parameters.values();
        g = gradients.values();
        m = moments.get(MEAN);
        v = moments.get(SQUARE);
        rate = (float) (learningRate / (1 - Math.pow(beta1, moments.steps())));
        scale = (float) (1 / Math.sqrt(1 - Math.pow(beta2, moments.steps())));
        decay = decoupled ? (float) (learningRate * weightDecay) : 0;
        l2 = decoupled ? 0 : (float) weightDecay;
        gradients.shareRanges(sweep);
        parameters.changed();
    }

    private void update(int from, int to, boolean decayed) {
        Update.adam(rate, decayed ? decay : 0, decayed ? l2 : 0, (float) (1 - beta1), (float) (1 - beta2), scale, (float) epsilon, g, m, v,
                w, from, to - from);
    }

    @Override
    public long steps() {
        return moments.steps();
    }

    @Override
    public Map<String, float[]> state() {
        return moments.view();
    }

    @Override
    public void restore(Map<String, float[]> state, long steps) {
        moments.restore(state, steps);
    }

    /** The numbers chosen. */
    @Override
    public String toString() {
        return (decoupled ? "AdamW" : "Adam") + "[beta1=" + beta1 + ", beta2=" + beta2 + ", epsilon=" + epsilon + ", weightDecay="
                + weightDecay + "]";
    }
}
