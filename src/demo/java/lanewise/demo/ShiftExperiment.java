package lanewise.demo;

import java.util.Locale;
import lanewise.kernel.Threads;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Keep;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * What happens to the feature maps when the digit moves. Convolution is equivariant: the maps move along, and nothing else. Pooling makes
 * it invariant, little by little: after each, less changes.
 */
final class ShiftExperiment {

    /** Columns to the right; even, so that it is a whole number of pooled pixels after the first pooling. */
    static final int SHIFT = 2;

    private final Network network;
    private final Context context;
    private final float[] digit;
    private final float background;

    ShiftExperiment(Network network, float[] digit) {
        this.network = network;
        this.context = network.newContext(new ContextOptions(1, Threads.one(), false, false, 0).keeping(Keep.ALL));
        this.digit = digit;
        this.background = digit[0]; // the corner of a digit's picture is background
    }

    /** The picture moved to the right by {@code columns}, background coming in from the left. */
    float[] shifted(int columns) {
        float[] moved = new float[digit.length];
        for (int row = 0; row < 28; row++) {
            for (int column = 0; column < 28; column++) {
                int from = column - columns;
                moved[row * 28 + column] = from < 0 || from >= 28 ? background : digit[row * 28 + from];
            }
        }
        return moved;
    }

    /** The activation of a node for the digit moved by {@code columns}. */
    float[] activation(String node, int columns) {
        System.arraycopy(shifted(columns), 0, context.input(), 0, digit.length);
        context.forward(1);
        return context.activation(node).clone();
    }

    /**
     * How far the maps of the moved digit are from the moved maps, relative to the maps: 0 is perfect equivariance. A map moves by
     * {@code columns / jump}; columns next to the border, where the two see different padding, are left out.
     */
    double equivarianceError(String name, int columns) {
        Node node = network.node(name);
        double jump = node.receptiveField().jumpW();
        return relativeChange(activation(name, 0), activation(name, columns), node.shape(),
                (int) (columns / jump), (int) Math.ceil(node.receptiveField().width() / jump));
    }

    /** How much the maps change in place, relative to the maps: 0 is perfect invariance. */
    double change(String name, int columns) {
        return relativeChange(activation(name, 0), activation(name, columns), network.node(name).shape(), 0, 0);
    }

    private static double relativeChange(float[] before, float[] after, Shape shape, int move, int margin) {
        int places = shape.rank() == 3 ? shape.dim(1) : 1;
        int rows = shape.positions() / places;
        double difference = 0;
        double norm = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = Math.min(margin, places / 3) + move; column < places - Math.min(margin, places / 3); column++) {
                for (int c = 0; c < shape.channels(); c++) {
                    double from = before[(row * places + column - move) * shape.channels() + c];
                    double to = after[(row * places + column) * shape.channels() + c];
                    difference += (to - from) * (to - from);
                    norm += from * from;
                }
            }
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm); // without 0 / 0, where all of a map is zero
    }

    private int prediction(int columns) {
        float[] scores = activation("scores", columns);
        int best = 0;
        for (int k = 1; k < scores.length; k++) {
            best = scores[k] > scores[best] ? k : best;
        }
        return best;
    }

    /** Both properties in numbers. */
    String report() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "equivariance: the digit moves by %d pixels; conv1's maps move by"
                        + " %d and differ by %.1e, pool1's by %d and differ by %.1e (relative)%n",
                SHIFT, SHIFT, equivarianceError("conv1", SHIFT), SHIFT / 2, equivarianceError("pool1", SHIFT)));
        text.append(String.format(Locale.ROOT, "invariance: the digit moves by 1 pixel and changes by %.0f%%, conv1 by %.0f%%,"
                        + " pool1 by %.0f%%, pool2 by %.0f%%, the scores by %.0f%%; predictions for moves by -3 to 3:",
                100 * change("digit", 1), 100 * change("conv1", 1), 100 * change("pool1", 1), 100 * change("pool2", 1),
                100 * change("scores", 1)));
        for (int columns = -3; columns <= 3; columns++) {
            text.append(' ').append(prediction(columns));
        }
        return text.toString();
    }

    Network network() {
        return network;
    }
}
