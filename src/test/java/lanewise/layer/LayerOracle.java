package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.Sums;

/**
 * What each layer computes, in double and by plain loops, from the formulas of its documentation: nothing here asks the layer for a
 * size. Arrays hold the whole batch, channels last.
 */
final class LayerOracle {

    private LayerOracle() {}

    /** The output of {@code n} examples. */
    static double[] forward(Layer layer, int n, List<Shape> in, List<double[]> x, List<double[]> parameters) {
        double[] first = x.getFirst();
        double[] y = switch (layer) {
            case Each l -> forward(l.layer(), ArithmeticOracle.items(l, n, in), ArithmeticOracle.itemShapes(l, in), x, parameters);
            case ActivationLayer l when l.activation() != null -> map(l.activation(), first);
            case Add _ -> add(x);
            case Concat l -> MovementLoops.concat(l, n, in, x);
            case Permute l -> MovementLoops.permute(l, n, in.getFirst(), first);
            case Slice l -> MovementLoops.slice(l, n, in.getFirst(), first);
            case Take l -> MovementLoops.take(l, n, in.getFirst(), first);
            case Pad l -> MovementLoops.pad(l, n, in.getFirst(), first);
            case Expand l -> MovementLoops.expand(l, n, in.getFirst(), first);
            case Resize l -> new ResizeLoops(l, n, in.getFirst(), false).forward(first);
            case Learned _ -> repeated(parameters.getFirst(), n);
            case Flatten _ -> first.clone();
            case Reshape _ -> first.clone();
            case Dropout _ -> first.clone();
            case Embedding l -> embedding(l, first, parameters.getFirst());
            case GlobalMaxPool _ -> PoolLoops.of(n, in.getFirst()).max(first);
            case GlobalAveragePool _ -> PoolLoops.of(n, in.getFirst()).average(first, false);
            case GlobalLpPool l -> PoolLoops.of(n, in.getFirst()).norm(first, l.p());
            case MaxPool3d l -> new VolumeLoops(n, in.getFirst(), l.window(), l.ceilMode()).max(first);
            case AveragePool3d l -> new VolumeLoops(n, in.getFirst(), l.window(), l.ceilMode()).average(first, l.countPadding());
            case LpPool3d l -> new VolumeLoops(n, in.getFirst(), l.window(), l.ceilMode()).norm(first, l.p());
            case Conv3d l -> new VolumeLoops(n, in.getFirst(), l.window(), false)
                    .convolution(l.filters(), l.groups(), first, parameters);
            case ConvTranspose3d l -> new VolumeLoops(n, in.getFirst(), l.window(), false)
                    .transposed(l.filters(), l.groups(), l.outputPadding(), first, parameters);
            case MaxPoolIndices l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).indices(first, l.columnMajor());
            case MaxUnpool l -> unpool(l.output(), n, first, x.get(1));
            case LocalResponseNorm l -> respond(l, first, in.getFirst().channels());
            case MaxPool1d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).max(first);
            case MaxPool2d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).max(first);
            case AveragePool1d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).average(first, l.countPadding());
            case AveragePool2d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).average(first, l.countPadding());
            case LpPool1d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).norm(first, l.p());
            case LpPool2d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).norm(first, l.p());
            case Dense l -> FilterLoops.dense(in.getFirst(), l.units(), first, parameters);
            case Conv1d l -> new FilterLoops(n, in.getFirst(), l.window(), l.filters(), l.groups()).forward(first, parameters);
            case Conv2d l -> new FilterLoops(n, in.getFirst(), l.window(), l.filters(), l.groups()).forward(first, parameters);
            case DepthwiseConv2d l -> {
                int c = in.getFirst().channels();
                yield new FilterLoops(n, in.getFirst(), l.window(), c * l.multiplier(), c).forward(first, parameters);
            }
            case LocallyConnected1d l -> new FilterLoops(n, in.getFirst(), l.window(), l.filters(), 1).local(first, parameters);
            case LocallyConnected2d l -> new FilterLoops(n, in.getFirst(), l.window(), l.filters(), 1).local(first, parameters);
            case ConvTranspose1d l -> new FilterLoops(n, in.getFirst(), l.window(), l.filters(), l.groups())
                    .transposed(0, l.outputPadding(), first, parameters);
            case ConvTranspose2d l -> new FilterLoops(n, in.getFirst(), l.window(), l.filters(), l.groups())
                    .transposed(l.outputPaddingH(), l.outputPaddingW(), first, parameters);
            default -> ArithmeticOracle.forward(layer, n, in, x, parameters);
        };
        return layer instanceof Each ? y : map(fused(layer), y);
    }

    /** The activation fused into a layer. */
    static Activation fused(Layer layer) {
        return switch (layer) {
            case Each l -> fused(l.layer());
            case Dense l -> l.activation();
            case Conv1d l -> l.activation();
            case Conv2d l -> l.activation();
            case DepthwiseConv2d l -> l.activation();
            case LocallyConnected1d l -> l.activation();
            case LocallyConnected2d l -> l.activation();
            case ConvTranspose1d l -> l.activation();
            case ConvTranspose2d l -> l.activation();
            default -> Activation.NONE;
        };
    }

    /** The layer without the activation fused into it. */
    static Layer linear(Layer layer) {
        return switch (layer) {
            case Each l -> new Each(l.axes(), linear(l.layer()));
            case Dense l -> l.activation(Activation.NONE);
            case Conv1d l -> l.activation(Activation.NONE);
            case Conv2d l -> l.activation(Activation.NONE);
            case DepthwiseConv2d l -> l.activation(Activation.NONE);
            case LocallyConnected1d l -> l.activation(Activation.NONE);
            case LocallyConnected2d l -> l.activation(Activation.NONE);
            case ConvTranspose1d l -> l.activation(Activation.NONE);
            case ConvTranspose2d l -> l.activation(Activation.NONE);
            default -> layer;
        };
    }

    /** What bounds each output before its activation and has no minus sign: the sum of the terms' sizes. */
    static double[] majorant(Layer layer, int n, List<Shape> in, List<double[]> x, List<double[]> parameters) {
        List<double[]> sizes = layer instanceof Embedding ? x : x.stream().map(LayerOracle::abs).toList();
        return switch (layer) {
            case Each l -> majorant(l.layer(), ArithmeticOracle.items(l, n, in), ArithmeticOracle.itemShapes(l, in), x, parameters);
            case ActivationLayer l when l.activation() != null -> sizes.getFirst();
            case ActivationLayer _, Binary _, BinaryParameter _, PRelu _, Reduction _, MatMul _, Softmax _, LogSoftmax _ ->
                    ArithmeticOracle.majorant(layer, n, in, x, parameters);
            case MaxPool1d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).norm(sizes.getFirst(), 1);
            case MaxPool2d l -> PoolLoops.of(n, in.getFirst(), l.window(), l.ceilMode()).norm(sizes.getFirst(), 1);
            case GlobalMaxPool _ -> PoolLoops.of(n, in.getFirst()).norm(sizes.getFirst(), 1);
            case Resize l -> new ResizeLoops(l, n, in.getFirst(), true).forward(sizes.getFirst());
            case MaxPool3d l -> new VolumeLoops(n, in.getFirst(), l.window(), l.ceilMode()).norm(sizes.getFirst(), 1);
            default -> forward(linear(layer), n, in, sizes, parameters.stream().map(LayerOracle::abs).toList());
        };
    }

    /** How many roundings of half an EPS a term of the output meets, at most; 0 if nothing is computed, only moved. */
    static int roundings(Layer layer, List<Shape> in) {
        int c = in.getFirst().channels();
        return switch (layer) {
            case Dense _ -> c + 2;
            case Conv1d l -> l.window().s() * c / l.groups() + 2;
            case Conv2d l -> l.window().r() * l.window().s() * c / l.groups() + 2;
            case DepthwiseConv2d l -> l.window().r() * l.window().s() + 2;
            case LocallyConnected1d l -> l.window().s() * c + 2;
            case LocallyConnected2d l -> l.window().r() * l.window().s() * c + 2;
            case ConvTranspose1d l -> l.window().s() * c / l.groups() + 2;
            case ConvTranspose2d l -> l.window().r() * l.window().s() * c / l.groups() + 2;
            case AveragePool1d l -> l.window().s() + 2;
            case AveragePool2d l -> l.window().r() * l.window().s() + 2;
            case LpPool1d l -> (int) (l.window().s() * (1 + l.p())) + 2;
            case LpPool2d l -> (int) (l.window().r() * l.window().s() * (1 + l.p())) + 2;
            case GlobalAveragePool _ -> in.getFirst().positions() + 2;
            case GlobalLpPool l -> (int) (in.getFirst().positions() * (1 + l.p())) + 2;
            case Conv3d l -> taps(l.window()) * c / l.groups() + l.window().taps().get(0) + 1;
            case ConvTranspose3d l -> taps(l.window()) * c / l.groups() + l.window().taps().get(0) + 1;
            case AveragePool3d l -> taps(l.window()) + 4;
            case LpPool3d l -> (int) (taps(l.window()) * (1 + l.p())) + 6;
            case LocalResponseNorm l -> (int) ((Math.min(l.size(), 2 * c) + 4) * Math.abs(l.beta())) + 8;
            case Add _ -> in.size();
            case Resize l -> l.mode() == ResizeMode.NEAREST ? 0 : in.getFirst().dims().stream().mapToInt(size -> size + 2).sum();
            case Each l -> roundings(l.layer(), ArithmeticOracle.itemShapes(l, in));
            case ActivationLayer l when l.activation() != null -> 0;
            default -> ArithmeticOracle.roundings(layer, in);
        };
    }

    private static int taps(Window3d window) {
        return window.taps().get(0) * window.taps().get(1) * window.taps().get(2);
    }

    /** How far a float result may lie from each element of {@link #forward}, which is {@code y}. */
    static double[] tolerance(Layer layer, int n, List<Shape> in, List<double[]> x, List<double[]> parameters) {
        double[] bound = majorant(layer, n, in, x, parameters);
        Activation activation = layer instanceof ActivationLayer l ? l.activation() : fused(layer);
        boolean exact = activation == Activation.NONE || activation == Activation.RELU || activation == Activation.RELU6;
        for (int i = 0; i < bound.length; i++) {
            // No activation is steeper than hard swish at 3; each costs a few units in the last place of argument and result.
            bound[i] = 1.5 * Sums.EPS * roundings(layer, in) * bound[i] + (exact ? 0 : 4 * Sums.EPS * (1 + bound[i]));
        }
        return bound;
    }

    /** Where the derivative jumps. */
    static double[] kinks(Activation activation) {
        return switch (activation) {
            case RELU -> new double[] {0};
            case RELU6 -> new double[] {0, 6};
            case HARD_SIGMOID, HARD_SWISH -> new double[] {-3, 3};
            default -> new double[0];
        };
    }

    private static double[] map(Activation activation, double[] x) {
        return java.util.Arrays.stream(x).map(v -> ActivationOracle.apply(activation, v)).toArray();
    }

    static double[] abs(double[] x) {
        return java.util.Arrays.stream(x).map(Math::abs).toArray();
    }

    private static double[] add(List<double[]> x) {
        double[] y = new double[x.getFirst().length];
        for (double[] term : x) {
            for (int i = 0; i < y.length; i++) {
                y[i] += term[i];
            }
        }
        return y;
    }

    private static double[] repeated(double[] values, int times) {
        double[] y = new double[times * values.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = values[i % values.length];
        }
        return y;
    }

    private static double[] unpool(Shape output, int n, double[] x, double[] indices) {
        double[] y = new double[n * output.size()];
        for (int i = 0; i < x.length; i++) {
            int index = (int) Math.round(indices[i]);
            int example = i / (x.length / n);
            y[(example * output.positions() + index % output.positions()) * output.channels() + index / output.positions()] = x[i];
        }
        return y;
    }

    private static double[] respond(LocalResponseNorm layer, double[] x, int channels) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double sum = 0;
            for (int other = c - (layer.size() - 1) / 2; other <= c + (layer.size() - (layer.size() - 1) / 2 - 1); other++) {
                sum += other >= 0 && other < channels ? Math.pow(x[i - c + other], 2) : 0;
            }
            y[i] = x[i] / Math.pow(layer.bias() + (double) layer.alpha() / layer.size() * sum, layer.beta());
        }
        return y;
    }

    /** Rounded, so that the difference by a row number is the 0 it has to be. */
    private static double[] embedding(Embedding layer, double[] ids, double[] table) {
        double[] y = new double[ids.length * layer.dim()];
        for (int i = 0; i < y.length; i++) {
            y[i] = table[(int) Math.round(ids[i / layer.dim()]) * layer.dim() + i % layer.dim()];
        }
        return y;
    }
}
