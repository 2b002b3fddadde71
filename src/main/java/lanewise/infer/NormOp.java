package lanewise.infer;

import java.util.Arrays;
import java.util.List;
import lanewise.kernel.BatchNorm;
import lanewise.layer.Node;

/** Batch normalisation that follows no convolution: a map of channels, in place where it can be. */
final class NormOp extends Op {

    private final Node node;
    private final ChannelMap map;
    private final int rows;

    NormOp(Node node, int batch, ChannelMap map, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
        this.map = map;
        this.rows = batch * node.shape().positions();
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
        return new Step(node.name() + ": scale " + channels + " channels") {
            @Override
            void run(PredictorContext context, Object state) {
                BatchNorm.forward(context.array(from), from.offset(), rows, channels, zeros, 0, ones, 0, 0, map.scale(), 0,
                        map.shift(), 0, context.array(to), to.offset());
            }

            @Override
            long weightFloats() {
                return 4L * channels;
            }
        };
    }
}
