package lanewise.model;

import lanewise.layer.Add;
import lanewise.layer.BatchNorm;
import lanewise.layer.Conv2d;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Node;
import lanewise.layer.Relu;

/** What residual networks are made of: blocks {@code relu(x + f(x))}, in stages. */
final class Residual {

    private Residual() {}

    /** A kind of block. */
    @FunctionalInterface
    interface Block {

        Node after(String name, Node x, int filters, int stride);
    }

    /** Blocks one after the other, the first of which strides. */
    static Node stage(String name, Node x, Block kind, int blocks, int filters, int stride) {
        Node y = x;
        for (int i = 1; i <= blocks; i++) {
            y = kind.after(name + "/block" + i, y, filters, i == 1 ? stride : 1);
        }
        return y;
    }

    /** A quarter of a large picture's height and width, and 64 maps. */
    static Node stem(Node x) {
        return x
                .then("stem/conv", Conv2d.of(64, 7).stride(2).padding(3).withoutBias())
                .then("stem/norm", new BatchNorm())
                .then("stem/relu", new Relu())
                .then("stem/pool", MaxPool2d.of(3).stride(2).padding(1));
    }

    /** Two convolutions of 3 x 3. */
    static Node basic(String name, Node x, int filters, int stride) {
        Node y = x
                .then(name + "/conv1", Conv2d.of(filters, 3).stride(stride).padding(1).withoutBias())
                .then(name + "/norm1", new BatchNorm())
                .then(name + "/relu1", new Relu())
                .then(name + "/conv2", Conv2d.of(filters, 3).padding(1).withoutBias())
                .then(name + "/norm2", new BatchNorm());
        return joined(name, x, y, stride);
    }

    /** A convolution of 3 x 3 on {@code filters} channels between two of 1 x 1, the last of which makes four times as many. */
    static Node bottleneck(String name, Node x, int filters, int stride) {
        Node y = x
                .then(name + "/conv1", Conv2d.of(filters, 1).withoutBias())
                .then(name + "/norm1", new BatchNorm())
                .then(name + "/relu1", new Relu())
                .then(name + "/conv2", Conv2d.of(filters, 3).stride(stride).padding(1).withoutBias())
                .then(name + "/norm2", new BatchNorm())
                .then(name + "/relu2", new Relu())
                .then(name + "/conv3", Conv2d.of(4 * filters, 1).withoutBias())
                .then(name + "/norm3", new BatchNorm());
        return joined(name, x, y, stride);
    }

    /** {@code relu(x + y)}, with x projected to the shape of y if it has another. */
    private static Node joined(String name, Node x, Node y, int stride) {
        Node shortcut = x;
        if (stride != 1 || x.shape().channels() != y.shape().channels()) {
            shortcut = x
                    .then(name + "/shortcut/conv", Conv2d.of(y.shape().channels(), 1).stride(stride).withoutBias())
                    .then(name + "/shortcut/norm", new BatchNorm());
        }
        return x.graph().join(name + "/add", new Add(), shortcut, y).then(name + "/relu", new Relu());
    }
}
