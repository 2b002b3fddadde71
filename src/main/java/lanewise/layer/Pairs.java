package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;

/**
 * Which convolutions are run together with the max-pooling behind them, as one call: their full output is then neither written nor
 * read, and its gradient, 0 at three pixels of four, is never laid out.
 *
 * <pre>
 * forward    x -> pooled y, and which pixel each of them is
 * backward   pooled dy -> dbias, dw
 * </pre>
 *
 * <p>It is done at the beginning of a network, where nobody wants dx, for few channels, ReLU and windows of 2 x 2 side by side, and where
 * no other node reads the convolution. The numbers are those of both in turn, dw and dbias added up in the order of the windows.
 */
final class Pairs {

    private static final Window HALF = Window.of(2, 2).withStride(2, 2);

    private Pairs() {}

    /** For each node, whether it is a convolution that is run together with the next node. */
    static boolean[] of(List<Node> nodes, List<Node> outputs, boolean[] wants) {
        boolean[] first = new boolean[nodes.size()];
        for (int i = 0; i + 1 < first.length; i++) {
            Node node = nodes.get(i);
            Node next = nodes.get(i + 1);
            first[i] = !outputs.contains(node) && node.inputs().stream().noneMatch(input -> wants[nodes.indexOf(input)])
                    && nodes.stream().filter(other -> other.inputs().contains(node)).toList().equals(List.of(next))
                    && node.layer() instanceof Conv2d conv && conv.activation() == Activation.RELU
                    && next.layer() instanceof MaxPool2d pool && isHalf(pool, node.shape()) && trainsPooled(conv, node.inputShapes());
        }
        return first;
    }

    private static boolean isHalf(MaxPool2d pool, Shape in) {
        boolean even = in.dim(0) % 2 == 0 && in.dim(1) % 2 == 0;
        return pool.window().equals(HALF) && (even || !pool.ceilMode());
    }

    private static boolean trainsPooled(Conv2d conv, List<Shape> inputs) {
        ConvShape shape = conv.convolution(1, inputs.getFirst());
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU);
        return plan.pools() && plan.withMaxPool().trainsPooled();
    }
}
