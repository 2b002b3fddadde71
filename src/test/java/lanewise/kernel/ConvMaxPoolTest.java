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
        float[] x = Data.reals(1, shape.xLength());
        float[] bias = Data.reals(3, shape.k());
        for (Activation activation : List.of(Activation.NONE, Activation.RELU)) {
            ConvPlan plan = ConvPlan.of(shape).withActivation(activation);
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

    /** The gradient of the pooled outputs, sent to the first maximum of each window if ReLU lets it through, as the convolution's. */
    private static double[] gradWeight(ConvShape shape, float[] x, float[] y, float[] dy) {
        int p = shape.p() / 2;
        int q = shape.q() / 2;
        double[] dw = new double[shape.wLength()];
        for (int i = 0; i < dy.length; i++) {
            int k = i % shape.k();
            int pixel = i / shape.k();
            int n = pixel / q / p;
            int best = -1;
            for (int tap = 0; tap < 4; tap++) {
                int at = ((n * shape.p() + pixel / q % p * 2 + tap / 2) * shape.q() + pixel % q * 2 + tap % 2) * shape.k() + k;
                best = best < 0 || y[at] > y[best] ? at : best;
            }
            int column = best / shape.k() % shape.q();
            int row = best / shape.k() / shape.q() % shape.p();
            for (int d = 0; y[best] > 0 && d < dw.length / shape.k(); d++) {
                int h = row - shape.padTop() + d / shape.c() / shape.s();
                int w = column - shape.padLeft() + d / shape.c() % shape.s();
                if (h >= 0 && h < shape.h() && w >= 0 && w < shape.w()) {
                    dw[d * shape.k() + k] += (double) x[((n * shape.h() + h) * shape.w() + w) * shape.c() + d % shape.c()] * dy[i];
                }
            }
        }
        return dw;
    }

    static Stream<ConvShape> trained() {
        return Stream.of(shapes().filter(shape -> (shape.q() + shape.s() - 1) * shape.c() <= 96),
                Stream.of(ConvShape.of(64, 9, 10, 1, 6, 3, 3), ConvShape.of(3, 12, 14, 1, 10, 5, 4).withPadding(0, 3, 2, 1),
                        ConvShape.of(2, 9, 14, 3, 9, 3, 3).withPadding(1, 7), ConvShape.of(17, 30, 14, 4, 4, 3, 7).withSamePadding()))
                .flatMap(stream -> stream);
    }

    /** On small integers, which tie often: sums of any order are exact. */
    @ParameterizedTest
    @MethodSource("trained")
    void theGradientBehindIt(ConvShape shape) {
        ConvPlan conv = ConvPlan.of(shape).withActivation(Activation.RELU);
        ConvPlan plan = conv.withMaxPool();
        assertTrue(plan.trainsPooled(), plan.describe());
        float[] x = Data.integers(1, shape.xLength());
        float[] bias = Data.integers(3, shape.k());
        PackedFilter filter = plan.pack(Pass.FORWARD, Data.integers(2, shape.wLength()));
        float[] y = new float[shape.yLength()];
        conv.forward(x, filter, bias, y, conv.newWorkspace());
        float[] expected = pooled(shape, y);
        float[] dy = Data.integers(4, expected.length);
        double[] dw = gradWeight(shape, x, y, dy);
        float[] masked = dy.clone();
        for (int i = 0; i < dy.length; i++) {
            masked[i] = expected[i] > 0 ? dy[i] : 0;
        }
        for (int count = 1; count <= 3; count++) {
            try (Threads threads = Threads.of(count)) {
                Workspace workspace = plan.newWorkspace(threads);
                Arrays.fill(workspace.floats(), Float.NaN);
                Guarded actual = Guarded.ofNaN(expected.length);
                int[] places = new int[plan.placesLength() + 5];
                Arrays.fill(places, -1);
                plan.forwardWithPlaces(x, 0, filter, bias, 0, actual.array(), actual.offset(), places, 3, workspace);
                assertArrayEquals(expected, actual.values(), count + " threads");
                actual.assertCanaries(shape);
                assertTrue(places[2] == -1 && places[3] >= 0 && places[places.length - 2] == -1);
                for (WriteMode mode : WriteMode.values()) {
                    Arrays.fill(workspace.floats(), Float.NaN);
                    boolean plus = mode == WriteMode.ACCUMULATE;
                    Guarded out = plus ? Guarded.of(Data.integers(5, dw.length)) : Guarded.ofNaN(dw.length);
                    plan.gradWeightByPlaces(x, 0, places, 3, masked, 0, out.array(), out.offset(), mode, workspace);
                    for (int i = 0; i < dw.length; i++) {
                        assertEquals(dw[i] + (plus ? out.original()[i] : 0), out.values()[i], shape + " " + mode + " " + i);
                    }
                    out.assertCanaries(shape);
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
        ConvPlan training = pooling.withActivation(Activation.RELU);
        Refused.by(IllegalStateException.class, () -> pooling.forwardWithPlaces(x, 0, filter, null, 0, new float[864], 0, new int[864], 0,
                workspace), "with NONE and pools");
        Refused.by(IllegalStateException.class, () -> planar.withActivation(Activation.RELU).gradWeightByPlaces(x, 0, new int[864], 0,
                new float[864], 0, new float[150], 0, WriteMode.OVERWRITE, workspace), "with RELU and does not pool");
        int length = training.placesLength();
        Refused.bounds(() -> training.forwardWithPlaces(x, 0, filter, null, 0, new float[864], 0, new int[length], 1, workspace),
                "places");
        Refused.bounds(() -> training.gradWeightByPlaces(x, 0, new int[length - 1], 0, new float[864], 0, new float[150], 0,
                WriteMode.OVERWRITE, workspace), "places");
        Refused.argument(() -> training.gradWeightByPlaces(x, 0, new int[length], 0, x, 0, x, 600, WriteMode.OVERWRITE, workspace),
                "overlap");
    }
}
