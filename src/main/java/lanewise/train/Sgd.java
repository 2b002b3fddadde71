package lanewise.train;

import java.util.Map;
import lanewise.kernel.Update;
import lanewise.layer.Gradients;
import lanewise.layer.Parameters;

/**
 * Stochastic gradient descent: plain, with momentum, or with Nesterov's. With gradient g, weights w and velocity v, which begins at 0:
 *
 * <pre>
 * d = g + weightDecay w
 * v = momentum v + d
 * w -= learningRate d                       plain
 * w -= learningRate v                       momentum
 * w -= learningRate (d + momentum v)        nesterov
 * </pre>
 *
 * <p>As in PyTorch, with a dampening of 0: the velocity is not multiplied by the learning rate, so a change of that acts at once.
 *
 * <pre>Sgd.of().momentum(0.9).nesterov().weightDecay(5e-4)</pre>
 *
 * <p>Each of these methods makes a new optimiser, without steps. The state is {@code velocity}, empty without momentum.
 *
 * <p><i>Source:</i> I. Sutskever et al., On the importance of initialization and momentum in deep learning, 2013.
 */
public final class Sgd implements Optimizer {

    private static final String VELOCITY = "velocity";

    private final double momentum;
    private final boolean nesterov;
    private final double weightDecay;
    private final Moments moments;
    private final Gradients.RangeAction sweep = this::update;

    // Of the step at work, so that the sweep needs no object of its own.
    private float[] w;
    private float[] g;
    private float[] v;
    private float rate;

    private Sgd(double momentum, boolean nesterov, double weightDecay) {
        this.momentum = momentum;
        this.nesterov = nesterov;
        this.weightDecay = weightDecay;
        this.moments = momentum > 0 ? new Moments(VELOCITY) : new Moments();
    }

    /** Plain: no momentum, no decay. */
    public static Sgd of() {
        return new Sgd(0, false, 0);
    }

    /**
     * The same with momentum, often 0.9.
     *
     * @param momentum at least 0 and less than 1
     * @throws IllegalArgumentException if it is not, or 0 with Nesterov's
     */
    public Sgd momentum(double momentum) {
        Hyper.fraction(momentum, "momentum");
        if (nesterov) {
            Hyper.positive(momentum, "momentum");
        }
        return new Sgd(momentum, nesterov, weightDecay);
    }

    /**
     * The same with Nesterov's momentum, which looks one step ahead.
     *
     * @throws IllegalStateException if there is no momentum yet
     */
    public Sgd nesterov() {
        if (momentum == 0) {
            throw new IllegalStateException("momentum is " + momentum + ", must be set to more before nesterov()");
        }
        return new Sgd(momentum, true, weightDecay);
    }

    /**
     * The same with weight decay, added to the gradient where a range is decayed.
     *
     * @param weightDecay at least 0
     * @throws IllegalArgumentException if it is not
     */
    public Sgd weightDecay(double weightDecay) {
        return new Sgd(momentum, nesterov, Hyper.notNegative(weightDecay, "weightDecay"));
    }

    @Override
    public void step(Parameters parameters, Gradients gradients, double learningRate) {
        moments.begin(parameters, gradients, learningRate);
        w = parameters.values();
        g = gradients.values();
        v = moments.get(VELOCITY);
        rate = (float) learningRate;
        gradients.shareRanges(sweep);
        parameters.changed();
    }

    private void update(int from, int to, boolean decayed) {
        float decay = decayed ? (float) weightDecay : 0;
        if (v == null) {
            Update.sgd(rate, decay, g, w, from, to - from);
        } else if (nesterov) {
            Update.nesterov(rate, (float) momentum, decay, g, v, w, from, to - from);
        } else {
            Update.momentum(rate, (float) momentum, decay, g, v, w, from, to - from);
        }
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
        return "Sgd[momentum=" + momentum + (nesterov ? ", nesterov" : "") + ", weightDecay=" + weightDecay + "]";
    }
}
