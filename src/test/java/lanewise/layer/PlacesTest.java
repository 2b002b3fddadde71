package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** {@link MaxPoolIndices} and {@link MaxUnpool} together. */
class PlacesTest {

    private static float[] run(Layer layer, int batch, List<Shape> inputs, float[]... x) {
        Graph graph = new Graph();
        Node[] nodes = new Node[inputs.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = graph.input("x" + i, inputs.get(i));
        }
        Context context = graph.network(1, graph.join("y", layer, nodes)).newContext(batch);
        for (int i = 0; i < nodes.length; i++) {
            System.arraycopy(x[i], 0, context.input(nodes[i].name()), 0, x[i].length);
        }
        context.forward(batch);
        return context.output().clone();
    }

    /** The example of ONNX's documentation: 5x5 with the numbers 1 to 25, one channel. */
    @Test
    void rowsAndColumns() {
        float[] x = new float[25];
        for (int i = 0; i < 25; i++) {
            x[i] = i + 1;
        }
        Window window = Window.of(2, 2).withStride(2, 2);
        List<Shape> in = List.of(Shape.of(5, 5, 1));
        assertArrayEquals(new float[] {6, 8, 16, 18}, run(new MaxPoolIndices(window, false, false), 1, in, x));
        assertArrayEquals(new float[] {6, 16, 8, 18}, run(new MaxPoolIndices(window, false, true), 1, in, x));
    }

    /** The first of equal maxima, in every channel of every example counted from the example's start. */
    @Test
    void channelsAndTies() {
        float[] x = new float[2 * 4 * 3];
        assertArrayEquals(new float[] {0, 4, 8, 0, 4, 8}, run(MaxPoolIndices.of(2), 2, List.of(Shape.of(2, 2, 3)), x));
    }

    /** Unpooling the maxima and pooling again gives the maxima, if they are positive. */
    @Test
    void thereAndBack() {
        Shape shape = Shape.of(7, 6, 5);
        float[] x = Data.reals(3, 2 * shape.size());
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.abs(x[i]) + 0.1f;
        }
        MaxPool2d pool = MaxPool2d.of(2).ceilMode(true);
        Shape pooled = Shape.of(4, 3, 5);
        float[] maxima = run(pool, 2, List.of(shape), x);
        float[] indices = run(new MaxPoolIndices(pool.window(), true, false), 2, List.of(shape), x);
        float[] unpooled = run(new MaxUnpool(shape), 2, List.of(pooled, pooled), maxima, indices);
        assertArrayEquals(maxima, run(pool, 2, List.of(shape), unpooled));
        int kept = 0;
        for (int i = 0; i < x.length; i++) {
            assertEquals(unpooled[i] == 0 ? 0 : x[i], unpooled[i]);
            kept += unpooled[i] == 0 ? 0 : 1;
        }
        assertEquals(maxima.length, kept);
    }

    @Test
    void theLaterOfTwoStays() {
        List<Shape> in = List.of(Shape.of(3, 1), Shape.of(3, 1));
        assertArrayEquals(new float[] {0, 7, 5, 0}, run(new MaxUnpool(Shape.of(4, 1)), 1, in, new float[] {6, 5, 7}, new float[] {1, 2, 1}));
    }

    @Test
    void badIndices() {
        List<Shape> in = List.of(Shape.of(2, 1), Shape.of(2, 1));
        for (float bad : new float[] {4, -1, 1.5f, Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
            Refused.argument(() -> run(new MaxUnpool(Shape.of(4, 1)), 2, in, new float[4], new float[] {0, 1, 2, bad}),
                    "element 3 of the indices is " + bad, "from 0 to 3");
        }
        assertArrayEquals(new float[] {1, 0, 0, 1}, run(new MaxUnpool(Shape.of(4, 1)), 1, in, new float[] {1, 1}, new float[] {-0.0f, 3}));
    }

    @Test
    void refused() {
        Refused.argument(() -> new MaxUnpool(Shape.of(4096, 4097)), "4096x4097 has 16781312 elements", "16777216");
        Refused.isNull(() -> new MaxUnpool(null), "output");
        Refused.isNull(() -> new MaxPoolIndices(null, false, false), "window");
        assertEquals(Shape.of(4096, 4096, 1), new MaxUnpool(Shape.of(4096, 4096, 1)).output());
    }
}
