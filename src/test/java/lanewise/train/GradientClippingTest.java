package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clipping over all that is trained, and nothing else. */
class GradientClippingTest {

    private final TinyNetwork tiny = new TinyNetwork();
    private float[] g;
    private double norm;
    private double largest;

    @BeforeEach
    void gradients() {
        tiny.backward(1);
        g = tiny.gradients();
        double squares = 0;
        for (float value : g) {
            squares += (double) value * value;
            largest = Math.max(largest, Math.abs(value));
        }
        norm = Math.sqrt(squares);
        assertTrue(norm > 0.1);
    }

    private double apply(GradientClipping clipping) {
        return clipping.apply(tiny.context.gradients());
    }

    @Test
    void none() {
        float[] before = g.clone();
        assertEquals(0, apply(GradientClipping.none()));
        assertArrayEquals(before, g);
    }

    @Test
    void normIsBroughtDown() {
        float[] before = g.clone();
        double max = norm / 8;
        assertEquals(norm, apply(GradientClipping.norm(max)), 80 * Sums.EPS * norm);
        double squares = 0;
        for (int i = 0; i < g.length; i++) {
            assertEquals(before[i] / 8, g[i], 80 * Sums.EPS * Math.abs(before[i]));
            squares += (double) g[i] * g[i];
        }
        assertEquals(max, Math.sqrt(squares), 80 * Sums.EPS * max);
    }

    @Test
    void smallNormStays() {
        float[] before = g.clone();
        GradientClipping clipping = GradientClipping.norm(norm * 1.001);
        assertEquals(norm, apply(clipping), 80 * Sums.EPS * norm);
        assertArrayEquals(before, g);
        assertEquals(norm, apply(clipping), 80 * Sums.EPS * norm, "counted anew");
    }

    /** Squares of these floats are infinite, or 0. */
    @Test
    void normDoesNotOverflowOrVanish() {
        for (float scale : new float[] {1e30f, 1e-30f}) {
            gradients();
            for (int i = 0; i < g.length; i++) {
                g[i] *= scale;
            }
            double max = norm * scale / 2;
            float[] before = g.clone();
            assertEquals(norm * scale, apply(GradientClipping.norm(max)), 80 * Sums.EPS * norm * scale);
            for (int i = 0; i < g.length; i++) {
                assertEquals(before[i] / 2, g[i], 80 * Sums.EPS * Math.abs(before[i]));
            }
        }
    }

    @Test
    void normOfNaNOrInfinityChangesNothing() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            g[g.length - 3] = bad;
            float[] before = g.clone();
            double measured = apply(GradientClipping.norm(0.01));
            assertEquals(Float.isNaN(bad) ? Double.NaN : Double.POSITIVE_INFINITY, measured);
            assertArrayEquals(before, g);
        }
        Arrays.fill(g, 0);
        assertEquals(0, apply(GradientClipping.norm(0.01)));
        assertArrayEquals(new float[g.length], g);
    }

    @Test
    void value() {
        g[g.length - 1] = Float.POSITIVE_INFINITY;
        g[g.length - 2] = Float.NEGATIVE_INFINITY;
        float[] before = g.clone();
        float max = (float) (largest / 4);
        assertEquals(Double.POSITIVE_INFINITY, apply(GradientClipping.value(max)));
        int cut = 0;
        for (int i = 0; i < g.length; i++) {
            assertEquals(Math.clamp(before[i], -max, max), g[i]);
            cut += before[i] == g[i] ? 0 : 1;
        }
        assertTrue(cut > 2 && cut < g.length);
        assertEquals(max, apply(GradientClipping.value(max)), "measured anew");
        g[3] = Float.NaN;
        g[4] = -0.5f * max;
        assertEquals(Double.NaN, apply(GradientClipping.value(max)));
        assertTrue(Float.isNaN(g[3]));
        for (float one : new float[] {-0.5f * max, 0.5f * max}) {
            Arrays.fill(g, 0);
            g[g.length - 1] = one;
            assertEquals(0.5f * max, apply(GradientClipping.value(max)));
        }
    }

    /** What no range names is not looked at: a row that the batch did not use, a frozen parameter. */
    @Test
    void onlyTrainedRanges() {
        int lastRow = (TinyNetwork.ROWS - 1) * TinyNetwork.DIM;
        g[lastRow] = 1e6f;
        assertEquals(norm, apply(GradientClipping.norm(norm / 2)), 80 * Sums.EPS * norm);
        assertEquals(largest / 2, apply(GradientClipping.value(1)), 80 * Sums.EPS * largest);
        assertEquals(1e6f, g[lastRow]);
    }

    @Test
    void refused() {
        Refused.argument(() -> GradientClipping.norm(0), "max", 0.0);
        Refused.argument(() -> GradientClipping.norm(Double.NaN), "max", "NaN");
        Refused.argument(() -> GradientClipping.value(-1), "max", -1.0);
        Refused.argument(() -> GradientClipping.value(1e-60), "max", 0.0);
        Refused.isNull(() -> GradientClipping.norm(1).apply(null), "gradients");
        Refused.isNull(() -> GradientClipping.value(1).apply(null), "gradients");
    }
}
