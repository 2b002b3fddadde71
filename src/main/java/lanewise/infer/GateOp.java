package lanewise.infer;

import java.util.ArrayList;
import java.util.List;
import lanewise.internal.eltwise.Gate;
import lanewise.layer.Node;

/**
 * A factor for each channel of an example, as squeeze-and-excitation computes it, and what is added to the product:
 * {@code y[n][p][c] = x[n][p][c] (gate[n][c] + own) + plus[n][p][c]}, with {@code own} 1 if x itself is added. In place where it can be.
 */
final class GateOp extends Op {

    private final Node node;
    private final int batch;
    private final StringBuilder text;
    private boolean own;
    private Value plus;

    /** The gate has one number for each channel of each example. */
    GateOp(Node node, int batch, Value x, Value gate, Value y) {
        super(List.of(x, gate), y);
        this.node = node;
        this.batch = batch;
        this.text = new StringBuilder(node.name());
    }

    /** Takes in that {@code value} is added to the product. */
    boolean add(Value value) {
        if (value == inputs.getFirst() && !own) {
            own = true;
        } else if (plus == null) {
            plus = value;
        } else {
            return false;
        }
        text.append(" + ").append(value.node.name());
        return true;
    }

    @Override
    List<Value> reads() {
        List<Value> all = new ArrayList<>(inputs);
        if (plus != null) {
            all.add(plus);
        }
        return all;
    }

    @Override
    boolean mayOverwrite(Value input) {
        return input != inputs.get(1) && (input == inputs.get(0) || input == plus);
    }

    @Override
    Step toStep(Arena arena) {
        int channels = node.shape().channels();
        int pixels = node.shape().positions();
        int summand = own && plus != null ? 1 : 0;
        Value summands = own && plus == null ? inputs.get(0) : plus;
        Place x = arena.place(inputs.get(0));
        Place gate = arena.place(inputs.get(1));
        Place residual = summands == null ? null : arena.place(summands);
        Place to = arena.place(output);
        String what = text + ": " + pixels + " pixels times a factor for each of " + channels + " channels";
        return Step.of(what, Gate.scratchFloats(channels), context -> {
            float[] scratch = context.workspace().floats();
            for (int n = 0; n < batch; n++) {
                int at = n * pixels * channels;
                Gate.run(context.array(x), context.offset(x) + at, pixels, channels,
                        context.array(gate), context.offset(gate) + n * channels,
                        summand, residual == null ? null : context.array(residual), residual == null ? 0 : context.offset(residual) + at,
                        context.array(to), context.offset(to) + at, scratch);
            }
        });
    }
}
