package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.io.FormatException;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {

    private static final Labels ANIMALS = Labels.of(List.of("cat", "dog", "owl", "cat"));

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("labels.txt"), text);
    }

    /** Some editors write it before the first line. */
    @Test
    void byteOrderMark() throws IOException {
        assertEquals("cat", Labels.read(file("\uFEFFcat\r\ndog\n")).get(0));
    }

    @Test
    void bestByScores() {
        float[] scores = {9, -1, 2, 1, 2};
        float[] before = scores.clone();
        List<Prediction> top = ANIMALS.top(scores, 1, 3);
        assertArrayEquals(before, scores);
        double sum = Math.exp(-1) + 2 * Math.exp(2) + Math.exp(1);
        assertEquals(List.of("dog", "cat", "owl"), top.stream().map(Prediction::label).toList());
        assertEquals(List.of(1, 3, 2), top.stream().map(Prediction::index).toList(), "the first of equals first");
        assertEquals(Math.exp(2) / sum, top.get(0).probability(), 1e-6);
        assertEquals(top.get(0).probability(), top.get(1).probability());
        assertEquals(Math.exp(1) / sum, top.get(2).probability(), 1e-6);
    }

    /** Every length of a softmax's remainder, against double sums. */
    @Test
    void probabilities() {
        for (int size = 1; size <= 40; size++) {
            Labels labels = Labels.of(IntStream.range(0, size).mapToObj(i -> "class " + i).toList());
            float[] scores = Data.reals(size, size + 2);
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += Math.exp(scores[2 + i]);
            }
            double total = 0;
            for (Prediction prediction : labels.top(scores, 2, size)) {
                assertEquals(Math.exp(scores[2 + prediction.index()]) / sum, prediction.probability(), 1e-6);
                assertEquals("class " + prediction.index(), prediction.label());
                total += prediction.probability();
            }
            assertEquals(1, total, 1e-5);
        }
    }

    @Test
    void largeScoresDoNotOverflow() {
        List<Prediction> top = ANIMALS.top(new float[] {3e38f, -3e38f, 1e38f, 0}, 0, 4);
        assertEquals(List.of(0, 2, 3, 1), top.stream().map(Prediction::index).toList(), "by scores: three probabilities are 0");
        assertEquals(1, top.getFirst().probability());
        assertEquals(0, top.getLast().probability());
    }

    @Test
    void brokenScoresShow() {
        List<Prediction> top = ANIMALS.top(new float[] {1, 2, Float.NaN, 3}, 0, 2);
        assertEquals(2, top.get(0).index());
        assertEquals(3, top.get(1).index());
        assertTrue(Float.isNaN(top.get(0).probability()) && Float.isNaN(top.get(1).probability()));
    }

    @Test
    void bestByProbabilities() {
        float[] probabilities = {0, 0.25f, 0.5f, 0.125f, 0.125f};
        assertEquals(List.of(new Prediction(1, "dog", 0.5f), new Prediction(0, "cat", 0.25f), new Prediction(2, "owl", 0.125f)),
                ANIMALS.topOfProbabilities(probabilities, 1, 3));
    }

    @Test
    void fromAFile() throws IOException {
        for (String text : List.of("cat\nsea lion\nmüsli\n", "cat\r\nsea lion\r\nmüsli", " cat\n\tsea lion \nmüsli\n")) {
            Labels labels = Labels.read(file(text));
            assertEquals(3, labels.size());
            assertEquals("cat", labels.get(0));
            assertEquals("sea lion", labels.get(1));
            assertEquals("müsli", labels.get(2));
        }
        assertEquals("3 labels [cat, sea lion, müsli]", Labels.read(file("cat\nsea lion\nmüsli\n")).toString());
    }

    @Test
    void malformedFiles() throws IOException {
        Path empty = file("");
        Refused.by(FormatException.class, () -> Labels.read(empty), "labels.txt: has 0 lines");
        Path blank = file("cat\n \ndog\n");
        Refused.by(FormatException.class, () -> Labels.read(blank), "line 2 of 3 is blank");
        Path latin = Files.write(folder.resolve("latin.txt"), "müsli".getBytes(StandardCharsets.ISO_8859_1));
        Refused.by(FormatException.class, () -> Labels.read(latin), "latin.txt", "UTF-8");
        byte[] large = new byte[Labels.MOST_BYTES + 1];
        Arrays.fill(large, (byte) 'a');
        Path tooLarge = Files.write(folder.resolve("large.txt"), large);
        Refused.by(FormatException.class, () -> Labels.read(tooLarge), Labels.MOST_BYTES + 1, Labels.MOST_BYTES);
        Refused.by(NoSuchFileException.class, () -> Labels.read(folder.resolve("missing")), "missing");
    }

    @Test
    void refusals() {
        Refused.argument(() -> Labels.of(List.of()), "number of names is 0", "1");
        Refused.isNull(() -> Labels.of(null), "names");
        Refused.isNull(() -> Labels.of(Arrays.asList("a", null)), "name 1");
        Refused.isNull(() -> Labels.read(null), "file");
        Refused.bounds(() -> ANIMALS.get(4), "4", "3");
        Refused.bounds(() -> ANIMALS.get(-1), "-1", "3");
        Refused.argument(() -> ANIMALS.top(new float[4], 0, 5), "k is 5", "4");
        Refused.argument(() -> ANIMALS.top(new float[4], 0, 0), "k is 0", "4");
        Refused.argument(() -> ANIMALS.topOfProbabilities(new float[4], 0, -1), "k is -1", "4");
        Refused.bounds(() -> ANIMALS.top(new float[4], 1, 2), "needs 4", "length 4");
        Refused.bounds(() -> ANIMALS.topOfProbabilities(new float[3], 0, 2), "needs 4", "length 3");
    }
}
