package lanewise.layer;

/** Which neighbour {@link ResizeMode#NEAREST} takes. */
public enum ResizeRounding {
    /** The nearer one, of two equally near the lower. */
    ROUND_PREFER_FLOOR,
    /** The nearer one, of two equally near the upper. */
    ROUND_PREFER_CEIL,
    /** The lower. */
    FLOOR,
    /** The upper. */
    CEIL;

    /** The whole number that is taken for {@code x}. */
    double round(double x) {
        return switch (this) {
            case ROUND_PREFER_FLOOR -> Math.ceil(x - 0.5);
            case ROUND_PREFER_CEIL -> Math.floor(x + 0.5);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
        };
    }
}
