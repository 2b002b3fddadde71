package lanewise.infer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.layer.Node;

/** A convolution or transposed convolution, with what follows it folded in: a map of its channels, then an activation. */
abstract class FilterOp extends Op {

    Value x;
    private Weights weights;
    final StringBuilder text;
    private final int inputChannels;
    private final int channels;
    private ChannelMap before;
    private ChannelMap map;
    private Activation activation;

    FilterOp(Node node, Weights weights, Activation activation, int inputChannels, int channels, Value x, Value y) {
        super(List.of(x), y);
        this.x = x;
        this.weights = weights;
        this.activation = activation;
        this.inputChannels = inputChannels;
        this.channels = channels;
        this.text = new StringBuilder(node.name());
    }

    /** Takes a map of the output's channels in, if nothing stands between. */
    boolean fold(ChannelMap next, String what) {
        if (activation != Activation.NONE || next.channels() != channels) {
            return false;
        }
        map = map == null ? next : next.after(map);
        if (text.lastIndexOf(what) < 0) {
            text.append(" + ").append(what);
        }
        return true;
    }

    /** Takes a map of the input's channels in that nothing else reads, and its input. */
    boolean foldBefore(ChannelMap first, Value input) {
        if (before != null || first.channels() != inputChannels || !takesBefore(first)) {
            return false;
        }
        before = first;
        x = input;
        return true;
    }

    /** Whether a map of the input's channels can be multiplied into the weights. */
    abstract boolean takesBefore(ChannelMap first);

    /** Takes the same scale and shift of all finished outputs in, behind the activation. */
    boolean rescale(ChannelMap last) {
        return false;
    }

    @Override
    List<Value> reads() {
        return List.of(x);
    }

    /** Takes an activation in, if there is none yet. */
    boolean activate(Activation next) {
        if (activation != Activation.NONE) {
            return false;
        }
        activation = next;
        return true;
    }

    /** Filter and bias with the maps in them. */
    final Weights folded() {
        return weights.folded(before, this::inputOf, map, this::outputOf, channels, outputsLast());
    }

    /** The same, from now on without the network's arrays. */
    final Weights own() {
        Weights folded = folded();
        weights = folded == weights ? folded.copy(channels) : folded;
        before = null;
        map = null;
        return weights;
    }

    /** The input channel of a weight. */
    abstract int inputOf(int weight);

    /** The output channel of a weight. */
    abstract int outputOf(int weight);

    /** Whether weights lie with the output channels last. */
    abstract boolean outputsLast();

    /** Whether the folded weights have a bias for certain. */
    final boolean hasBias() {
        return before != null || map != null || weights.biasOffset() >= 0;
    }

    final int channels() {
        return channels;
    }

    final Activation activation() {
        return activation;
    }
}
