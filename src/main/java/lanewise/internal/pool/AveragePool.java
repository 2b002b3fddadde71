package lanewise.internal.pool;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * Average pooling of a run of windows that lie side by side and have the same taps:
 *
 * <pre>
 * y[q][c] = (sum over i &lt; rows, j &lt; cols of x[at + q window + i row + j column + c]) / divisor
 * dx[at + q window + i row + j column + c] += dy[q][c] / divisor
 * </pre>
 *
 * <p>It divides, instead of multiplying by a reciprocal, so that the average of small integers is rounded once.
 */
public final class AveragePool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private AveragePool() {}

    /** Overwrites the channels of {@code windows} outputs in {@code y} from {@code yAt}. */
    public static void forward(Steps steps, float[] x, int at, int rows, int cols, float divisor, float[] y, int yAt, int windows) {
        int channels = steps.channels();
        if (channels < LANES) {
            few(steps, x, at, rows, cols, divisor, y, yAt, windows);
            return;
        }
        for (int q = 0; q < windows; q++) {
            int from = at + q * steps.window();
            int to = yAt + q * steps.out();
            int c = 0;
            for (; c <= channels - 8 * LANES; c += 8 * LANES) {
                eight(steps, x, from + c, rows, cols, divisor, y, to + c);
            }
            for (; c < channels; c += LANES) {
                int last = Math.min(c, channels - LANES); // the last vector ends where the channels end
                one(steps, x, from + last, rows, cols, divisor, y, to + last);
            }
        }
    }

    private static void eight(Steps steps, float[] x, int at, int rows, int cols, float divisor, float[] y, int yAt) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        FloatVector sum4 = sum0;
        FloatVector sum5 = sum0;
        FloatVector sum6 = sum0;
        FloatVector sum7 = sum0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                int p = at + i * steps.row() + j * steps.column();
                sum0 = sum0.add(FloatVector.fromArray(S, x, p));
                sum1 = sum1.add(FloatVector.fromArray(S, x, p + LANES));
                sum2 = sum2.add(FloatVector.fromArray(S, x, p + 2 * LANES));
                sum3 = sum3.add(FloatVector.fromArray(S, x, p + 3 * LANES));
                sum4 = sum4.add(FloatVector.fromArray(S, x, p + 4 * LANES));
                sum5 = sum5.add(FloatVector.fromArray(S, x, p + 5 * LANES));
                sum6 = sum6.add(FloatVector.fromArray(S, x, p + 6 * LANES));
                sum7 = sum7.add(FloatVector.fromArray(S, x, p + 7 * LANES));
            }
        }
        sum0.div(divisor).intoArray(y, yAt);
        sum1.div(divisor).intoArray(y, yAt + LANES);
        sum2.div(divisor).intoArray(y, yAt + 2 * LANES);
        sum3.div(divisor).intoArray(y, yAt + 3 * LANES);
        sum4.div(divisor).intoArray(y, yAt + 4 * LANES);
        sum5.div(divisor).intoArray(y, yAt + 5 * LANES);
        sum6.div(divisor).intoArray(y, yAt + 6 * LANES);
        sum7.div(divisor).intoArray(y, yAt + 7 * LANES);
    }

    private static void one(Steps steps, float[] x, int at, int rows, int cols, float divisor, float[] y, int yAt) {
        FloatVector sum = FloatVector.zero(S);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                sum = FloatVector.fromArray(S, x, at + i * steps.row() + j * steps.column()).add(sum);
            }
        }
        sum.div(divisor).intoArray(y, yAt);
    }

    /** Fewer channels than a vector has, in whole vectors, too, but for windows at the end of x; see {@link MaxPool}. */
    private static void few(Steps steps, float[] x, int at, int rows, int cols, float divisor, float[] y, int yAt, int windows) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels());
        int readable = steps.writable(windows, rows, cols, LANES, x.length - at, y.length - yAt);
        for (int q = 0; q < readable; q++) {
            int from = at + q * steps.window();
            FloatVector sum = FloatVector.zero(S);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    sum = FloatVector.fromArray(S, x, from + i * steps.row() + j * steps.column()).add(sum);
                }
            }
            sum.div(divisor).intoArray(y, yAt + q * steps.out(), mask);
        }
        LpPool.scalars(steps, LpPool.AVERAGE, divisor, x, at, rows, cols, y, yAt, readable, windows);
    }

    /** Adds to the taps in {@code dx}. */
    public static void gradInput(Steps steps, float[] dy, int dyAt, float divisor, float[] dx, int at, int rows, int cols,
                                 int windows) {
        int channels = steps.channels();
        int whole = S.loopBound(channels);
        for (int q = 0; q < windows; q++) {
            int from = dyAt + q * channels;
            int to = at + q * steps.window();
            int c = 0;
            for (; c <= whole - 4 * LANES; c += 4 * LANES) {
                gradFour(steps, dy, from + c, divisor, dx, to + c, rows, cols);
            }
            for (; c < whole; c += LANES) {
                gradOne(steps, dy, from + c, divisor, dx, to + c, rows, cols);
            }
        }
        if (whole < channels) {
            int last = Math.max(0, channels - LANES);
            gradLast(steps, dy, dyAt + last, divisor, dx, at + last, rows, cols, windows, whole - last);
        }
    }

    private static void gradFour(Steps steps, float[] dy, int dyAt, float divisor, float[] dx, int at, int rows, int cols) {
        FloatVector share0 = FloatVector.fromArray(S, dy, dyAt).div(divisor);
        FloatVector share1 = FloatVector.fromArray(S, dy, dyAt + LANES).div(divisor);
        FloatVector share2 = FloatVector.fromArray(S, dy, dyAt + 2 * LANES).div(divisor);
        FloatVector share3 = FloatVector.fromArray(S, dy, dyAt + 3 * LANES).div(divisor);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                int p = at + i * steps.row() + j * steps.column();
                FloatVector.fromArray(S, dx, p).add(share0).intoArray(dx, p);
                FloatVector.fromArray(S, dx, p + LANES).add(share1).intoArray(dx, p + LANES);
                FloatVector.fromArray(S, dx, p + 2 * LANES).add(share2).intoArray(dx, p + 2 * LANES);
                FloatVector.fromArray(S, dx, p + 3 * LANES).add(share3).intoArray(dx, p + 3 * LANES);
            }
        }
    }

    private static void gradOne(Steps steps, float[] dy, int dyAt, float divisor, float[] dx, int at, int rows, int cols) {
        FloatVector share = FloatVector.fromArray(S, dy, dyAt).div(divisor);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                int p = at + i * steps.row() + j * steps.column();
                FloatVector.fromArray(S, dx, p).add(share).intoArray(dx, p);
            }
        }
    }

    /** The last vector of channels, which ends where they end, without the first {@code done}; or all, if they are fewer. */
    private static void gradLast(Steps steps, float[] dy, int dyAt, float divisor, float[] dx, int at, int rows, int cols,
                                 int windows, int done) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels())
                .and(Lanes.INDEX.compare(VectorOperators.GE, done));
        int readable = steps.readable(windows, rows, cols, LANES, dx.length - at, dy.length - dyAt);
        for (int q = 0; q < readable; q++) {
            FloatVector share = FloatVector.fromArray(S, dy, dyAt + q * steps.channels()).div(divisor);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    int p = at + q * steps.window() + i * steps.row() + j * steps.column();
                    FloatVector.fromArray(S, dx, p).add(share).intoArray(dx, p, mask);
                }
            }
        }
        LpPool.gradScalars(steps, LpPool.AVERAGE, divisor, dx, at, rows, cols, null, 0, dy, dyAt, dx, at, readable, windows);
    }
}
