package lanewise.infer;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;

/**
 * Filter and bias of one layer, where the network keeps them.
 *
 * @param values all parameters of the network
 * @param offset of the filter
 * @param length of the filter
 * @param biasOffset of the bias, or -1 if there is none
 */
record Weights(float[] values, int offset, int length, int biasOffset) {

    static Weights of(Network network, Node node, boolean bias) {
        List<Parameter> parameters = network.parametersOf(node);
        Parameter filter = parameters.getFirst();
        return new Weights(network.parameters().values(), filter.offset(), filter.length(), bias ? parameters.get(1).offset() : -1);
    }

    /**
     * What counts as zero: less than 2^-100, and less than 2^-46 beside a weight 2^40 times as large. A network that was trained with
     * weight decay holds channels that died away, some to 1e-40, some no further than 1e-15 yet; products of such numbers, with each other or
     * with what such channels make, are subnormal, and each costs a processor a hundred times a normal one. Rounding of the layer's
     * other outputs is larger by far.
     */
    private static final float ALWAYS_NEGLIGIBLE = 0x1p-100f;
    private static final float MOST_NEGLIGIBLE = 0x1p-46f;
    private static final float NEGLIGIBLE_BESIDE = 0x1p-40f;

    /**
     * Filter and bias with maps of channels multiplied in:
     *
     * <pre>after.scale (conv(before.scale x + before.shift) + bias) + after.shift</pre>
     *
     * @param before a map of the input's channels, where no padding stands between; or null
     * @param inputOf the input channel of each weight
     * @param after a map of the output's channels, or null
     * @param outputOf the output channel of each weight
     * @param channelsLast whether that is the remainder by {@code channels}
     * @return these weights if nothing changes, else others with a bias
     */
    Weights folded(ChannelMap before, IntUnaryOperator inputOf, ChannelMap after, IntUnaryOperator outputOf, int channels,
                   boolean channelsLast) {
        if (before == null && after == null && !hasNegligible(channels)) {
            return this;
        }
        float[] folded = new float[length + channels];
        double[] bias = new double[channels];
        for (int k = 0; biasOffset >= 0 && k < channels; k++) {
            bias[k] = values[biasOffset + k];
        }
        if (before == null && channelsLast) {
            multiplyRows(after, folded, channels);
        } else {
            multiply(before, inputOf, after, outputOf, folded, bias);
        }
        for (int k = 0; k < channels; k++) {
            folded[length + k] = (float) (after == null ? bias[k] : after.scale()[k] * bias[k] + after.shift()[k]);
        }
        float limit = negligible(folded, 0, length);
        for (int i = 0; i < folded.length; i++) {
            folded[i] = Math.abs(folded[i]) < limit ? 0 : folded[i];
        }
        return new Weights(folded, 0, length, length);
    }

    private void multiply(ChannelMap before, IntUnaryOperator inputOf, ChannelMap after, IntUnaryOperator outputOf, float[] folded,
                          double[] bias) {
        for (int i = 0; i < length; i++) {
            float w = values[offset + i];
            int k = outputOf.applyAsInt(i);
            if (before != null) {
                int c = inputOf.applyAsInt(i);
                bias[k] += (double) w * before.shift()[c];
                w *= before.scale()[c];
            }
            folded[i] = after == null ? w : w * after.scale()[k];
        }
    }

    /** The same for rows of all output channels, the most frequent case: 25 million weights in ResNet-50. */
    private void multiplyRows(ChannelMap after, float[] folded, int channels) {
        System.arraycopy(values, offset, folded, 0, length);
        for (int row = 0; after != null && row < length; row += channels) {
            multiplyRow(after.scale(), folded, row, channels);
        }
    }

    private static void multiplyRow(float[] scale, float[] folded, int row, int channels) {
        for (int k = 0; k < channels; k++) {
            folded[row + k] *= scale[k];
        }
    }

    private static float negligible(float[] values, int offset, int length) {
        float largest = 0;
        for (int i = offset; i < offset + length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return Math.max(ALWAYS_NEGLIGIBLE, Math.min(MOST_NEGLIGIBLE, NEGLIGIBLE_BESIDE * largest));
    }

    private boolean hasNegligible(int channels) {
        float limit = negligible(values, offset, length);
        return hasNegligible(offset, length, limit) || biasOffset >= 0 && hasNegligible(biasOffset, channels, limit);
    }

    private boolean hasNegligible(int from, int count, float limit) {
        for (int i = from; i < from + count; i++) {
            if (values[i] != 0 && Math.abs(values[i]) < limit) {
                return true;
            }
        }
        return false;
    }

    /** The same in an array that has nothing else. */
    Weights copy(int channels) {
        float[] own = Arrays.copyOfRange(values, offset, offset + length + (biasOffset < 0 ? 0 : channels));
        if (biasOffset >= 0) {
            System.arraycopy(values, biasOffset, own, length, channels);
        }
        return new Weights(own, 0, length, biasOffset < 0 ? -1 : length);
    }

    /** A copy of the bias, or null if there is none. */
    float[] bias(int channels) {
        return biasOffset < 0 ? null : Arrays.copyOfRange(values, biasOffset, biasOffset + channels);
    }
}
