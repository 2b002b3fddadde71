package lanewise.layer;

import java.util.List;

/** What layers ask of their inputs. */
final class Inputs {

    private Inputs() {}

    /** The only input. */
    static Shape one(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("takes 1 input, but was given " + inputs.size() + ": " + inputs);
        }
        return inputs.getFirst();
    }

    /** The only input, of this rank. */
    static Shape one(List<Shape> inputs, int rank) {
        Shape input = one(inputs);
        if (input.rank() != rank) {
            throw new IllegalArgumentException("input is " + input + ", must be " + switch (rank) {
                case 1 -> "features (Flatten makes it so)";
                case 2 -> "width x channels";
                case 3 -> "height x width x channels";
                default -> "depth x height x width x channels";
            });
        }
        return input;
    }
}
