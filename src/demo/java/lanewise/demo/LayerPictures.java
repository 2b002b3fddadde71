package lanewise.demo;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.model.LeNet;

/** Pictures of what is inside a {@link LeNet}: its filters, its feature maps, and how these move with the digit. */
final class LayerPictures {

    private static final Color BAR = new Color(0x0969da);
    private static final Color EMPTY = new Color(0xeaeef2);
    private static final int BAR_WIDTH = 64;
    private static final int BAR_HEIGHT = 70;

    private static final int NAMES = 110; // pixels at the left of a row of feature maps
    private static final int BETWEEN = 8;

    private static final int PIXEL = 8; // of a digit of 28 x 28; large enough for captions of one size

    private LayerPictures() {}

    static BufferedImage filters(Network network) {
        float[] w = network.parameters().get("conv1.weight");
        Shape shape = network.parameters().view("conv1.weight").shape(); // 5 x 5 x 1 x 6
        int filters = shape.channels();
        List<String> names = new ArrayList<>();
        for (int k = 0; k < filters; k++) {
            names.add("filter " + (k + 1));
        }
        return Pictures.grid(channels(w, filters), shape.dim(0), shape.dim(1), filters, 24, names, Range.signed(Range.limit(w)));
    }

    /** A row for each layer, from the digit to the probabilities. */
    static BufferedImage featureMaps(ShiftExperiment digit) {
        List<String> names = new ArrayList<>(List.of("digit", "conv1", "pool1", "conv2", "pool2"));
        List<BufferedImage> rows = new ArrayList<>(List.of(maps(digit, "digit", 4, 1), maps(digit, "conv1", 4, 6),
                maps(digit, "pool1", 8, 6), maps(digit, "conv2", 8, 8), maps(digit, "pool2", 16, 8)));
        List<String> details = new ArrayList<>();
        names.forEach(node -> details.add(digit.network().node(node).shape().toString().replace("x", " \u00d7 ")));
        names.add("softmax");
        rows.add(bars(MnistPictures.softmax(digit.activation("scores", 0))));
        details.add("of 10 scores");
        return stacked(rows, names, details);
    }

    private static BufferedImage maps(ShiftExperiment digit, String node, int scale, int columns) {
        Shape shape = digit.network().node(node).shape();
        List<float[]> tiles = channels(digit.activation(node, 0), shape.channels());
        return Pictures.grid(tiles, shape.dim(0), shape.dim(1), columns, scale, null, null);
    }

    /** Each filled from below, by the share of its height. */
    private static BufferedImage bars(float[] probabilities) {
        BufferedImage picture = Pictures.blank(6 + probabilities.length * (BAR_WIDTH + 6), BAR_HEIGHT + 54);
        Graphics2D pen = Pictures.pen(picture);
        for (int k = 0; k < probabilities.length; k++) {
            int left = 6 + k * (BAR_WIDTH + 6);
            int full = Math.round(BAR_HEIGHT * probabilities[k]);
            pen.setColor(EMPTY);
            pen.fillRect(left, 6, BAR_WIDTH, BAR_HEIGHT);
            pen.setColor(BAR);
            pen.fillRect(left, 6 + BAR_HEIGHT - full, BAR_WIDTH, full);
            pen.setColor(Pictures.INK);
            Pictures.centre(pen, Integer.toString(k), Pictures.font(Font.BOLD, 16), left, BAR_HEIGHT + 26, BAR_WIDTH);
            pen.setColor(Pictures.FAINT);
            String percent = String.format(Locale.ROOT, "%.1f %%", 100 * probabilities[k]);
            Pictures.centre(pen, percent, Pictures.font(Font.PLAIN, 14), left, BAR_HEIGHT + 46, BAR_WIDTH);
        }
        pen.dispose();
        return picture;
    }

