package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.io.IdxFile;
import lanewise.oracle.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistDemoTest {

    /** Long enough for figures that nobody reads; the naive loops still meet each of the test images several times. */
    private static final MnistDemo.Timing SHORT = new MnistDemo.Timing(0.1, 1_000, 300);

    @TempDir
    Path folder;

    /** A bar at a height of its own for each class, in noise. */
    private static void writeBars(Path folder, String part, int examples, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] pixels = new byte[examples * 28 * 28];
        byte[] labels = new byte[examples];
        random.nextBytes(pixels);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((pixels[i] & 0xff) / 8);
        }
        for (int i = 0; i < examples; i++) {
            labels[i] = (byte) random.nextInt(10);
            for (int column = 6; column < 22; column++) {
                pixels[i * 784 + (4 + 2 * labels[i]) * 28 + column] = (byte) 250;
            }
        }
        IdxFile.write(folder.resolve(part + "-images-idx3-ubyte"), List.of(examples, 28, 28), pixels);
        IdxFile.write(folder.resolve(part + "-labels-idx1-ubyte"), List.of(examples), labels);
    }

    /** The whole way on a folder of one's own: trained, saved, loaded, served, drawn; the last line sums up. */
    @Test
    void wholeDemoOnAFolder() throws IOException {
        writeBars(folder, "train", 300, 1);
        writeBars(folder, "t10k", 50, 2);
        Path out = folder.resolve("out");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        new MnistDemo(MnistOptions.of(new String[] {"--data", folder.toString(), "--out", out.toString(), "--epochs", "2",
            "--batch", "16"}), print, SHORT).run();
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.getFirst().startsWith("300 training and 50 test images from " + folder), lines.getFirst());
        assertTrue(lines.getLast().matches("demo: accuracy=[01]\\.\\d{4} p50_us=[0-9.]+ naive_speedup=[0-9.]+"), lines.getLast());
        try (Stream<Path> files = Files.list(out)) {
            assertEquals("confusion.png equivariance.png feature-maps.png filters.png learning-curve.png lenet.safetensors"
                    + " most-confused.png", files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(" ")));
        }
    }

    /** So the same command goes on; with another seed it is another training, and refused. */
    @Test
    void looksForCheckpoints() throws IOException {
        assumeTrue(ChildJvm.isWidthPreferred(), "runs at the preferred width only: it knows no other");
        writeBars(folder, "train", 300, 1);
        writeBars(folder, "t10k", 50, 2);
        Path checkpoints = folder.resolve("run");
        String[] args = {"--data", folder.toString(), "--out", folder.resolve("out").toString(), "--epochs", "1", "--batch", "16",
            "--checkpoints", checkpoints.toString()};
        assertEquals(List.of(), start(0, args));
        String[] other = Arrays.copyOf(args, args.length + 2);
        other[args.length] = "--seed";
        other[args.length + 1] = "2";
        assertSentence(start(1, other), "step-0000000019.safetensors is of another training", "seed is 1, here it is 2");
    }

    /** A network that is no LeNet is not looked into by the names of its layers; held out, a part of the training set validates. */
    @Test
    void anotherNetwork() throws IOException {
        writeBars(folder, "train", 300, 1);
        writeBars(folder, "t10k", 50, 2);
        Path out = folder.resolve("out");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        new MnistDemo(MnistOptions.of(new String[] {"--data", folder.toString(), "--out", out.toString(), "--network", "small-vgg",
            "--epochs", "2", "--batch", "16", "--flip", "yes", "--held-out", "60"}), print, SHORT).run();
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.getLast().matches("demo: accuracy=[01]\\.\\d{4} p50_us=[0-9.]+"), lines.getLast());
        try (Stream<Path> files = Files.list(out)) {
            assertEquals("confusion.png learning-curve.png most-confused.png small-vgg.safetensors",
                    files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(" ")));
        }
    }

    @Test
    void heldOutOfAll() throws IOException {
        writeBars(folder, "train", 20, 1);
        writeBars(folder, "t10k", 5, 2);
        assertSentence(start(1, "--data", folder.toString(), "--held-out", "20"), "--held-out is 20", "20 training images");
    }

    @Test
    void misuseEndsWithTwoAndTheUsage() {
        List<String> lines = start(2, "--epochs", "x");
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().contains("--epochs is x"), lines.getFirst());
        assertEquals(MnistOptions.USAGE, lines.getLast());
        start(2, "--data");
    }

    @Test
    void dataThatIsMissingOrDoesNotFitEndsWithOneSentence() throws IOException {
        Path missing = folder.resolve("missing");
        assertSentence(start(1, "--data", missing.toString()), missing.toString(), "train-images-idx3-ubyte.gz");
        assertSentence(start(1, "--data", folder.toString()), folder.toString(), "has none of");
        writeBars(folder, "train", 20, 1);
        assertSentence(start(1, "--data", folder.toString()), folder.toString(), "t10k-images");
        IdxFile.write(folder.resolve("t10k-images-idx3-ubyte"), List.of(2, 32, 32, 3), new byte[2 * 32 * 32 * 3]);
        IdxFile.write(folder.resolve("t10k-labels-idx1-ubyte"), List.of(2), new byte[2]);
        assertSentence(start(1, "--data", folder.toString()), "test images are 32x32x3", "28x28x1");
        Files.writeString(folder.resolve("train-images-idx3-ubyte"), "no images");
        assertSentence(start(1, "--data", folder.toString()), "train-images-idx3-ubyte", "magic number");
    }

    private static void assertSentence(List<String> lines, String... parts) {
        assertEquals(1, lines.size(), lines::toString);
        for (String part : parts) {
            assertTrue(lines.getFirst().contains(part), lines.getFirst());
        }
    }

    /** Returns the lines on standard error. */
    private static List<String> start(int status, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertEquals(status, MnistDemo.start(args, new PrintStream(OutputStream.nullOutputStream()), new PrintStream(err, true,
                StandardCharsets.UTF_8), SHORT));
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
