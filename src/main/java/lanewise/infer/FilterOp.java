package lanewise.infer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.layer.Node;

/** A convolution or transposed convolution, with what follows it folded in: a map of its channels, then an activation. */
abstract class FilterOp extends Op {

    final Value x;
    final Weights weights;
    final StringBuilder text;
    private final int channels;
    private ChannelMap map;
    private Activation activation;

    FilterOp(Node node, Weights weights, Activation activation, int channels, Value x, Value y) {
        super(List.of(x), y);
        this.x = x;
        this.weights = weights;
        this.activation = activation;
        this.channels = channels;
        this.text = new StringBuilder(node.name());
    }

    /** Takes a map of the output's channels in, if nothing stands between. */
    boolean fold(ChannelMap next) {
        if (activation != Activation.NONE || next.channels() != channels) {
            return false;
        }
        map = map == null ? next : next.after(map);
        text.append(" + batch norm");
        return true;
    }

    /** Takes an activation in, if there is none yet. */
    boolean activate(Activation next) {
        if (activation != Activation.NONE) {
            return false;
        }
        activation = next;
        return true;
    }

    final ChannelMap map() {
        return map;
    }

    final Activation activation() {
        return activation;
    }

    final float[] bias() {
        return weights.bias(map, channels);
    }
}
