package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** The table of a network: counts, work, what is seen of the input, and its text. */
class SummaryTest {

    /** The lecture's picture, 200 x 200 in three colours, under 1000 units. */
    private static final Shape PICTURE = Shape.of(200, 200, 3);
    private static final int UNITS = 1000;

    private static Summary.Row lastRow(Node output) {
        return output.graph.summary(output).row(output.name());
    }

    private static long weights(Layer layer, Shape in) {
        return layer.parameters(List.of(in)).stream().filter(spec -> spec.role() == ParameterSpec.Role.WEIGHT)
                .mapToLong(spec -> spec.shape().size()).sum();
    }

    /**
     * Connected to every pixel, the units have 120 million weights; seeing a patch of 10 x 10 that they share, as many maps have 300
     * thousand, and one map 300. Nothing is allocated to count them.
     */
    @Test
    void lecturePicture() {
        Graph graph = new Graph();
        Node flat = graph.input(PICTURE).then(new Flatten());
        assertEquals(120_000_000, weights(Dense.of(UNITS), flat.shape()));
        Summary.Row dense = lastRow(flat.then("dense", Dense.of(UNITS)));
        assertEquals(120_001_000, dense.parameters());
        assertEquals(120_000_000, dense.multiplyAdds());
        assertEquals(ReceptiveField.WHOLE, dense.receptiveField());

        Summary.Row maps = lastRow(new Graph().input(PICTURE).then("maps", Conv2d.of(UNITS, 10)));
        assertEquals(300_000 + UNITS, maps.parameters());
        assertEquals(300_000L * 191 * 191, maps.multiplyAdds());
        assertEquals(300 + 1, lastRow(new Graph().input(PICTURE).then(Conv2d.of(1, 10))).parameters());
        assertEquals("10x10", maps.receptiveField().toString());
    }

    /** Far more than this machine could hold. */
    @Test
    void nothingIsAllocated() {
        Graph graph = new Graph();
        Node node = graph.input(Shape.of(40_000)).then(Dense.of(40_000)).then(Dense.of(40_000));
        Summary summary = graph.summary(node);
        assertEquals(2 * 1_600_040_000L, summary.parameters());
        assertEquals(2 * 1_600_000_000L, summary.multiplyAdds());
        Refused.argument(() -> graph.network(1, node), "dense_2.weight need 3200040000");
    }

    /** Two stacked 3 x 3 see 5 x 5, three see 7 x 7. */
    @Test
    void stackedConvolutions() {
        Node node = new Graph().input(Shape.of(20, 20, 1));
        for (int size : new int[] {3, 5, 7, 9}) {
            node = node.then(Conv2d.of(2, 3).relu());
            assertEquals(new ReceptiveField(size, size, 1, 1), node.receptiveField());
        }
    }

