package lanewise.train;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.eltwise.LogisticLoss;
import lanewise.layer.Shape;

/**
 * Cross-entropy of independent yes-or-no answers, from logits: the network must not end in a sigmoid of its own. The mean over all
 * elements of all examples, with F the sigmoid:
 *
 * <pre>
 * loss = mean(-t ln F(y) - (1 - t) ln F(-y)) = mean(max(y, 0) - y t + ln(1 + e^-|y|))
 * dy = (F(y) - t) / (n size)
 * </pre>
 *
 * <p>A target is as large as an output: probabilities from 0 to 1. The second form does not overflow: the loss of finite logits is
 * finite as long as the sum of a few hundred of them is. NaN makes the loss NaN, and its own gradient; infinity makes the loss NaN or
 * infinite.
 */
public record BinaryCrossEntropy() implements Loss {

    @Override
    public int targetSize(Shape output) {
        return Checks.notNull(output, "output").size();
    }

    @Override
    public double forward(float[] y, float[] targets, int n, Shape output, float[] dy) {
        VectorModule.require();
        int length = Targets.checkArrays(y, targets, n, output, dy, targetSize(output));
        Targets.checkBetween(0, 1, targets, n, length / n, "from 0 to 1");
        return LogisticLoss.sum((float) (1.0 / length), y, targets, dy, length) / length;
    }

    @Override
    public boolean isClassification() {
        return true;
    }

    /** A logit above 0 says yes; so does a target above 1/2. NaN says nothing right. */
    @Override
    public long correct(float[] y, float[] targets, int n, Shape output) {
        long correct = 0;
        for (int i = 0; i < n * output.size(); i++) {
            correct += !Float.isNaN(y[i]) && y[i] > 0 == targets[i] > 0.5f ? 1 : 0;
        }
        return correct;
    }
}
