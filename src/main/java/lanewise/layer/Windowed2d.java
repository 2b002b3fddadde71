package lanewise.layer;

/**
 * The ways to set the window of a layer on pictures; each answers a changed copy.
 *
 * @param <L> the layer
 */
public interface Windowed2d<L> {

    /** The window. */
    Window window();

    /** The same layer with another window. */
    L withWindow(Window window);

    /** The same stride on both axes. */
    default L stride(int stride) {
        return withWindow(window().withStride(stride, stride));
    }

    /** A stride for each axis. */
    default L stride(int strideH, int strideW) {
        return withWindow(window().withStride(strideH, strideW));
    }

    /** The same padding on all four sides. */
    default L padding(int padding) {
        return withWindow(window().withPadding(padding, padding, padding, padding));
    }

    /** A padding for each side. */
    default L padding(int top, int left, int bottom, int right) {
        return withWindow(window().withPadding(top, left, bottom, right));
    }

    /** Padding that makes the output {@code ceil(input / stride)}. */
    default L same() {
        return withWindow(window().withSamePadding());
    }

    /** The same dilation on both axes. */
    default L dilation(int dilation) {
        return withWindow(window().withDilation(dilation, dilation));
    }
}
