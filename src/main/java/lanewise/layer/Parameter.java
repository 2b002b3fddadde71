package lanewise.layer;

/**
 * A named view of a part of a network's flat array of parameters.
 *
 * @param name the layer's name, a dot and the name within the layer: {@code conv1.weight}
 * @param spec the layer's wish: sizes, role, initialisation
 * @param offset where it begins in {@link Parameters#values}, in floats
 */
public record Parameter(String name, ParameterSpec spec, int offset) {

    /** Its sizes. */
    public Shape shape() {
        return spec.shape();
    }

    /** The number of its elements. */
    public int length() {
        return spec.shape().size();
    }

    /** Whether gradients train it. */
    public boolean trainable() {
        return spec.role() != ParameterSpec.Role.STATE;
    }
}
