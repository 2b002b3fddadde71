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

    /** The filter, each weight times the scale of its output channel. */
    float[] scaledFilter(ChannelMap map, IntUnaryOperator channelOf) {
        float[] filter = Arrays.copyOfRange(values, offset, offset + length);
        for (int i = 0; i < length; i++) {
            filter[i] *= map.scale()[channelOf.applyAsInt(i)];
        }
        return filter;
    }

    /** The bias behind {@code map}, which may be null; null if nothing is added. */
    float[] bias(ChannelMap map, int channels) {
        if (map == null) {
            return biasOffset < 0 ? null : Arrays.copyOfRange(values, biasOffset, biasOffset + channels);
        }
        float[] bias = map.shift().clone();
        for (int k = 0; biasOffset >= 0 && k < channels; k++) {
            bias[k] += map.scale()[k] * values[biasOffset + k];
        }
        return bias;
    }
}
