package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;

/** Pooling forgets where: all of it globally, a little locally. */
class InvarianceTest {

    private static final int SIZE = 24;

    /** An object of 6 x 6 on an empty ground. */
    private static float[] picture(int top, int left) {
        float[] x = new float[SIZE * SIZE];
        float[] object = Data.reals(5, 36);
        for (int i = 0; i < 36; i++) {
            x[(top + i / 6) * SIZE + left + i % 6] = object[i];
        }
        return x;
    }

    private static float[] run(Network network, float[] x) {
        float[] y = new float[network.outputShape().size()];
        network.newContext(1).predict(x, y, 1);
        return y;
    }

    @Test
    void globalMaxPoolingForgetsThePlace() {
        Network network = Network.chain(Shape.of(SIZE, SIZE, 1), 2, Conv2d.of(9, 3).same().relu(), Conv2d.of(19, 3).same(),
                new GlobalMaxPool(), Dense.of(10));
        float[] here = run(network, picture(4, 4));
        for (int[] place : new int[][] {{4, 5}, {5, 4}, {13, 14}, {14, 4}, {9, 10}}) {
            assertArrayEquals(here, run(network, picture(place[0], place[1])));
        }
        assertFalse(Arrays.equals(here, run(network, picture(0, 0))), "at the border a part of it is not seen alike");
    }

    /** A mean in float depends on the order of the places, but only by rounding: n terms of size at most m. */
    @Test
    void globalAveragePoolingForgetsThePlace() {
        Network network = Network.chain(Shape.of(SIZE, SIZE, 1), 2, Conv2d.of(9, 3).same(), new GlobalAveragePool());
        Network sizes = Network.chain(Shape.of(SIZE, SIZE, 1), 2, Conv2d.of(9, 3).same(), LpPool2d.of(SIZE, 1));
        float[] here = run(network, picture(4, 4));
        float[] there = run(network, picture(13, 15));
        float[] size = run(sizes, picture(4, 4));
        for (int i = 0; i < here.length; i++) {
            assertEquals(here[i], there[i], 2 * Math.ulp(1f) * (SIZE * SIZE + 2) * size[i] / (SIZE * SIZE));
        }
    }

    /**
     * A shift by one pixel changes every feature that is not constant, but of windows of 3 x 3 many keep their largest: it leaves a
     * window only if it was in its last row or column, or a larger one comes in on the other side.
     */
    @Test
    void localPoolingKeepsMost() {
        Shape in = Shape.of(66, 66, 1);
        float[] x = Data.reals(3, in.size());
        float[] moved = EquivarianceTest.shifted(x, in, 1);
        Network features = Network.chain(in, 1, Conv2d.of(8, 3));
        Network pooled = Network.chain(in, 1, Conv2d.of(8, 3), MaxPool2d.of(4));
        Network wide = Network.chain(in, 1, Conv2d.of(8, 3), MaxPool2d.of(8));
        double kept = kept(features, x, moved);
        double keptBy4 = kept(pooled, x, moved);
        double keptBy8 = kept(wide, x, moved);
        assertTrue(kept < 0.01, () -> "features kept: " + kept);
        // A window and the shifted one share 9 of 23 pixels for 4 x 4, and 49 of 79 for 8 x 8: so likely is it that both have the
        // same maximum, were the features independent.
        assertEquals(9 / 23.0, keptBy4, 0.1);
        assertEquals(49 / 79.0, keptBy8, 0.1);
    }

    /** The part of the outputs that is the same for both pictures. */
    private static double kept(Network network, float[] x, float[] moved) {
        float[] a = run(network, x);
        float[] b = run(network, moved);
        int same = 0;
        for (int i = 0; i < a.length; i++) {
            same += a[i] == b[i] ? 1 : 0;
        }
        return (double) same / a.length;
    }
}