    /** One below the other, with their names at the left. */
    private static BufferedImage stacked(List<BufferedImage> rows, List<String> names, List<String> details) {
        int width = rows.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow();
        int height = rows.stream().mapToInt(row -> row.getHeight() + BETWEEN).sum() - BETWEEN;
        BufferedImage all = Pictures.blank(NAMES + width, height);
        Graphics2D pen = Pictures.pen(all);
        int y = 0;
        for (int i = 0; i < rows.size(); i++) {
            BufferedImage row = rows.get(i);
            int middle = y + row.getHeight() / 2;
            pen.setColor(Pictures.INK);
            Pictures.centre(pen, names.get(i), Pictures.font(Font.BOLD, 16), 6, middle - 2, NAMES - 12);
            pen.setColor(Pictures.FAINT);
            Pictures.centre(pen, details.get(i), Pictures.font(Font.PLAIN, 14), 6, middle + 18, NAMES - 12);
            pen.drawImage(row, NAMES, y, null);
            y += row.getHeight() + BETWEEN;
        }
        pen.dispose();
        return all;
    }

    /** A digit, the same moved, and what changes if it moves; the first layer's liveliest map beside it, before and after pooling. */
    static BufferedImage equivariance(ShiftExperiment shift) {
        int moved = 2 * ShiftExperiment.SHIFT;
        int map = liveliest(shift);
        List<BufferedImage> pictures = new ArrayList<>();
        for (int columns : new int[] {0, moved}) {
            pictures.add(Pictures.of(shift.shifted(columns), 28, 28, PIXEL, null));
            pictures.add(Pictures.of(map(shift, "conv1", map, columns), 28, 28, PIXEL, null));
            pictures.add(Pictures.of(map(shift, "pool1", map, columns), 14, 14, 2 * PIXEL, null));
        }
        pictures.add(difference(shift, "digit", 0, 28, PIXEL));
        pictures.add(difference(shift, "conv1", map, 28, PIXEL));
        pictures.add(difference(shift, "pool1", map, 14, 2 * PIXEL));
        List<String> captions = List.of("digit\n28 \u00d7 28 pixels", "a map of conv1\n28 \u00d7 28", "after pooling\n14 \u00d7 14",
                "the digit moves\n" + moved + " to the right", "and so does its map\n" + moved + " to the right",
                "pooled, by half\n" + moved / 2 + " to the right",
                "moved by 1 pixel" + changed(shift, "digit"), "in conv1" + changed(shift, "conv1"),
                "after pooling" + changed(shift, "pool1"));
        return Pictures.sheet(pictures, captions, 3);
    }

    private static String changed(ShiftExperiment shift, String node) {
        return String.format(Locale.ROOT, "\nchanges by %.0f %%", 100 * shift.change(node, 1));
    }

    private static BufferedImage difference(ShiftExperiment shift, String node, int channel, int size, int scale) {
        float[] before = map(shift, node, channel, 0);
        float[] after = map(shift, node, channel, 1);
        float limit = Range.limit(before);
        for (int i = 0; i < before.length; i++) {
            after[i] -= before[i];
        }
        return Pictures.of(after, size, size, scale, Range.signed(limit));
    }

    /** Of the maps of conv1, the one that varies most from place to place; one with a high level all over shows little. */
    private static int liveliest(ShiftExperiment shift) {
        List<float[]> maps = channels(shift.activation("conv1", 0), shift.network().node("conv1").shape().channels());
        int best = 0;
        double most = -1;
        for (int c = 0; c < maps.size(); c++) {
            double sum = 0;
            double squares = 0;
            for (float value : maps.get(c)) {
                sum += value;
                squares += (double) value * value;
            }
            double variance = squares - sum * sum / maps.get(c).length;
            if (variance > most) {
                most = variance;
                best = c;
            }
        }
        return best;
    }

    private static float[] map(ShiftExperiment shift, String node, int channel, int columns) {
        return channels(shift.activation(node, columns), shift.network().node(node).shape().channels()).get(channel);
    }

    /** Each channel by itself. */
    private static List<float[]> channels(float[] values, int channels) {
        List<float[]> all = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            float[] one = new float[values.length / channels];
            for (int i = 0; i < one.length; i++) {
                one[i] = values[i * channels + c];
            }
            all.add(one);
        }
        return all;
    }
}
