package lanewise.train;

import lanewise.internal.Checks;
import lanewise.internal.eltwise.Exponentials;
import lanewise.kernel.Eltwise;
import lanewise.kernel.Reduce;
import lanewise.layer.Shape;

/**
 * Cross-entropy of softmax, from logits: the network must not end in a softmax of its own. With K channels of which {@code t} is the
 * target, and smoothing eps,
 *
 * <pre>
 * q[k] = (1 - eps) [k = t] + eps / K
 * loss = - sum over k of q[k] ln softmax(y)[k],   dy = softmax(y) - q
 * </pre>
 *
 * <p>An output of {@code H x W x K} is H W predictions, one of {@code K} is one; the loss is the mean over all of them. A target is the
 * number of a class, as a float, one per position.
 *
 * <p>The largest logit is subtracted first, and what follows it is summed in double: the loss of finite logits is finite. A logit of
 * -infinity is a class that is ruled out: harmless, except that the loss is infinite if it is the target or eps is greater than 0. A
 * position with NaN or +infinity, or nothing but -infinity, makes the loss NaN, and its own gradient.
 *
 * <p><i>Source:</i> of the smoothing, C. Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015, section 7.
 *
 * @param labelSmoothing eps, at least 0 and less than 1
 */
public record SoftmaxCrossEntropy(double labelSmoothing) implements Loss {

    /** Checks the smoothing. */
    public SoftmaxCrossEntropy {
        Hyper.fraction(labelSmoothing, "labelSmoothing");
    }

    /** Without smoothing. */
    public SoftmaxCrossEntropy() {
        this(0);
    }

    @Override
    public int targetSize(Shape output) {
        return Checks.notNull(output, "output").positions();
    }

    @Override
    public double forward(float[] y, float[] targets, int n, Shape output, float[] dy) {
        int positions = targetSize(output);
        Targets.checkArrays(y, targets, n, output, dy, positions);
        int classes = output.channels();
        Targets.checkClasses(targets, n, positions, classes);
        int rows = n * positions;
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += forward(y, row * classes, classes, (int) targets[row], rows, dy);
        }
        return sum / rows;
    }

    /** One position: its loss; its part of the gradient of the mean over {@code rows}. */
    private double forward(float[] y, int at, int classes, int target, int rows, float[] dy) {
        float max = Reduce.max(y, at, classes);
        double sum;
        if (dy == null) {
            sum = Exponentials.sumExp(max, y, at, classes);
        } else {
            Exponentials.exp(max, y, at, dy, at, classes);
            sum = Reduce.sum(dy, at, classes);
            Eltwise.scale((float) (1 / (sum * rows)), dy, at, dy, at, classes);
            dy[at + target] -= (float) ((1 - labelSmoothing) / rows);
        }
        double loss = (double) max - y[at + target];
        if (labelSmoothing > 0) {
            loss = (1 - labelSmoothing) * loss + labelSmoothing * smooth(max, y, at, classes, rows, dy);
        }
        return Math.log(sum) + loss;
    }

    /** The mean distance from the maximum, which every class adds to the loss; its part of the gradient goes off dy. */
    private double smooth(float max, float[] y, int at, int classes, int rows, float[] dy) {
        double sum = 0;
        for (int k = at; k < at + classes; k++) {
            sum += (double) max - y[k];
        }
        if (dy != null) {
            float share = (float) (labelSmoothing / classes / rows);
            for (int k = at; k < at + classes; k++) {
                dy[k] -= share;
            }
        }
        return sum / classes;
    }

    @Override
    public boolean isClassification() {
        return true;
    }

    /** Of the scores of each place, the target's must be the highest: see {@link Accuracy}. */
    @Override
    public long correct(float[] y, float[] targets, int n, Shape output) {
        return Accuracy.correct(y, targets, n * targetSize(output), output.channels(), 1);
    }
}
