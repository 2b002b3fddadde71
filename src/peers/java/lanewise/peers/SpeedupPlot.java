package lanewise.peers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How many times as fast we are as the peer, as bars: one for each work and batch, and a line where both are equal. */
final class SpeedupPlot {

    private static final int WIDTH = 1200;
    private static final int HEIGHT = 460;
    private static final Color INK = new Color(0x24292f);
    private static final Color FAINT = new Color(0x57606a);
    private static final Color GRID = new Color(0xe3e6ea);
    private static final Color[] BARS = {new Color(0x0969da), new Color(0xcf5300), new Color(0x2da44e), new Color(0x8250df)};

    private SpeedupPlot() {}

    /** Draws the lines into a PNG file. Of several peers of a work the fastest counts. */
    static void write(List<Line> lines, Path file) throws IOException {
        if (!ImageIO.write(BitmapEncoder.getBufferedImage(draw(lines)), "png", file.toFile())) {
            throw new IOException("this JDK writes no PNG");
        }
    }

    /** Against the fastest peer, by batch and then by work; works without a peer are left out. */
    static Map<Integer, Map<String, Double>> speedups(List<Line> lines) {
        Map<Integer, Map<String, Double>> byBatch = new LinkedHashMap<>();
        compared(lines).forEach(line -> byBatch.computeIfAbsent(line.batch(), batch -> new LinkedHashMap<>())
                .merge(line.work(), line.speedup(), Math::min));
        return byBatch;
    }

    private static List<Line> compared(List<Line> lines) {
        return lines.stream().filter(line -> !line.peer().isEmpty()).toList();
    }

    private static CategoryChart draw(List<Line> lines) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT)
                .yAxisTitle("times as fast as ONNX Runtime").build();
        style(chart);
        Set<String> works = new LinkedHashSet<>();
        compared(lines).forEach(line -> works.add(line.work()));
        List<String> labels = works.stream().map(work -> work.replace(NetWork.PREFIX, "")).toList();
        speedups(lines).forEach((batch, speedups) -> {
            List<Number> heights = new ArrayList<>();
            works.forEach(work -> heights.add(speedups.get(work)));
            CategorySeries bars = chart.addSeries("batch " + batch, labels, heights);
            bars.setFillColor(BARS[(chart.getSeriesCollection().size() - 1) % BARS.length]);
        });
        CategorySeries even = chart.addSeries("equal", labels, labels.stream().map(label -> 1).toList());
        even.setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Line);
        even.setMarker(SeriesMarkers.NONE);
        even.setLineColor(INK);
        even.setLineWidth(1.2f);
        even.setShowInLegend(false);
        return chart;
    }

    private static void style(CategoryChart chart) {
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotGridVerticalLinesVisible(false);
        style.setChartFontColor(INK);
        style.setChartTitleVisible(false);
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        style.setAxisTickLabelsColor(FAINT);
        style.setAxisTickMarksColor(GRID);
        style.setXAxisLabelRotation(90); // or the axis leaves every second label out
        style.setXAxisMaxLabelCount(Integer.MAX_VALUE);
        style.setYAxisMin(0.0);
        style.setYAxisDecimalPattern("0.0");
        style.setAvailableSpaceFill(0.8);
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendPosition(LegendPosition.OutsideS); // inside it would cover high bars
        style.setChartPadding(12);
    }
}
