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
     * @return these weights if nothing changes, else others with a bias
     */
    Weights folded(ChannelMap before, IntUnaryOperator inputOf, ChannelMap after, IntUnaryOperator outputOf, int channels) {
        if (before == null && after == null && !hasNegligible(channels)) {
            return this;
        }
        float[] folded = new float[length + channels];
        double[] bias = new double[channels];
        for (int k = 0; biasOffset >= 0 && k < channels; k++) {
            bias[k] = values[biasOffset + k];
        }
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
        for (int k = 0; k < channels; k++) {
            folded[length + k] = (float) (after == null ? bias[k] : after.scale()[k] * bias[k] + after.shift()[k]);
        }
        float limit = negligible(folded, 0, length);
        for (int i = 0; i < folded.length; i++) {
            folded[i] = Math.abs(folded[i]) < limit ? 0 : folded[i];
        }
        return new Weights(folded, 0, length, length);
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

    /** A copy of the bias, or null if there is none. */
    float[] bias(int channels) {
        return biasOffset < 0 ? null : Arrays.copyOfRange(values, biasOffset, biasOffset + channels);
    }
}
