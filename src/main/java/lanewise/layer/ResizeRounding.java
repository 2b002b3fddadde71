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
    CEIL
}
