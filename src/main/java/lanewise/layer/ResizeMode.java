package lanewise.layer;

/** How {@link Resize} makes a value between two elements. */
public enum ResizeMode {
    /** One of the two. */
    NEAREST,
    /** Both, weighted by their distance. */
    LINEAR,
    /** The two and their next neighbours, weighted by a cubic of the distance. */
    CUBIC
}
