package lanewise.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorContext;
import lanewise.io.ModelFile;
import lanewise.layer.Context;
import lanewise.layer.Network;
import lanewise.model.LeNet;
import lanewise.train.Augmentation;
import lanewise.train.ByteImages;
import lanewise.train.ConfusionMatrix;
import lanewise.train.ConsoleProgress;
import lanewise.train.Dataset;
import lanewise.train.Datasets;
import lanewise.train.Epoch;
import lanewise.train.Evaluation;
import lanewise.train.History;
import lanewise.train.LearningRate;
import lanewise.train.SoftmaxCrossEntropy;
import lanewise.train.StopOnShutdown;
import lanewise.train.Trainer;
import lanewise.train.TrainingException;
import lanewise.train.TrainingInterruptedException;

/**
 * The main job: trains a {@link LeNet} on handwritten digits, saves it, loads it back, serves it, and leaves pictures of what it learned.
 * Or another of the {@linkplain DemoNetwork networks}, or clothes in files like those of MNIST.
 *
 * <pre>./mvnw -q compile exec:exec@demo -Ddemo.args="--data folder --epochs 20 --checkpoints target/run"</pre>
 *
 * <p>Without arguments it takes the bundled 10,000 training and 2,000 test images. The last line of the output sums up:
 * {@code demo: accuracy=0.98x p50_us=... naive_speedup=...}. What looks into LeNet by the names of its layers, and the naive loops,
 * are left out for other networks.
 */
public final class MnistDemo {

    private static final SoftmaxCrossEntropy LOSS = new SoftmaxCrossEntropy();
    private static final int STEPS_BETWEEN_CHECKPOINTS = 500;

    private final MnistOptions options;
    private final PrintStream out;
    private final Timing timing;

    /** How calls are timed: after a while of them, so many of the library and so many by naive loops. */
    record Timing(double warmUpSeconds, int calls, int naiveCalls) {

        private static final Timing FULL = new Timing(2, 20_000, 2_000);
    }

    MnistDemo(MnistOptions options, PrintStream out, Timing timing) {
        this.options = options;
        this.out = out;
        this.timing = timing;
    }

    /** Ends with status 1 and one sentence if a file cannot be read or written, or does not fit, and with 2 if misused. */
    public static void main(String[] args) {
        int status = start(args, System.out, System.err, Timing.FULL);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the status to end with. */
    static int start(String[] args, PrintStream out, PrintStream err, Timing timing) {
        MnistOptions options;
        try {
            options = MnistOptions.of(args);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + System.lineSeparator() + MnistOptions.USAGE);
            return 2;
        }
        try {
            new MnistDemo(options, out, timing).run();
            return 0;
        } catch (IOException | UncheckedIOException | IllegalArgumentException | TrainingException
                | TrainingInterruptedException e) {
            err.println(Sentence.of(e));
            return 1;
        }
    }

