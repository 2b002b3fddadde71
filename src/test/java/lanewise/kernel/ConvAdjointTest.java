package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One number, three ways, by every algorithm:
 *
 * <pre>&lt;forward(x, w), dy&gt; = &lt;x, gradInput(dy, w)&gt; = &lt;w, gradWeight(x, dy)&gt;</pre>
 *
 * <p>No oracle is needed, and with small integers all three are exact.
 */
class ConvAdjointTest {

    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void sameNumberEveryWay(ConvShape shape) {
        ConvOperands in = ConvOperands.integers(shape);
        double expected = Double.NaN;
        for (ConvCase c : ConvCase.of(shape)) {
            float[] out = c.integers(c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE));
            double product = switch (c.pass()) {
                case FORWARD -> Data.dot(out, in.dy().original());
                case GRAD_INPUT -> Data.dot(out, in.x().original());
                case GRAD_WEIGHT -> Data.dot(out, in.w().original());
            };
            assertTrue(Double.isFinite(product), c::toString);
            expected = Double.isNaN(expected) ? product : expected;
            assertEquals(expected, product, 0, c::toString);
        }
    }
}
