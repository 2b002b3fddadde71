package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
    }
}
