package lanewise.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What a training shows at its end: how it went, epoch by epoch, and what is still mistaken for what. */
public final class Charts {

    private static final Color TRAIN = new Color(0x0969da);
    private static final Color VALIDATION = new Color(0xcf5300);
    private static final Color GRID = new Color(0xe3e6ea);

    private static final int PANEL_WIDTH = 560;
    private static final int PANEL_HEIGHT = 350;
    private static final int TITLE_HEIGHT = 30;

    private Charts() {}

    /**
     * Two panels, loss at the left and accuracy at the right, over epochs counted from 1. An array may be null or empty, if there is
     * nothing of the kind.
     *
     * @param trainLoss one for each epoch; NaN where there is none
     * @param validationLoss likewise
     * @param trainAccuracy from 0 to 1
     * @param validationAccuracy from 0 to 1
     * @return 1120 x 380 pixels
     * @throws IllegalArgumentException if both arrays of a panel hold no number
     */
    public static BufferedImage learningCurve(double[] trainLoss, double[] validationLoss, double[] trainAccuracy,
                                              double[] validationAccuracy) {
        BufferedImage both = Pictures.blank(2 * PANEL_WIDTH, TITLE_HEIGHT + PANEL_HEIGHT);
        draw(both, 0, "Loss", panel("0.00", LegendPosition.InsideNE, trainLoss, validationLoss, 1));
        draw(both, PANEL_WIDTH, "Accuracy in %", panel("0.0", LegendPosition.InsideSE, trainAccuracy, validationAccuracy, 100));
        return both;
    }

    /** The title is ours: the chart would place two titles, one with descenders and one without, at two heights. */
    private static void draw(BufferedImage both, int left, String title, XYChart panel) {
        if (panel.getSeriesCollection().isEmpty()) {
            throw new IllegalArgumentException(title + ": neither training nor validation has a number to show");
        }
        Graphics2D pen = Pictures.pen(both);
        pen.translate(left, TITLE_HEIGHT);
        panel.paint(pen, PANEL_WIDTH, PANEL_HEIGHT);
        pen.setColor(Pictures.INK);
        Pictures.centre(pen, title, Pictures.font(Font.BOLD, 17), 0, -2, PANEL_WIDTH);
        pen.dispose();
    }

    private static XYChart panel(String decimals, LegendPosition legend, double[] train, double[] validation, double unit) {
        XYChart chart = new XYChartBuilder().width(PANEL_WIDTH).height(PANEL_HEIGHT).xAxisTitle("epoch").build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotGridVerticalLinesVisible(false);
        style.setChartFontColor(Pictures.INK);
        style.setChartTitleVisible(false);
        style.setAxisTitleFont(Pictures.font(Font.PLAIN, 13));
        style.setAxisTickLabelsFont(Pictures.font(Font.PLAIN, 13));
        style.setAxisTickLabelsColor(Pictures.FAINT);
        style.setAxisTickMarksColor(GRID);
        style.setYAxisDecimalPattern(decimals);
        style.setXAxisDecimalPattern("0");
        style.setLegendFont(Pictures.font(Font.PLAIN, 14));
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendPosition(legend);
        style.setChartPadding(14);
        add(chart, "training", train, unit, TRAIN);
        add(chart, "validation", validation, unit, VALIDATION);
        return chart;
    }

    /** Points that are numbers; an axis cannot hold others. */
    private static void add(XYChart chart, String name, double[] values, double unit, Color colour) {
        int length = values == null ? 0 : values.length;
        double[] epochs = new double[length];
        double[] shown = new double[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (Double.isFinite(values[i])) {
                epochs[count] = i + 1;
                shown[count++] = values[i] * unit;
            }
        }
        if (count == 0) {
            return;
        }
        XYSeries series = chart.addSeries(name, Arrays.copyOf(epochs, count), Arrays.copyOf(shown, count));
        series.setLineColor(colour);
        series.setLineWidth(2.4f);
        series.setMarker(count <= 30 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(colour);
    }

    /**
     * Counts in a square table, a row for each true class and a column for each answer. Right answers, on the diagonal, are many: they
     * are all of one pale green. Errors are white to red, by their share of the most frequent one (of 5, if it is rarer).
     *
     * @param counts {@code counts[truth][answer]}, at least 0, as {@link lanewise.train.ConfusionMatrix#counts} gives them
     * @param classNames one for each class
     * @throws IllegalArgumentException if the table is not square, has a negative count, or not as many rows as there are names
     */
    public static BufferedImage confusionMatrix(long[][] counts, List<String> classNames) {
        return ConfusionChart.draw(counts, classNames);
    }
}
