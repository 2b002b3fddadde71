package lanewise.layer;

/**
 * Where element {@code i} of an output axis lies on the input axis; {@code s} is the scale, {@code n} the input's size,
 * {@code l = n s} the output's before it was rounded, {@code m} after it.
 */
public enum ResizeCoordinates {
    /** {@code (i + 1/2) / s - 1/2}: elements are areas, and areas cover each other. */
    HALF_PIXEL,
    /** The same about the middle: {@code n / 2 (1 - m / l) + (i + 1/2) / s - 1/2}. */
    HALF_PIXEL_SYMMETRIC,
    /** As {@link #HALF_PIXEL}, but 0 if {@code l} is 1. */
    PYTORCH_HALF_PIXEL,
    /** {@code i (n - 1) / (l - 1)}: elements are points, and first and last stay where they are; 0 if {@code l} is 1. */
    ALIGN_CORNERS,
    /** {@code i / s}. */
    ASYMMETRIC,
    /** {@code (i + 1/2) / s}. */
    TF_HALF_PIXEL_FOR_NN,
    /**
     * As {@link #ALIGN_CORNERS} within a part of the axis, {@code start (n - 1) + i (end - start) (n - 1) / (l - 1)}, the middle of
     * it if {@code l} is 1; what lies beyond the axis is extrapolated.
     */
    TF_CROP_AND_RESIZE;

    /**
     * The coordinate.
     *
     * @param i index of the output
     * @param scale output over input
     * @param length {@code l}
     * @param size of the input
     * @param outputSize of the output
     * @param start where the part begins, as a fraction of the axis
     * @param end where it ends
     */
    double coordinate(int i, double scale, double length, int size, int outputSize, double start, double end) {
        return switch (this) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_SYMMETRIC -> size / 2.0 * (1 - outputSize / length) + (i + 0.5) / scale - 0.5;
            case PYTORCH_HALF_PIXEL -> length == 1 ? 0 : (i + 0.5) / scale - 0.5;
            case ALIGN_CORNERS -> length == 1 ? 0 : i * (size - 1.0) / (length - 1);
            case ASYMMETRIC -> i / scale;
            case TF_HALF_PIXEL_FOR_NN -> (i + 0.5) / scale;
            case TF_CROP_AND_RESIZE -> start * (size - 1)
                    + (length == 1 ? (end - start) * (size - 1) / 2 : i * (end - start) * (size - 1) / (length - 1));
        };
    }
}
