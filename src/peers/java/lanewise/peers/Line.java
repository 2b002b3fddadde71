package lanewise.peers;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One line of the table; times in microseconds per call, NaN and an empty field where there is none.
 *
 * @param speedup how many times our time fits into the peer's
 * @param pctPeak our multiply-adds as a part of what the cores can do, in percent
 * @param imagesPerSecond of ours, when it trains
 */
record Line(String work, int batch, int threads, double ours, double oursP99, String peer, double peerTime, double peerP99,
            double speedup, double pctPeak, double imagesPerSecond) {

    static final String HEADER = "work,batch,threads,ours_us,ours_p99_us,peer,peer_us,peer_p99_us,speedup,pct_peak";

    /** One more field, where a work trains. */
    static final String HEADER_OF_TRAINING = HEADER + ",images_per_s";

    private static final int FIELDS = 10;

    /** Of ours alone. */
    static Line withoutPeer(String work, int batch, int threads, double ours, double oursP99, double pctPeak,
                            double imagesPerSecond) {
        return new Line(work, batch, threads, ours, oursP99, "", Double.NaN, Double.NaN, Double.NaN, pctPeak, imagesPerSecond);
    }

    /** The medians of what several JVMs measured; of the speed-ups too, since one JVM's two sides saw the same disturbances. */
    static Line medianOf(List<Line> lines) {
        Line first = lines.getFirst();
        return new Line(first.work, first.batch, first.threads, median(lines, Line::ours), median(lines, Line::oursP99), first.peer,
                median(lines, Line::peerTime), median(lines, Line::peerP99), median(lines, Line::speedup),
                median(lines, Line::pctPeak), median(lines, Line::imagesPerSecond));
    }

    private static double median(List<Line> lines, ToDoubleFunction<Line> field) {
        return Medians.of(lines.stream().mapToDouble(field));
    }

    /** The line, as {@link #parse} reads it, under one of the two headers. */
    String format(String header) {
        String line = String.join(",", work, Integer.toString(batch), Integer.toString(threads), micros(ours), micros(oursP99), peer,
                micros(peerTime), micros(peerP99), number("%.3f", speedup), number("%.1f", pctPeak));
        return header.equals(HEADER) ? line : line + "," + number("%.0f", imagesPerSecond);
    }

    private static String micros(double value) {
        return number(value < 100 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }

    /**
     * Reads a line of either form.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Line parse(String line) {
        String[] f = line.split(",", -1);
        if (f.length != FIELDS && f.length != FIELDS + 1) {
            throw new IllegalArgumentException("a line has " + FIELDS + " or " + (FIELDS + 1) + " fields, this one " + f.length + ": "
                    + line);
        }
        return new Line(f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2]), number(f[3]), number(f[4]), f[5], number(f[6]),
                number(f[7]), number(f[8]), number(f[9]), f.length == FIELDS ? Double.NaN : number(f[10]));
    }

    private static double number(String field) {
        return field.isEmpty() ? Double.NaN : Double.parseDouble(field);
    }
}
