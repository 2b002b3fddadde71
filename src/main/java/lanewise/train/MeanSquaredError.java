package lanewise.train;

import lanewise.internal.Checks;
import lanewise.kernel.Eltwise;
import lanewise.layer.Shape;

/**
 * The mean of the squared differences, over all elements of all examples:
 *
 * <pre>loss = 1 / (n size) sum (y - t)^2,   dy = 2 / (n size) (y - t)</pre>
 *
 * <p>A target is as large as an output, and finite. The loss is summed in double. NaN in y makes the loss NaN, and its own gradient.
 */
public record MeanSquaredError() implements Loss {

    @Override
    public int targetSize(Shape output) {
        return Checks.notNull(output, "output").size();
    }

    @Override
    public double forward(float[] y, float[] targets, int n, Shape output, float[] dy) {
        int length = Targets.checkArrays(y, targets, n, output, dy, targetSize(output));
        Targets.checkBetween(-Float.MAX_VALUE, Float.MAX_VALUE, targets, n, length / n, "finite");
        if (dy != null) {
            Eltwise.sub(y, 0, targets, 0, dy, 0, length);
            Eltwise.scale((float) (2.0 / length), dy, 0, dy, 0, length);
        }
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double difference = (double) y[i] - targets[i];
            sum += difference * difference;
        }
        return sum / length;
    }
}
