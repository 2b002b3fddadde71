package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Layers that move elements: results worked out by hand, special values, and what their makers refuse. */
class MovementTest {

    private static float[] run(Layer layer, Shape in, float... x) {
        Network network = Network.chain(in, 1, layer);
        float[] y = new float[network.outputShape().size()];
        network.newContext(1).predict(x, y, 1);
        return y;
    }

    private static float[] row(PadMode mode, int before, int after, float... x) {
        return run(new Pad(mode, List.of(before), List.of(after), 9), Shape.of(x.length), x);
    }

    @Test
    void padding() {
        assertArrayEquals(new float[] {9, 9, 1, 2, 3, 9}, row(PadMode.CONSTANT, 2, 1, 1, 2, 3));
        assertArrayEquals(new float[] {3, 2, 1, 2, 3, 2}, row(PadMode.REFLECT, 2, 1, 1, 2, 3));
        assertArrayEquals(new float[] {2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2}, row(PadMode.REFLECT, 5, 5, 1, 2, 3));
        assertArrayEquals(new float[] {4, 4, 4}, row(PadMode.REFLECT, 1, 1, 4));
        assertArrayEquals(new float[] {1, 1, 1, 2, 3, 3}, row(PadMode.EDGE, 2, 1, 1, 2, 3));
        assertArrayEquals(new float[] {2, 3, 1, 2, 3, 1, 2, 3, 1}, row(PadMode.WRAP, 2, 4, 1, 2, 3));
        float[] low = run(new Pad(List.of(1), List.of(0), Float.NEGATIVE_INFINITY), Shape.of(1), 5);
        assertArrayEquals(new float[] {Float.NEGATIVE_INFINITY, 5}, low);
    }

