package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

/**
 * The specification in double: every element of x meets every tap of w, and the pair's place says where the product belongs.
 * No flip, no sliding, no bounds: nothing in common with the methods it checks.
 */
final class SignalOracle {

    private static final double EPS = Math.ulp(1f);

    /** The full result, the sum of |products| and the number of products at each place. */
    private final double[][] sum;
    private final double[][] size;
    private final int[][] terms;

    private SignalOracle(Plane x, Plane w) {
        int height = x.height() + w.height() - 1;
        int width = x.width() + w.width() - 1;
        sum = new double[height][width];
        size = new double[height][width];
        terms = new int[height][width];
        for (int a = 0; a < x.values().length; a++) {
            for (int i = 0; i < w.values().length; i++) {
                int p = a / x.width() + i / w.width();
                int q = a % x.width() + i % w.width();
                double product = (double) x.values()[a] * w.values()[i];
                sum[p][q] += product;
                size[p][q] += Math.abs(product);
                terms[p][q]++;
            }
        }
    }

    static SignalOracle convolve(Plane x, Plane w) {
        return new SignalOracle(x, w);
    }

    /** Exactly these numbers; for small integers. */
    void assertExact(Plane actual, int top, int left, String what) {
        for (int p = 0; p < actual.height(); p++) {
            for (int q = 0; q < actual.width(); q++) {
                double expected = sum[p + top][q + left];
                if (actual.at(p, q) != expected) { // the message only if it is needed: this runs millions of times
                    assertEquals(expected, actual.at(p, q), what + " at " + p + ", " + q);
                }
            }
        }
    }

    /** Within (terms + 1) eps sum|products|: twice the bound of a chain of float roundings. */
    void assertClose(Plane actual, int top, int left, String what) {
        for (int p = 0; p < actual.height(); p++) {
            for (int q = 0; q < actual.width(); q++) {
                double error = Math.abs(actual.at(p, q) - sum[p + top][q + left]);
                double bound = (terms[p + top][q + left] + 1) * EPS * size[p + top][q + left];
                if (!(error <= bound)) {
                    assertTrue(error <= bound, what + " at " + p + ", " + q + ": error " + error + ", bound " + bound);
                }
            }
        }
    }

    /** The crop of SAME and VALID, written down a second time: centred; and cut by one less than the smaller operand. */
    static int first(Mode mode, int n, int m) {
        return switch (mode) {
            case FULL -> 0;
            case SAME -> (int) Math.floor(((n + m - 1) - n) / 2.0);
            case VALID -> (n < m ? n : m) - 1;
        };
    }

    static int length(Mode mode, int n, int m) {
        return switch (mode) {
            case FULL -> n + m - 1;
            case SAME -> n;
            case VALID -> n < m ? m - n + 1 : n - m + 1;
        };
    }

    /** Whether the mode is defined for these sizes. */
    static boolean accepts(Mode mode, Plane x, Plane w) {
        return mode != Mode.VALID || (x.height() - w.height()) * (x.width() - w.width()) >= 0;
    }

    /** Integers from -9 to 9. */
    static Plane integers(Random random, int height, int width) {
        Plane plane = Plane.zeros(height, width);
        for (int i = 0; i < plane.values().length; i++) {
            plane.values()[i] = random.nextInt(19) - 9;
        }
        return plane;
    }

    /** Any floats, of many magnitudes. */
    static Plane floats(Random random, int height, int width) {
        Plane plane = Plane.zeros(height, width);
        for (int i = 0; i < plane.values().length; i++) {
            plane.values()[i] = (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
        }
        return plane;
    }

    /** {@code a x + b y}, element by element. */
    static Plane combine(int a, Plane x, int b, Plane y) {
        assertEquals(x.height(), y.height());
        assertEquals(x.width(), y.width());
        Plane sum = Plane.zeros(x.height(), x.width());
        for (int i = 0; i < sum.values().length; i++) {
            sum.values()[i] = a * x.values()[i] + b * y.values()[i];
        }
        return sum;
    }
}
