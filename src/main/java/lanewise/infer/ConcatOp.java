package lanewise.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import lanewise.layer.Concat;
import lanewise.layer.Node;

/** A concatenation: along channels, inputs are written in place where they can be; what is not is copied. */
final class ConcatOp extends Op {

    private final Node node;
    private final List<Value> copied;
    /** Elements of each input that stay together, and where they begin among those of the output. */
    private final List<Integer> widths;
    private final List<Integer> begins = new ArrayList<>();
    private final int width;
    private final boolean alongChannels;

    ConcatOp(Node node, Concat layer, List<Value> inputs, Value y) {
        super(inputs, y);
        this.node = node;
        this.copied = new ArrayList<>(inputs);
        this.widths = node.inputShapes().stream().map(layer::width).toList();
        this.width = layer.width(node.shape());
        this.alongChannels = width == node.shape().channels();
        int begin = 0;
        for (int each : widths) {
            begins.add(begin);
            begin += each;
        }
    }

    /** Lets those inputs live in the output for which {@code can} holds. */
    void writeInPlace(Predicate<Value> can) {
        for (int i = 0; alongChannels && i < inputs.size(); i++) {
            Value input = inputs.get(i);
            if (can.test(input) && input.isRoot() && input.channels == widths.get(i)) {
                input.becomePartOf(output, begins.get(i));
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
        return alongChannels && output.channels == width;
    }

    @Override
    Step toStep(Arena arena) {
        int stride = alongChannels ? output.stride() : width;
        int pixels = output.length / width;
        Place to = arena.place(output);
        List<Integer> copies = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (copied.contains(inputs.get(i))) {
                copies.add(i);
            }
        }
        Place[] from = copies.stream().map(i -> arena.place(inputs.get(i))).toArray(Place[]::new);
        int[] first = copies.stream().mapToInt(begins::get).toArray();
        int[] count = copies.stream().mapToInt(widths::get).toArray();
        return Step.of(node.name() + ": copies " + from.length + " of " + inputs.size() + " parts", context -> {
            float[] y = context.array(to);
            for (int i = 0; i < from.length; i++) {
                float[] x = context.array(from[i]);
                for (int pixel = 0; pixel < pixels; pixel++) {
                    System.arraycopy(x, context.offset(from[i]) + pixel * count[i], y, context.offset(to) + pixel * stride + first[i],
                            count[i]);
                }
            }
        });
    }
}
