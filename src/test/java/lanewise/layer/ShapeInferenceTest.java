package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not fit is refused by the line that joins it, in a message that names the layer and shows every shape. */
class ShapeInferenceTest {

    /** A layer, inputs it does not take, and what the message says besides. */
    record Misfit(Layer layer, List<Shape> inputs, List<String> parts) {

        private static Misfit of(Layer layer, List<Shape> inputs, String... parts) {
            return new Misfit(layer, inputs, List.of(parts));
        }
    }

    static Stream<Misfit> misfits() {
        Shape picture = Shape.of(5, 6, 3);
        Shape signal = Shape.of(9, 3);
        Shape features = Shape.of(7);
        List<Misfit> misfits = new ArrayList<>();
        for (Shape in : List.of(signal, features, Shape.of(2, 5, 6, 3))) {
            for (Layer layer : List.of(Conv2d.of(4, 3), DepthwiseConv2d.of(3), ConvTranspose2d.of(4, 3), MaxPool2d.of(2),
                    AveragePool2d.of(2), LpPool2d.of(2, 2))) {
                misfits.add(Misfit.of(layer, List.of(in), "height x width x channels"));
            }
        }
        for (Shape in : List.of(picture, features)) {
            for (Layer layer : List.of(Conv1d.of(4, 3), ConvTranspose1d.of(4, 3), MaxPool1d.of(2), AveragePool1d.of(2),
                    LpPool1d.of(2, 2))) {
                misfits.add(Misfit.of(layer, List.of(in), "width x channels"));
            }
        }
        for (Layer layer : List.of(new GlobalMaxPool(), new GlobalAveragePool())) {
            misfits.add(Misfit.of(layer, List.of(features), "must be height x width x channels or width x channels"));
        }
        for (Layer layer : List.of(Conv3d.of(4, 3), ConvTranspose3d.of(4, 3), MaxPool3d.of(2), AveragePool3d.of(2), LpPool3d.of(2, 2))) {
            misfits.add(Misfit.of(layer, List.of(picture), "input is 5x6x3", "depth x height x width x channels"));
        }
        misfits.add(Misfit.of(new GlobalLpPool(2), List.of(features), "must be height x width x channels or width x channels"));
        volumes(misfits);
        places(misfits, picture);
        wrongSizes(misfits, picture, signal);
        joins(misfits, picture, signal);
        movements(misfits, picture);
        arithmetic(misfits, picture, signal);
        return misfits.stream();
    }

    private static void wrongSizes(List<Misfit> misfits, Shape picture, Shape signal) {
        misfits.add(Misfit.of(Conv2d.of(4, 3).groups(2), List.of(picture), "groups is 2", "c = 3", "k = 4"));
        misfits.add(Misfit.of(Conv1d.of(4, 3).groups(3), List.of(signal), "groups is 3", "k = 4"));
        misfits.add(Misfit.of(ConvTranspose2d.of(4, 3).groups(3), List.of(picture), "groups is 3"));
        misfits.add(Misfit.of(Conv2d.of(4, 6), List.of(picture), "spans 6", "padded input's 5"));
        misfits.add(Misfit.of(Conv1d.of(4, 5).dilation(3), List.of(signal), "spans 13", "padded input's 9"));
        misfits.add(Misfit.of(MaxPool2d.of(7), List.of(picture), "spans 7"));
        misfits.add(Misfit.of(MaxPool1d.of(3).padding(4), List.of(signal), "sees only padding"));
        misfits.add(Misfit.of(ConvTranspose2d.of(4, 3).same(), List.of(picture), "3x3 same", "takes explicit padding"));
        misfits.add(Misfit.of(ConvTranspose1d.of(4, 3).padding(9, 3), List.of(signal), "would be -1", "padding 9 and 3", "3 taps"));
        misfits.add(Misfit.of(ConvTranspose1d.of(4, 3).stride(2).outputPadding(2), List.of(signal), "less than the stride 2"));
        misfits.add(Misfit.of(Reshape.to(8, 10), List.of(picture), "5x6x3 has 90 elements, 8x10 has 80"));
        misfits.add(Misfit.of(Dense.of(100_000), List.of(Shape.of(100_000)), "more than the 2147483647"));
    }

