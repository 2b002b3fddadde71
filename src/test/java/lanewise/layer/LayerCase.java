package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.kernel.Activation;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;
import lanewise.kernel.UnaryFunction;

/**
 * One layer, what it is fed and how many examples: the list that drives every test of single layers. A new kind of layer is a line
 * here and one in {@link LayerOracle}.
 */
record LayerCase(Layer layer, int batch, List<Shape> inputs) {

    private static LayerCase of(int batch, Layer layer, Shape... inputs) {
        return new LayerCase(layer, batch, List.of(inputs));
    }

    /** Every kind of layer in several configurations. */
    static Stream<LayerCase> all() {
        List<LayerCase> cases = new ArrayList<>();
        convolutions(cases);
        signals(cases);
        depthwise(cases);
        transposed(cases);
        local(cases);
        dense(cases);
        maxPools(cases);
        otherPools(cases);
        volumes(cases);
        volumePools(cases);
        places(cases);
        responses(cases);
        activations(cases);
        joinsAndShapes(cases);
        movements(cases);
        resizes(cases);
        parametricActivations(cases);
        arithmetic(cases);
        reductions(cases);
        products(cases);
        each(cases);
        return cases.stream();
    }

    private static void convolutions(List<LayerCase> cases) {
        Shape picture = Shape.of(6, 5, 3);
        cases.add(of(3, Conv2d.of(5, 3), picture));
        cases.add(of(1, Conv2d.of(4, 3).same(), picture));
        cases.add(of(3, Conv2d.of(17, 3).same().stride(2), picture));
        cases.add(of(1, Conv2d.of(3, 2).stride(2, 1).padding(0, 1, 2, 0), picture));
        cases.add(of(1, Conv2d.of(3, 3).dilation(2).padding(1), picture));
        cases.add(of(3, Conv2d.of(6, 3).groups(3).padding(1), Shape.of(4, 3, 6)));
        cases.add(of(1, Conv2d.of(3, 4, 4).same().withoutBias(), picture));
        cases.add(of(3, Conv2d.of(19, 1), Shape.of(3, 2, 17)));
        cases.add(of(1, Conv2d.of(5, 1, 5).padding(0, 2, 0, 2), Shape.of(3, 4, 2)));
        cases.add(of(1, Conv2d.of(2, 5).padding(2), Shape.of(2, 2, 3)));
        for (Activation activation : fusable()) {
            cases.add(of(1, Conv2d.of(5, 3).same().activation(activation), picture));
        }
    }

    private static void signals(List<LayerCase> cases) {
        Shape signal = Shape.of(9, 4);
        cases.add(of(3, Conv1d.of(5, 3), signal));
        cases.add(of(1, Conv1d.ofRadius(3, 2), signal));
        cases.add(of(1, Conv1d.of(7, 4).stride(3).same(), signal));
        cases.add(of(3, Conv1d.of(3, 3).dilation(2).padding(4, 0), signal));
        cases.add(of(1, Conv1d.of(6, 3).groups(2).withoutBias(), signal));
        cases.add(of(3, Conv1d.of(5, 3).relu(), signal));
        cases.add(of(1, Conv1d.of(5, 1).activation(Activation.TANH), signal));
    }

    private static void depthwise(List<LayerCase> cases) {
        Shape picture = Shape.of(5, 6, 7);
        cases.add(of(3, DepthwiseConv2d.of(3), picture));
        cases.add(of(1, DepthwiseConv2d.of(3).multiplier(2).same(), picture));
        cases.add(of(1, DepthwiseConv2d.of(3).stride(2).same().withoutBias(), picture));
        cases.add(of(1, DepthwiseConv2d.of(2).dilation(2).padding(1, 0, 2, 1), picture));
        cases.add(of(3, DepthwiseConv2d.of(3).padding(1).activation(Activation.RELU6), Shape.of(3, 3, 5)));
    }

