package lanewise.train;

import java.io.PrintStream;
import java.util.Locale;
import lanewise.internal.Checks;

/**
 * Shows how a training goes: in a terminal one line that is written over again, with a bar, loss, accuracy, speed and the time left,
 * of the epoch and in all;
 * elsewhere, as in a log file, plain lines, one every few seconds and one for each epoch.
 */
public final class ConsoleProgress implements TrainingListener {

    private static final int BAR = 24;
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final String unit;
    private long lastNanos;
    private int lineLength;

    /**
     * Writes to a stream.
     *
     * @param terminal whether the stream shows a carriage return as one
     * @param unit what an example is called: {@code images}
     */
    public ConsoleProgress(PrintStream out, boolean terminal, String unit) {
        this.out = Checks.notNull(out, "out");
        this.terminal = terminal;
        this.unit = Checks.notNull(unit, "unit");
    }

    /** {@link #automatic(String)} for images. */
    public static ConsoleProgress automatic() {
        return automatic("images");
    }

    /** Writes to standard output, as a terminal if it is one. */
    public static ConsoleProgress automatic(String unit) {
        return new ConsoleProgress(System.out, System.console() != null && System.console().isTerminal(), unit);
    }

    @Override
    public void started(Progress progress) {
        lastNanos = System.nanoTime();
    }

    @Override
    public void stepped(Progress progress) {
        long now = System.nanoTime();
        if (now - lastNanos < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        lastNanos = now;
        String figures = String.format(Locale.ROOT, "epoch %d/%d %s loss %.4f%s  %,.0f %s/s  %s left, in all %s",
                progress.epoch(), progress.epochs(), terminal ? bar(progress) : percent(progress), progress.loss(),
                accuracy(progress.accuracy()), progress.examplesPerSecond(), unit,
                time(progress.epochSecondsLeft()), time(progress.secondsLeft()));
        if (terminal) {
            overwrite(figures);
        } else {
            out.println(figures);
        }
    }

    @Override
    public void epochEnded(Epoch epoch, Progress progress) {
        String validation = Double.isNaN(epoch.validationLoss()) ? ""
                : String.format(Locale.ROOT, ", validation loss %.4f%s", epoch.validationLoss(), accuracy(epoch.validationAccuracy()));
        String line = String.format(Locale.ROOT, "epoch %d/%d: loss %.4f%s%s, %,.0f %s/s, %s", epoch.number(), progress.epochs(),
                epoch.trainLoss(), accuracy(epoch.trainAccuracy()), validation,
                progress.examplesPerSecond(), unit, time(epoch.seconds()));
        if (terminal) {
            overwrite(line);
            lineLength = 0;
            out.println();
        } else {
            out.println(line);
        }
    }

    @Override
    public void ended(History history) {
        if (lineLength > 0) {
            out.println();
            lineLength = 0;
        }
        out.flush();
    }

    private void overwrite(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, lineLength - line.length())));
        out.flush();
        lineLength = line.length();
    }

    private static String bar(Progress progress) {
        int full = (int) (BAR * progress.epochStep() / progress.stepsPerEpoch());
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    private static String percent(Progress progress) {
        return 100 * progress.epochStep() / progress.stepsPerEpoch() + "%";
    }

    private static String accuracy(double accuracy) {
        return Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, " accuracy %.2f%%", 100 * accuracy);
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600 ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }
}