    private static void volumes(List<Misfit> misfits) {
        Shape volume = Shape.of(4, 5, 6, 3);
        List<Shape> in = List.of(volume);
        misfits.add(Misfit.of(new Conv3d(4, Window3d.of(1), 2, true), in, "groups is 2", "c = 3", "k = 4"));
        misfits.add(Misfit.of(new Conv3d(4, Window3d.of(5, 1, 1), 1, true), in, "spans 5 in depth", "padded input's 4"));
        misfits.add(Misfit.of(new Conv3d(4, Window3d.of(1, 1, 7), 1, true), in, "spans 7 in width", "padded input's 6"));
        misfits.add(Misfit.of(new ConvTranspose3d(4, Window3d.of(2), List.of(1, 0, 0), 1, true), in, "output padding of the depth is 1",
                "less than the stride 1"));
        misfits.add(Misfit.of(new ConvTranspose3d(4, Window3d.of(1).withPadding(3, 0, 0), List.of(0, 0, 0), 1, true), in,
                "output depth would be -2", "input 4", "padding 3"));
        misfits.add(Misfit.of(new MaxPool3d(Window3d.of(2).withPadding(3, 0, 0), false), in, "depth", "sees only padding"));
        misfits.add(Misfit.of(MaxPool3d.of(5), in, "spans 5 in depth"));
        misfits.add(Misfit.of(new AveragePool3d(Window3d.of(5, 1, 1), false, true), in, "depth", "spans 5", "padded input's 4"));
    }

    private static void places(List<Misfit> misfits, Shape picture) {
        misfits.add(Misfit.of(MaxPoolIndices.of(2), List.of(Shape.of(4096, 4097, 1)), "4096x4097x1 has 16781312 elements", "16777216"));
        MaxUnpool unpool = new MaxUnpool(Shape.of(8, 8, 3));
        misfits.add(Misfit.of(unpool, List.of(picture), "takes 2 inputs", "given 1"));
        misfits.add(Misfit.of(unpool, List.of(picture, Shape.of(5, 6, 2)), "values are 5x6x3", "indices 5x6x2"));
        misfits.add(Misfit.of(unpool, List.of(Shape.of(4, 2), Shape.of(4, 2)), "values are 4x2", "output 8x8x3"));
    }

    private static void joins(List<Misfit> misfits, Shape picture, Shape signal) {
        misfits.add(Misfit.of(new Add(), List.of(picture, Shape.of(5, 6, 4)), "inputs are 5x6x3 and 5x6x4, must be the same"));
        misfits.add(Misfit.of(new Add(), List.of(signal, signal, Shape.of(27)), "inputs are 9x3 and 27"));
        misfits.add(Misfit.of(new Add(), List.of(picture), "takes at least 2 inputs, but was given 1"));
        misfits.add(Misfit.of(new Concat(), List.of(picture, Shape.of(5, 5, 3)), "inputs are 5x6x3 and 5x5x3", "last size only"));
        misfits.add(Misfit.of(new Concat(), List.of(signal, Shape.of(9)), "inputs are 9x3 and 9"));
        misfits.add(Misfit.of(new Concat(0), List.of(picture, Shape.of(5, 5, 3)), "inputs are 5x6x3 and 5x5x3", "size of axis 0 only"));
        misfits.add(Misfit.of(new Concat(3), List.of(picture, picture), "axis is 3, must be from -3 to 2 for 5x6x3"));
        misfits.add(Misfit.of(new Concat(-3), List.of(signal, signal), "axis is -3, must be from -2 to 1 for 9x3"));
    }

