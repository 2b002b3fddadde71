package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lanewise.internal.simd.Simd;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Sizes that no network has, and that arrays do not hold. */
class ConvLimitsTest {

    /** The stride divides the dilation, so all taps belong to one phase of dx, which is not the first. */
    @Test
    void aStripOfAnyPhaseMayBeTooLarge() {
        ConvShape shape = new ConvShape(1, 28, 28, 16, 16, 2, 2, 2, 2, 100_001, 100_001, 0, 0, 100_000, 100_000, 1);
        ConvPlan plan = ConvPlan.of(shape);
        assertNotEquals("DirectConv", plan.algorithm(Pass.GRAD_INPUT));
        assertTrue(plan.newWorkspace().floatsPerWorker() < 1 << 24);
    }

    /** A filter that fits an array, but not with its columns padded to vectors. */
    @Test
    void aPackedFilterMayBeTooLarge() {
        int channels = Integer.MAX_VALUE / Simd.LANES + Simd.LANES;
        Refused.argument(() -> ConvPlan.of(ConvShape.of(1, 1, 1, channels, 3, 1, 1)).newFilter(Pass.FORWARD),
                channels, Integer.MAX_VALUE);
    }
}
