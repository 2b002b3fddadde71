package lanewise.demo;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import lanewise.layer.Network;
import lanewise.layer.Shape;
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

    void write(Network network, ByteImages test, float[][] scores, ConfusionMatrix confusion, History history, ShiftExperiment shift)
            throws IOException {
        write("learning-curve.png", "loss and accuracy by epoch", Charts.learningCurve(history.curve(Epoch::trainLoss),
                history.curve(Epoch::validationLoss), history.curve(Epoch::trainAccuracy), history.curve(Epoch::validationAccuracy)));
        write("filters.png", "the filters of the first layer", filters(network));
        write("feature-maps.png", "a digit through the layers", featureMaps(shift));
        write("confusion.png", "which digit is taken for which",
                Charts.confusionMatrix(counts(confusion), IntStream.range(0, 10).mapToObj(String::valueOf).toList()));
        write("most-confused.png", "the digits it is most wrong about", mostConfused(test, scores));
        write("equivariance.png", "maps move with the digit", equivariance(shift));
    }

    private void write(String name, String what, BufferedImage picture) throws IOException {
        Path file = folder.resolve(name);
        Pictures.write(picture, file);
        out.printf(Locale.ROOT, "  %-40s %s%n", file, what);
    }

    private static int[][] counts(ConfusionMatrix confusion) {
        return Arrays.stream(confusion.counts()).map(row -> Arrays.stream(row).mapToInt(Math::toIntExact).toArray()).toArray(int[][]::new);
    }

    private static BufferedImage filters(Network network) {
        float[] w = network.parameters().get("conv1.weight");
        Shape shape = network.parameters().view("conv1.weight").shape(); // 5 x 5 x 1 x 6
        int filters = shape.channels();
        List<float[]> tiles = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int k = 0; k < filters; k++) {
            tiles.add(channel(w, filters, k));
            names.add("filter " + (k + 1));
        }
        return Pictures.grid(tiles, shape.dim(0), shape.dim(1), filters, 24, names, Range.signed(Range.limit(w)));
    }

    private static BufferedImage featureMaps(ShiftExperiment digit) {
        List<BufferedImage> rows = new ArrayList<>();
        rows.add(titled("digit", Pictures.of(digit.activation("digit", 0), 28, 28, 5, null)));
        rows.add(maps(digit, "conv1", 4, 6));
        rows.add(maps(digit, "pool1", 8, 6));
        rows.add(maps(digit, "conv2", 8, 8));
        rows.add(maps(digit, "pool2", 16, 8));
        float[] probabilities = softmax(digit.activation("scores", 0));
        List<float[]> bars = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            bars.add(bar(probabilities[k]));
            names.add(String.format(Locale.ROOT, "%d: %.0f%%", k, 100 * probabilities[k]));
        }
        rows.add(titled("probabilities", Pictures.grid(bars, 20, 9, 10, 5, names, Range.grey(0, 1))));
        return stacked(rows);
    }

    private static BufferedImage maps(ShiftExperiment digit, String node, int scale, int columns) {
        Shape shape = digit.network().node(node).shape();
        float[] maps = digit.activation(node, 0);
        List<float[]> tiles = new ArrayList<>();
        for (int c = 0; c < shape.channels(); c++) {
            tiles.add(channel(maps, shape.channels(), c));
        }
        return titled(node + ": " + shape, Pictures.grid(tiles, shape.dim(0), shape.dim(1), columns, scale, null, null));
    }

    private static BufferedImage titled(String title, BufferedImage picture) {
        return Pictures.sheet(List.of(picture), List.of(title), 1);
    }

    /** White from below up to a share of the height. */
    private static float[] bar(float share) {
        float[] pixels = new float[20 * 9];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 20 - i / 9 <= Math.round(20 * share) ? 1 : 0.15f;
        }
        return pixels;
    }

    /** One below the other, each in the middle. */
    private static BufferedImage stacked(List<BufferedImage> rows) {
        int width = rows.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow();
        BufferedImage all = Pictures.blank(width, rows.stream().mapToInt(BufferedImage::getHeight).sum());
        Graphics2D pen = all.createGraphics();
        int y = 0;
        for (BufferedImage row : rows) {
            pen.drawImage(row, (width - row.getWidth()) / 2, y, null);
            y += row.getHeight();
        }
        pen.dispose();
        return all;
    }

    private static float[] channel(float[] values, int channels, int channel) {
        float[] one = new float[values.length / channels];
        for (int i = 0; i < one.length; i++) {
            one[i] = values[i * channels + channel];
        }
        return one;
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
        return tiles.isEmpty() ? Pictures.blank(200, 40) : Pictures.grid(tiles, 28, 28, 8, 3, captions, null);
    }

    private static BufferedImage equivariance(ShiftExperiment shift) {
        List<BufferedImage> pictures = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int columns : new int[] {0, 2 * ShiftExperiment.SHIFT}) {
            pictures.add(Pictures.of(shift.shifted(columns), 28, 28, 6, null));
            captions.add(columns == 0 ? "digit" : "digit, " + columns + " pixels to the right");
            pictures.add(Pictures.of(strongest(shift, "conv1", columns), 28, 28, 6, null));
            captions.add(columns == 0 ? "a map of conv1" : "the same map");
            pictures.add(Pictures.of(strongest(shift, "pool1", columns), 14, 14, 12, null));
            captions.add(columns == 0 ? "after pooling" : "after pooling: " + columns / 2 + " to the right");
        }
        pictures.add(difference(shift, "digit", 1, 28, 6));
        captions.add(String.format(Locale.ROOT, "what 1 pixel changes: %.0f%%", 100 * shift.change("digit", 1)));
        pictures.add(difference(shift, "conv1", 1, 28, 6));
        captions.add(String.format(Locale.ROOT, "in conv1: %.0f%%", 100 * shift.change("conv1", 1)));
        pictures.add(difference(shift, "pool1", 1, 14, 12));
        captions.add(String.format(Locale.ROOT, "after pooling: %.0f%%", 100 * shift.change("pool1", 1)));
        return Pictures.sheet(pictures, captions, 3);
    }

    private static BufferedImage difference(ShiftExperiment shift, String node, int columns, int size, int scale) {
        float[] before = strongest(shift, node, 0);
        float[] after = strongest(shift, node, columns);
        float limit = Range.limit(before);
        for (int i = 0; i < before.length; i++) {
            after[i] -= before[i];
        }
        return Pictures.of(after, size, size, scale, Range.signed(limit));
    }

    /** Of the maps of a node, the one that answers most to the digit where it was. */
    private static float[] strongest(ShiftExperiment shift, String node, int columns) {
        int channels = shift.network().node(node).shape().channels();
        float[] still = shift.activation(node.startsWith("pool") ? "conv1" : node, 0);
        int best = 0;
        double most = -1;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (float value : channel(still, channels, c)) {
                sum += (double) value * value;
            }
            if (sum > most) {
                most = sum;
                best = c;
            }
        }
        return channel(shift.activation(node, columns), channels, best);
    }

    private static float[] softmax(float[] scores) {
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