    private static void transposed(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        cases.add(of(3, ConvTranspose2d.of(3, 3), picture));
        cases.add(of(1, ConvTranspose2d.of(4, 3).stride(2).padding(1).outputPadding(1, 0), picture));
        cases.add(of(1, ConvTranspose2d.of(3, 2, 3).stride(2, 3).padding(1, 0, 1, 0), picture));
        cases.add(of(1, ConvTranspose2d.of(6, 2).groups(2).dilation(2).withoutBias(), Shape.of(2, 3, 4)));
        cases.add(of(3, ConvTranspose2d.of(3, 2).relu(), picture));
        cases.add(of(3, ConvTranspose2d.of(4, 3).stride(2, 1).padding(0, 2, 1, 0), picture));
        cases.add(of(1, ConvTranspose2d.of(17, 4).groups(1).stride(3, 2).padding(3, 0, 1, 2).outputPadding(2, 1), picture));
        Shape signal = Shape.of(5, 4);
        cases.add(of(3, ConvTranspose1d.of(3, 3), signal));
        cases.add(of(1, ConvTranspose1d.of(5, 4).stride(3).padding(1).outputPadding(2), signal));
        cases.add(of(3, ConvTranspose1d.of(5, 4).stride(2).padding(0, 3), signal));
        cases.add(of(1, ConvTranspose1d.of(6, 3).groups(2).dilation(2).withoutBias(), signal));
        cases.add(of(3, ConvTranspose1d.of(3, 2).stride(2).activation(Activation.SIGMOID), signal));
    }

    private static void volumes(List<LayerCase> cases) {
        Shape volume = Shape.of(4, 5, 3, 4);
        Window3d window = Window3d.of(2, 3, 2);
        cases.add(of(3, Conv3d.of(5, 2), volume));
        cases.add(of(1, new Conv3d(17, Window3d.of(3).withPadding(1, 1, 1), 1, true), volume));
        cases.add(of(3, new Conv3d(6, window.withStrides(2, 1, 2), 2, false), volume));
        cases.add(of(1, new Conv3d(3, window.withPadding(List.of(0, 1, 2), List.of(2, 0, 1)).withDilations(3, 2, 1), 1, true), volume));
        cases.add(of(1, new Conv3d(4, Window3d.of(1).withStrides(2, 3, 1).withPadding(2, 0, 0), 4, true), volume)); // slices of padding
        cases.add(of(1, new Conv3d(16, Window3d.of(2, 3, 3).withPadding(0, 1, 1), 1, true), Shape.of(2, 4, 4, 16))); // Winograd
        cases.add(of(3, ConvTranspose3d.of(3, 2), volume));
        cases.add(of(1, new ConvTranspose3d(6, Window3d.of(3).withStrides(2, 2, 3).withPadding(1, 1, 0), List.of(1, 0, 2), 2, true), volume));
        cases.add(of(3, new ConvTranspose3d(17, window.withPadding(List.of(0, 1, 0), List.of(1, 0, 2)), List.of(0, 0, 0), 1, false), volume));
        cases.add(of(1, new ConvTranspose3d(4, window.withStrides(3, 1, 1).withDilations(1, 2, 3), List.of(2, 0, 0), 4, true), volume));
    }

    private static void volumePools(List<LayerCase> cases) {
        Shape volume = Shape.of(5, 6, 4, 3);
        Window3d window = Window3d.of(3, 2, 3).withStrides(2, 1, 2);
        Window3d padded = window.withPadding(List.of(1, 0, 2), List.of(2, 1, 1));
        cases.add(of(3, MaxPool3d.of(2), volume));
        cases.add(of(1, new MaxPool3d(padded, true), volume));
        cases.add(of(1, new MaxPool3d(Window3d.of(2).withDilations(2, 3, 1), false), Shape.of(4, 5, 2, 17)));
        cases.add(of(3, AveragePool3d.of(2), volume));
        cases.add(of(1, new AveragePool3d(padded, true, true), volume));
        cases.add(of(1, new AveragePool3d(padded, true, false), volume));
        cases.add(of(1, new AveragePool3d(padded.withDilations(1, 3, 1), false, true), volume));
        for (float p : new float[] {1, 1.5f, 2, 3}) {
            cases.add(of(3, LpPool3d.of(2, p), Shape.of(2, 4, 2, 3)));
            cases.add(of(1, new LpPool3d(padded, true, p), volume));
            cases.add(of(1, new GlobalLpPool(p), volume));
            cases.add(of(3, new GlobalLpPool(p), Shape.of(7, 5)));
        }
        cases.add(of(3, new GlobalMaxPool(), volume));
        cases.add(of(3, new GlobalAveragePool(), volume));
    }

    private static void places(List<LayerCase> cases) {
        Shape picture = Shape.of(6, 7, 5);
        cases.add(of(3, MaxPoolIndices.of(2), picture));
        cases.add(of(3, new MaxPoolIndices(Window.of(3, 2).withStride(2, 3).withPadding(1, 0, 2, 1), true, true), picture));
        cases.add(of(1, new MaxPoolIndices(Window.of(2, 3).withDilation(3, 1), false, false), Shape.of(5, 4, 17)));
        cases.add(of(3, new MaxUnpool(Shape.of(4, 5, 3)), Shape.of(2, 2, 3), Shape.of(2, 2, 3)));
        cases.add(of(1, new MaxUnpool(Shape.of(9, 17)), Shape.of(2, 2, 17), Shape.of(2, 2, 17)));
    }

