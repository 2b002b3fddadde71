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

    private LpPool() {}

    /** The kernel that this exponent goes to. */
    public static String describe(float p) {
        return p == 1 || p == 2 ? "vectors" : "scalar, in double";
    }

    /** Overwrites the channels of {@code windows} outputs in {@code y} from {@code yAt}. */
    public static void forward(Steps steps, float p, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        if (p == 1) {
            forward1(steps, x, at, rows, cols, y, yAt, windows);
        } else if (p == 2) {
            forward2(steps, x, at, rows, cols, y, yAt, windows);
        } else {
            forwardAny(steps, p, x, at, rows, cols, y, yAt, windows);
        }
    }

    private static void forward1(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels - c);
                int first = at + q * steps.window() + c;
                FloatVector sum = FloatVector.zero(S);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        sum = sum.add(FloatVector.fromArray(S, x, first + i * steps.row() + j * steps.column(), mask).abs());
                    }
                }
                sum.intoArray(y, yAt + q * steps.out() + c, mask);
            }
        }
    }

    private static void forward2(Steps steps, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels - c);
                int first = at + q * steps.window() + c;
                FloatVector sum = FloatVector.zero(S);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        FloatVector v = FloatVector.fromArray(S, x, first + i * steps.row() + j * steps.column(), mask);
                        sum = v.fma(v, sum);
                    }
                }
                sum.sqrt().intoArray(y, yAt + q * steps.out() + c, mask);
            }
        }
    }

    private static void forwardAny(Steps steps, float p, float[] x, int at, int rows, int cols, float[] y, int yAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c++) {
                int first = at + q * steps.window() + c;
                double sum = 0;
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        sum += Math.pow(Math.abs(x[first + i * steps.row() + j * steps.column()]), p);
                    }
                }
                y[yAt + q * steps.out() + c] = (float) Math.pow(sum, 1.0 / p);
            }
        }
    }

    /** Adds to the taps in {@code dx}, which lie as those in {@code x} do. */
    public static void gradInput(Steps steps, float p, float[] x, int xAt, int rows, int cols, float[] y, int yAt,
                                 float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        if (p == 1) {
            gradInput1(steps, x, xAt, rows, cols, dy, dyAt, dx, dxAt, windows);
        } else if (p == 2) {
            gradInput2(steps, x, xAt, rows, cols, y, yAt, dy, dyAt, dx, dxAt, windows);
        } else {
            gradInputAny(steps, p, x, xAt, rows, cols, y, yAt, dy, dyAt, dx, dxAt, windows);
        }
    }

    /** {@code dx += dy sign(x)}: sign is 0 at 0, and NaN at NaN. */
    private static void gradInput1(Steps steps, float[] x, int xAt, int rows, int cols,
                                   float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels - c);
                FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + q * channels + c, mask);
                FloatVector opposite = gradient.neg();
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = q * steps.window() + c + i * steps.row() + j * steps.column();
                        FloatVector v = FloatVector.fromArray(S, x, xAt + tap, mask);
                        FloatVector share = v // 0 and NaN stay
                                .blend(gradient, v.compare(VectorOperators.GT, 0))
                                .blend(opposite, v.compare(VectorOperators.LT, 0));
                        FloatVector.fromArray(S, dx, dxAt + tap, mask).add(share).intoArray(dx, dxAt + tap, mask);
                    }
                }
            }
        }
    }

    /** {@code dx += dy x / y}; the quotient first, for {@code dy / y} may overflow. */
    private static void gradInput2(Steps steps, float[] x, int xAt, int rows, int cols, float[] y, int yAt,
                                   float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, channels - c);
                int out = q * channels + c;
                FloatVector norm = FloatVector.fromArray(S, y, yAt + out, mask);
                FloatVector gradient = FloatVector.fromArray(S, dy, dyAt + out, mask);
                VectorMask<Float> written = norm.compare(VectorOperators.NE, 0).and(mask);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = q * steps.window() + c + i * steps.row() + j * steps.column();
                        FloatVector share = FloatVector.fromArray(S, x, xAt + tap, mask).div(norm).mul(gradient);
                        FloatVector.fromArray(S, dx, dxAt + tap, mask).add(share).intoArray(dx, dxAt + tap, written);
                    }
                }
            }
        }
    }

    private static void gradInputAny(Steps steps, float p, float[] x, int xAt, int rows, int cols, float[] y, int yAt,
                                     float[] dy, int dyAt, float[] dx, int dxAt, int windows) {
        int channels = steps.channels();
        for (int q = 0; q < windows; q++) {
            for (int c = 0; c < channels; c++) {
                double norm = y[yAt + q * channels + c];
                if (norm == 0) {
                    continue;
                }
                float gradient = dy[dyAt + q * channels + c];
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        int tap = q * steps.window() + c + i * steps.row() + j * steps.column();
                        float v = x[xAt + tap];
                        dx[dxAt + tap] += (float) (gradient * Math.signum(v) * Math.pow(Math.abs(v) / norm, p - 1.0));
                    }
                }
            }
        }
    }
}
