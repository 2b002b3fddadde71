package lanewise.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import lanewise.layer.Node;

/** A concatenation along channels: what is not written in place is copied. */
final class ConcatOp extends Op {

    private final Node node;
    private final List<Value> copied;
    private final List<Integer> channels = new ArrayList<>();

    ConcatOp(Node node, List<Value> inputs, Value y) {
        super(inputs, y);
        this.node = node;
        this.copied = new ArrayList<>(inputs);
        int channel = 0;
        for (Node input : node.inputs()) {
            channels.add(channel);
            channel += input.shape().channels();
        }
    }

    /** Lets those inputs live in the output for which {@code can} holds. */
    void writeInPlace(Predicate<Value> can) {
        for (int i = 0; i < inputs.size(); i++) {
            Value input = inputs.get(i);
            if (can.test(input) && input.isRoot() && input.channels == node.inputs().get(i).shape().channels()) {
                input.becomePartOf(output, channels.get(i));
                copied.remove(input);
            }
        }
    }

    /** Whether nothing is left to copy. */
    boolean isDone() {
        return copied.isEmpty();
    }

    @Override
    List<Value> reads() {
        return copied;
    }

    /** An inner concatenation is a part of the outer one. */
    @Override
    boolean writesParts() {
        return output.channels == node.shape().channels();
    }

    @Override
    Step toStep(Arena arena) {
        int stride = output.stride();
        int pixels = output.length / output.channels;
        Place to = arena.place(output);
        List<Integer> copies = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (copied.contains(inputs.get(i))) {
                copies.add(i);
            }
        }
        Place[] from = copies.stream().map(i -> arena.place(inputs.get(i))).toArray(Place[]::new);
        int[] first = copies.stream().mapToInt(channels::get).toArray();
        int[] width = copies.stream().mapToInt(i -> node.inputs().get(i).shape().channels()).toArray();
        return new Step(node.name() + ": copies " + from.length + " of " + inputs.size() + " parts") {
            @Override
            void run(PredictorContext context, Object state) {
                float[] y = context.array(to);
                for (int i = 0; i < from.length; i++) {
                    float[] x = context.array(from[i]);
                    for (int pixel = 0; pixel < pixels; pixel++) {
                        System.arraycopy(x, from[i].offset() + pixel * width[i], y, to.offset() + pixel * stride + first[i], width[i]);
                    }
                }
            }
        };
    }
}
