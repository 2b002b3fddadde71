package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The laws of convolution, exact with small integers: many random planes, 1-D ones among them. */
class ConvolutionAlgebraTest {

    private static final int RUNS = 300;

    private final Random random = new Random(2);

    @ParameterizedTest
    @EnumSource
    void commutative(Method method) {
        int valid = 0;
        for (int run = 0; run < RUNS; run++) {
            Plane x = plane(run);
            Plane w = plane(run);
            assertEquals(method.convolve(x, w, Mode.FULL), method.convolve(w, x, Mode.FULL));
            if (SignalOracle.accepts(Mode.VALID, x, w)) {
                assertEquals(method.convolve(x, w, Mode.VALID), method.convolve(w, x, Mode.VALID));
                valid++;
            }
        }
        assertTrue(valid > RUNS / 4, "too few cases for VALID");
    }

    @ParameterizedTest
    @EnumSource
    void linearInBothOperands(Method method) {
        int cases = 0;
        for (int run = 0; run < RUNS; run++) {
            Plane x = plane(run);
            Plane other = SignalOracle.integers(random, x.height(), x.width());
            Plane w = plane(run);
            Plane otherW = SignalOracle.integers(random, w.height(), w.width());
            int a = random.nextInt(9) - 4;
            int b = random.nextInt(9) - 4;
            for (Mode mode : Mode.values()) {
                if (SignalOracle.accepts(mode, x, w)) {
                    Plane y = method.convolve(x, w, mode);
                    assertEquals(normal(SignalOracle.combine(a, y, b, method.convolve(other, w, mode))),
                            normal(method.convolve(SignalOracle.combine(a, x, b, other), w, mode)));
                    assertEquals(normal(SignalOracle.combine(a, y, b, method.convolve(x, otherW, mode))),
                            normal(method.convolve(x, SignalOracle.combine(a, w, b, otherW), mode)));
                    cases++;
                }
            }
        }
        assertTrue(cases > 2 * RUNS, "too few cases");
    }

    @ParameterizedTest
    @EnumSource
    void associative(Method method) {
        for (int run = 0; run < RUNS; run++) {
            Plane x = plane(run);
            Plane v = plane(run);
            Plane w = plane(run);
            assertEquals(method.convolve(method.convolve(x, v, Mode.FULL), w, Mode.FULL),
                    method.convolve(x, method.convolve(v, w, Mode.FULL), Mode.FULL));
        }
    }

    /** The identity, and with it the place of the middle in SAME. */
    @ParameterizedTest
    @EnumSource
    void oneInTheMiddleChangesNothing(Method method) {
        for (int run = 0; run < RUNS; run++) {
            Plane x = plane(run);
            Plane w = plane(run);
            Plane one = Plane.zeros(w.height(), w.width());
            one.values()[(w.height() - 1) / 2 * w.width() + (w.width() - 1) / 2] = 1;
            assertEquals(normal(x), normal(method.convolve(x, one, Mode.SAME)));
        }
    }

    /** Up to 9 x 9, every third a single row; matrix products of three stay small. */
    private Plane plane(int run) {
        return SignalOracle.integers(random, run % 3 == 0 ? 1 : 1 + random.nextInt(9), 1 + random.nextInt(9));
    }

    /** Planes tell -0 from 0, arithmetic does not. */
    private static Plane normal(Plane plane) {
        return SignalOracle.combine(1, plane, 0, Plane.zeros(plane.height(), plane.width()));
    }
}
