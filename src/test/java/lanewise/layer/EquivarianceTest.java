package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The feature maps of a shifted picture are the shifted feature maps, bit for bit, wherever the border is not seen. */
class EquivarianceTest {

    private static final int CHANNELS = 3;
    private static final int BORDER = 8; // as far as any unit of these stacks sees from its centre, and the shift

    /** Layers without a common name, the shift of the picture and that of the maps. */
    record Stack(String name, int inputShift, int outputShift, Layer... layers) {

        @Override
        public String toString() {
            return name + ": shift by " + inputShift + " shifts by " + outputShift;
        }
    }

    static Stream<Stack> stacks() {
        Layer[] plain = {Conv2d.of(5, 3), new Relu(), Conv2d.of(17, 3).relu()};
        Layer[] strided = {Conv2d.of(5, 3).stride(2).relu(), Conv2d.of(7, 3).stride(2)};
        return Stream.of(
                new Stack("no padding", 1, 1, plain),
                new Stack("no padding", 3, 3, plain),
                new Stack("padding", 2, 2, Conv2d.of(5, 3).same().relu(), Conv2d.of(4, 5).same()),
                new Stack("stride", 2, 1, Conv2d.of(5, 3).stride(2).relu()),
                new Stack("two strides", 4, 1, strided),
                new Stack("dilation", 1, 1, Conv2d.of(5, 3).dilation(2).relu()),
                new Stack("depthwise and pointwise", 3, 3, DepthwiseConv2d.of(3), Conv2d.of(8, 1).relu()),
                new Stack("max pooling", 2, 1, Conv2d.of(5, 3).relu(), MaxPool2d.of(2)),
                new Stack("max pooling twice", 4, 1, MaxPool2d.of(2), Conv2d.of(5, 3).relu(), MaxPool2d.of(2)),
                new Stack("average pooling", 2, 1, Conv2d.of(5, 3).relu(), AveragePool2d.of(2)),
                // With few maps, ColumnsConv adds what overlaps in an order that depends on the place: equal but for rounding.
                new Stack("transposed", 1, 2, ConvTranspose2d.of(16, 3).stride(2)));
    }

    private static float[] run(Network network, float[] x) {
        float[] y = new float[network.outputShape().size()];
        network.newContext(1).predict(x, y, 1);
        return y;
    }

    private static float at(float[] maps, Shape shape, int h, int w, int c) {
        return maps[(h * shape.dim(1) + w) * shape.channels() + c];
    }

    /** The picture moved down and right. */
    static float[] shifted(float[] x, Shape shape, int by) {
        float[] moved = new float[x.length];
        for (int h = by; h < shape.dim(0); h++) {
            for (int w = by; w < shape.dim(1); w++) {
                for (int c = 0; c < shape.channels(); c++) {
                    moved[(h * shape.dim(1) + w) * shape.channels() + c] = at(x, shape, h - by, w - by, c);
                }
            }
        }
        return moved;
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void shiftsGoThrough(Stack stack) {
        Shape in = Shape.of(40, 40, CHANNELS);
        Network network = Network.chain(in, 1, stack.layers);
        float[] x = Data.reals(1, in.size());
        float[] y = run(network, x);
        float[] moved = run(network, shifted(x, in, stack.inputShift));
        Shape out = network.outputShape();
        int border = BORDER * out.dim(0) / in.dim(0) + stack.outputShift;
        int compared = 0;
        int changed = 0;
        for (int h = border + stack.outputShift; h < out.dim(0) - border; h++) {
            for (int w = border + stack.outputShift; w < out.dim(1) - border; w++) {
                for (int c = 0; c < out.channels(); c++) {
                    assertEquals(at(y, out, h - stack.outputShift, w - stack.outputShift, c), at(moved, out, h, w, c), 0f,
                            () -> stack.toString());
                    compared++;
                    changed += at(y, out, h, w, c) != at(moved, out, h, w, c) ? 1 : 0;
                }
            }
        }
        assertTrue(compared >= 4 * out.channels() && changed > compared / 3, "compares nothing");
    }

    /** A shift that the stride does not divide is no shift of the maps. */
    @Test
    void halfAStride() {
        Shape in = Shape.of(20, 20, CHANNELS);
        Network network = Network.chain(in, 1, Conv2d.of(4, 3).stride(2));
        float[] x = Data.reals(1, in.size());
        float[] y = run(network, x);
        float[] moved = run(network, shifted(x, in, 1));
        Shape out = network.outputShape();
        for (int by = 0; by < 2; by++) {
            assertTrue(at(moved, out, 5, 5, 0) != at(y, out, 5 - by, 5 - by, 0));
        }
    }

    /** 1-D: a sound that comes later. */
    @Test
    void signals() {
        Network network = Network.chain(Shape.of(60, 2), 1, Conv1d.ofRadius(5, 3).relu(), MaxPool1d.of(2), Conv1d.of(3, 4).stride(2));
        float[] x = Data.reals(1, 120);
        float[] later = new float[120];
        System.arraycopy(x, 0, later, 2 * 8, 120 - 2 * 8);
        float[] y = run(network, x);
        float[] moved = run(network, later);
        for (int q = 5; q < network.outputShape().dim(0) - 2; q++) {
            for (int k = 0; k < 3; k++) {
                assertEquals(y[(q - 2) * 3 + k], moved[q * 3 + k], 0f, "8 samples are 2 after strides of 2 and 2");
            }
        }
    }
}
