package lanewise.onnx.lower;

import lanewise.layer.Learned;
import lanewise.layer.Node;
import lanewise.onnx.OnnxTensor;

/** A constant where a layer wants a node. */
final class ConstantNode {

    private ConstantNode() {}

    /**
     * A node of this constant with its axes in an order.
     *
     * @param like any node that is computed for each example
     */
    static Node of(Call call, OnnxTensor constant, int[] order, Node like) {
        Node node = call.builder.layer(call.name() + "/constant", new Learned(Axes.shape(Axes.pick(constant.dims(), order))), like);
        call.builder.set(node, "value", Axes.permuted(constant.floats(), constant.dims(), order));
        return node;
    }
}
