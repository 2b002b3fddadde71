package lanewise.infer;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.io.FormatException;
import lanewise.kernel.Softmax;

/**
 * What the outputs of a network are called, and the best of them by name. The order is {@link TopK}'s, with all that it says of ties and
 * NaN. Immutable; any number of threads may call.
 */
public final class Labels {

    /** A larger file is refused. */
    public static final int MOST_BYTES = 1 << 24;

    private final List<String> names;

    private Labels(List<String> names) {
        this.names = names;
    }

    /**
     * Labels in the order of the outputs; some may be the same.
     *
     * @throws NullPointerException if the list or one of them is null
     * @throws IllegalArgumentException if there is none
     */
    public static Labels of(List<String> names) {
        List<String> copy = new ArrayList<>();
        for (String name : Checks.notNull(names, "names")) {
            copy.add(Checks.notNull(name, "name " + copy.size()));
        }
        Checks.atLeast(copy.size(), 1, "number of names");
        return new Labels(List.copyOf(copy));
    }

    /**
     * Labels from a text file in UTF-8, with or without a byte order mark, one per line, without the white space around them.
     *
     * @throws NullPointerException if {@code file} is null
     * @throws FormatException if it is no such text, empty, larger than {@value #MOST_BYTES} bytes, or a line is blank
     * @throws IOException if it cannot be read
     */
    public static Labels read(Path file) throws IOException {
        long bytes = Files.size(Checks.notNull(file, "file"));
        if (bytes > MOST_BYTES) {
            throw new FormatException(file, "has " + bytes + " bytes, must be at most " + MOST_BYTES);
        }
        List<String> lines;
        try {
            String text = Files.readString(file);
            lines = text.substring(text.startsWith("\uFEFF") ? 1 : 0).lines().map(String::strip).toList(); // some editors mark UTF-8
        } catch (CharacterCodingException e) {
            throw new FormatException(file, "is no text in UTF-8", e);
        }
        if (lines.isEmpty()) {
            throw new FormatException(file, "has 0 lines, must have one for each label");
        }
        if (lines.contains("")) {
            throw new FormatException(file, "line " + (lines.indexOf("") + 1) + " of " + lines.size() + " is blank, must be a label");
        }
        return new Labels(lines);
    }

    /** How many there are. */
    public int size() {
        return names.size();
    }

    /**
     * The label of one output.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public String get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("index is " + index + ", must be from 0 to " + (size() - 1));
        }
        return names.get(index);
    }

    /**
     * The k best by scores that are not yet probabilities, the best one first. Their probabilities are the softmax over all labels, which
     * is computed in a copy, without overflow.
     *
     * @param scores {@code float[size]} from {@code offset}, as networks without {@code Softmax} at their end give them. Not modified
     * @param k from 1 to {@link #size}
     * @throws IllegalArgumentException if {@code k} is out of range
     * @throws IndexOutOfBoundsException if {@code scores} is too short
     */
    public List<Prediction> top(float[] scores, int offset, int k) {
        int[] best = best(scores, offset, k);
        float[] probabilities = new float[size()];
        Softmax.forward(scores, offset, probabilities, 0, 1, size());
        return predictions(best, probabilities, 0);
    }

    /**
     * The k best by what are probabilities already, the best one first.
     *
     * @param probabilities {@code float[size]} from {@code offset}, as networks with {@code Softmax} at their end give them. Not modified
     * @param k from 1 to {@link #size}
     * @throws IllegalArgumentException if {@code k} is out of range
     * @throws IndexOutOfBoundsException if {@code probabilities} is too short
     */
    public List<Prediction> topOfProbabilities(float[] probabilities, int offset, int k) {
        return predictions(best(probabilities, offset, k), probabilities, offset);
    }

    private int[] best(float[] values, int offset, int k) {
        int[] best = new int[Math.clamp(k, 0, size())];
        TopK.indices(values, offset, size(), k, best, 0);
        return best;
    }

    private List<Prediction> predictions(int[] indices, float[] probabilities, int offset) {
        List<Prediction> predictions = new ArrayList<>(indices.length);
        for (int index : indices) {
            predictions.add(new Prediction(index, names.get(index), probabilities[offset + index]));
        }
        return List.copyOf(predictions);
    }

    /** How many, and the first ones. */
    @Override
    public String toString() {
        return size() + " labels " + names.subList(0, Math.min(size(), 5)) + (size() > 5 ? "..." : "");
    }
}
