package lanewise.layer;

/**
 * The ways to set the window of a layer on signals; each answers a changed copy.
 *
 * @param <L> the layer
 */
public interface Windowed1d<L> {

    /** The window, one row high. */
    Window window();

    /** The same layer with another window. */
    L withWindow(Window window);

    /** The stride. */
    default L stride(int stride) {
        return withWindow(window().withStride(1, stride));
    }

    /** The same padding at both ends. */
    default L padding(int padding) {
        return padding(padding, padding);
    }

    /** A padding for each end; {@code (taps - 1, 0)} makes a causal filter. */
    default L padding(int left, int right) {
        return withWindow(window().withPadding(0, left, 0, right));
    }

    /** Padding that makes the output {@code ceil(input / stride)}. */
    default L same() {
        return withWindow(window().withSamePadding());
    }

    /** The dilation. */
    default L dilation(int dilation) {
        return withWindow(window().withDilation(1, dilation));
    }
}
