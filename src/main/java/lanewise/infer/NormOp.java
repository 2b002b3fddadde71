package lanewise.infer;

import java.util.Arrays;
import java.util.List;
import lanewise.kernel.BatchNorm;
import lanewise.layer.Node;

/** A map of channels that no convolution next to it takes in, in place where it can be. */
final class NormOp extends Op {

    private final Node node;
    private ChannelMap map;
    private final int rows;

    NormOp(Node node, int batch, ChannelMap map, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
        this.map = map;
        this.rows = batch * node.shape().positions();
    }

    Value x() {
        return inputs.getFirst();
    }

    ChannelMap map() {
        return map;
    }

    /** Takes in a map of what this one makes, if it is of the same channels. */
    boolean fold(ChannelMap next) {
        if (next.channels() != map.channels()) {
            return false;
        }
        map = next.after(map);
        return true;
    }

    @Override
    boolean mayOverwrite(Value input) {
        return true;
    }

    @Override
    Step toStep(Arena arena) {
        int channels = map.channels();
        float[] zeros = new float[channels];
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        float[] scale = map.scale();
        float[] shift = map.shift();
        return new Step(node.name() + ": scale " + channels + " channels") {
            @Override
            void run(PredictorContext context, Object state) {
                BatchNorm.forward(context.array(from), context.offset(from), rows, channels, zeros, 0, ones, 0, 0, scale, 0,
                        shift, 0, context.array(to), context.offset(to));
            }

            @Override
            long weightFloats() {
                return 4L * channels;
            }
        };
    }
}
