package lanewise.demo;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import lanewise.infer.ImageInput;
import lanewise.infer.Labels;
import lanewise.infer.Prediction;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorContext;
import lanewise.infer.PredictorOptions;
import lanewise.layer.Shape;
import lanewise.onnx.OnnxException;
import lanewise.onnx.OnnxImporter;
import lanewise.onnx.OnnxModel;
import lanewise.onnx.OnnxValue;

/**
 * An ONNX model classifies a picture: its labels, the time, and the plan that was made of it.
 *
 * <pre>./mvnw -q compile exec:exec@demo-onnx -Ddemo.args="model.onnx picture.jpg --labels names.txt --normalize imagenet"</pre>
 *
 * <p>The model has one input of 1 or 3 channels, {@code N x C x H x W}, and one output of scores. Without arguments a bundled LeNet
 * reads a bundled digit.
 */
public final class OnnxDemo {

    private static final String USAGE = "demo.args: [model.onnx picture.jpg [--labels names.txt] [--normalize none|half|imagenet]"
            + " [--size height,width]]";
    private static final int CALLS = 200;
    private static final int SHOWN = 5;

    /** Of the digits that the bundled model was trained on. */
    private static final float MEAN = 0.12292f;
    private static final float DEVIATION = 0.29884f;

    private OnnxDemo() {}

    /** Ends with status 1 and one sentence if a file cannot be read or run, and with 2 if misused. */
    public static void main(String[] args) {
        int status = start(args, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the status to end with. */
    static int start(String[] args, PrintStream out, PrintStream err) {
        try {
            OnnxDemoOptions options = OnnxDemoOptions.parse(args);
            run(options, out);
            return 0;
        } catch (OnnxDemoOptions.MisuseException misuse) {
            err.println(misuse.getMessage() + System.lineSeparator() + USAGE);
            return 2;
        } catch (IOException | InvalidPathException failure) {
            err.println(Sentence.of(failure));
            return 1;
        } catch (OnnxException | IllegalArgumentException refusal) {
            err.println(refusal.getMessage());
            return 1;
        }
    }

    private static void run(OnnxDemoOptions options, PrintStream out) throws IOException {
        Path file = options.model() == null ? Bundled.path("onnx/digits.onnx") : Path.of(options.model());
        Path picture = options.picture() == null ? Bundled.path("onnx/seven.png") : Path.of(options.picture());
        OnnxModel model = OnnxImporter.load(file).channelsLast();
        int[] sizes = sizes(model, options);
        long begin = System.nanoTime();
        Predictor predictor = model.predictor(Map.of(model.inputs().getFirst().name(), sizes), PredictorOptions.defaults());
        out.printf(Locale.ROOT, "%s, opset %d, compiled in %.1f s%n", model, model.opset(), (System.nanoTime() - begin) / 1e9);
        out.println(predictor.describe());

        ImageInput whole = ImageInput.of(Shape.of(sizes[2], sizes[3], sizes[1]));
        ImageInput pixels = options.model() == null ? whole.normalized(MEAN, DEVIATION) : options.normalized(whole);
        float[] in = new float[pixels.shape().size()];
        pixels.fill(image(picture), in, 0);
        float[] scores = new float[predictor.outputs().getFirst().shape().size()];
        double micros = microseconds(predictor, in, scores);

        String kind = options.model() == null ? "digit " : "class ";
        Labels labels = options.labels() == null ? Labels.of(IntStream.range(0, scores.length).mapToObj(i -> kind + i).toList())
                : Labels.read(Path.of(options.labels()));
        List<Prediction> best = labels.top(scores, 0, Math.min(SHOWN, scores.length));
        for (Prediction each : best) {
            out.printf(Locale.ROOT, "%6.2f%%  %s%n", 100 * each.probability(), each.label());
        }
        out.printf(Locale.ROOT, "demo-onnx: best=\"%s\" probability=%.4f p50_us=%.1f%n", best.getFirst().label(),
                best.getFirst().probability(), micros);
    }

    /** N, C, H and W as the model declares them, a batch of one; open sides as the options say. */
    private static int[] sizes(OnnxModel model, OnnxDemoOptions options) {
        if (model.inputs().size() != 1 || model.outputs().size() != 1) {
            throw new IllegalArgumentException(model + " has " + model.inputs().size() + " inputs and " + model.outputs().size()
                    + " outputs, must have one of each");
        }
        OnnxValue input = model.inputs().getFirst();
        if (input.dims() == null || input.dims().size() != 4) {
            throw new IllegalArgumentException("input is " + input + ", must be N x C x H x W");
        }
        int[] sizes = input.dims().stream().mapToInt(Integer::intValue).toArray();
        sizes[0] = 1;
        sizes[1] = sizes[1] < 0 ? 3 : sizes[1];
        sizes[2] = sizes[2] < 0 ? options.height() : sizes[2];
        sizes[3] = sizes[3] < 0 ? options.width() : sizes[3];
        return sizes;
    }

    private static BufferedImage image(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        if (image == null) {
            throw new IOException(file + " is no picture that the JDK can read");
        }
        return image;
    }

    /** The median of some calls, after a second that only warms up. */
    private static double microseconds(Predictor predictor, float[] in, float[] out) {
        PredictorContext context = predictor.newContext();
        for (long begin = System.nanoTime(); System.nanoTime() - begin < 1_000_000_000;) {
            context.predict(in, out);
        }
        long[] times = new long[CALLS];
        for (int call = 0; call < CALLS; call++) {
            long begin = System.nanoTime();
            context.predict(in, out);
            times[call] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        return times[CALLS / 2] / 1e3;
    }
}