    private static void movements(List<Misfit> misfits, Shape picture) {
        misfits.add(Misfit.of(MaxPool2d.of(3).stride(1).dilation(1 << 30).same(), List.of(picture), // a padding of 2^31
                "padded height is 2147483652, more than 2147483647"));
        misfits.add(Misfit.of(Conv2d.of(2, 1, Integer.MAX_VALUE).dilation(3).same(), List.of(picture),
                "filter spans 6442450939 in width, more than the padded input's 2147483653"));
        misfits.add(Misfit.of(Permute.of(1, 0), List.of(picture), "input is 5x6x3 of 3 axes, axes [1, 0] are for 2"));
        Slice slice = new Slice(List.of(0, 0, 0), List.of(5, 2, 1), List.of(1, 6, 1));
        misfits.add(Misfit.of(slice, List.of(picture), "slice of axis 1 reads 0 to 6, must be within 0 to 5 of 5x6x3"));
        misfits.add(Misfit.of(slice, List.of(Shape.of(5, 6)), "input is 5x6 of 2 axes, starts [0, 0, 0] are for 3"));
        misfits.add(Misfit.of(new Slice(List.of(2, 0, 0), List.of(4, 6, 3), List.of(-1, 1, 1)), List.of(picture), "reads 2 to -1"));
        misfits.add(Misfit.of(new Slice(List.of(7, 0, 0), List.of(7, 6, 3), List.of(-1, 1, 1)), List.of(picture), "reads 7 to 1"));
        misfits.add(Misfit.of(new Take(1, List.of(5, 6)), List.of(picture), "index is 6, must be below 6, the size of axis 1"));
        misfits.add(Misfit.of(new Take(-4, List.of(0)), List.of(picture), "axis is -4, must be from -3 to 2 for 5x6x3"));
        misfits.add(Misfit.of(new Pad(List.of(1), List.of(1), 0), List.of(picture), "input is 5x6x3 of 3 axes, before [1] are for 1"));
        misfits.add(Misfit.of(new Pad(List.of(0, 0, Integer.MAX_VALUE), List.of(0, 0, 1), 0), List.of(picture),
                "axis 2 of 5x6x3 would have 2147483651"));
        misfits.add(Misfit.of(Expand.to(2, 6, 3), List.of(picture), "cannot be broadcast with 2x6x3: sizes 5 and 2"));
        misfits.add(Misfit.of(Resize.nearest(picture, 2, 2), List.of(Shape.of(5, 6)), "input is 5x6 of 2 axes, sizes [10, 12, 3] are for 3"));
        misfits.add(Misfit.of(new Resize(ResizeMode.LINEAR, ResizeCoordinates.HALF_PIXEL, ResizeRounding.FLOOR, -0.75f, false, true, 0,
                List.of(1, 6, 3), List.of(0.01f, 1f, 1f), List.of()), List.of(picture), "scale is 0.01 for 5 elements of axis 0"));
    }

    private static void arithmetic(List<Misfit> misfits, Shape picture, Shape signal) {
        Binary product = new Binary(BinaryFunction.MULTIPLY);
        misfits.add(Misfit.of(product, List.of(picture, Shape.of(5, 2, 3)), "shapes are 5x6x3 and 5x2x3: 6 and 2 do not fit"));
        misfits.add(Misfit.of(product, List.of(picture, signal), "6 and 9 do not fit"));
        misfits.add(Misfit.of(product, List.of(picture), "takes 2 inputs, but was given 1"));
        misfits.add(Misfit.of(product, List.of(picture, picture, picture), "takes 2 inputs, but was given 3"));
        misfits.add(Misfit.of(new BinaryParameter(BinaryFunction.ADD, Shape.of(2), false), List.of(picture), "5x6x3 and 2: 3 and 2"));
        misfits.add(Misfit.of(new PRelu(Shape.of(4)), List.of(picture), "5x6x3 and 4: 3 and 4"));
        misfits.add(Misfit.of(new PRelu(Shape.of(2, 1, 1, 3)), List.of(picture), "input is 5x6x3, the slopes are 2x1x1x3"));
        misfits.add(Misfit.of(new Reduction(ReduceFunction.MAX, List.of(3), true), List.of(picture), "5x6x3 with 3 axes", "number 3"));
        misfits.add(Misfit.of(new Softmax(3), List.of(picture), "axis is 3, must be from -3 to 2 for 5x6x3"));
        misfits.add(Misfit.of(new LogSoftmax(-3), List.of(signal), "axis is -3, must be from -2 to 1 for 9x3"));
        misfits.add(Misfit.of(new MatMul(), List.of(signal, signal), "9x3 and 9x3", "3 columns", "9 rows"));
        misfits.add(Misfit.of(new MatMul(true, true), List.of(signal, signal), "9x3 transposed and 9x3 transposed", "9 columns", "3 rows"));
        misfits.add(Misfit.of(new MatMul(), List.of(signal, Shape.of(3)), "9x3 and 3, both must be matrices"));
        misfits.add(Misfit.of(new MatMul(), List.of(Shape.of(2, 4, 5), Shape.of(3, 5, 4)), "shapes are 2 and 3"));
        misfits.add(Misfit.of(new MatMul(), List.of(signal), "takes 2 inputs, but was given 1"));
        misfits.add(Misfit.of(new Each(3, new Relu()), List.of(picture), "5x6x3 with 3 axes, must have more than 3"));
        misfits.add(Misfit.of(new Each(1, new Add()), List.of(picture, Shape.of(4, 6, 3)), "5x6x3 and 4x6x3", "first 1"));
        misfits.add(Misfit.of(new Each(1, MaxPool1d.of(7)), List.of(picture), "spans 7"));
    }

