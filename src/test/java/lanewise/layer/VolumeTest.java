package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import lanewise.kernel.Threads;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** What the layers on volumes have beside {@link LayerCase}. */
class VolumeTest {

    @Test
    void windows() {
        assertEquals("3x3x3", Window3d.of(3).toString());
        assertEquals("1x2x3/2x1x1 pad 0x1x0 dilation 1x1x2",
                Window3d.of(1, 2, 3).withStrides(2, 1, 1).withPadding(0, 1, 0).withDilations(1, 1, 2).toString());
        assertEquals("2x2x2 pad 1x0x0,0x0x1", Window3d.of(2).withPadding(List.of(1, 0, 0), List.of(0, 0, 1)).toString());
        Refused.argument(() -> Window3d.of(2, 3), "taps is [2, 3]", "three numbers");
        Refused.argument(() -> Window3d.of(1, 0, 1), "taps is [1, 0, 1]", "at least 1");
        Refused.argument(() -> Window3d.of(2).withStrides(1, 1, 0), "strides is [1, 1, 0]", "at least 1");
        Refused.argument(() -> Window3d.of(2).withPadding(-1, 0, 0), "padBefore is [-1, 0, 0]", "at least 0");
        Refused.argument(() -> Window3d.of(2).withPadding(List.of(0, 0, 0), List.of(0, 0)), "padAfter is [0, 0]", "three numbers");
        Refused.argument(() -> Window3d.of(2).withDilations(0, 1, 1), "dilations is [0, 1, 1]", "at least 1");
        Refused.isNull(() -> Window3d.of(2).withPadding(null, List.of(0, 0, 0)), "padBefore");
    }

    @Test
    void refused() {
        Refused.argument(() -> Conv3d.of(0, 3), "filters is 0", "at least 1");
        Refused.argument(() -> new Conv3d(1, Window3d.of(1), 0, true), "groups is 0", "at least 1");
        Refused.isNull(() -> new Conv3d(1, null, 1, true), "window");
        Refused.argument(() -> new ConvTranspose3d(1, Window3d.of(1), List.of(0, -1, 0), 1, true), "outputPadding is [0, -1, 0]", "at least 0");
        Refused.isNull(() -> new MaxPool3d(null, false), "window");
        Refused.isNull(() -> new AveragePool3d(null, false, false), "window");
        for (float p : new float[] {0.5f, 0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Refused.argument(() -> LpPool3d.of(2, p), "p is " + p, "at least 1");
            Refused.argument(() -> new GlobalLpPool(p), "p is " + p, "at least 1");
        }
        Refused.argument(() -> new LocalResponseNorm(0), "size is 0", "at least 1");
        Refused.argument(() -> new LocalResponseNorm(1, Float.NaN, 1, 1), "alpha is NaN", "finite");
        Refused.argument(() -> new LocalResponseNorm(1, 1, Float.NaN, 1), "beta is NaN", "finite");
        Refused.argument(() -> new LocalResponseNorm(1, 1, 1, Float.NaN), "bias is NaN", "finite");
    }

    @Test
    void parametersOfConvolutions() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4, 5, 6, 8));
        Network network = graph.network(1, x.then("conv", new Conv3d(12, Window3d.of(1, 2, 3), 4, true))
                .then("up", new ConvTranspose3d(6, Window3d.of(3, 1, 2), List.of(0, 0, 0), 2, true)));
        assertEquals(Shape.of(1, 2, 3, 2, 12), network.parameters().view("conv.weight").shape());
        assertEquals(Shape.of(12), network.parameters().view("conv.bias").shape());
        assertEquals(Shape.of(3, 1, 2, 3, 12), network.parameters().view("up.weight").shape());
        assertEquals(Shape.of(6), network.parameters().view("up.bias").shape());
        assertEquals(4L * 4 * 4 * 12 * 6 * 2, new Conv3d(12, Window3d.of(1, 2, 3), 4, true).multiplyAdds(List.of(x.shape())));
    }

    /** Of equal maxima the first has the gradient: first in depth, then in height, then in width. */
    @Test
    void ties() {
        Graph graph = new Graph();
        Network network = graph.network(1, graph.input("x", Shape.of(2, 2, 2, 1)).then("y", MaxPool3d.of(2)));
        Context context = OneLayer.context(network, 1);
        for (int first = 0; first < 8; first++) {
            Arrays.fill(context.input("x"), first, 8, 3);
            Arrays.fill(context.input("x"), 0, first, 2);
            context.forward(1, true);
            context.outputGradient()[0] = 5;
            context.backward(1);
            float[] expected = new float[8];
            expected[first] = 5;
            assertArrayEquals(expected, context.gradient("x"));
        }
    }

    /** Forward and backward with three threads, to the bit. */
    @Test
    void threads() {
        Graph graph = new Graph();
        Node conv = graph.input("x", Shape.of(5, 9, 8, 3)).then(new Conv3d(17, Window3d.of(2, 3, 3).withPadding(1, 1, 1), 1, true))
                .then(new GroupNorm(1)).then(new ConvTranspose3d(6, Window3d.of(2).withStrides(1, 2, 2), List.of(0, 1, 0), 1, true));
        Node pooled = graph.join(new Concat(), conv.then(MaxPool3d.of(2)), conv.then(AveragePool3d.of(2)), conv.then(LpPool3d.of(2, 2)));
        Network network = graph.network(1, pooled.then(new LocalResponseNorm(5)).then(new InstanceNorm()).then("out", new GlobalLpPool(2)));
        float[][] results = new float[2][];
        float[][] gradients = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (Threads threads = i == 0 ? Threads.one() : Threads.of(3)) {
                Context context = network.newContext(new ContextOptions(2, threads, true, true, 5));
                System.arraycopy(Data.reals(1, context.input("x").length), 0, context.input("x"), 0, context.input("x").length);
                context.forward(2, true);
                results[i] = context.output().clone();
                System.arraycopy(Data.reals(2, results[i].length), 0, context.outputGradient(), 0, results[i].length);
                context.backward(2);
                gradients[i] = context.gradients().values().clone();
            }
        }
        assertArrayEquals(results[0], results[1]);
        assertArrayEquals(gradients[0], gradients[1]);
    }
}
