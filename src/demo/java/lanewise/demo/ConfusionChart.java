package lanewise.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** Draws what {@link Charts#confusionMatrix} promises. */
final class ConfusionChart {

    private static final int RIGHT = 0xdcefe0;
    private static final int NO_ERROR = 0xffffff;
    private static final int FEW_ERRORS = 0xfdeeea;
    private static final int MOST_ERRORS = 0xc62f26;
    private static final Color LINE = new Color(0xd0d7de);

    private static final int MARGIN = 24;
    private static final int TITLE = 58;
    private static final int SHARES = 76; // room for the share of right answers at the right of each row

    private final long[][] counts;
    private final List<String> names;
    private final int cell;
    private final int label;

    private ConfusionChart(long[][] counts, List<String> names) {
        this.counts = counts;
        this.names = names;
        Graphics2D measure = Pictures.pen(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        FontMetrics metrics = measure.getFontMetrics(nameFont());
        int longest = names.stream().mapToInt(metrics::stringWidth).max().orElseThrow();
        measure.dispose();
        label = Math.max(24, longest + 14);
        cell = Math.max(names.size() > 20 ? 36 : 54, Math.min(longest + 10, 96));
    }

    static BufferedImage draw(long[][] counts, List<String> names) {
        check(counts, names);
        return new ConfusionChart(counts, names).draw();
    }

    private static void check(long[][] counts, List<String> names) {
        if (counts.length == 0 || names.size() != counts.length) {
            throw new IllegalArgumentException("classNames has " + names.size() + " elements, counts " + counts.length
                    + ": must be as many, and at least 1");
        }
        for (int truth = 0; truth < counts.length; truth++) {
            if (counts[truth].length != counts.length) {
                throw new IllegalArgumentException("counts[" + truth + "] has length " + counts[truth].length + ", must be "
                        + counts.length);
            }
            for (long count : counts[truth]) {
                if (count < 0) {
                    throw new IllegalArgumentException("counts[" + truth + "] holds " + count + ", must be at least 0");
                }
            }
        }
    }

    private BufferedImage draw() {
        int classes = names.size();
        int left = MARGIN + 22 + label;
        int top = MARGIN + TITLE + 46;
        BufferedImage picture = Pictures.blank(left + classes * cell + SHARES + MARGIN, top + classes * cell + MARGIN);
        Graphics2D pen = Pictures.pen(picture);
        title(pen, picture.getWidth());
        names(pen, left, top);
        long most = mostErrors();
        for (int truth = 0; truth < classes; truth++) {
            for (int answer = 0; answer < classes; answer++) {
                cell(pen, left + answer * cell, top + truth * cell, counts[truth][answer], truth == answer, most);
            }
            share(pen, left + classes * cell, top + truth * cell, truth);
        }
        pen.setStroke(new BasicStroke(1));
        pen.setColor(LINE);
        for (int i = 0; i <= classes; i++) {
            pen.drawLine(left, top + i * cell, left + classes * cell, top + i * cell);
            pen.drawLine(left + i * cell, top, left + i * cell, top + classes * cell);
        }
        pen.dispose();
        return picture;
    }

    private void title(Graphics2D pen, int width) {
        long right = 0;
        long all = 0;
        for (int truth = 0; truth < counts.length; truth++) {
            right += counts[truth][truth];
            all += sum(counts[truth]);
        }
        pen.setColor(Pictures.INK);
        Pictures.centre(pen, "What is taken for what", Pictures.font(Font.BOLD, 18), MARGIN, MARGIN + 18, width - 2 * MARGIN);
        pen.setColor(Pictures.FAINT);
        String summary = all == 0 ? "nothing was classified"
                : String.format(Locale.ROOT, "%d of %d right (%.2f %%), %d wrong", right, all, 100.0 * right / all, all - right);
        Pictures.centre(pen, summary, Pictures.font(Font.PLAIN, 14), MARGIN, MARGIN + 42, width - 2 * MARGIN);
    }

    private void names(Graphics2D pen, int left, int top) {
        int side = names.size() * cell;
        Font axis = Pictures.font(Font.PLAIN, 14);
        pen.setColor(Pictures.FAINT);
        Pictures.centre(pen, "answer", axis, left, top - 30, side);
        Pictures.centre(pen, "right", axis, left + side, top - 9, SHARES);
        AffineTransform upright = pen.getTransform();
        pen.rotate(-Math.PI / 2, MARGIN + 12, top + side);
        Pictures.centre(pen, "truth", axis, MARGIN + 12, top + side, side);
        pen.setTransform(upright);
        pen.setColor(Pictures.INK);
        for (int i = 0; i < names.size(); i++) {
            Pictures.centre(pen, names.get(i), nameFont(), left + i * cell + 3, top - 9, cell - 6);
            pen.setFont(nameFont());
            int width = pen.getFontMetrics().stringWidth(names.get(i));
            pen.drawString(names.get(i), left - 9 - width, top + i * cell + cell / 2 + 5);
        }
    }

    private void cell(Graphics2D pen, int x, int y, long count, boolean right, long most) {
        double share = Math.sqrt((double) count / most); // the root: a single error still shows
        int colour = right ? RIGHT : count == 0 ? NO_ERROR : Range.mix(FEW_ERRORS, MOST_ERRORS, share);
        pen.setColor(new Color(colour));
        pen.fillRect(x, y, cell, cell);
        if (count > 0 || right) {
            pen.setColor(!right && share > 0.75 ? Color.WHITE : Pictures.INK);
            Pictures.centre(pen, Long.toString(count), Pictures.font(right ? Font.PLAIN : Font.BOLD, 15), x + 3, y + cell / 2 + 6,
                    cell - 6);
        }
    }

    private void share(Graphics2D pen, int x, int y, int truth) {
        long all = sum(counts[truth]);
        if (all > 0) {
            pen.setColor(Pictures.FAINT);
            String percent = String.format(Locale.ROOT, "%.1f %%", 100.0 * counts[truth][truth] / all);
            Pictures.centre(pen, percent, Pictures.font(Font.PLAIN, 13), x, y + cell / 2 + 5, SHARES);
        }
    }

    private long mostErrors() {
        long most = 5; // two errors out of thousands are no reason for an alarm
        for (int truth = 0; truth < counts.length; truth++) {
            for (int answer = 0; answer < counts.length; answer++) {
                most = truth == answer ? most : Math.max(most, counts[truth][answer]);
            }
        }
        return most;
    }

    private static long sum(long[] row) {
        long sum = 0;
        for (long count : row) {
            sum += count;
        }
        return sum;
    }

    private static Font nameFont() {
        return Pictures.font(Font.BOLD, 14);
    }
}
