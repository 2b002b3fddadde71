package lanewise.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.kernel.Activation;
import lanewise.layer.Add;
import lanewise.layer.BatchNorm;
import lanewise.layer.Context;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.layer.Window;

/**
 * Training steps in double, by plain loops, from the formulas of the layers' documentation: softmax cross entropy, and descent with
 * momentum. Knows the layers of LeNet and ResNet-20.
 *
 * <p>Which side of 0 a ReLU is on and which value is the largest is decided by the activations of the float training beside it: a value
 * within rounding of a kink would else send the two on different ways, each of them right, and after a few dozen steps nothing could be
 * compared. {@link #farthest} is how far from the kink a decision was that double would have taken otherwise.
 *
 * <p>If asked, it rounds every activation, gradient, weight and velocity to a float when it is stored: what any training in floats does at
 * least.
 */
final class DoubleTraining {

    private final Network network;
    private final int n;
    private final boolean rounds;
    private final double[] parameters;
    private final double[] velocity;
    private final double[] gradients;
    private final Map<Node, double[]> y = new HashMap<>();
    private final Map<Node, double[]> dy = new HashMap<>();
    private final Map<Node, double[][]> moments = new HashMap<>();
    private final Context decisions;
    private double farthest;

    /**
     * Begins with the parameters of the network as they are, and copies them.
     *
     * @param decisions a context that keeps all activations, and runs each step just before {@link #step} does
     */
    DoubleTraining(Network network, Context decisions, int n, boolean rounds) {
        this.network = network;
        this.decisions = decisions;
        this.n = n;
        this.rounds = rounds;
        this.parameters = doubles(network.parameters().values());
        this.velocity = new double[network.parameters().trainableLength()];
        this.gradients = new double[velocity.length];
    }

