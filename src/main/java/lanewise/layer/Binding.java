package lanewise.layer;

import java.util.List;

/**
 * What a layer is bound to when a context makes its run.
 *
 * @param batch examples per call
 * @param inputs the shapes of its inputs, per example
 * @param output the shape of its output, per example
 * @param parameters its parameters, in the order of {@link Layer#parameters}
 * @param trained for each of them, whether backward has to compute its gradient
 * @param winograd whether convolutions may use Winograd's algorithm
 */
public record Binding(int batch, List<Shape> inputs, Shape output, List<Parameter> parameters, List<Boolean> trained,
                      boolean winograd) {

    /** The shape of the only input. */
    public Shape input() {
        return inputs.getFirst();
    }

    /** Where parameter {@code index} begins in the flat arrays. */
    public int offset(int index) {
        return parameters.get(index).offset();
    }

    /** The elements of the whole batch's output. */
    public int outputLength() {
        return Math.multiplyExact(batch, output.size());
    }

    /** Whether backward has to compute the gradient of parameter {@code index}; false if the layer has not so many. */
    public boolean trains(int index) {
        return index < trained.size() && trained.get(index);
    }
}
