package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lanewise.layer.Dense;
import lanewise.layer.Dropout;
import lanewise.layer.Embedding;
import lanewise.layer.Flatten;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.oracle.ChildJvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that trains is killed at random moments, told to end, and put on a full disk: no checkpoint is ever broken. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CheckpointCrashTest {

    private static final int WORDS = 60_000;
    private static final int INPUTS = 6;
    private static final int EPOCHS = 12;
    private static final long KILLING_NANOS = TimeUnit.SECONDS.toNanos(14);
    private static final int LEAST_KILLS = 4;

    @TempDir
    Path folder;

    /** Has nothing to do with vectors. */
    @BeforeAll
    static void atOneWidth() {
        assumeTrue(ChildJvm.isWidthPreferred(), "runs at the preferred width only");
    }

    /** Some 7 MB a checkpoint, and steps that touch few of them, so that most of the time goes into writing. */
    private static Network network() {
        return Network.chain(Shape.of(INPUTS), 1, Embedding.of(WORDS, 10), new Flatten(), new Dropout(0.1f), Dense.of(3));
    }

    private static Trainer trainer(Network network) {
        return new Trainer(network, new SoftmaxCrossEntropy(), Adam.of()).batch(4).epochs(EPOCHS).seed(3)
                .learningRate(LearningRate.cosine(1e-3, 1e-4, 100));
    }

    private static Dataset data() {
        int[] labels = new int[402];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 3;
        }
        float[] words = new float[labels.length * INPUTS];
        for (int i = 0; i < words.length; i++) {
            words[i] = i * 31 % WORDS;
        }
        return ArrayDataset.labelled(Shape.of(INPUTS), words, labels, List.of("a", "b", "c"));
    }

    /** The weights of a training that nothing disturbed. */
    private static float[] undisturbed() {
        Network network = network();
        trainer(network).train(data());
        return network.parameters().values();
    }

    private float[] resumed() throws IOException {
        Network network = network();
        trainer(network).resume(folder).train(data());
        return network.parameters().values();
    }

    /** In the other JVM: {@code folder everySteps}. */
    static final class Training {

        private Training() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            try {
                trainer(network()).checkpoint(folder, Long.parseLong(args[1])).resume(folder).listener(new StopOnShutdown())
                        .listener(new TrainingListener() {
                            @Override
                            public void stepped(Progress progress) {
                                System.out.println("step " + progress.step());
                            }
                        }).train(data());
            } catch (TrainingInterruptedException | java.io.UncheckedIOException e) {
                System.out.println(e);
                System.exit(3);
            }
        }
    }

    private static void await(BufferedReader output, String start) throws IOException {
        for (String line = output.readLine(); ; line = output.readLine()) {
            assertTrue(line != null, "ended before it said " + start);
            if (line.startsWith(start)) {
                return;
            }
        }
    }

    private Map<String, Long> checkAll() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".safetensors")) {
                    Checkpoint.read(file);
                }
                sizes.put(file.getFileName().toString(), Files.size(file));
            }
        }
        return sizes;
    }

    /** Each child goes on where the one before was killed; at last the weights are those of a training that nobody killed. */
    @Test
    void killedAtRandomMoments() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(System.nanoTime());
        long end = System.nanoTime() + KILLING_NANOS;
        List<Long> reached = new ArrayList<>();
        boolean finished = false;
        int halves = 0;
        int patience = 200; // ms; a machine that does not come as far as a checkpoint within it gets more
        for (int kills = 0; !finished && (kills < LEAST_KILLS || System.nanoTime() < end); kills++) {
            Process child = ChildJvm.start(Training.class, folder.toString(), "1");
            try (BufferedReader output = child.inputReader()) {
                await(output, "step");
                finished = child.waitFor(random.nextInt(patience), TimeUnit.MILLISECONDS);
                child.destroyForcibly();
            }
            child.waitFor();
            Map<String, Long> files = checkAll();
            halves += files.keySet().stream().anyMatch(name -> name.endsWith(".tmp")) ? 1 : 0;
            Path newest = CheckpointFolder.newest(folder);
            if (newest != null) {
                reached.add(Checkpoint.read(newest).position().step());
            } else {
                patience *= 2;
            }
        }
        assertTrue(reached.size() >= 2 && reached.getLast() > reached.getFirst(), reached::toString);
        assertTrue(finished || halves > 0, "no kill fell into a write: " + reached);
        assertArrayEquals(undisturbed(), resumed());
    }

    /** SIGTERM, as Ctrl-C. */
    @Test
    void toldToEnd() throws IOException, InterruptedException {
        Process child = ChildJvm.start(Training.class, folder.toString(), "1000000");
        assumeTrue(child.supportsNormalTermination());
        try (BufferedReader output = child.inputReader()) {
            await(output, "step 3");
            child.toHandle().destroy();
            await(output, "lanewise.train.TrainingInterruptedException: interrupted after step");
        }
        assertEquals(143, child.waitFor());
        assertEquals(1, checkAll().size());
        assertTrue(Checkpoint.read(CheckpointFolder.newest(folder)).position().step() >= 3);
        assertArrayEquals(undisturbed(), resumed());
    }

    /** Files of at most half a checkpoint: the one before stays. */
    @Test
    void fullDisk() throws IOException, InterruptedException {
        Path shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell));
        trainer(network()).epochs(1).checkpoint(folder, 40).train(data());
        Map<String, Long> before = checkAll();
        List<String> command = new ArrayList<>(List.of(shell.toString(), "-c", "ulimit -f 1000 || exit 77; exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(Training.class, folder.toString(), "2"));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int status = child.waitFor();
        assumeTrue(status != 77, "no limit of file sizes");
        assertEquals(3, status, output);
        assertTrue(output.lines().toList().getLast().matches("java\\.io\\.UncheckedIOException: the checkpoint of step 102 could not be"
                + " written, those before are whole: .+"), output);
        assertEquals(before, checkAll(), "the same files, and nothing half written");
        assertArrayEquals(undisturbed(), resumed());
    }
}
