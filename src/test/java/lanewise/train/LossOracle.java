package lanewise.train;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import lanewise.layer.Shape;

/** A loss in plain loops in double. */
record LossOracle(Loss loss, Value value, Slope slope) {

    /** The mean loss. */
    interface Value {
        double of(double[] y, float[] targets, int n, Shape output);
    }

    /** The gradient of the mean by one element of y. */
    interface Slope {
        double of(double[] y, float[] targets, int n, Shape output, int i);
    }

    static final List<LossOracle> ALL = List.of(softmax(0), softmax(0.1), softmax(0.75), binary(), squared());

    private static LossOracle softmax(double smoothing) {
        return new LossOracle(new SoftmaxCrossEntropy(smoothing), (y, targets, n, output) -> {
            int classes = output.channels();
            int rows = y.length / classes;
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum -= wanted(smoothing, targets, classes, i) * (y[i] - logSum(y, i / classes * classes, classes));
            }
            return sum / rows;
        }, (y, targets, n, output, i) -> {
            int classes = output.channels();
            int rows = y.length / classes;
            double probability = Math.exp(y[i] - logSum(y, i / classes * classes, classes));
            return (probability - wanted(smoothing, targets, classes, i)) / rows;
        });
    }

    private static double wanted(double smoothing, float[] targets, int classes, int i) {
        return smoothing / classes + (targets[i / classes] == i % classes ? 1 - smoothing : 0);
    }

    private static double logSum(double[] y, int from, int classes) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            max = Math.max(max, y[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(y[i] - max);
        }
        return max + Math.log(sum);
    }

    private static LossOracle binary() {
        DoubleUnaryOperator softplus = x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        return new LossOracle(new BinaryCrossEntropy(), (y, targets, n, output) -> {
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += targets[i] * softplus.applyAsDouble(-y[i]) + (1.0 - targets[i]) * softplus.applyAsDouble(y[i]);
            }
            return sum / y.length;
        }, (y, targets, n, output, i) -> (1 / (1 + Math.exp(-y[i])) - targets[i]) / y.length);
    }

    private static LossOracle squared() {
        return new LossOracle(new MeanSquaredError(), (y, targets, n, output) -> {
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += (y[i] - targets[i]) * (y[i] - targets[i]);
            }
            return sum / y.length;
        }, (y, targets, n, output, i) -> 2 * (y[i] - targets[i]) / y.length);
    }

    /** Targets that the loss takes. */
    float[] targets(float[] random, Shape output) {
        float[] targets = random.clone();
        for (int i = 0; i < targets.length; i++) {
            if (loss instanceof SoftmaxCrossEntropy) {
                targets[i] = (int) ((random[i] + 1) / 2 * output.channels());
            } else if (loss instanceof BinaryCrossEntropy) {
                targets[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : (random[i] + 1) / 2;
            }
        }
        return targets;
    }

    static double[] doubles(float[] y) {
        double[] doubles = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            doubles[i] = y[i];
        }
        return doubles;
    }

    @Override
    public String toString() {
        return loss.toString();
    }
}
