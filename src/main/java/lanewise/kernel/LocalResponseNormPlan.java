package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.eltwise.NeighbourNorm;

/**
 * Local response normalisation of {@code x[rows][channels]}, and its gradient,
 *
 * <pre>
 * base[c]     = bias + alpha/size sum over c' of x[c']^2,   c' from c - floor((size - 1) / 2) to c + ceil((size - 1) / 2)
 * forward       y[c] = x[c] base[c]^-beta
 * gradInput     dx[c] (+)= dy[c] base[c]^-beta - 2 alpha beta / size x[c] (sum of dy y / base over the outputs that see c)
 * </pre>
 *
 * <p>where channels outside are left out. Beta 3/4, 1/2 and 1 are fast; any other goes through {@link Math#pow}. NaN and infinity have
 * the effect they have in a loop; a base of 0 or below makes what the power makes of it.
 *
 * <p>Shapes: {@code x, y, dx, dy float[rows*channels]} from their offsets. Inputs are not modified. {@code y} may be exactly the range of
 * x; otherwise an output must not overlap another argument.
 *
 * <p>A plan is immutable and may be shared by threads, each with scratch of its own. Nothing is allocated by a call.
 *
 * <p><i>Source:</i> Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012; the window
 * and the division by its size are those of ONNX's LRN.
 */
public final class LocalResponseNormPlan {

    private final int rows;
    private final int channels;
    private final float scale;
    private final float beta;
    private final float bias;
    private final float slope;
    private final int length;
    private final int before;
    private final int after;
    private final int padded;

    /**
     * A plan for {@code rows} places.
     *
     * @param size neighbours in a window, the channel itself among them
     * @throws IllegalArgumentException if a size is below 1, a factor is not finite, or the array would be too long
     */
    public LocalResponseNormPlan(int rows, int channels, int size, float alpha, float beta, float bias) {
        VectorModule.require();
        this.rows = Checks.atLeast(rows, 1, "rows");
        this.channels = Checks.atLeast(channels, 1, "channels");
        Checks.atLeast(size, 1, "size");
        Checks.finite(alpha, "alpha");
        this.beta = Checks.finite(beta, "beta");
        this.bias = Checks.finite(bias, "bias");
        length = Checks.product("x", rows, channels);
        scale = (float) ((double) alpha / size);
        slope = (float) (-2.0 * alpha * beta / size);
        before = Math.min((size - 1) / 2, channels - 1); // further neighbours there are none
        after = Math.min(size / 2, channels - 1);
        padded = Math.addExact(channels, before + after);
    }

    /** Elements of x. */
    public int length() {
        return length;
    }

    /** The scratch that {@link #forward} takes, in floats. */
    public int forwardScratch() {
        return Math.addExact(padded, Math.multiplyExact(2, channels));
    }

    /** The scratch that {@link #gradInput} takes, in floats. */
    public int gradInputScratch() {
        return Math.addExact(Math.multiplyExact(2, padded), Math.multiplyExact(3, channels));
    }

    /**
     * Computes y.
     *
     * @param y overwritten; old contents may be NaN
     * @param scratch {@link #forwardScratch} floats, overwritten; old contents may be NaN
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if ranges overlap that must not
     */
    public void forward(float[] x, int xOffset, float[] y, int yOffset, float[] scratch, int scratchOffset) {
        Ranges.map(x, xOffset, y, yOffset, length);
        scratch(scratch, scratchOffset, forwardScratch(), x, xOffset, "x");
        scratch(scratch, scratchOffset, forwardScratch(), y, yOffset, "y");
        int base = scratchOffset + padded;
        Arrays.fill(scratch, scratchOffset, base, 0);
        for (int row = 0; row < rows; row++) {
            int at = row * channels;
            bases(x, xOffset + at, scratch, scratchOffset, base);
            Arithmetic.mul(x, xOffset + at, scratch, base + channels, y, yOffset + at, channels);
        }
    }

    /** The bases of a row, and behind them their powers. */
    private void bases(float[] x, int at, float[] scratch, int squares, int base) {
        Arithmetic.mul(x, at, x, at, scratch, squares + before, channels);
        NeighbourNorm.windowSums(scratch, squares, before + after + 1, scale, bias, scratch, base, channels);
        NeighbourNorm.power(scratch, base, beta, scratch, base + channels, channels);
    }

    /**
     * Computes dx.
     *
     * @param dx overwritten or added to
     * @param scratch {@link #gradInputScratch} floats, overwritten; old contents may be NaN
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if ranges overlap that must not
     */
    public void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, WriteMode mode,
                          float[] scratch, int scratchOffset) {
        boolean accumulate = Ranges.accumulate(mode);
        Ranges.apart(x, xOffset, length, "x", dx, dxOffset, length, "dx");
        Ranges.apart(dy, dyOffset, length, "dy", dx, dxOffset, length, "dx");
        scratch(scratch, scratchOffset, gradInputScratch(), x, xOffset, "x");
        scratch(scratch, scratchOffset, gradInputScratch(), dy, dyOffset, "dy");
        scratch(scratch, scratchOffset, gradInputScratch(), dx, dxOffset, "dx");
        int shares = scratchOffset + padded;
        int base = shares + padded;
        int power = base + channels;
        int slopes = power + channels;
        Arrays.fill(scratch, scratchOffset, base, 0);
        for (int row = 0; row < rows; row++) {
            int at = row * channels;
            bases(x, xOffset + at, scratch, scratchOffset, base);
            // The outputs that see c are its window turned round.
            NeighbourNorm.shares(x, xOffset + at, dy, dyOffset + at, scratch, base, scratch, power, scratch, shares + after, channels);
            NeighbourNorm.windowSums(scratch, shares, before + after + 1, slope, 0, scratch, slopes, channels);
            NeighbourNorm.gradInput(x, xOffset + at, dy, dyOffset + at, scratch, power, scratch, slopes, dx, dxOffset + at, channels,
                    accumulate);
        }
    }

    private void scratch(float[] scratch, int offset, int need, float[] other, int otherOffset, String name) {
        Checks.range(scratch, offset, need, "scratch");
        Ranges.apart(other, otherOffset, length, name, scratch, offset, need, "scratch");
    }
}
