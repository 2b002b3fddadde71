package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        misfits.add(Misfit.of(new Concat(), List.of(signal), "takes at least 2 inputs, but was given 1"));
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
        assertOut("12x30", Embedding.of(100, 30), Shape.of(12));
    }

    private static void assertOut(String expected, Layer layer, Shape in) {
        assertEquals(expected, new Graph().input(in).then(layer).shape().toString(), layer::toString);
    }
}
