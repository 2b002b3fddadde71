package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import lanewise.kernel.ConvShape;
import org.junit.jupiter.api.Test;

class PlainGradientTest {

    private static final ConvShape STRIDED = ConvShape.of(2, 7, 6, 4, 6, 3, 2).withStride(2, 1).withPadding(1, 0);

    /** {@code <dw, w> = <dx, x>}: both are the product of dy and the output, one sum over weights and one over pixels. */
    @Test
    void bothGradientsTellTheSame() {
        check(STRIDED);
        check(ConvShape.depthwise(2, 5, 5, 3, 3, 3).withPadding(1, 1));
        check(ConvShape.of(1, 3, 3, 1, 1, 1, 1));
    }

    private static void check(ConvShape shape) {
        float[] x = integers(1, shape.xLength());
        float[] w = integers(2, shape.wLength());
        float[] dy = integers(3, shape.yLength());
        var plain = new PlainGradient(shape);
        double byInput = 0;
        double byWeight = 0;
        for (int i = 0; i < x.length; i++) {
            byInput += x[i] * plain.input(i, w, dy);
        }
        for (int i = 0; i < w.length; i++) {
            byWeight += w[i] * plain.weight(i, x, dy);
        }
        assertEquals(byInput, byWeight, shape.toString());
    }

    /** Three pixels and three taps, the outer ones of which reach into the padding. */
    @Test
    void byHand() {
        var plain = new PlainGradient(ConvShape.of1d(1, 3, 1, 1, 3).withPadding(0, 1));
        float[] x = {2, 3, 4};
        float[] w = {5, 7, 11};
        float[] dy = {13, 17, 19};
        assertEquals(7 * 13 + 5 * 17, plain.input(0, w, dy));
        assertEquals(11 * 13 + 7 * 17 + 5 * 19, plain.input(1, w, dy));
        assertEquals(11 * 17 + 7 * 19, plain.input(2, w, dy));
        assertEquals(2 * 17 + 3 * 19, plain.weight(0, x, dy));
        assertEquals(2 * 13 + 3 * 17 + 4 * 19, plain.weight(1, x, dy));
        assertEquals(3 * 13 + 4 * 17, plain.weight(2, x, dy));
    }

    private static float[] integers(long seed, int length) {
        var random = new SplittableRandom(seed);
        var values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(-5, 6);
        }
        return values;
    }
}
