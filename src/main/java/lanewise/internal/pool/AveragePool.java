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
        int eights = channels - channels % (8 * LANES);
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < eights; c += 8 * LANES) {
                eight(steps, x, at + q * steps.window() + c, rows, cols, divisor, y, yAt + q * steps.out() + c);
            }
        }
        for (int c = eights; c < channels; c += LANES) {
            int from = Math.max(0, Math.min(c, channels - LANES));
            one(steps, x, at + from, rows, cols, divisor, y, yAt + from, windows);
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

    /**
     * One vector of channels; the last one ends where they end. If they are fewer, they lie in a whole vector, too, but for windows at
     * the end of x: a load by mask is two loads that merge, and what C2 merges it may keep as an object.
     */
    private static void one(Steps steps, float[] x, int at, int rows, int cols, float divisor, float[] y, int yAt, int windows) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels());
        int readable = steps.writable(windows, rows, cols, LANES, x.length - at, y.length - yAt);
        for (int q = 0; q < readable; q++) {
            int from = at + q * steps.window();
            FloatVector sum = FloatVector.zero(S);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    sum = sum.add(FloatVector.fromArray(S, x, from + i * steps.row() + j * steps.column()));
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
        int fours = channels - channels % (4 * LANES);
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < fours; c += 4 * LANES) {
                gradFour(steps, dy, dyAt + q * channels + c, divisor, dx, at + q * steps.window() + c, rows, cols);
            }
        }
        for (int c = fours; c < channels; c += LANES) {
            int from = Math.max(0, Math.min(c, channels - LANES));
            gradOne(steps, dy, dyAt + from, divisor, dx, at + from, rows, cols, windows, c - from);
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

    /** One vector of channels, without the first {@code done}. */
    private static void gradOne(Steps steps, float[] dy, int dyAt, float divisor, float[] dx, int at, int rows, int cols,
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
