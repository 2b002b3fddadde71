package lanewise.demo;

import lanewise.kernel.Activation;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameters;
import lanewise.layer.Shape;
import lanewise.layer.Window;
import lanewise.model.LeNet;

/**
 * The same network by the loops that its formulas say, one number at a time, on one example: what the library is measured against.
 * It knows the layers that {@link LeNet} has, and refuses others: branches, strides of convolutions, dilation, padded pooling.
 */
final class NaiveNetwork {

    private final Network network;

    NaiveNetwork(Network network) {
        this.network = network;
    }

    /** The scores of one example. */
    float[] predict(float[] x) {
        float[] values = x;
        for (Node node : network.nodes()) {
            values = switch (node.layer()) {
                case null -> values;
                case Conv2d conv when isPlain(conv) -> conv(conv.window(), relu(conv.activation()), node, values);
                case MaxPool2d pool when isPlain(pool) -> maxPool(pool.window(), node, values);
                case Flatten _ -> values;
                case Dense dense when dense.bias() -> dense(relu(dense.activation()), node, values);
                default -> throw new IllegalArgumentException(node.layer() + " has no naive loops here");
            };
        }
        return values;
    }

    private static boolean isPlain(Conv2d conv) {
        Window window = conv.window();
        return conv.bias() && conv.groups() == 1 && window.strideH() == 1 && window.strideW() == 1 && !window.same() && isUndilated(window);
    }

    private static boolean isPlain(MaxPool2d pool) {
        return !pool.ceilMode() && pool.window().withPadding(0, 0, 0, 0).equals(pool.window()) && isUndilated(pool.window());
    }

    private static boolean isUndilated(Window window) {
        return window.dilationH() == 1 && window.dilationW() == 1;
    }

    private static boolean relu(Activation activation) {
        if (activation != Activation.RELU && activation != Activation.NONE) {
            throw new IllegalArgumentException(activation + " is not computed here");
        }
        return activation == Activation.RELU;
    }

    private float[] conv(Window window, boolean relu, Node node, float[] x) {
        Shape in = node.inputShapes().getFirst();
        Shape out = node.shape();
        Parameters parameters = network.parameters();
        float[] all = parameters.values();
        int w = parameters.view(node.name() + ".weight").offset();
        int bias = parameters.view(node.name() + ".bias").offset();
        float[] y = new float[out.size()];
        for (int p = 0; p < out.dim(0); p++) {
            for (int q = 0; q < out.dim(1); q++) {
                for (int k = 0; k < out.channels(); k++) {
                    float sum = all[bias + k];
                    for (int r = 0; r < window.r(); r++) {
                        for (int s = 0; s < window.s(); s++) {
                            int row = p + r - window.padTop();
                            int column = q + s - window.padLeft();
                            if (row < 0 || row >= in.dim(0) || column < 0 || column >= in.dim(1)) {
                                continue;
                            }
                            for (int c = 0; c < in.channels(); c++) {
                                sum += x[(row * in.dim(1) + column) * in.channels() + c]
                                        * all[w + ((r * window.s() + s) * in.channels() + c) * out.channels() + k];
                            }
                        }
                    }
                    y[(p * out.dim(1) + q) * out.channels() + k] = relu ? Math.max(sum, 0) : sum;
                }
            }
        }
        return y;
    }

    private static float[] maxPool(Window window, Node node, float[] x) {
        Shape in = node.inputShapes().getFirst();
        Shape out = node.shape();
        float[] y = new float[out.size()];
        for (int p = 0; p < out.dim(0); p++) {
            for (int q = 0; q < out.dim(1); q++) {
                for (int c = 0; c < out.channels(); c++) {
                    float most = Float.NEGATIVE_INFINITY;
                    for (int r = 0; r < window.r(); r++) {
                        for (int s = 0; s < window.s(); s++) {
                            int pixel = (p * window.strideH() + r) * in.dim(1) + q * window.strideW() + s;
                            most = Math.max(most, x[pixel * in.channels() + c]);
                        }
                    }
                    y[(p * out.dim(1) + q) * out.channels() + c] = most;
                }
            }
        }
        return y;
    }

    private float[] dense(boolean relu, Node node, float[] x) {
        float[] all = network.parameters().values();
        int w = network.parameters().view(node.name() + ".weight").offset();
        int bias = network.parameters().view(node.name() + ".bias").offset();
        float[] y = new float[node.shape().size()];
        for (int k = 0; k < y.length; k++) {
            float sum = all[bias + k];
            for (int c = 0; c < x.length; c++) {
                sum += x[c] * all[w + c * y.length + k];
            }
            y[k] = relu ? Math.max(sum, 0) : sum;
        }
        return y;
    }
}
