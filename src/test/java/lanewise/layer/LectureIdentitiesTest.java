package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lanewise.oracle.Data;
import lanewise.signal.Convolution1d;
import lanewise.signal.Convolution2d;
import lanewise.signal.Mode;
import lanewise.signal.Plane;
import org.junit.jupiter.api.Test;

/**
 * The lecture's equations of a layer, written with the operations of {@code lanewise.signal}: with maps x_j and y_i, * the convolution
 * and "flip" turning a filter around,
 *
 * <pre>
 * y_i      = sum over j of  x_j * flip(w_ij)
 * dx_j     = sum over i of  dy_i * w_ij
 * dw_ij[r] = sum over t of  dy_i[t] x_j[t + r]
 * </pre>
 *
 * <p>All numbers are small integers, so both sides are exact.
 */
class LectureIdentitiesTest {

    private static final int C = 3;
    private static final int K = 4;

    private static Context step(Network network) {
        network.parameters().set("conv.weight", Data.integers(1, network.parameters().view("conv.weight").length()));
        Context context = OneLayer.context(network, 1);
        System.arraycopy(Data.integers(2, context.input().length), 0, context.input(), 0, context.input().length);
        context.forward(1, true);
        System.arraycopy(Data.integers(3, context.output().length), 0, context.outputGradient(), 0, context.output().length);
        context.backward(1);
        return context;
    }

    private static Context step(Shape in, Layer layer) {
        Graph graph = new Graph();
        return step(graph.network(1, graph.input("x", in).then("conv", layer)));
    }

    /** Every {@code step}-th element from {@code first}: one map of an array with channels last. */
    private static float[] map(float[] array, int first, int step) {
        float[] map = new float[array.length / step];
        for (int i = 0; i < map.length; i++) {
            map[i] = array[first + i * step];
        }
        return map;
    }

    /** Filter {@code [tap][j][i]}. */
    private static float[] filter(float[] weight, int j, int i) {
        return map(weight, j * K + i, C * K);
    }

    private static void add(float[] sum, float[] term) {
        assertEquals(sum.length, term.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += term[i];
        }
    }

    private static void assertMap(float[] expected, float[] array, int first, int step) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], array[first + i * step], 0f);
        }
    }

    @Test
    void signals() {
        int taps = 5;
        Context context = step(Shape.of(17, C), Conv1d.of(K, taps).withoutBias());
        float[] weight = context.network().parameters().values();
        int q = 17 - taps + 1;
        for (int i = 0; i < K; i++) {
            float[] y = new float[q];
            for (int j = 0; j < C; j++) {
                float[] flipped = Convolution1d.flip(filter(weight, j, i));
                add(y, Convolution1d.translateAndScale(map(context.input(), j, C), flipped, Mode.VALID));
            }
            assertMap(y, context.output(), i, K);
        }
        for (int j = 0; j < C; j++) {
            float[] x = map(context.input(), j, C);
            float[] dx = new float[17];
            for (int i = 0; i < K; i++) {
                float[] dy = map(dyOf(context), i, K);
                add(dx, Convolution1d.translateAndScale(dy, filter(weight, j, i), Mode.FULL));
                float[] dw = new float[taps];
                for (int tau = 0; tau < taps; tau++) {
                    for (int t = 0; t < q; t++) {
                        dw[tau] += dy[t] * x[t + tau];
                    }
                }
                assertMap(dw, context.gradients().values(), j * K + i, C * K);
                assertMap(Convolution1d.crossCorrelate(x, dy, Mode.VALID), context.gradients().values(), j * K + i, C * K);
            }
            assertMap(dx, context.gradient("x"), j, C);
        }
    }

    /** Without a fused activation backward leaves the gradient of the output as it was set. */
    private static float[] dyOf(Context context) {
        return Data.integers(3, context.output().length);
    }

    /** The radius of the lecture: 2 R + 1 taps, the signal keeps its length. */
    @Test
    void radius() {
        Context context = step(Shape.of(17, C), Conv1d.ofRadius(K, 2).withoutBias());
        float[] weight = context.network().parameters().values();
        for (int i = 0; i < K; i++) {
            float[] y = new float[17];
            for (int j = 0; j < C; j++) {
                add(y, Convolution1d.crossCorrelate(map(context.input(), j, C), filter(weight, j, i), Mode.SAME));
            }
            assertMap(y, context.output(), i, K);
        }
    }

    @Test
    void pictures() {
        int high = 9;
        int wide = 8;
        Context context = step(Shape.of(high, wide, C), Conv2d.of(K, 3, 2).withoutBias());
        float[] weight = context.network().parameters().values();
        for (int i = 0; i < K; i++) {
            float[] y = new float[(high - 2) * (wide - 1)];
            for (int j = 0; j < C; j++) {
                Plane x = new Plane(high, wide, map(context.input(), j, C));
                Plane w = new Plane(3, 2, filter(weight, j, i));
                add(y, Convolution2d.translateAndScale(x, w.flipped(), Mode.VALID).values());
            }
            assertMap(y, context.output(), i, K);
        }
        for (int j = 0; j < C; j++) {
            Plane x = new Plane(high, wide, map(context.input(), j, C));
            float[] dx = new float[high * wide];
            for (int i = 0; i < K; i++) {
                Plane dy = new Plane(high - 2, wide - 1, map(dyOf(context), i, K));
                add(dx, Convolution2d.translateAndScale(dy, new Plane(3, 2, filter(weight, j, i)), Mode.FULL).values());
                assertMap(Convolution2d.crossCorrelate(x, dy, Mode.VALID).values(), context.gradients().values(), j * K + i, C * K);
            }
            assertMap(dx, context.gradient("x"), j, C);
        }
    }

    /**
     * A weight that is shared has the sum of the gradients that weights of its places would have: a dense layer for each patch,
     * with the filter as its weight, connected locally.
     */
    @Test
    void sharedWeightsSumTheirPlaces() {
        int high = 5;
        int wide = 6;
        Context context = step(Shape.of(high, wide, C), Conv2d.of(K, 3).withoutBias());
        float[] weight = context.network().parameters().values();
        float[] dy = dyOf(context);
        float[] shared = new float[weight.length];
        for (int place = 0; place < (high - 2) * (wide - 2); place++) {
            Graph graph = new Graph();
            Network local = graph.network(1, graph.input("patch", Shape.of(9 * C)).then("conv", Dense.of(K).withoutBias()));
            local.parameters().set("conv.weight", weight);
            Context at = local.newTrainingContext(1, 1);
            for (int tap = 0; tap < 9; tap++) {
                int pixel = (place / (wide - 2) + tap / 3) * wide + place % (wide - 2) + tap % 3;
                System.arraycopy(context.input(), pixel * C, at.input(), tap * C, C);
            }
            at.forward(1, true);
            assertMap(at.output(), context.output(), place * K, 1);
            System.arraycopy(dy, place * K, at.outputGradient(), 0, K);
            at.backward(1);
            add(shared, at.gradients().values());
        }
        assertMap(shared, context.gradients().values(), 0, 1);
    }
}
