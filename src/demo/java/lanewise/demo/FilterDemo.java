package lanewise.demo;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import lanewise.io.ImageFile;
import lanewise.io.Picture;
import lanewise.signal.Border;
import lanewise.signal.ImageFilter;
import lanewise.signal.Plane;

/**
 * The classical image filters on a picture: one PNG file for each, and all of them on one sheet.
 *
 * <pre>./mvnw -q compile exec:exec@demo-filters -Ddemo.args="picture.jpg --out folder"</pre>
 *
 * <p>The picture becomes grey, from 0 (black) to 1 (white), as {@link ImageFile} says: samples that are grey in the file stay as they are,
 * and what is transparent is black. The border is {@link Border#REPLICATE}. Blurred and sharpened pictures are
 * shown in the same scale, what is beyond it cut off. Responses with a sign are shown with mid grey for 0, black for {@code -limit} and
 * white for {@code limit}, the gradient's magnitude with black for 0 and white for its limit; the limit is the magnitude that one pixel
 * in 100 exceeds, and is printed.
 */
public final class FilterDemo {

    private static final String USAGE = "demo.args: [picture.jpg] [--out folder]    without a picture: the bundled one;"
            + " without a folder: target/demo";
    private static final double SHOWN = 0.99;

    private FilterDemo() {}

    /** How a filter's result is shown. */
    private enum Shown { AS_PICTURE, SIGNED, MAGNITUDE }

    private record Step(String file, String title, String taps, Shown shown, UnaryOperator<Plane> filter) {}

    private static final List<Step> STEPS = List.of(
            step("blur", "a mean of neighbours", Shown.AS_PICTURE, ImageFilter.BLUR, 8),
            step("sharpen", "differences enlarged", Shown.AS_PICTURE, ImageFilter.SHARPEN, 4),
            step("edges", "only the differences", Shown.SIGNED, ImageFilter.EDGES, 1),
            step("sobel-x", "slope to the right", Shown.SIGNED, ImageFilter.SOBEL_X, 1),
            step("sobel-y", "slope downwards", Shown.SIGNED, ImageFilter.SOBEL_Y, 1),
            new Step("gradient-magnitude", "Gradient: how steep", "\u221a(SOBEL_X\u00b2 + SOBEL_Y\u00b2)", Shown.MAGNITUDE,
                    picture -> ImageFilter.gradientMagnitude(picture, Border.REPLICATE)));

    private static Step step(String file, String title, Shown shown, ImageFilter filter, int divisor) {
        var taps = new StringBuilder("[");
        for (int i = 0; i < 9; i++) {
            taps.append(i == 0 ? "" : i % 3 == 0 ? " ; " : " ").append(Math.round(filter.kernel().values()[i] * divisor));
        }
        taps.append(divisor == 1 ? "]" : "] / " + divisor);
        return new Step(file, filter + ": " + title, taps.toString().replace('-', '\u2212'), shown,
                picture -> filter.apply(picture, Border.REPLICATE));
    }

    /** Ends with status 1 and one sentence if a file cannot be read or written, and with 2 if misused. */
    public static void main(String[] args) {
        int status = start(args, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the status to end with. */
    static int start(String[] args, PrintStream out, PrintStream err) {
        String picture = null;
        String folder = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--out") && i + 1 < args.length) {
                folder = args[++i];
            } else if (picture == null && !args[i].startsWith("--")) {
                picture = args[i];
            } else {
                err.println(args[i] + ": not understood" + System.lineSeparator() + USAGE);
                return 2;
            }
        }
        try {
            Path file = picture == null ? Bundled.path("pictures/camera.png") : Path.of(picture);
            if (Files.isDirectory(file)) {
                throw new FileSystemException(picture, null, "is a folder, not a picture");
            }
            out.println(picture == null ? "the bundled picture" : picture);
            run(file, folder == null ? Path.of("target", "demo") : Path.of(folder), 250_000_000, out);
            return 0;
        } catch (IOException | InvalidPathException failure) {
            err.println(Sentence.of(failure));
            return 1;
        }
    }

    /** Writes all files, and says so. */
    static void run(Path picture, Path folder, long nanosecondsPerFilter, PrintStream out) throws IOException {
        Picture read = ImageFile.read(picture, 1);
        Plane grey = new Plane(read.height(), read.width(), read.values());
        var sheet = new ContactSheet(picture, grey, Range.grey(0, 1));
        STEPS.forEach(step -> milliseconds(step.filter(), grey, nanosecondsPerFilter)); // the first use of a JVM's code is slow
        for (Step step : STEPS) {
            Plane filtered = step.filter().apply(grey);
            double limit = step.shown() == Shown.AS_PICTURE ? 1 : limit(filtered.values());
            Range range = switch (step.shown()) {
                case AS_PICTURE -> Range.grey(0, 1);
                case SIGNED -> Range.signedGrey((float) limit);
                case MAGNITUDE -> Range.grey(0, (float) limit);
            };
            Path file = folder.resolve(step.file() + ".png");
            write(Pictures.of(filtered.values(), filtered.height(), filtered.width(), 1, range), file);
            double megapixels = grey.values().length / 1e6;
            double milliseconds = milliseconds(step.filter(), grey, nanosecondsPerFilter);
            out.printf(Locale.ROOT, "%8.3f ms  %5.0f megapixels/s  %-37s %9d bytes%s%n", milliseconds,
                    megapixels / milliseconds * 1000, file, Files.size(file),
                    step.shown() == Shown.AS_PICTURE ? "" : String.format(Locale.ROOT, "  limit %.2f", limit));
            sheet.add(step.title() + "\n" + step.taps(), filtered, range);
        }
        Path file = folder.resolve("contact-sheet.png");
        BufferedImage all = sheet.draw();
        write(all, file);
        out.printf("all of them, %d x %d pixels:     %-37s %9d bytes%n", all.getWidth(), all.getHeight(), file, Files.size(file));
    }

    private static void write(BufferedImage picture, Path file) throws IOException {
        try {
            Pictures.write(picture, file);
        } catch (IOException failure) {
            throw new IOException(file + " cannot be written: " + Sentence.of(failure), failure);
        }
    }

    /** The magnitude that 99% of the values do not exceed; of a flat picture 1. */
    static double limit(float[] values) {
        float[] magnitudes = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        Arrays.sort(magnitudes);
        float limit = magnitudes[(int) (SHOWN * (magnitudes.length - 1))];
        return limit > 0 ? limit : Range.limit(values);
    }

    /** The median time of one filter in a number of rounds, the first half of which only warm up. */
    private static double milliseconds(UnaryOperator<Plane> filter, Plane picture, long nanoseconds) {
        List<Long> times = new ArrayList<>();
        long begin = System.nanoTime();
        for (long now = begin; times.size() < 6 || now - begin < nanoseconds; now = System.nanoTime()) {
            filter.apply(picture);
            times.add(System.nanoTime() - now);
        }
        List<Long> warm = times.subList(times.size() / 2, times.size()).stream().sorted().toList();
        return warm.get(warm.size() / 2) / 1e6;
    }
}