    /** LeNet-5: 5, 6, 14, 16 and then everything. */
    @Test
    void leNet() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(32, 32, 1));
        Node c1 = x.then("c1", Conv2d.of(6, 5));
        Node s2 = c1.then("s2", AveragePool2d.of(2));
        Node c3 = s2.then("c3", Conv2d.of(16, 5));
        Node s4 = c3.then("s4", AveragePool2d.of(2));
        Node c5 = s4.then("flat", new Flatten()).then("c5", Dense.of(120));
        Node f6 = c5.then("f6", Dense.of(84)).then("out", Dense.of(10));
        Summary summary = graph.summary(f6);
        assertEquals(new ReceptiveField(1, 1, 1, 1), summary.row("input").receptiveField());
        assertEquals(new ReceptiveField(5, 5, 1, 1), summary.row("c1").receptiveField());
        assertEquals(new ReceptiveField(6, 6, 2, 2), summary.row("s2").receptiveField());
        assertEquals(new ReceptiveField(14, 14, 2, 2), summary.row("c3").receptiveField());
        assertEquals(new ReceptiveField(16, 16, 4, 4), summary.row("s4").receptiveField());
        assertEquals("all", summary.row("c5").receptiveField().toString());
        assertEquals(156, summary.row("c1").parameters());
        assertEquals(2_416, summary.row("c3").parameters());
        assertEquals(48_120, summary.row("c5").parameters());
        assertEquals(61_706, summary.parameters());
        assertEquals(61_706, summary.trained());
        assertEquals(0, summary.states());
        assertEquals(28 * 28 * 6 * 25 + 10 * 10 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10, summary.multiplyAdds());
        assertEquals(28 * 28 * 6 * 4, summary.row("c1").outputBytes());
        Refused.argument(() -> summary.row("c4"), "no node is called c4", "[input, c1, s2");
    }

    @Test
    void otherReceptiveFields() {
        Node signal = new Graph().input(Shape.of(100, 1));
        assertEquals("1x9", signal.then(Conv1d.of(1, 5).dilation(2)).receptiveField().toString());
        Node wave = signal;
        for (int dilation = 1; dilation <= 8; dilation *= 2) {
            wave = wave.then(Conv1d.of(1, 2).dilation(dilation));
        }
        assertEquals(new ReceptiveField(1, 16, 1, 1), wave.receptiveField());
        Node picture = new Graph().input(Shape.of(30, 30, 2));
        assertEquals(new ReceptiveField(3, 7, 2, 3), picture.then(MaxPool2d.of(3).withWindow(Window.of(3, 7).withStride(2, 3)))
                .receptiveField());
        Node strided = picture.then(Conv2d.of(2, 3).stride(2)).then(DepthwiseConv2d.of(3).dilation(2));
        assertEquals(new ReceptiveField(3 + 2 * 2 * 2, 11, 2, 2), strided.receptiveField());
        assertEquals(new ReceptiveField(13, 13, 1, 1), strided.then(ConvTranspose2d.of(1, 4).stride(2)).receptiveField());
        Node joined = picture.graph.join(new Concat(), picture, picture.then(Conv2d.of(2, 1, 5).same()),
                picture.then(Conv2d.of(2, 7, 1).same()));
        assertEquals("7x5", joined.receptiveField().toString(), "the widest on each axis");
        assertEquals("all", joined.then(new GlobalMaxPool()).receptiveField().toString());
        assertEquals("7x5", joined.then(Dense.of(4)).receptiveField().toString(), "at every place alike");
        assertEquals("all", joined.then(new Flatten()).then(Dense.of(4)).then(new Relu()).receptiveField().toString());
    }

    /** A parameter that is kept, but not trained. */
    @Test
    void states() {
        Summary summary = Network.chain(Shape.of(4), 1, new ParametersTest.Counted(5)).summary();
        assertEquals(15, summary.parameters());
        assertEquals(10, summary.trained());
        assertEquals(5, summary.states());
    }

    @Test
    void text() {
        Graph graph = new Graph();
        Node x = graph.input("picture", Shape.of(28, 28, 1));
        Node y = x.then("conv", Conv2d.of(20, 5)).then("pool", MaxPool2d.of(2)).then("flat", new Flatten()).then("dense", Dense.of(500));
        String expected = """
                name     layer      output    parameters  multiply-adds  sees  memory
                ---------------------------------------------------------------------
                picture  input      28x28x1            0              0   1x1  3136 B
                conv     Conv2d     24x24x20         520        288,000   5x5   46 kB
                pool     MaxPool2d  12x12x20           0              0   6x6   11 kB
                flat     Flatten    2880               0              0   6x6   11 kB
                dense    Dense      500        1,440,500      1,440,000   all  2000 B
                1,441,020 parameters (5764 kB), 1,728,000 multiply-adds; activations of one example: 62 kB to predict, 122 kB to train, \
                gradients included""";
        assertEquals(expected, graph.summary(y).toString());
        assertEquals(expected, graph.network(1, y).summary().toString());
        assertTrue(expected.lines().noneMatch(line -> line.endsWith(" ")));
    }
}
