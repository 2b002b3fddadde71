package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import lanewise.kernel.Activation;
import lanewise.oracle.Sums;

/**
 * The gradients {@code v' J} of one layer by its inputs and parameters, from central differences of {@link LayerOracle} in double,
 * with what bounds the error of the same sums in float. With slopes {@code s} of the fused activation and terms {@code a} before it,
 *
 * <pre>dx[j] = sum over i of v[i] s[i] a[i,j]        |error| &lt;= EPS sum over i of |v[i] a[i,j]| (terms + K + 8) (1 + 2 M[i])</pre>
 *
 * <p>where {@code K} terms made output i, of size {@code M[i]} together: their error moves the slope, which no bend of sigmoid or tanh
 * doubles. Without an activation, or with one of straight pieces, {@code M} is left out.
 */
final class LayerReference {

    private static final double STEP = 0x1p-17;

    /** What differences in double are off by: rounding 1e-16 / STEP and STEP^2 / 6 of a third derivative below 100. */
    private static final double DIFFERENCE = 2e-9;

    /** One array's gradient. */
    record Expected(String name, double[] value, double[] tolerance) {}

    private final LayerCase c;
    private final List<double[]> x;
    private final List<double[]> parameters;
    private final float[] v;
    private final boolean fused;
    private final double[] slack;

    LayerReference(OneLayer one) {
        c = one.layerCase;
        x = one.inputs();
        parameters = one.parameters();
        v = one.dy;
        Activation activation = LayerOracle.fused(c.layer());
        fused = activation != Activation.NONE;
        slack = LayerOracle.majorant(c.layer(), c.batch(), c.inputs(), x, parameters);
        boolean bends = activation == Activation.SIGMOID || activation == Activation.TANH;
        for (int i = 0; i < slack.length; i++) {
            slack[i] = bends ? 1 + 2 * slack[i] : 1;
        }
    }

    List<Expected> inputs() {
        List<Expected> all = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            all.add(by(x.get(i), "x" + i));
        }
        return all;
    }

    List<Expected> parameters(List<Parameter> views) {
        List<Expected> all = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).trainable()) {
                all.add(by(parameters.get(i), views.get(i).name()));
            }
        }
        return all;
    }

    /** Differences by each element of {@code array}, one of the layer's own. */
    private Expected by(double[] array, String name) {
        boolean mapsOntoItself = c.layer() instanceof ActivationLayer || c.layer() instanceof Softmax || c.layer() instanceof LogSoftmax
                || c.layer() instanceof LocalResponseNorm;
        int roundings = LayerOracle.roundings(c.layer(), c.inputs()) + 8;
        double[] value = new double[array.length];
        double[] tolerance = new double[array.length];
        for (int j = 0; j < array.length; j++) {
            double[] slopes = differences(c.layer(), array, j);
            double[] terms = fused ? differences(LayerOracle.linear(c.layer()), array, j) : slopes;
            double size = 0;
            double reached = 0;
            int count = 0;
            for (int i = 0; i < slopes.length; i++) {
                if (terms[i] != 0) {
                    value[j] += v[i] * slopes[i];
                    size += Math.abs(v[i] * terms[i]) * slack[i];
                    reached += Math.abs(v[i]);
                    count++;
                }
            }
            // Where the slope is near 0 it is a difference of numbers that are not: a few units in the last place of 1.
            tolerance[j] = Sums.EPS * ((count + roundings) * size + (mapsOntoItself ? 16 * Math.abs(v[j]) : 0)) + DIFFERENCE * reached;
        }
        return new Expected(name, value, tolerance);
    }

    private double[] differences(Layer layer, double[] array, int j) {
        double at = array[j];
        array[j] = at + STEP;
        double[] above = LayerOracle.forward(layer, c.batch(), c.inputs(), x, parameters);
        array[j] = at - STEP;
        double[] below = LayerOracle.forward(layer, c.batch(), c.inputs(), x, parameters);
        array[j] = at;
        for (int i = 0; i < above.length; i++) {
            above[i] = (above[i] - below[i]) / (2 * STEP);
        }
        return above;
    }
}