    private static void responses(List<LayerCase> cases) {
        cases.add(of(3, new LocalResponseNorm(5, 0.7f, 0.75f, 1), Shape.of(3, 4, 17)));
        cases.add(of(1, new LocalResponseNorm(4, 2, 0.5f, 1.5f), Shape.of(40)));
        cases.add(of(3, new LocalResponseNorm(3, 1.5f, 1, 0.7f), Shape.of(2, 5)));
        cases.add(of(1, new LocalResponseNorm(2, 0.9f, 1.3f, 2), Shape.of(3, 33)));
        cases.add(of(1, new LocalResponseNorm(1, 0.9f, -0.4f, 2), Shape.of(3, 4)));
        cases.add(of(1, new LocalResponseNorm(99, 9, 0.75f, 1), Shape.of(2, 2, 2, 7)));
        cases.add(of(1, new LocalResponseNorm(5), Shape.of(64)));
    }

    private static void local(List<LayerCase> cases) {
        Shape picture = Shape.of(5, 4, 3);
        cases.add(of(3, LocallyConnected2d.of(5, 3), picture));
        cases.add(of(1, LocallyConnected2d.of(2, 3).same().stride(2), picture));
        cases.add(of(3, LocallyConnected2d.of(17, 2).padding(1, 0, 0, 2).withoutBias(), picture));
        cases.add(of(1, LocallyConnected2d.of(3, 2).dilation(2).activation(Activation.SIGMOID), picture));
        Shape signal = Shape.of(9, 4);
        cases.add(of(3, LocallyConnected1d.of(5, 3), signal));
        cases.add(of(1, LocallyConnected1d.of(3, 4).stride(3).same(), signal));
        cases.add(of(1, LocallyConnected1d.of(3, 2).padding(2, 1).dilation(3).relu(), signal));
    }

    private static void dense(List<LayerCase> cases) {
        cases.add(of(3, Dense.of(7), Shape.of(10)));
        cases.add(of(1, Dense.of(33).relu(), Shape.of(19)));
        cases.add(of(3, Dense.of(5).withoutBias(), Shape.of(4, 3)));
        cases.add(of(1, Dense.of(3).activation(Activation.SIGMOID), Shape.of(3, 2, 5)));
        cases.add(of(1, Dense.of(1), Shape.of(1)));
    }

    private static void maxPools(List<LayerCase> cases) {
        Shape picture = Shape.of(6, 7, 5);
        cases.add(of(3, MaxPool2d.of(2), picture));
        cases.add(of(1, MaxPool2d.of(3).stride(2).padding(1), picture));
        cases.add(of(1, MaxPool2d.of(3).stride(2).padding(0, 1, 2, 0).ceilMode(true), picture));
        cases.add(of(3, MaxPool2d.of(3).same().stride(1), Shape.of(4, 3, 17)));
        cases.add(of(1, MaxPool2d.of(2).stride(1, 3).dilation(2), picture));
        Shape signal = Shape.of(11, 3);
        cases.add(of(3, MaxPool1d.of(2), signal));
        cases.add(of(1, MaxPool1d.of(3).stride(2).padding(1, 0).ceilMode(true), signal));
        cases.add(of(1, MaxPool1d.of(2).same().dilation(3), signal));
        for (Shape shape : List.of(picture, signal)) {
            cases.add(of(3, new GlobalMaxPool(), shape));
            cases.add(of(3, new GlobalAveragePool(), shape));
        }
    }

    private static void otherPools(List<LayerCase> cases) {
        Shape picture = Shape.of(6, 7, 5);
        Shape signal = Shape.of(11, 3);
        cases.add(of(3, AveragePool2d.of(2), picture));
        cases.add(of(1, AveragePool2d.of(3).stride(2).padding(1).countPadding(true), picture));
        cases.add(of(1, AveragePool2d.of(3).stride(2).padding(1, 0, 2, 1).ceilMode(true), picture));
        cases.add(of(1, AveragePool2d.of(3).same().dilation(2), picture));
        cases.add(of(3, AveragePool1d.of(3), signal));
        cases.add(of(1, AveragePool1d.of(4).stride(2).padding(2, 1).countPadding(true), signal));
        cases.add(of(1, AveragePool1d.of(4).same().ceilMode(true), signal));
        for (float p : new float[] {1, 1.5f, 2, 3}) {
            cases.add(of(3, LpPool2d.of(2, p), Shape.of(4, 5, 3)));
            cases.add(of(1, LpPool2d.of(3, p).stride(2).padding(1).ceilMode(true), picture));
            cases.add(of(1, LpPool1d.of(3, p).stride(2).padding(0, 1), signal));
        }
    }

