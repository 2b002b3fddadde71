package lanewise.internal.plain;

import lanewise.internal.eltwise.Activations;
import lanewise.kernel.Activation;

/**
 * The loops that work while the vector kernels are cold: scalar Java, which HotSpot compiles within milliseconds, and C2 then into
 * vectors by itself.
 *
 * <p>C2 of JDK 25 does so only if it sees that no store changes a later load. It does where all arrays of a loop are indexed by
 * the same number: two arrays are then apart, or the same element of one. With an offset for each array it does not know: 10
 * GFLOP/s instead of 45 to 65 (NOTES). So all rows here begin at index 0, and callers copy into them, by {@code System.arraycopy},
 * which is fast at once.
 */
final class PlainLoops {

    /** Rows and depths of {@link #multiply}. */
    static final int ROWS = 4;
    static final int DEPTHS = 4;

    private PlainLoops() {}

    /**
     * {@code y_i[k] += sum over d < 4 of a[at_i + d] w_d[k]} for four rows y and {@code k < n}, d upwards: 16 multiply-adds for 8
     * loads and 4 stores.
     */
    static void multiply(float[] y0, float[] y1, float[] y2, float[] y3, float[] w0, float[] w1, float[] w2, float[] w3, int n,
                         float[] a, int at0, int at1, int at2, int at3) {
        float a00 = a[at0];
        float a01 = a[at0 + 1];
        float a02 = a[at0 + 2];
        float a03 = a[at0 + 3];
        float a10 = a[at1];
        float a11 = a[at1 + 1];
        float a12 = a[at1 + 2];
        float a13 = a[at1 + 3];
        float a20 = a[at2];
        float a21 = a[at2 + 1];
        float a22 = a[at2 + 2];
        float a23 = a[at2 + 3];
        float a30 = a[at3];
        float a31 = a[at3 + 1];
        float a32 = a[at3 + 2];
        float a33 = a[at3 + 3];
        for (int k = 0; k < n; k++) {
            float v0 = w0[k];
            float v1 = w1[k];
            float v2 = w2[k];
            float v3 = w3[k];
            y0[k] = Math.fma(a03, v3, Math.fma(a02, v2, Math.fma(a01, v1, Math.fma(a00, v0, y0[k]))));
            y1[k] = Math.fma(a13, v3, Math.fma(a12, v2, Math.fma(a11, v1, Math.fma(a10, v0, y1[k]))));
            y2[k] = Math.fma(a23, v3, Math.fma(a22, v2, Math.fma(a21, v1, Math.fma(a20, v0, y2[k]))));
            y3[k] = Math.fma(a33, v3, Math.fma(a32, v2, Math.fma(a31, v1, Math.fma(a30, v0, y3[k]))));
        }
    }

    /** {@code y[k] += x[k] w[k]}. */
    static void multiplyAdd(float[] y, float[] x, float[] w, int n) {
        for (int k = 0; k < n; k++) {
            y[k] = Math.fma(x[k], w[k], y[k]);
        }
    }

    /** {@code y[k] += x[k]}. */
    static void add(float[] y, float[] x, int n) {
        for (int k = 0; k < n; k++) {
            y[k] += x[k];
        }
    }

    /** {@code y[k] = max(y[k], x[k])}. */
    static void max(float[] y, float[] x, int n) {
        for (int k = 0; k < n; k++) {
            y[k] = Math.max(y[k], x[k]);
        }
    }

    /** {@code y[k] /= divisor}. */
    static void divide(float[] y, float divisor, int n) {
        for (int k = 0; k < n; k++) {
            y[k] /= divisor;
        }
    }

    /** {@code y[k] = scale y[k] + shift}. */
    static void affine(float[] y, float scale, float shift, int n) {
        for (int k = 0; k < n; k++) {
            y[k] = Math.fma(y[k], scale, shift);
        }
    }

    /** {@code y[k] = activation(y[k])}. */
    static void activate(Activation activation, float[] y, int n) {
        if (activation == Activation.RELU) {
            relu(y, n);
        } else if (activation == Activation.RELU6) {
            relu6(y, n);
        } else {
            for (int k = 0; k < n; k++) {
                y[k] = Activations.of(activation, y[k]);
            }
        }
    }

    /** {@code y[k] = max(y[k], 0)}, and -0 becomes 0. */
    static void relu(float[] y, int n) {
        for (int k = 0; k < n; k++) {
            y[k] = Math.max(y[k], 0);
        }
    }

    /** {@code y[k] = min(max(y[k], 0), 6)}. */
    static void relu6(float[] y, int n) {
        for (int k = 0; k < n; k++) {
            y[k] = Math.min(Math.max(y[k], 0), 6);
        }
    }
}