    void run() throws IOException {
        Path folder = options.data() == null ? Bundled.path("mnist/train-images-idx3-ubyte.gz").getParent() : options.data();
        ByteImages train = digits(folder, true).normalized();
        ByteImages test = digits(folder, false).normalizedLike(train);
        if (options.heldOut() >= train.size()) {
            throw new IllegalArgumentException("--held-out is " + options.heldOut() + ", must be less than the " + train.size()
                    + " training images");
        }
        print("%,d training and %,d test images from %s%n", train.size(), test.size(),
                options.data() == null ? "the bundled MNIST subset" : folder);

        Network network = options.network().network(options.seed());
        out.println(network.summary());
        History history = train(network, train, test);

        Path model = options.out().resolve(options.network() + ".safetensors");
        Files.createDirectories(options.out());
        ModelFile.save(network, model);
        Network served = ModelFile.load(model);
        print("saved, and loaded back from, %s (%,d bytes)%n", model, Files.size(model));

        ConfusionMatrix confusion = new ConfusionMatrix(10);
        Context context = served.newContext(256);
        float[][] scores = new float[test.size()][];
        long start = System.nanoTime();
        Evaluation evaluation = Evaluation.of(context, test, LOSS, (y, targets, n, first) -> {
            confusion.add(y, targets, n);
            for (int i = 0; i < n; i++) {
                scores[first + i] = Arrays.copyOfRange(y, i * 10, (i + 1) * 10);
            }
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        print("test accuracy %.4f, loss %.4f; %,.0f images/s in batches of 256%n", evaluation.accuracy(), evaluation.loss(),
                test.size() / seconds);

        Latency fast = latency(served, test);
        MnistPictures pictures = new MnistPictures(options.out(), out);
        if (options.network() != DemoNetwork.LENET) {
            print("latency of one image: p50 %.1f us, p99 %.1f us%n", fast.micros(50), fast.micros(99));
            pictures.write(test, scores, confusion, history, null);
            print("demo: accuracy=%.4f p50_us=%.1f%n", evaluation.accuracy(), fast.micros(50));
            return;
        }
        Latency naive = naiveLatency(served, test, scores);
        double speedup = naive.micros(50) / fast.micros(50);
        print("latency of one image: p50 %.1f us, p99 %.1f us; by naive loops p50 %.1f us, %.1f times as long%n", fast.micros(50),
                fast.micros(99), naive.micros(50), speedup);

        ShiftExperiment shift = new ShiftExperiment(served, example(test));
        out.println(shift.report());
        pictures.write(test, scores, confusion, history, shift);
        print("demo: accuracy=%.4f p50_us=%.1f naive_speedup=%.1f%n", evaluation.accuracy(), fast.micros(50), speedup);
    }

    /** Before anything is built upon them. */
    private static ByteImages digits(Path folder, boolean train) throws IOException {
        ByteImages digits = Datasets.mnist(folder, train);
        if (!digits.inputShape().equals(LeNet.INPUT)) {
            throw new IllegalArgumentException(folder + ": the " + (train ? "training" : "test") + " images are " + digits.inputShape()
                    + ", this network is made for " + LeNet.INPUT);
        }
        return digits;
    }

    private History train(Network network, ByteImages all, ByteImages test) throws IOException {
        Dataset train = all;
        Dataset validation = test;
        if (options.heldOut() > 0) {
            Dataset.Split split = all.split(1 - (double) options.heldOut() / all.size(), options.seed());
            train = split.first();
            validation = split.second();
        }
        long steps = (long) options.epochs() * Math.ceilDiv(train.size(), options.batch());
        Trainer trainer = new Trainer(network, LOSS, options.network().optimizer())
                .batch(options.batch()).epochs(options.epochs()).seed(options.seed())
                .learningRate(LearningRate.cosine(options.rate(), 0, steps).warmUp((long) (steps * options.network().warmUp())))
                .augment(augmentation())
                .validation(validation)
                .listener(out == System.out ? ConsoleProgress.automatic() : new ConsoleProgress(out, false, "images"));
        if (options.checkpoints() != null) { // Ctrl-C saves, and the same command goes on
            trainer.checkpoint(options.checkpoints(), STEPS_BETWEEN_CHECKPOINTS).resume(options.checkpoints())
                    .listener(new StopOnShutdown());
        }
        History history = trainer.train(train);
        double seconds = Arrays.stream(history.curve(Epoch::seconds)).sum();
        print("trained in %.1f s, %,.0f images/s with validation%n", seconds,
                options.epochs() * (double) train.size() / seconds);
        return history;
    }

    private Augmentation augmentation() {
        Augmentation shift = Augmentation.shift(options.shift(), Augmentation.Fill.EDGE);
        return options.flip() ? shift.then(Augmentation.flipHorizontal()) : shift;
    }

    private Latency latency(Network network, ByteImages test) {
        PredictorContext context = Predictor.compile(network).newContext();
        float[] x = new float[test.inputShape().size()];
        float[] y = new float[network.outputShape().size()];
        return Latency.measure(timing.warmUpSeconds, timing.calls, i -> {
            test.read(i % test.size(), x, 0, new float[1], 0);
            context.predict(x, y);
        });
    }

    /** Times the plain loops, and checks that they come to the same scores. */
    private Latency naiveLatency(Network network, ByteImages test, float[][] scores) {
        NaiveNetwork naive = new NaiveNetwork(network);
        float[] x = new float[test.inputShape().size()];
        return Latency.measure(timing.warmUpSeconds, timing.naiveCalls, i -> {
            int index = i % test.size();
            test.read(index, x, 0, new float[1], 0);
            float[] plain = naive.predict(x);
            for (int k = 0; k < plain.length; k++) {
                if (!(Math.abs(plain[k] - scores[index][k]) <= 1e-3f * (1 + Math.abs(plain[k])))) {
                    throw new AssertionError("image " + index + ", class " + k + ": naive loops say " + plain[k] + ", the library "
                            + scores[index][k]);
                }
            }
        });
    }

    /** A digit to look at. */
    private static float[] example(ByteImages test) {
        float[] x = new float[test.inputShape().size()];
        test.read(0, x, 0, new float[1], 0);
        return x;
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