    private static void activations(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        for (Layer layer : List.of(new Relu(), new Relu6(), new HardSigmoid(), new HardSwish(), new Sigmoid(), new Tanh(),
                new Softplus(), new Silu(), new Gelu(), new LeakyRelu(), new LeakyRelu(-0.3f))) {
            cases.add(of(3, layer, picture));
            cases.add(of(1, layer, Shape.of(7)));
        }
        cases.add(of(3, new Softmax(), Shape.of(10)));
        cases.add(of(1, new Softmax(), Shape.of(4, 19)));
        cases.add(of(3, new Softmax(), Shape.of(2, 3, 3)));
    }

    private static void joinsAndShapes(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        cases.add(of(3, new Add(), picture, picture));
        cases.add(of(1, new Add(), Shape.of(7), Shape.of(7), Shape.of(7)));
        cases.add(of(3, new Concat(), picture, Shape.of(3, 4, 2)));
        cases.add(of(1, new Concat(), Shape.of(4, 17), Shape.of(4, 1), Shape.of(4, 3)));
        cases.add(of(3, new Concat(), Shape.of(2), Shape.of(5)));
        cases.add(of(3, new Flatten(), picture));
        cases.add(of(1, Reshape.to(10, 6), picture));
        cases.add(of(3, new Dropout(0), picture));
        cases.add(of(3, Embedding.of(11, 3), Shape.of(6)));
        cases.add(of(1, Embedding.of(4, 17), Shape.of(3, 2)));
    }

    private static void movements(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        cases.add(of(3, new Concat(0), picture, Shape.of(1, 4, 5)));
        cases.add(of(1, new Concat(-2), Shape.of(2, 3, 4), Shape.of(2, 1, 4), Shape.of(2, 17, 4)));
        cases.add(of(3, new Learned(Shape.of(2, 5)), picture));
        cases.add(of(1, new Learned(Shape.of(19)), Shape.of(1)));
        cases.add(of(3, Permute.of(2, 0, 1), picture));
        cases.add(of(1, Permute.of(1, 2, 0), Shape.of(3, 17, 20)));
        cases.add(of(3, Permute.of(0, 3, 1, 2), Shape.of(2, 3, 1, 4)));
        cases.add(of(3, Permute.of(1, 0, 2), picture));
        cases.add(of(1, Permute.of(0, 1), Shape.of(4, 5)));
        cases.add(of(3, new Slice(List.of(0, 1, 2), List.of(3, 2, 3), List.of(1, 2, 1)), picture));
        cases.add(of(1, new Slice(List.of(2, 3, 4), List.of(3, 2, 5), List.of(-1, -3, -1)), picture));
        cases.add(of(3, new Slice(List.of(1), List.of(7), List.of(1)), Shape.of(9)));
        cases.add(of(3, new Take(1, List.of(3, 3, 0, 1, 2, 2)), picture));
        cases.add(of(1, new Take(-1, List.of(4, 0, 0, 2)), picture));
        cases.add(of(3, new Take(0, List.of(1)), picture));
        for (PadMode mode : PadMode.values()) {
            cases.add(of(3, new Pad(mode, List.of(1, 0, 2), List.of(0, 3, 1), 1.5f), picture));
            cases.add(of(1, new Pad(mode, List.of(5, 0), List.of(9, 3), -2), Shape.of(3, 1)));
        }
        cases.add(of(3, Expand.to(3, 4, 6), Shape.of(4, 1)));
        cases.add(of(1, Expand.to(17), Shape.of(2, 3, 1)));
        cases.add(of(3, Expand.to(2, 1, 1, 5), Shape.of(3, 1, 5)));
    }

