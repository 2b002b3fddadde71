package lanewise.kernel;

import static lanewise.kernel.PoolCase.doubles;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient as what it is for: {@code <dy, J u>} against differences, and for the average, which is linear, as its adjoint. */
class PoolGradientTest {

    private static final Workspace WORKSPACE = Workspace.ofFloats();

    static Stream<PoolCase> averages() {
        return PoolCase.all().filter(pool -> pool.kind() == PoolKind.AVERAGE);
    }

    @ParameterizedTest
    @MethodSource("averages")
    void adjoint(PoolCase pool) {
        float[] x = Data.reals(1, pool.shape().xLength());
        float[] dy = Data.reals(2, pool.shape().yLength());
        float[] y = new float[dy.length];
        pool.plan().forward(x, y, WORKSPACE);
        float[] dx = new float[x.length];
        pool.plan().gradInput(null, null, dy, dx, WriteMode.OVERWRITE, WORKSPACE);
        double tolerance = product(pool.forward(doubles(x)), dy) + product(pool.gradInput(null, null, dy), x);
        assertEquals(Data.dot(y, dy), Data.dot(x, dx), tolerance);
    }

    /** How far the inner product of float results with {@code v} may be from that of the sums. */
    private static double product(Sums sums, float[] v) {
        double tolerance = 0;
        for (int i = 0; i < v.length; i++) {
            tolerance += sums.tolerance(i) * Math.abs(v[i]);
        }
        return tolerance;
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.PoolCase#all")
    void centralDifferences(PoolCase pool) {
        float[] x = offKinks(pool.shape().xLength());
        float[] u = Data.reals(3, x.length);
        float[] dy = Data.reals(4, pool.shape().yLength());
        float[] y = pool.forward(doubles(x)).floats();
        float[] dx = new float[x.length];
        pool.plan().gradInput(x, y, dy, dx, WriteMode.OVERWRITE, WORKSPACE);

        double step = 1e-5; // far less than the gap between two elements
        double[] ahead = doubles(x);
        double[] behind = doubles(x);
        for (int i = 0; i < x.length; i++) {
            ahead[i] += step * u[i];
            behind[i] -= step * u[i];
        }
        Sums plus = pool.forward(ahead);
        Sums minus = pool.forward(behind);
        double expected = 0;
        double size = 0;
        for (int o = 0; o < dy.length; o++) {
            expected += dy[o] * (plus.value(o) - minus.value(o)) / (2 * step);
            size += Math.abs(dy[o] * plus.value(o));
        }
        // The difference quotient: rounding of double over the step, and step^2 / 6 times a third derivative, below 1e4 if
        // |x| >= 0.01.
        double quotient = size * (1e-16 / step + step * step * 1e4);
        assertEquals(expected, Data.dot(u, dx), product(pool.gradInput(doubles(x), y, dy), u) + quotient);
    }

    /** All different, at least 2 / length apart and no nearer than half of this to 0, in random order. */
    private static float[] offKinks(int length) {
        float[] x = new float[length];
        var random = new SplittableRandom(5);
        for (int i = 0; i < length; i++) {
            int j = random.nextInt(i + 1);
            x[i] = x[j];
            x[j] = (i + (length % 2 == 0 ? 0.5f : 1)) * 2 / length - 1;
        }
        return x;
    }
}
