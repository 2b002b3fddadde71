package lanewise.internal.pool;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * Lp pooling of a run of windows that lie side by side and have the same taps:
 *
 * <pre>
 * y = (sum over the taps of |x|^p)^(1/p)
 * dx += dy sign(x) (|x| / y)^(p - 1),   nothing where y = 0
 * </pre>
 *
 * <p>p = 1 and p = 2 run in float vectors, so with p = 2 values beyond 1.8e19 overflow to infinity, values below 1e-19 lose
 * precision, and those below 2e-23 count as 0. Any other p runs one by one in double.
 */
public final class LpPool {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** The p of an average. */
    static final int AVERAGE = 0;

    private LpPool() {}

    /** The kernel that this exponent goes to. */
    public static String describe(float p) {
        return p == 1 || p == 2 ? "vectors" : "scalar, in double";
    }

    /** Overwrites the channels of {@code windows} outputs in {@code y} from {@code yAt}. */
    public static void forward(Steps steps, float p, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        int channels = steps.channels();
        int readable = p == 1 || p == 2
                ? steps.writable(windows, rows, cols, Math.max(channels, LANES), x.length - at, y.length - yAt) : 0;
        for (int c = 0; readable > 0 && c < channels; c += LANES) {
            int from = Math.max(0, Math.min(c, channels - LANES)); // the last vector ends where the channels end
            if (p == 1) {
                forward1(steps, x, at + from, rows, cols, y, yAt + from, readable);
            } else {
                forward2(steps, x, at + from, rows, cols, y, yAt + from, readable);
            }
        }
        scalars(steps, p, 1, x, at, rows, cols, y, yAt, readable, windows);
    }

    private static void forward1(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels());
        for (int q = 0; q < windows; q++) {
            int first = at + q * steps.window();
            FloatVector sum = FloatVector.zero(S);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    sum = FloatVector.fromArray(S, x, first + i * steps.row() + j * steps.column()).abs().add(sum);
                }
            }
            sum.intoArray(y, yAt + q * steps.out(), mask);
        }
    }

    private static void forward2(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels());
        for (int q = 0; q < windows; q++) {
            int first = at + q * steps.window();
            FloatVector sum = FloatVector.zero(S);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    FloatVector v = FloatVector.fromArray(S, x, first + i * steps.row() + j * steps.column());
                    sum = v.fma(v, sum);
                }
            }
            sum.sqrt().intoArray(y, yAt + q * steps.out(), mask);
        }
    }

    /** Any p; for those that have vectors, the same operations where few channels lie too near to the end of an array. */
    static void scalars(Steps steps, float p, float divisor, float[] x, int at, int rows, int cols, float[] y, int yAt,
                        int from, int to) {
        for (int q = from; q < to; q++) {
            for (int c = 0; c < steps.channels(); c++) {
                int first = at + q * steps.window() + c;
                float sum = 0;
                double any = 0;
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        float v = x[first + i * steps.row() + j * steps.column()];
                        if (p <= 1) {
                            sum += p == 1 ? Math.abs(v) : v;
                        } else if (p == 2) {
                            sum = Math.fma(v, v, sum);
                        } else {
                            any += Math.pow(Math.abs(v), p);
                        }
                    }
                }
                y[yAt + q * steps.out() + c] = p <= 1 ? sum / divisor : (float) (p == 2 ? Math.sqrt(sum) : Math.pow(any, 1.0 / p));
            }
        }
    }

    /** Adds to the taps in {@code dx}, which lie as those in {@code x} do. */
    public static void gradInput(Steps steps, float p, float[] x, int xAt, int rows, int cols, float[] y, int yAt,
                                 float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        int channels = steps.channels();
        int xRoom = Math.min(x.length - xAt, dx.length - dxAt);
        int yRoom = Math.min(y.length - yAt, dy.length - dyAt);
        int readable = p == 1 || p == 2 ? steps.readable(windows, rows, cols, Math.max(channels, LANES), xRoom, yRoom) : 0;
        for (int c = 0; readable > 0 && c < channels; c += LANES) {
            int from = Math.max(0, Math.min(c, channels - LANES));
            if (p == 1) {
                gradInput1(steps, x, xAt + from, rows, cols, dy, dyAt + from, dx, dxAt + from, readable, c - from);
            } else {
                gradInput2(steps, x, xAt + from, rows, cols, y, yAt + from, dy, dyAt + from, dx, dxAt + from, readable, c - from);
            }
        }
        gradScalars(steps, p, 1, x, xAt, rows, cols, y, yAt, dy, dyAt, dx, dxAt, readable, windows);
    }

    /** {@code dx += dy sign(x)}: sign is 0 at 0, and NaN at NaN. Without the first {@code done} channels; so below. */
    private static void gradInput1(Steps steps, float[] x, int xAt, int rows, int cols,
                                   float[] dy, int dyAt, float[] dx, int dxAt, int windows, int done) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels())
                .and(Lanes.INDEX.compare(VectorOperators.GE, done));
        for (int q = 0; q < windows; q++) {
            FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + q * steps.channels());
            FloatVector opposite = gradient.neg();
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    int tap = q * steps.window() + i * steps.row() + j * steps.column();
                    FloatVector v = FloatVector.fromArray(S, x, xAt + tap);
                    FloatVector share = v // 0 and NaN stay
                            .blend(gradient, v.compare(VectorOperators.GT, 0))
                            .blend(opposite, v.compare(VectorOperators.LT, 0));
                    FloatVector.fromArray(S, dx, dxAt + tap).add(share).intoArray(dx, dxAt + tap, mask);
                }
            }
        }
    }

    /** {@code dx += dy x / y}; the quotient first, for {@code dy / y} may overflow. */
    private static void gradInput2(Steps steps, float[] x, int xAt, int rows, int cols, float[] y, int yAt,
                                   float[] dy, int dyAt, float[] dx, int dxAt, int windows, int done) {
        VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, steps.channels())
                .and(Lanes.INDEX.compare(VectorOperators.GE, done));
        for (int q = 0; q < windows; q++) {
            FloatVector norm = FloatVector.fromArray(S, y, yAt + q * steps.channels());
            FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + q * steps.channels());
            VectorMask<Float> written = norm.compare(VectorOperators.NE, 0).and(mask);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    int tap = q * steps.window() + i * steps.row() + j * steps.column();
                    FloatVector share = FloatVector.fromArray(S, x, xAt + tap).div(norm).mul(gradient);
                    FloatVector.fromArray(S, dx, dxAt + tap).add(share).intoArray(dx, dxAt + tap, written);
                }
            }
        }
    }

    static void gradScalars(Steps steps, float p, float divisor, float[] x, int xAt, int rows, int cols, float[] y, int yAt,
                            float[] dy, int dyAt, float[] dx, int dxAt, int from, int to) {
        int channels = steps.channels();
        for (int q = from; q < to; q++) {
            for (int c = 0; c < channels; c++) {
                float norm = p <= 1 ? divisor : y[yAt + q * channels + c];
                if (norm == 0) {
                    continue;
                }
                float gradient = dy[dyAt + q * channels + c];
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = q * steps.window() + c + i * steps.row() + j * steps.column();
                        float v = x[xAt + tap];
                        dx[dxAt + tap] += p == AVERAGE ? gradient / norm
                                : p == 1 ? v > 0 ? gradient : v < 0 ? -gradient : v
                                : p == 2 ? v / norm * gradient
                                : (float) (gradient * Math.signum(v) * Math.pow(Math.abs(v) / (double) norm, p - 1.0));
                    }
                }
            }
        }
    }
}
