package lanewise.demo;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import lanewise.train.ByteImages;
import lanewise.train.ConfusionMatrix;
import lanewise.train.Epoch;
import lanewise.train.History;

/** The pictures that the digit demo leaves. */
final class MnistPictures {

    private final Path folder;
    private final PrintStream out;

    MnistPictures(Path folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /**
     * How it learned and what it confuses, and for a LeNet what is inside.
     *
     * @param shift of a LeNet, else null
     */
    void write(ByteImages test, float[][] scores, ConfusionMatrix confusion, History history, ShiftExperiment shift)
            throws IOException {
        write("learning-curve.png", "loss and accuracy by epoch", Charts.learningCurve(history.curve(Epoch::trainLoss),
                history.curve(Epoch::validationLoss), history.curve(Epoch::trainAccuracy), history.curve(Epoch::validationAccuracy)));
        if (shift != null) {
            write("filters.png", "the filters of the first layer", LayerPictures.filters(shift.network()));
            write("feature-maps.png", "a digit through the layers", LayerPictures.featureMaps(shift));
        }
        write("confusion.png", "which digit is taken for which",
                Charts.confusionMatrix(confusion.counts(), IntStream.range(0, 10).mapToObj(String::valueOf).toList()));
        write("most-confused.png", "the digits it is most wrong about", mostConfused(test, scores));
        if (shift != null) {
            write("equivariance.png", "maps move with the digit", LayerPictures.equivariance(shift));
        }
    }

    private void write(String name, String what, BufferedImage picture) throws IOException {
        Path file = folder.resolve(name);
        Pictures.write(picture, file);
        out.printf(Locale.ROOT, "  %-40s %s%n", file, what);
    }

    /** Digits that are taken for another, the surest mistakes first. */
    private static BufferedImage mostConfused(ByteImages test, float[][] scores) {
        record Mistake(int index, int label, int said, float probability) {}

        List<Mistake> mistakes = new ArrayList<>();
        float[] target = new float[1];
        float[] x = new float[test.inputShape().size()];
        for (int i = 0; i < scores.length; i++) {
            test.read(i, x, 0, target, 0);
            float[] probabilities = softmax(scores[i]);
            int said = IntStream.range(0, 10).boxed().max(Comparator.comparing(k -> probabilities[k])).orElseThrow();
            if (said != (int) target[0]) {
                mistakes.add(new Mistake(i, (int) target[0], said, probabilities[said]));
            }
        }
        mistakes.sort(Comparator.comparing(mistake -> -mistake.probability));
        List<float[]> tiles = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (Mistake mistake : mistakes.subList(0, Math.min(24, mistakes.size()))) {
            float[] tile = new float[x.length];
            test.read(mistake.index, tile, 0, target, 0);
            tiles.add(tile);
            captions.add(String.format(Locale.ROOT, "%d, said %d\n%.0f%% sure", mistake.label, mistake.said, 100 * mistake.probability));
        }
        return tiles.isEmpty() ? noMistakes() : Pictures.grid(tiles, 28, 28, 8, 3, captions, null);
    }

    private static BufferedImage noMistakes() {
        BufferedImage picture = Pictures.blank(360, 60);
        Graphics2D pen = Pictures.pen(picture);
        pen.setColor(Pictures.INK);
        Pictures.centre(pen, "No digit is taken for another.", Pictures.font(Font.BOLD, 16), 10, 36, 340);
        pen.dispose();
        return picture;
    }

    /** The probabilities that scores stand for. */
    static float[] softmax(float[] scores) {
        float most = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            most = Math.max(most, score);
        }
        float[] probabilities = new float[scores.length];
        float sum = 0;
        for (int k = 0; k < scores.length; k++) {
            probabilities[k] = (float) Math.exp(scores[k] - most);
            sum += probabilities[k];
        }
        for (int k = 0; k < scores.length; k++) {
            probabilities[k] /= sum;
        }
        return probabilities;
    }
}
