package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.io.IdxFile;
import lanewise.layer.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistDemoTest {

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
            "--batch", "16"}), print).run();
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.getFirst().startsWith("300 training and 50 test images from " + folder), lines.getFirst());
        assertTrue(lines.getLast().matches("demo: accuracy=[01]\\.\\d{4} p50_us=[0-9.]+ naive_speedup=[0-9.]+"), lines.getLast());
        try (Stream<Path> files = Files.list(out)) {
            assertEquals("confusion.png equivariance.png feature-maps.png filters.png learning-curve.png lenet.safetensors"
                    + " most-confused.png", files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(" ")));
        }
    }

    /** Away from the border, the maps of a moved digit are the moved maps, bit for bit. */
    @Test
    void convolutionIsEquivariant() {
        Network network = LeNet.create(3);
        float[] digit = new float[28 * 28];
        SplittableRandom random = new SplittableRandom(4);
        for (int row = 10; row < 18; row++) {
            for (int column = 10; column < 18; column++) {
                digit[row * 28 + column] = random.nextInt(256) / 255f;
            }
        }
        ShiftExperiment shift = new ShiftExperiment(network, digit);
        assertEquals(0, shift.equivarianceError("conv1", 2));
        assertEquals(0, shift.equivarianceError("pool1", 2));
        assertTrue(shift.change("conv1", 2) > 0.1, "the maps did not move");
        assertTrue(shift.change("pool1", 1) < shift.change("conv1", 1), "pooling made nothing more invariant");
    }

    @Test
    void optionsAreChecked() {
        assertEquals(7, MnistOptions.of(new String[] {"--epochs", "7"}).epochs());
        for (List<String> bad : List.of(List.of("--epoch", "7"), List.of("--epochs"), List.of("--epochs", "x"), List.of("--batch", "0"))) {
            assertThrows(IllegalArgumentException.class, () -> MnistOptions.of(bad.toArray(String[]::new)), bad::toString);
        }
    }
}