    private static void resizes(List<LayerCase> cases) {
        Shape picture = Shape.of(4, 5, 3);
        cases.add(of(3, Resize.nearest(picture, 2, 2), picture));
        cases.add(of(1, Resize.linear(Shape.of(3, 4, 17), 6, 7), Shape.of(3, 4, 17)));
        List<Integer> sizes = List.of(7, 3, 3);
        for (ResizeRounding rounding : ResizeRounding.values()) {
            cases.add(of(1, resize(ResizeMode.NEAREST, ResizeCoordinates.HALF_PIXEL, rounding, sizes, picture), picture));
        }
        for (ResizeCoordinates coordinates : ResizeCoordinates.values()) {
            for (ResizeMode mode : ResizeMode.values()) {
                Resize layer = resize(mode, coordinates, ResizeRounding.ROUND_PREFER_FLOOR, sizes, picture);
                cases.add(of(1, layer, picture));
                if (mode != ResizeMode.NEAREST) {
                    cases.add(of(3, new Resize(mode, coordinates, layer.rounding(), -0.5f, true, mode == ResizeMode.LINEAR, 7, sizes,
                            layer.scales(), layer.roi()), picture));
                }
            }
        }
        cases.add(of(1, new Resize(ResizeMode.CUBIC, ResizeCoordinates.ASYMMETRIC, ResizeRounding.FLOOR, -0.75f, true, false, 0, // beyond the end
                List.of(6, 2), List.of(0.9f, 1f), List.of()), Shape.of(4, 2)));
        for (ResizeMode mode : List.of(ResizeMode.LINEAR, ResizeMode.CUBIC)) { // rounded sizes, a mean, channels, one element
            cases.add(of(1, new Resize(mode, ResizeCoordinates.HALF_PIXEL_SYMMETRIC, ResizeRounding.FLOOR, -0.75f, false, true, 0,
                    List.of(3, 2, 9), List.of(0.4f, 0.6f, 2.4f), List.of()), Shape.of(9, 4, 4)));
            cases.add(of(1, resize(mode, ResizeCoordinates.PYTORCH_HALF_PIXEL, ResizeRounding.FLOOR, List.of(1, 8), Shape.of(3, 4)),
                    Shape.of(3, 4)));
            cases.add(of(3, resize(mode, ResizeCoordinates.ALIGN_CORNERS, ResizeRounding.FLOOR, List.of(5), Shape.of(8)), Shape.of(8)));
        }
    }

    private static Resize resize(ResizeMode mode, ResizeCoordinates coordinates, ResizeRounding rounding, List<Integer> sizes, Shape in) {
        List<Float> scales = new ArrayList<>();
        List<Float> roi = new ArrayList<>();
        for (int axis = 0; axis < sizes.size(); axis++) {
            scales.add((float) sizes.get(axis) / in.dim(axis));
            roi.add(axis == 0 ? 0.3f : 0);
        }
        for (int axis = 0; axis < sizes.size(); axis++) {
            roi.add(axis == 0 ? 1.2f : 1);
        }
        return new Resize(mode, coordinates, rounding, -0.75f, false, false, 2.5f, sizes, scales,
                coordinates == ResizeCoordinates.TF_CROP_AND_RESIZE ? roi : List.of());
    }

    private static void parametricActivations(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        for (Layer layer : List.of(new Elu(1), new Elu(0.3f), new Selu(), new Selu(2, 3), new Celu(1), new Celu(2.5f), new Celu(0.5f),
                new Clip(-2, 3), new Clip(0, 6), new Clip(0, Float.MAX_VALUE), new Clip(Float.NEGATIVE_INFINITY, 1),
                new ThresholdedRelu(1), new ThresholdedRelu(-0.5f), new Softsign(), new Mish(), new HardSigmoid(0.2f, 0.5f),
                new HardSigmoid(-0.5f, 0.6f), new Gelu(true), new Silu(1.702f), new Silu(-0.4f))) {
            cases.add(of(3, layer, picture));
            cases.add(of(1, layer, Shape.of(19)));
        }
        for (Shape slope : List.of(Shape.of(1), Shape.of(5), Shape.of(3, 1, 5), picture, Shape.of(1, 4, 1))) {
            cases.add(of(3, new PRelu(slope), picture));
        }
        cases.add(of(1, new PRelu(Shape.of(7)), Shape.of(7)));
        for (UnaryFunction function : UnaryFunction.values()) {
            cases.add(of(3, new Unary(function), picture));
            cases.add(of(1, new Unary(function), Shape.of(19)));
        }
    }

