package lanewise.internal.conv;

/**
 * Winograd's minimal filtering F(m, r) in one dimension, m outputs of an r-tap filter from m + r - 1 inputs:
 *
 * <pre>y = A' ((G g) (B' d))      products point by point</pre>
 *
 * <p>The matrices evaluate polynomials at points x and at infinity and interpolate:
 *
 * <pre>
 * B'[x]   the coefficients of the product of (t - z) over the other points z but infinity
 * G[x]    (1, x, x^2, ..) / N(x), N(x) the product of the distances to the other points;   at infinity the last tap
 * A'[i]   x^i for each x;                                                                at infinity 1 for the last i
 * </pre>
 *
 * <p>Each method is one pass over {@code lines} vectors: element i of a line lies {@code i stride} behind its start, lines lie
 * {@code line} apart. A transform of two dimensions is two passes with scratch between them, and the scratch is needed anyway: 36
 * vectors are more than there are registers. No helper takes a vector (NOTES 14), so each implementation is flat.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308.
 */
interface WinogradAxis {

    /** m. */
    int outputs();

    /** r. */
    int taps();

    /** Inputs, and points: m + r - 1. */
    default int points() {
        return outputs() + taps() - 1;
    }

    /** {@code v = B' d}. */
    void input(float[] d, int dOffset, int dStride, int lines, int dLine, float[] v, int vOffset, int vStride, int vLine);

    /** {@code u = G g}. */
    void filter(float[] g, int gOffset, int gStride, int lines, int gLine, float[] u, int uOffset, int uStride, int uLine);

    /** {@code y = A' m}. */
    void output(float[] m, int mOffset, int mStride, int lines, int mLine, float[] y, int yOffset, int yStride, int yLine);

    /** {@code m = A y}: the other way, for the gradient of the filter. */
    void outputTransposed(float[] y, int yOffset, int yStride, int lines, int yLine,
                          float[] m, int mOffset, int mStride, int mLine);

    /** {@code g = G' u}. */
    void filterTransposed(float[] u, int uOffset, int uStride, int lines, int uLine,
                          float[] g, int gOffset, int gStride, int gLine);

    /**
     * {@code y = A' m + bias + added}, clamped if {@code relu}: the last pass.
     *
     * @param bias one vector for each line
     * @param added laid out by its own strides; it may be {@code y} itself, and null for none
     */
    void finish(float[] m, int mOffset, int mStride, int lines, int mLine, float[] bias, int biasOffset, int biasLine,
                float[] added, int addedOffset, int addedStride, int addedLine, boolean relu,
                float[] y, int yOffset, int yStride, int yLine);
}
