package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import lanewise.layer.Network;
import lanewise.model.LeNet;
import lanewise.oracle.Data;
import lanewise.train.ByteImages;
import lanewise.train.ConfusionMatrix;
import lanewise.train.Epoch;
import lanewise.train.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistPicturesTest {

    private static final int EXAMPLES = 18;

    @TempDir
    private Path folder;

    /** Digits 0 to 8 twice: there is no 9. Image 3 is white at the left, image 5 above, image 7 everywhere. */
    private static ByteImages digits() {
        byte[] pixels = new byte[EXAMPLES * 28 * 28];
        int[] labels = new int[EXAMPLES];
        for (int i = 0; i < pixels.length; i++) {
            int image = i / 784;
            boolean white = image == 3 && i % 28 < 14 || image == 5 && i % 784 < 392 || image == 7;
            pixels[i] = (byte) (white ? 255 : 0);
            labels[image] = image % 9;
        }
        return ByteImages.of(LeNet.INPUT, pixels, labels, IntStream.range(0, 10).mapToObj(String::valueOf).toList());
    }

    /** For the right class, or another; the later the image, the surer. */
    private static float[][] scores(Map<Integer, Integer> mistakes) {
        float[][] scores = new float[EXAMPLES][10];
        for (int i = 0; i < EXAMPLES; i++) {
            scores[i][mistakes.getOrDefault(i, i % 9)] = 5 + i;
        }
        return scores;
    }

    private Map<String, BufferedImage> write(float[][] scores) throws IOException {
        Network network = LeNet.network(1);
        ByteImages digits = digits();
        ConfusionMatrix confusion = new ConfusionMatrix(10);
        float[] target = new float[1];
        for (int i = 0; i < EXAMPLES; i++) {
            digits.readTarget(i, target, 0);
            confusion.add(scores[i], target, 1);
        }
        History history = new History(List.of(new Epoch(1, 0.5, 0.8, Double.NaN, Double.NaN, 1e-3, 1, EXAMPLES)), 1, false);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        new MnistPictures(folder, new PrintStream(printed, true, StandardCharsets.UTF_8)).write(digits, scores, confusion, history,
                new ShiftExperiment(network, Data.reals(1, 784)));
        Map<String, BufferedImage> pictures = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                pictures.put(file.getFileName().toString(), ImageIO.read(file.toFile()));
                assertTrue(printed.toString(StandardCharsets.UTF_8).contains(file.toString()), file + " is not announced");
            }
        }
        assertEquals(List.of("confusion.png", "equivariance.png", "feature-maps.png", "filters.png", "learning-curve.png",
                "most-confused.png"), pictures.keySet().stream().sorted().toList());
        return pictures;
    }

    @Test
    void whenNothingIsMisclassifiedAndAClassIsAbsent() throws IOException {
        Map<String, BufferedImage> pictures = write(scores(Map.of()));
        BufferedImage sentence = pictures.get("most-confused.png");
        assertEquals(360, sentence.getWidth());
        int ink = 0;
        for (int x = 0; x < 360; x++) {
            for (int y = 0; y < 60; y++) {
                ink += (sentence.getRGB(x, y) & 0xff) < 0x80 ? 1 : 0;
            }
        }
        assertTrue(ink > 200, ink + " dark pixels of a sentence");
    }

    @Test
    void theSurestMistakeIsTheFirst() throws IOException {
        BufferedImage mistakes = write(scores(Map.of(3, 9, 5, 4))).get("most-confused.png");
        assertEquals(6 + 2 * (3 * 28 + 6), mistakes.getWidth());
        assertEquals(0xffffff, mistakes.getRGB(6 + 80, 6 + 4) & 0xffffff, "image 5 is white above");
        assertEquals(0x000000, mistakes.getRGB(6 + 4, 6 + 80) & 0xffffff);
        assertEquals(0x000000, mistakes.getRGB(96 + 80, 6 + 4) & 0xffffff, "image 3 is white at the left");
        assertEquals(0xffffff, mistakes.getRGB(96 + 4, 6 + 80) & 0xffffff);
    }

    @Test
    void eightMistakesInARow() throws IOException {
        Map<Integer, Integer> all = new HashMap<>();
        IntStream.range(0, EXAMPLES).forEach(i -> all.put(i, 9));
        BufferedImage mistakes = write(scores(all)).get("most-confused.png");
        assertEquals(6 + 8 * (3 * 28 + 6), mistakes.getWidth());
    }

    @Test
    void featureMapsFitOnAPage() throws IOException {
        BufferedImage maps = write(scores(Map.of())).get("feature-maps.png");
        assertTrue(maps.getHeight() <= 900 && maps.getWidth() <= 900, maps.getWidth() + " x " + maps.getHeight());
    }

    @Test
    void softmaxOfKnownScores() {
        float[] probabilities = MnistPictures.softmax(new float[] {1000, 1000 + (float) Math.log(3)});
        assertEquals(0.25, probabilities[0], 1e-4); // the second score is rounded to a multiple of 2^-14
        assertEquals(1, probabilities[0] + probabilities[1], Math.ulp(1f));
    }
}