    /** The largest distance from its kink at which a ReLU or a maximum was decided otherwise than double would. */
    double farthest() {
        return farthest;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private void store(double[] values) {
        for (int i = 0; rounds && i < values.length; i++) {
            values[i] = (float) values[i];
        }
    }

    /** The loss before the step. */
    double step(float[] x, int[] labels, double rate, double momentum) {
        y.clear();
        dy.clear();
        Arrays.fill(gradients, 0);
        for (Node node : network.nodes()) {
            double[] out = node.layer() == null ? doubles(x) : forward(node, y.get(node.inputs().getFirst()));
            store(out);
            y.put(node, out);
            dy.put(node, new double[out.length]);
        }
        double loss = loss(network.outputs().getFirst(), labels);
        for (Node node : network.nodes().reversed()) {
            store(dy.get(node));
            if (node.layer() != null) {
                backward(node, y.get(node.inputs().getFirst()), dy.get(node), dy.get(node.inputs().getFirst()));
            }
        }
        store(gradients);
        for (int i = 0; i < velocity.length; i++) {
            velocity[i] = momentum * velocity[i] + gradients[i];
        }
        store(velocity);
        for (int i = 0; i < velocity.length; i++) {
            parameters[i] -= rate * velocity[i];
        }
        store(parameters);
        return loss;
    }

    private double loss(Node scores, int[] labels) {
        double[] s = y.get(scores);
        double[] ds = dy.get(scores);
        int classes = scores.shape().size();
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += Math.exp(s[i * classes + k]);
            }
            loss += Math.log(sum) - s[i * classes + labels[i]];
            for (int k = 0; k < classes; k++) {
                ds[i * classes + k] = (Math.exp(s[i * classes + k]) / sum - (k == labels[i] ? 1 : 0)) / n;
            }
        }
        return loss / n;
    }

    private double[] forward(Node node, double[] x) {
        Shape in = node.inputShapes().getFirst();
        return switch (node.layer()) {
            case Conv2d l -> relu(node, l.activation(), convolve(node, in, l.window(), x));
            case Dense l -> relu(node, l.activation(), convolve(node, Shape.of(1, 1, in.size()), Window.of(1, 1), x));
            case BatchNorm l -> normalize(node, l, x);
            case Relu _ -> relu(node, Activation.RELU, x.clone());
            case Flatten _ -> x.clone();
            case Add _ -> {
                double[] other = y.get(node.inputs().get(1));
                double[] sum = new double[x.length];
                Arrays.setAll(sum, i -> x[i] + other[i]);
                yield sum;
            }
            case GlobalAveragePool _ -> {
                double[] mean = new double[n * in.channels()];
                for (int i = 0; i < x.length; i++) {
                    mean[i / in.size() * in.channels() + i % in.channels()] += x[i] / in.positions();
                }
                yield mean;
            }
            case MaxPool2d _ -> {
                double[] max = new double[n * node.shape().size()];
                for (int i = 0; i < max.length; i++) {
                    max[i] = x[largest(node, in, x, i)];
                }
                yield max;
            }
            default -> throw new AssertionError("no loop for " + node.layer());
        };
    }

    private void backward(Node node, double[] x, double[] dy, double[] dx) {
        Shape in = node.inputShapes().getFirst();
        switch (node.layer()) {
            case Conv2d l -> {
                masked(node, l.activation(), dy);
                convolveBack(node, in, l.window(), x, dy, dx);
            }
            case Dense l -> {
                masked(node, l.activation(), dy);
                convolveBack(node, Shape.of(1, 1, in.size()), Window.of(1, 1), x, dy, dx);
            }
            case BatchNorm _ -> normalizeBack(node, x, dy, dx);
            case Relu _ -> {
                masked(node, Activation.RELU, dy);
                plus(dy, dx);
            }
            case Flatten _ -> plus(dy, dx);
            case Add _ -> {
                plus(dy, dx);
                plus(dy, this.dy.get(node.inputs().get(1)));
            }
            case GlobalAveragePool _ -> {
                for (int i = 0; i < x.length; i++) {
                    dx[i] += dy[i / in.size() * in.channels() + i % in.channels()] / in.positions();
                }
            }
            case MaxPool2d _ -> {
                for (int i = 0; i < dy.length; i++) {
                    dx[largest(node, in, x, i)] += dy[i];
                }
            }
            default -> throw new AssertionError("no loop for " + node.layer());
        }
    }

    private double[] relu(Node node, Activation activation, double[] y) {
        float[] decided = decisions.activation(node.name());
        for (int i = 0; activation == Activation.RELU && i < y.length; i++) {
            if (y[i] > 0 != decided[i] > 0) {
                farthest = Math.max(farthest, Math.abs(y[i]));
            }
            y[i] = decided[i] > 0 ? y[i] : 0;
        }
        return y;
    }

    private void masked(Node node, Activation activation, double[] dy) {
        float[] decided = decisions.activation(node.name());
        for (int i = 0; activation == Activation.RELU && i < dy.length; i++) {
            dy[i] = decided[i] > 0 ? dy[i] : 0;
        }
    }

    private static void plus(double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    /** Where the largest of the 2 x 2 values of output i is, the first of equals. */
    private int largest(Node node, Shape in, double[] x, int i) {
        int c = i % in.channels();
        int q = i / in.channels() % node.shape().dim(1);
        int p = i / in.channels() / node.shape().dim(1) % node.shape().dim(0);
        int at = i / node.shape().size() * in.size() + (2 * p * in.dim(1) + 2 * q) * in.channels() + c;
        float[] decided = decisions.activation(node.inputs().getFirst().name());
        int best = at;
        double most = x[at];
        for (int other : new int[] {at + in.channels(), at + in.dim(1) * in.channels(), at + (in.dim(1) + 1) * in.channels()}) {
            best = decided[other] > decided[best] ? other : best;
            most = Math.max(most, x[other]);
        }
        farthest = Math.max(farthest, most - x[best]);
        return best;
    }

    private double[] convolve(Node node, Shape in, Window window, double[] x) {
        List<Parameter> own = network.parametersOf(node);
        int k = node.shape().channels();
        int channels = in.channels();
        double[] out = new double[n * node.shape().size()];
        for (int i = 0; own.size() > 1 && i < out.length; i++) {
            out[i] = parameters[own.get(1).offset() + i % k];
        }
        forEachTap(node, in, window, (xAt, wAt, yAt) -> {
            int w = own.getFirst().offset() + wAt;
            for (int c = 0; c < channels; c++, w += k) {
                double value = x[xAt + c];
                for (int j = 0; j < k; j++) {
                    out[yAt + j] += value * parameters[w + j];
                }
            }
        });
        return out;
    }

    private void convolveBack(Node node, Shape in, Window window, double[] x, double[] dy, double[] dx) {
        List<Parameter> own = network.parametersOf(node);
        int k = node.shape().channels();
        for (int i = 0; own.size() > 1 && i < dy.length; i++) {
            gradients[own.get(1).offset() + i % k] += dy[i];
        }
        int channels = in.channels();
        forEachTap(node, in, window, (xAt, wAt, yAt) -> {
            int w = own.getFirst().offset() + wAt;
            for (int c = 0; c < channels; c++, w += k) {
                double value = x[xAt + c];
                double sum = 0;
                for (int j = 0; j < k; j++) {
                    sum += dy[yAt + j] * parameters[w + j];
                    gradients[w + j] += value * dy[yAt + j];
                }
                dx[xAt + c] += sum;
            }
        });
    }

    private interface Tap {
        void at(int x, int w, int y);
    }

    private void forEachTap(Node node, Shape in, Window window, Tap tap) {
        boolean dense = node.shape().rank() == 1;
        int high = dense ? 1 : node.shape().dim(0);
        int wide = dense ? 1 : node.shape().dim(1);
        int k = node.shape().channels();
        int inHigh = in.dim(0);
        int inWide = in.dim(1);
        int c = in.channels();
        for (int i = 0; i < n * high * wide; i++) {
            for (int t = 0; t < window.r() * window.s(); t++) {
                int h = i / wide % high * window.strideH() + t / window.s() - window.padTop();
                int w = i % wide * window.strideW() + t % window.s() - window.padLeft();
                if (h >= 0 && h < inHigh && w >= 0 && w < inWide) {
                    tap.at(((i / wide / high * inHigh + h) * inWide + w) * c, t * c * k, i * k);
                }
            }
        }
    }

    private double[] normalize(Node node, BatchNorm layer, double[] x) {
        int channels = node.shape().channels();
        double[] mean = new double[channels];
        double[] inverse = new double[channels];
        double rows = x.length / (double) channels;
        for (int i = 0; i < x.length; i++) {
            mean[i % channels] += x[i] / rows;
        }
        for (int i = 0; i < x.length; i++) {
            inverse[i % channels] += Math.pow(x[i] - mean[i % channels], 2) / rows;
        }
        Arrays.setAll(inverse, c -> 1 / Math.sqrt(inverse[c] + layer.epsilon()));
        moments.put(node, new double[][] {mean, inverse});
        int gamma = network.parametersOf(node).get(0).offset();
        int beta = network.parametersOf(node).get(1).offset();
        double[] out = new double[x.length];
        Arrays.setAll(out, i -> (x[i] - mean[i % channels]) * inverse[i % channels] * parameters[gamma + i % channels]
                + parameters[beta + i % channels]);
        return out;
    }

    private void normalizeBack(Node node, double[] x, double[] dy, double[] dx) {
        int channels = node.shape().channels();
        double[] mean = moments.get(node)[0];
        double[] inverse = moments.get(node)[1];
        int gamma = network.parametersOf(node).get(0).offset();
        int beta = network.parametersOf(node).get(1).offset();
        double rows = x.length / (double) channels;
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            gradients[gamma + c] += dy[i] * (x[i] - mean[c]) * inverse[c];
            gradients[beta + c] += dy[i];
        }
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double normal = (x[i] - mean[c]) * inverse[c];
            dx[i] += parameters[gamma + c] * inverse[c] * (dy[i] - gradients[beta + c] / rows - normal * gradients[gamma + c] / rows);
        }
    }
}
