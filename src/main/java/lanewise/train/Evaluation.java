package lanewise.train;

import lanewise.internal.Checks;
import lanewise.layer.Context;
import lanewise.layer.Network;
import lanewise.layer.Shape;

/**
 * What a network makes of a data set.
 *
 * @param loss the mean loss
 * @param accuracy the fraction classified right; NaN if the loss is no classification
 * @param examples how many there were
 */
public record Evaluation(double loss, double accuracy, int examples) {

    /** Is handed every batch of outputs, for instance a {@link ConfusionMatrix}. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Looks at one batch.
         *
         * @param y {@code float[n * outputShape.size()]}, live
         * @param targets {@code float[n * targetSize]}, live
         * @param n examples
         * @param first the number of the first of them in the data set
         */
        void observe(float[] y, float[] targets, int n, int first);
    }

    /** Runs the whole data set in batches of up to {@code batch}. */
    public static Evaluation of(Network network, Dataset data, Loss loss, int batch) {
        return of(network.newContext(batch), data, loss, (y, targets, n, first) -> {});
    }

    /**
     * Runs the whole data set in batches of the context's size, in its order.
     *
     * @throws IllegalArgumentException if the data does not fit the network or the loss
     */
    public static Evaluation of(Context context, Dataset data, Loss loss, Observer observer) {
        Shape output = context.network().outputShape();
        Batches.checkFits(context.network(), data, loss);
        Checks.notNull(observer, "observer");
        int batch = context.options().batch();
        float[] targets = new float[Checks.product("targets", batch, data.targetSize())];
        double lossSum = 0;
        long correct = 0;
        for (int first = 0; first < data.size(); first += batch) {
            int n = Math.min(batch, data.size() - first);
            for (int i = 0; i < n; i++) {
                data.read(first + i, context.input(), i * data.inputShape().size(), targets, i * data.targetSize());
            }
            context.forward(n);
            lossSum += n * loss.forward(context.output(), targets, n, output, null);
            if (loss.isClassification()) {
                correct += loss.correct(context.output(), targets, n, output);
            }
            observer.observe(context.output(), targets, n, first);
        }
        long decisions = (long) data.size() * loss.targetSize(output);
        return new Evaluation(lossSum / data.size(), loss.isClassification() ? (double) correct / decisions : Double.NaN, data.size());
    }
}