    @Test
    void joining() {
        Graph graph = new Graph();
        Node a = graph.input("a", Shape.of(1, 2));
        Node b = graph.input("b", Shape.of(2, 2));
        Context context = graph.network(1, graph.join("rows", new Concat(-2), a, b), graph.join("one", new Concat(), a)).newContext(1);
        System.arraycopy(new float[] {1, 2}, 0, context.input("a"), 0, 2);
        System.arraycopy(new float[] {3, 4, 5, 6}, 0, context.input("b"), 0, 4);
        context.forward(1);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, context.activation("rows"));
        assertArrayEquals(new float[] {1, 2}, context.activation("one"));
    }

    private static Resize resize(ResizeMode mode, ResizeCoordinates coordinates, ResizeRounding rounding, int size, float scale) {
        return new Resize(mode, coordinates, rounding, -0.75f, false, false, 10, List.of(size), List.of(scale),
                coordinates == ResizeCoordinates.TF_CROP_AND_RESIZE ? List.of(0.5f, 1.5f) : List.of());
    }

    private static void assertResized(Resize layer, float[] x, double... expected) {
        float[] y = run(layer, Shape.of(x.length), x);
        assertEquals(expected.length, y.length);
        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], y[i], 1e-6, layer + " at " + i);
        }
    }

    @Test
    void resizing() {
        float[] x = {1, 2, 3, 4};
        ResizeRounding floor = ResizeRounding.FLOOR;
        assertResized(resize(ResizeMode.NEAREST, ResizeCoordinates.ASYMMETRIC, floor, 8, 2), x, 1, 1, 2, 2, 3, 3, 4, 4);
        assertResized(resize(ResizeMode.NEAREST, ResizeCoordinates.ASYMMETRIC, ResizeRounding.CEIL, 8, 2), x, 1, 2, 2, 3, 3, 4, 4, 4);
        assertResized(resize(ResizeMode.NEAREST, ResizeCoordinates.TF_HALF_PIXEL_FOR_NN, floor, 2, 0.5f), x, 2, 4);
        // between two, at 0.5 and 2.5
        assertResized(resize(ResizeMode.NEAREST, ResizeCoordinates.HALF_PIXEL, ResizeRounding.ROUND_PREFER_FLOOR, 2, 0.5f), x, 1, 3);
        assertResized(resize(ResizeMode.NEAREST, ResizeCoordinates.HALF_PIXEL, ResizeRounding.ROUND_PREFER_CEIL, 2, 0.5f), x, 2, 4);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.HALF_PIXEL, floor, 2, 0.5f), x, 1.5, 3.5);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.HALF_PIXEL, floor, 8, 2), x, 1, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.ALIGN_CORNERS, floor, 7, 1.75f), x, 1, 1.5, 2, 2.5, 3, 3.5, 4);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.ALIGN_CORNERS, floor, 2, 0.6f), x, 1, 3.142857); // l is 2.4
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.ASYMMETRIC, floor, 8, 2), x, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.TF_CROP_AND_RESIZE, floor, 3, 0.75f), x, 2.5, 4, 10);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.PYTORCH_HALF_PIXEL, floor, 1, 0.25f), x, 1);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.HALF_PIXEL_SYMMETRIC, floor, 2, 0.6f), x, 1 + 2 / 3.0, 3 + 1 / 3.0);
        assertResized(resize(ResizeMode.CUBIC, ResizeCoordinates.HALF_PIXEL, floor, 2, 0.5f), x, 1.40625, 3.59375);
        Resize mean = new Resize(ResizeMode.LINEAR, ResizeCoordinates.HALF_PIXEL, floor, 0, false, true, 0, List.of(2), List.of(0.5f),
                List.of());
        assertResized(mean, x, (1 * 3 + 2 * 3 + 3 + 1) / 8.0, (4 * 3 + 3 * 3 + 2 + 4) / 8.0); // the edge stands for those beyond
    }

    /** 1 / 3 and 7 / 3 are no floats: rounded scales would move places off the elements on which they fall. */
    @Test
    void ratiosAreExact() {
        assertResized(resize(ResizeMode.NEAREST, ResizeCoordinates.HALF_PIXEL, ResizeRounding.CEIL, 7, 7 / 3f), new float[] {1, 2, 3},
                1, 2, 2, 2, 3, 3, 3);
        float[] x = new float[49];
        x[24] = 1;
        assertResized(new Resize(ResizeMode.LINEAR, ResizeCoordinates.TF_CROP_AND_RESIZE, ResizeRounding.FLOOR, 0, false, false, 0, List.of(1),
                List.of(1 / 49f), List.of(0f, 1f)), x, 1);
    }

    /** Where a place falls on an element, its neighbours do not matter, not even NaN. */
    @Test
    void neighboursOfNoWeightAreNotRead() {
        float[] y = run(Resize.linear(Shape.of(1, 3, 1), 1, 3), Shape.of(1, 3, 1), 1, Float.NaN, 3);
        assertArrayEquals(new float[] {1, Float.NaN, 3}, y);
        assertResized(resize(ResizeMode.LINEAR, ResizeCoordinates.ALIGN_CORNERS, ResizeRounding.FLOOR, 2, 0.5f),
                new float[] {1, Float.NaN, Float.NaN, 4}, 1, 4);
    }

    /** Scales that a hostile file may have: nothing but copies of the edge, and no number is lost. */
    @Test
    void scalesFarFromTheSizes() {
        for (ResizeMode mode : ResizeMode.values()) {
            for (float scale : new float[] {Float.MIN_VALUE, 1e-20f}) {
                assertResized(resize(mode, ResizeCoordinates.ASYMMETRIC, ResizeRounding.FLOOR, 3, scale), new float[] {1, 2}, 1, 2, 2);
            }
            assertResized(new Resize(mode, ResizeCoordinates.ASYMMETRIC, ResizeRounding.FLOOR, -0.5f, true, false, 0, List.of(3), List.of(1e-20f),
                    List.of()), new float[] {1, 2}, 1, 2, 2);
            assertResized(resize(mode, ResizeCoordinates.ASYMMETRIC, ResizeRounding.FLOOR, 3, Float.MAX_VALUE), new float[] {1, 2}, 1, 1, 1);
        }
    }

    @Test
    void refusals() {
        Refused.argument(() -> Permute.of(0, 2), "axes are [0, 2]", "0 to 1");
        Refused.argument(() -> Permute.of(1, 1, 0), "axes are [1, 1, 0]");
        Refused.argument(() -> new Slice(List.of(0), List.of(1, 2), List.of(1)), "starts are [0]", "sizes are [1, 2]");
        Refused.argument(() -> new Slice(List.of(0), List.of(1), List.of()), "steps are []");
        Refused.argument(() -> new Slice(List.of(0, 0), List.of(1, 1), List.of(1, 0)), "steps are [1, 0]");
        Refused.argument(() -> new Slice(List.of(-1), List.of(1), List.of(1)), "start is -1", "at least 0");
        Refused.argument(() -> new Slice(List.of(1), List.of(0), List.of(1)), "size is 0", "at least 1");
        Refused.argument(() -> new Take(0, List.of()), "number of indices is 0");
        Refused.isNull(() -> new Take(0, null), "indices");
        Refused.by(NullPointerException.class, () -> new Take(0, Arrays.asList(1, null)), "element 1 of indices is null: [1, null]");
        Refused.argument(() -> new Take(0, List.of(1, -2)), "index is -2");
        Refused.argument(() -> new Pad(List.of(1), List.of(1, 2), 0), "before are [1]", "after are [1, 2]");
        Refused.argument(() -> new Pad(List.of(-1), List.of(1), 0), "padding before is -1");
        Refused.argument(() -> new Pad(List.of(1), List.of(-3), 0), "padding after is -3");
        Refused.isNull(() -> new Pad(null, List.of(1), List.of(1), 0), "mode");
        Refused.isNull(() -> new Expand(null), "shape");
        ResizeCoordinates half = ResizeCoordinates.HALF_PIXEL;
        Refused.argument(() -> resize(ResizeMode.LINEAR, half, ResizeRounding.FLOOR, 0, 1), "size is 0");
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Refused.argument(() -> resize(ResizeMode.LINEAR, half, ResizeRounding.FLOOR, 1, scale), "scale is " + scale);
        }
        Refused.argument(() -> new Resize(ResizeMode.CUBIC, half, ResizeRounding.FLOOR, Float.NaN, false, false, 0, List.of(1), List.of(1f),
                List.of()), "cubicA is NaN");
        Refused.argument(() -> new Resize(ResizeMode.CUBIC, half, ResizeRounding.FLOOR, 0, false, false, 0, List.of(1), List.of(1f, 2f),
                List.of()), "sizes are [1]", "scales are [1.0, 2.0]");
        Refused.argument(() -> new Resize(ResizeMode.CUBIC, ResizeCoordinates.TF_CROP_AND_RESIZE, ResizeRounding.FLOOR, 0, false, false, 0,
                List.of(1), List.of(1f), List.of()), "roi is []", "sizes [1]");
        Refused.argument(() -> Resize.nearest(Shape.of(2, 3), 2, 2), "input is 2x3", "height x width x channels");
        Refused.argument(() -> Resize.nearest(Shape.of(2, 3, 4), 0, 2), "factorH is 0");
    }
}