    /** What no input could mend is refused when the layer is made. */
    @Test
    void constants() {
        Refused.argument(() -> new Elu(0), "alpha", 0.0f);
        Refused.argument(() -> new Selu(1, Float.NaN), "gamma", Float.NaN);
        Refused.argument(() -> new Celu(-1), "alpha", -1.0f);
        Refused.argument(() -> new Clip(2, 1), 2.0f, 1.0f);
        Refused.argument(() -> new Clip(Float.NaN, 1), Float.NaN);
        Refused.argument(() -> new ThresholdedRelu(Float.POSITIVE_INFINITY), "alpha", "Infinity");
        Refused.argument(() -> new HardSigmoid(Float.NaN, 1), "alpha", Float.NaN);
        Refused.argument(() -> new HardSigmoid(1, Float.NaN), "beta", Float.NaN);
        Refused.argument(() -> new Silu(0), "alpha", 0.0f);
        Refused.argument(() -> new Reduction(ReduceFunction.SUM, List.of(), true), "axes", "at least one");
        Refused.argument(() -> new Reduction(ReduceFunction.SUM, List.of(1, 1), true), "[1, 1]", "twice");
        Refused.argument(() -> new Reduction(ReduceFunction.SUM, List.of(-1), true), "axis", -1);
        Refused.argument(() -> new Each(0, new Relu()), "axes", 0);
        Refused.argument(() -> new Each(1, new Each(2, new Relu())), "1 + 2");
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void isRefused(Misfit misfit) {
        Graph graph = new Graph();
        Node[] in = new Node[misfit.inputs.size()];
        List<Object> parts = new ArrayList<>(misfit.parts);
        parts.add("layer culprit (" + misfit.layer + ") after ");
        for (int i = 0; i < in.length; i++) {
            in[i] = graph.input("source" + i, misfit.inputs.get(i));
            parts.add("source" + i + " " + misfit.inputs.get(i));
        }
        Refused.argument(() -> graph.join("culprit", misfit.layer, in), parts.toArray());
        if (in.length == 1) {
            Refused.argument(() -> in[0].then("culprit", misfit.layer), parts.toArray());
        }
        assertEquals("culprit", in[0].then("culprit", new Relu()).name(), "what was refused left its name behind");
    }

    /** Every layer with one input refuses a second one. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.LayerCase#all")
    void numberOfInputs(LayerCase c) {
        Graph graph = new Graph();
        Refused.argument(() -> graph.join("alone", c.layer()), "alone", "no input");
        if (c.inputs().size() == 1) {
            Node x = graph.input(c.inputs().getFirst());
            Refused.argument(() -> graph.join("two", c.layer(), x, x), "two", "takes 1 input, but was given 2", x);
        }
    }

    /** The sizes that come out, worked out by hand. */
    @Test
    void outputShapes() {
        assertOut("28x28x6", Conv2d.of(6, 5).padding(2), Shape.of(28, 28, 1));
        assertOut("10x10x16", Conv2d.of(16, 5), Shape.of(14, 14, 6));
        assertOut("112x112x64", Conv2d.of(64, 7).stride(2).padding(3), Shape.of(224, 224, 3));
        assertOut("4x3x8", Conv2d.of(8, 3).same().stride(2), Shape.of(7, 6, 3));
        assertOut("5x7x8", Conv2d.of(8, 3).dilation(2).padding(0, 1, 0, 2), Shape.of(9, 8, 3));
        assertOut("3x6x8", Conv2d.of(8, 3, 2).stride(2, 1), Shape.of(7, 7, 3));
        assertOut("100x4", Conv1d.ofRadius(4, 7), Shape.of(100, 2));
        assertOut("100x4", Conv1d.of(4, 5).dilation(3).padding(12, 0), Shape.of(100, 2));
        assertOut("34x4", Conv1d.of(4, 5).stride(3).same(), Shape.of(100, 2));
        assertOut("5x5x21", DepthwiseConv2d.of(3).multiplier(3).padding(1), Shape.of(5, 5, 7));
        assertOut("14x15x5", ConvTranspose2d.of(5, 4).stride(2).padding(1).outputPadding(0, 1), Shape.of(7, 7, 3));
        assertOut("17x5", ConvTranspose1d.of(5, 3).stride(2).dilation(2), Shape.of(7, 3));
        assertOut("13x15x5", ConvTranspose2d.of(5, 4).stride(2).padding(1, 1, 2, 0), Shape.of(7, 7, 3));
        assertOut("5x3x3x8", new Conv3d(8, Window3d.of(3).withStrides(1, 2, 2).withPadding(1, 0, 0), 1, true), Shape.of(5, 7, 8, 3));
        assertOut("9x11x12x8", new ConvTranspose3d(8, Window3d.of(3).withStrides(2, 1, 1), List.of(0, 0, 0), 1, true),
                Shape.of(4, 9, 10, 3));
        assertOut("2x3x4x7", MaxPool3d.of(2), Shape.of(5, 7, 8, 7));
        assertOut("3x4x4x7", new MaxPool3d(Window3d.of(2).withStrides(2, 2, 2), true), Shape.of(5, 7, 8, 7));
        assertOut("9", new GlobalAveragePool(), Shape.of(2, 3, 4, 9));
        assertOut("3x3x7", MaxPool2d.of(2), Shape.of(7, 7, 7));
        assertOut("4x4x7", MaxPool2d.of(2).ceilMode(true), Shape.of(7, 7, 7));
        assertOut("56x56x64", MaxPool2d.of(3).stride(2).padding(1), Shape.of(112, 112, 64));
        assertOut("5x7", AveragePool1d.of(2).ceilMode(true), Shape.of(9, 7));
        assertOut("9x7", LpPool1d.of(4, 2).same().stride(1), Shape.of(9, 7));
        assertOut("7", new GlobalMaxPool(), Shape.of(3, 4, 7));
        assertOut("60", new Flatten(), Shape.of(3, 4, 5));
        assertOut("3x4x9", Dense.of(9), Shape.of(3, 4, 5));
        assertOut("4x5x3", Permute.of(1, 2, 0), Shape.of(3, 4, 5));
        assertOut("2x3", new Slice(List.of(3, 1), List.of(2, 3), List.of(-2, 1)), Shape.of(4, 5));
        assertOut("3x7x5", new Take(-2, List.of(0, 1, 2, 3, 0, 1, 2)), Shape.of(3, 4, 5));
        assertOut("6x4x7", new Pad(PadMode.EDGE, List.of(1, 0, 2), List.of(2, 0, 0), 0), Shape.of(3, 4, 5));
        assertOut("2x3x4x5", Expand.to(2, 1, 1, 5), Shape.of(3, 4, 5));
        assertOut("6x12x5", Resize.nearest(Shape.of(3, 4, 5), 2, 3), Shape.of(3, 4, 5));
        assertOut("3x4x5", new Concat(1), Shape.of(3, 4, 5));
        assertOut("12x30", Embedding.of(100, 30), Shape.of(12));
        assertOut("2x3x4x9", new BinaryParameter(BinaryFunction.ADD, Shape.of(2, 3, 1, 9), true), Shape.of(4, 9));
        assertOut("1x1x5", new Reduction(ReduceFunction.MEAN, List.of(1, 0), true), Shape.of(3, 4, 5));
        assertOut("5", new Reduction(ReduceFunction.MEAN, List.of(0, 1), false), Shape.of(3, 4, 5));
        assertOut("1", new Reduction(ReduceFunction.MEAN, List.of(0), false), Shape.of(5));
        assertOut("2x7x4x4x9", new Each(2, Conv2d.of(9, 3)), Shape.of(2, 7, 6, 6, 3));
    }

    private static void assertOut(String expected, Layer layer, Shape in) {
        assertEquals(expected, new Graph().input(in).then(layer).shape().toString(), layer::toString);
    }
}
