package lanewise.infer;

import java.util.Arrays;
import java.util.List;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.BatchNorm;
import lanewise.layer.BinaryParameter;
import lanewise.layer.Node;
import lanewise.layer.Parameter;

/**
 * {@code y[c] = scale[c] x[c] + shift[c]}: what batch normalisation is once its moments stand still, and a sum or product with a constant.
 * Next to a convolution it can be multiplied into the weights.
 */
record ChannelMap(float[] scale, float[] shift) {

    /** {@code scale = gamma / sqrt(variance + epsilon)}, {@code shift = beta - scale mean}, in double. */
    static ChannelMap of(BatchNorm norm, List<Parameter> parameters, float[] values) {
        int channels = parameters.getFirst().length();
        int gamma = parameters.get(0).offset();
        int beta = parameters.get(1).offset();
        int mean = parameters.get(2).offset();
        int variance = parameters.get(3).offset();
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int c = 0; c < channels; c++) {
            double factor = values[gamma + c] / Math.sqrt((double) values[variance + c] + norm.epsilon());
            scale[c] = (float) factor;
            shift[c] = (float) (values[beta + c] - factor * values[mean + c]);
        }
        return new ChannelMap(scale, shift);
    }

    /**
     * The map that a function of a value and a constant is, or null: one number for all channels or one for each, added, taken away,
     * multiplied or divided by.
     */
    static ChannelMap of(BinaryParameter layer, Node node, Parameter operand, float[] values) {
        int channels = node.shape().channels();
        List<Integer> sizes = layer.operand().dims();
        boolean each = operand.length() == channels && sizes.getLast() == channels;
        boolean fits = (operand.length() == 1 || each) && node.shape().size() == node.inputShapes().getFirst().size()
                && node.inputShapes().getFirst().channels() == channels;
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int c = 0; fits && c < channels; c++) {
            float value = values[operand.offset() + (each ? c : 0)];
            boolean first = layer.operandFirst();
            BinaryFunction function = layer.function();
            if (function == BinaryFunction.ADD) {
                set(scale, shift, c, 1, value);
            } else if (function == BinaryFunction.SUBTRACT) {
                set(scale, shift, c, first ? -1 : 1, first ? value : -value);
            } else if (function == BinaryFunction.MULTIPLY) {
                set(scale, shift, c, value, 0);
            } else if (function == BinaryFunction.DIVIDE && !first) {
                set(scale, shift, c, 1 / value, 0);
            } else {
                fits = false;
            }
            fits &= Float.isFinite(scale[c]) && Float.isFinite(shift[c]);
        }
        return fits ? new ChannelMap(scale, shift) : null;
    }

    private static void set(float[] scale, float[] shift, int c, float factor, float summand) {
        scale[c] = factor;
        shift[c] = summand;
    }

    /** The same numbers for all channels. */
    static ChannelMap uniform(int channels, float scale, float shift) {
        ChannelMap map = new ChannelMap(new float[channels], new float[channels]);
        Arrays.fill(map.scale, scale);
        Arrays.fill(map.shift, shift);
        return map;
    }

    /** Whether all channels have the same numbers. */
    boolean isUniform() {
        boolean same = true;
        for (int c = 1; c < channels(); c++) {
            same &= scale[c] == scale[0] && shift[c] == shift[0];
        }
        return same;
    }

    /** Whether nothing is added. */
    boolean scalesOnly() {
        boolean only = true;
        for (float summand : shift) {
            only &= summand == 0;
        }
        return only;
    }

    int channels() {
        return scale.length;
    }

    /** This map after another: {@code scale (other) + shift}. */
    ChannelMap after(ChannelMap other) {
        float[] scales = new float[channels()];
        float[] shifts = new float[channels()];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = scale[c] * other.scale[c];
            shifts[c] = scale[c] * other.shift[c] + shift[c];
        }
        return new ChannelMap(scales, shifts);
    }
}