    private static void arithmetic(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        List<List<Shape>> pairs = List.of(List.of(picture, picture), List.of(picture, Shape.of(1, 1, 5)), List.of(Shape.of(1, 5), picture),
                List.of(picture, Shape.of(1)), List.of(Shape.of(1, 1, 1), picture), List.of(picture, Shape.of(3, 4, 1)),
                List.of(Shape.of(3, 1, 5), Shape.of(1, 4, 1)), List.of(Shape.of(7), Shape.of(7)));
        for (BinaryFunction function : BinaryFunction.values()) {
            for (List<Shape> pair : pairs) {
                cases.add(of(3, new Binary(function), pair.get(0), pair.get(1)));
                cases.add(of(1, new BinaryParameter(function, pair.get(1), false), pair.get(0)));
                cases.add(of(3, new BinaryParameter(function, pair.get(1), true), pair.get(0)));
            }
        }
        for (int channels : new int[] {3, 8, 24, 100, 300}) { // repeated in a tile, or long enough for a call each
            cases.add(of(2, new Binary(BinaryFunction.MULTIPLY), Shape.of(5, 3, channels), Shape.of(1, 1, channels)));
            cases.add(of(2, new BinaryParameter(BinaryFunction.SUBTRACT, Shape.of(channels), true), Shape.of(7, channels)));
        }
        cases.add(of(1, new Binary(BinaryFunction.MULTIPLY), Shape.of(1), Shape.of(1)));
        cases.add(of(1, new Binary(BinaryFunction.DIVIDE), Shape.of(2, 1100), Shape.of(2, 1)));
        cases.add(of(2, new Binary(BinaryFunction.MULTIPLY), Shape.of(3, 2, 2, 5), Shape.of(2, 1, 5)));
    }

    private static void reductions(List<LayerCase> cases) {
        Shape picture = Shape.of(3, 4, 5);
        for (ReduceFunction function : ReduceFunction.values()) {
            for (List<Integer> axes : List.of(List.of(0, 1), List.of(2), List.of(0), List.of(1), List.of(0, 2), List.of(2, 0, 1))) {
                cases.add(of(3, new Reduction(function, axes, axes.size() == 2), picture));
            }
            cases.add(of(1, new Reduction(function, List.of(0), true), Shape.of(37)));
            cases.add(of(1, new Reduction(function, List.of(1), true), Shape.of(3, 1, 2)));
            cases.add(of(2, new Reduction(function, List.of(0), false), Shape.of(3, 35)));
        }
        for (int axis : new int[] {0, 1, -1, -2, -3, 2}) {
            cases.add(of(3, new Softmax(axis), picture));
            cases.add(of(3, new LogSoftmax(axis), picture));
        }
        cases.add(of(1, new LogSoftmax(), Shape.of(4, 19)));
    }

    private static void products(List<LayerCase> cases) {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                MatMul layer = new MatMul(transposeA, transposeB);
                Shape a = transposeA ? Shape.of(5, 3) : Shape.of(3, 5);
                Shape b = transposeB ? Shape.of(4, 5) : Shape.of(5, 4);
                cases.add(of(3, layer, a, b));
                cases.add(of(2, layer, Shape.of(2, 1, a.dim(0), a.dim(1)), Shape.of(2, b.dim(0), b.dim(1))));
                cases.add(of(1, layer, a, Shape.of(3, b.dim(0), b.dim(1))));
            }
        }
        cases.add(of(1, new MatMul(), Shape.of(15, 20), Shape.of(20, 33)));
        cases.add(of(2, new MatMul(false, true), Shape.of(1, 7), Shape.of(9, 7)));
    }

    private static void each(List<LayerCase> cases) {
        cases.add(of(2, new Each(1, Conv2d.of(4, 3).same().relu()), Shape.of(3, 4, 3, 2)));
        cases.add(of(1, new Each(2, Conv1d.of(3, 2)), Shape.of(2, 3, 5, 2)));
        cases.add(of(3, new Each(1, MaxPool2d.of(2)), Shape.of(2, 4, 4, 3)));
        cases.add(of(2, new Each(1, new Concat()), Shape.of(2, 3, 2), Shape.of(2, 3, 1)));
        cases.add(of(2, new Each(2, new Binary(BinaryFunction.MULTIPLY)), Shape.of(2, 3, 4), Shape.of(2, 3, 1)));
        cases.add(of(2, new Each(1, new Softmax(0)), Shape.of(2, 3, 4)));
        cases.add(of(2, new Each(1, Dense.of(4)), Shape.of(3, 5)));
    }

    private static List<Activation> fusable() {
        return Stream.of(Activation.values()).filter(a -> a != Activation.NONE && a.gradInputReadsOutput()).toList();
    }

    @Override
    public String toString() {
        return layer + " on " + batch + " x " + inputs;
    }
}
