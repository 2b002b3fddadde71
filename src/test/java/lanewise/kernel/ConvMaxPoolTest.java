package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A max-pooling behind a convolution gives the bits of the convolution and {@link Math#max}. */
class ConvMaxPoolTest {

    static Stream<ConvShape> shapes() {
        return Stream.of(ConvShape.of(1, 28, 28, 1, 6, 5, 5).withSamePadding(), ConvShape.of(3, 7, 9, 1, 6, 3, 3),
                ConvShape.of(1, 33, 40, 3, 12, 5, 5).withSamePadding(), ConvShape.of(2, 12, 35, 2, 5, 3, 3).withSamePadding(),
                ConvShape.of(1, 100, 31, 2, 1, 3, 3), ConvShape.of(1, 5, 5, 4, 7, 3, 3).withSamePadding(),
                ConvShape.of(1, 4, 20, 1, 3, 3, 3), ConvShape.of(1, 200, 64, 4, 11, 3, 3).withSamePadding());
    }

    /** Those that pool in a tile's registers, and keep no places. */
    static Stream<ConvShape> shapesInRegisters() {
        return Stream.of(ConvShape.of(1, 14, 14, 6, 16, 5, 5), ConvShape.of(3, 33, 20, 3, 32, 5, 5).withSamePadding(),
                ConvShape.of(2, 6, 34, 4, 48, 5, 5), ConvShape.of(1, 200, 24, 15, 16, 5, 5));
    }

    private static float[] pooled(ConvShape shape, float[] y) {
        int p = shape.p() / 2;
        int q = shape.q() / 2;
        float[] pooled = new float[shape.n() * p * q * shape.k()];
        Arrays.fill(pooled, Float.NEGATIVE_INFINITY);
        for (int n = 0; n < shape.n(); n++) {
            for (int i = 0; i < 2 * p; i++) {
                for (int j = 0; j < 2 * q; j++) {
                    for (int k = 0; k < shape.k(); k++) {
                        int to = ((n * p + i / 2) * q + j / 2) * shape.k() + k;
                        pooled[to] = Math.max(pooled[to], y[((n * shape.p() + i) * shape.q() + j) * shape.k() + k]);
                    }
                }
            }
        }
        return pooled;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theBitsOfBothInTurn(ConvShape shape) {
        theBitsOfBothInTurn(ConvPlan.of(shape));
    }

    /** Also where another algorithm would be chosen. */
    @ParameterizedTest
    @MethodSource("shapesInRegisters")
    void theBitsOfBothInTurnInRegisters(ConvShape shape) {
        ConvPlan plan = ConvPlan.of(shape).withAlgorithm(Pass.FORWARD, "FilterRowConv");
        theBitsOfBothInTurn(plan);
        assertFalse(plan.withActivation(Activation.RELU).withMaxPool().trainsPooled(), "without places");
    }

    private static void theBitsOfBothInTurn(ConvPlan any) {
        ConvShape shape = any.shape();
        float[] x = Data.reals(1, shape.xLength());
        float[] bias = Data.reals(3, shape.k());
        for (Activation activation : List.of(Activation.NONE, Activation.RELU)) {
            ConvPlan plan = any.withActivation(activation);
            assertTrue(plan.pools(), plan.describe());
            PackedFilter filter = plan.pack(Pass.FORWARD, Data.reals(2, shape.wLength()));
            for (int nans = 0; nans < 2; nans++) {
                for (int i = 3; nans > 0 && i < x.length; i += 97) {
                    x[i] = Float.NaN;
                }
                float[] y = new float[shape.yLength()];
                plan.forward(x, filter, bias, y, plan.newWorkspace());
                float[] expected = pooled(shape, y);
                for (int count = 1; count <= 3; count++) {
                    try (Threads threads = Threads.of(count)) {
                        ConvPlan pooling = plan.withMaxPool();
                        Workspace workspace = pooling.newWorkspace(threads);
                        Arrays.fill(workspace.floats(), Float.NaN);
                        Guarded actual = Guarded.ofNaN(expected.length);
                        pooling.forward(x, 0, filter, bias, 0, actual.array(), actual.offset(), workspace);
                        assertArrayEquals(expected, actual.values(), activation + ", " + count + " threads");
                        actual.assertCanaries(shape);
                    }
                }
            }
        }
    }

    /** Where in y, of one image after the other, each pooled output comes from: the first of equal ones; NaNs are all equal. */
    private static int[] places(ConvShape shape, float[] y) {
        int p = shape.p() / 2;
        int q = shape.q() / 2;
        int[] places = new int[shape.n() * p * q * shape.k()];
        for (int i = 0; i < places.length; i++) {
            int window = i / shape.k();
            int first = ((window / q / p * shape.p() + window / q % p * 2) * shape.q() + window % q * 2) * shape.k() + i % shape.k();
            places[i] = first;
            for (int next : new int[] {first + shape.k(), first + shape.q() * shape.k(), first + (shape.q() + 1) * shape.k()}) {
                places[i] = Float.compare(y[next], y[places[i]]) > 0 ? next : places[i]; // -0 is below 0, NaN above all
            }
        }
        return places;
    }

    /**
     * The weight gradient through the pooling is that of a dy which is 0 but at the maxima: so places that forward kept are those of the
     * maxima. With integers, so that there are many equal ones and sums are exact; with real numbers; with NaN of either
     * sign.
     */
    @ParameterizedTest
    @MethodSource("shapes")
    void gradWeightAtTheMaxima(ConvShape shape) {
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU);
        ConvPlan pooling = plan.withMaxPool();
        assertTrue(pooling.trainsPooled());
        float[] image = Data.integers(1, shape.xLength());
        for (int kind = 0; kind < 4; kind++) {
            float[] x = kind == 0 ? image : Data.reals(1, shape.xLength());
            for (int i = 3; kind >= 2 && i < x.length; i += 97) {
                x[i] = kind == 2 ? Float.NaN : Float.intBitsToFloat(0xffc00000); // as x86 makes them
            }
            PackedFilter filter = plan.pack(Pass.FORWARD, kind == 0 ? Data.integers(2, shape.wLength()) : Data.reals(2, shape.wLength()));
            float[] bias = kind == 0 ? null : Data.reals(3, shape.k());
            float[] y = new float[shape.yLength()];
            plan.forward(x, filter, bias, y, plan.newWorkspace());
            float[] dy = Data.integers(4, pooling.pooledLength());
            float[] spread = new float[shape.yLength()];
            int[] maxima = places(shape, y);
            for (int i = 0; i < dy.length; i++) {
                spread[maxima[i]] = dy[i];
            }
            for (int count = 1; count <= 3; count++) {
                try (Threads threads = Threads.of(count)) {
                    Workspace workspace = pooling.newWorkspace(threads);
                    Arrays.fill(workspace.floats(), Float.NaN);
                    Guarded pooled = Guarded.ofNaN(pooling.pooledLength());
                    int[] places = new int[pooling.pooledLength()];
                    Arrays.fill(places, Integer.MAX_VALUE);
                    pooling.forward(x, 0, filter, bias, 0, pooled.array(), pooled.offset(), places, workspace);
                    assertArrayEquals(pooled(shape, y), pooled.values(), kind + ", " + count + " threads");
                    pooled.assertCanaries(shape);
                    for (WriteMode mode : WriteMode.values()) {
                        float[] expected = Data.integers(5, shape.wLength());
                        plan.gradWeight(image, 0, spread, 0, expected, 0, mode, plan.newWorkspace());
                        Guarded dw = Guarded.of(Data.integers(5, shape.wLength()));
                        Arrays.fill(workspace.floats(), Float.NaN);
                        pooling.gradWeight(image, 0, places, dy, 0, dw.array(), dw.offset(), mode, workspace);
                        assertArrayEquals(expected, dw.values(), kind + ", " + mode + ", " + count + " threads");
                        dw.assertCanaries(shape);
                    }
                }
            }
        }
    }

    /** Real numbers: many images, so that the batch is cut into parts; the same bits with any number of threads. */
    @Test
    void gradWeightOfParts() {
        ConvShape shape = ConvShape.of(21, 28, 28, 1, 6, 5, 5).withSamePadding();
        ConvPlan pooling = ConvPlan.of(shape).withActivation(Activation.RELU).withMaxPool();
        float[] x = Data.reals(1, shape.xLength());
        float[] dy = Data.reals(2, pooling.pooledLength());
        PackedFilter filter = pooling.pack(Pass.FORWARD, Data.reals(3, shape.wLength()));
        int[] places = new int[pooling.pooledLength()];
        pooling.forward(x, 0, filter, null, 0, new float[places.length], 0, places, pooling.newWorkspace());
        float[] y = new float[shape.yLength()];
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU);
        plan.forward(x, filter, null, y, plan.newWorkspace());
        int[] maxima = places(shape, y);
        float[] first = new float[shape.wLength()];
        pooling.gradWeight(x, 0, places, dy, 0, first, 0, WriteMode.OVERWRITE, pooling.newWorkspace());
        for (int count = 2; count <= 5; count++) {
            try (Threads threads = Threads.of(count)) {
                float[] dw = new float[shape.wLength()];
                pooling.gradWeight(x, 0, places, dy, 0, dw, 0, WriteMode.OVERWRITE, pooling.newWorkspace(threads));
                assertArrayEquals(first, dw);
            }
        }
        for (int r = 0; r < 5; r++) {
            for (int s = 0; s < 5; s++) {
                for (int k = 0; k < 6; k++) {
                    double sum = 0;
                    double terms = 0;
                    for (int i = k; i < dy.length; i += 6) {
                        int pixel = maxima[i] / 6;
                        int h = pixel / 28 % 28 + r - 2;
                        int w = pixel % 28 + s - 2;
                        if (h >= 0 && h < 28 && w >= 0 && w < 28) {
                            double term = (double) x[(pixel / 784 * 28 + h) * 28 + w] * dy[i];
                            sum += term;
                            terms += Math.abs(term);
                        }
                    }
                    assertEquals(sum, first[(r * 5 + s) * 6 + k], 0x1p-24 * (dy.length / 6 + 1) * terms);
                }
            }
        }
    }

    @Test
    void refusals() {
        ConvPlan planar = ConvPlan.of(ConvShape.of(1, 28, 28, 1, 6, 5, 5));
        Refused.argument(() -> planar.withActivation(Activation.SILU).withMaxPool(), "PlanarConv with SILU");
        Refused.argument(() -> planar.withMaxPool().withActivation(Activation.TANH), "PlanarConv with TANH");
        ConvShape wide = ConvShape.of(1, 28, 28, 16, 16, 3, 3);
        assertFalse(ConvPlan.of(wide).pools());
        Refused.argument(() -> ConvPlan.of(wide).withMaxPool(), "max pooling is asked for, but");
        assertFalse(ConvPlan.of(ConvShape.of(1, 3, 28, 1, 6, 3, 3)).pools(), "one row of outputs has no pair");
        ConvPlan pooling = planar.withMaxPool();
        float[] x = new float[784];
        PackedFilter filter = pooling.pack(Pass.FORWARD, new float[150]);
        Workspace workspace = pooling.newWorkspace();
        Refused.argument(() -> pooling.forward(x, 0, filter, new float[864], 0, WriteMode.ACCUMULATE, workspace), "ACCUMULATE");
        Refused.argument(() -> pooling.forward(x, 0, filter, null, 0, new float[3456], 0, new float[864], 0, workspace), "pooling");
        Refused.argument(() -> pooling.forward(x, filter, null, new float[3456], workspace), "y has length 3456, must be 864");
        float[] y = new float[864];
        Refused.argument(() -> pooling.forward(x, 0, filter, null, 0, y, 0, new int[864], workspace), "places are given", "with NONE");
        ConvPlan relu = planar.withActivation(Activation.RELU);
        Refused.argument(() -> relu.forward(x, 0, filter, null, 0, new float[3456], 0, new int[864], workspace), "does not pool");
        ConvPlan training = relu.withMaxPool();
        Refused.argument(() -> training.forward(x, 0, filter, null, 0, y, 0, new int[863], workspace), "863", "must be 864");
        Refused.argument(() -> training.gradWeight(x, 0, new int[865], y, 0, new float[150], 0, WriteMode.OVERWRITE, workspace), "865",
                "must be 864");
        Refused.argument(() -> training.gradWeight(x, 0, new int[864], y, 0, y, 0, WriteMode.OVERWRITE, workspace), "dw", "dy");
        assertFalse(planar.withMaxPool().trainsPooled());
        assertFalse(relu.trainsPooled());
    }
}
