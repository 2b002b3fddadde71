package lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every line of Java in README.md stands in {@link ReadmeTest}, which runs it: but for comments and white space, with files in a folder of
 * the test, and with what the README prints in whatever place.
 */
class ReadmeLinesTest {

    /** What takes long or is not there: the test has the like, of smaller sizes. */
    private static final List<String> EXCEPTIONS = List.of(
            "BufferedImage image = ImageIO.read(new File(\"cat.jpg\"));",
            "Predictor predictor = Predictor.compile(ResNet50.network(1), options);",
            "float[] in = new float[8 * 224 * 224 * 3], out = new float[8 * 1000];",
            "ImageInput.IMAGENET.fill(image, in, 0);",
            "float[] in = new float[3 * 224 * 224], out = new float[1000];",
            "Network network = imported.withHead(\"avgpool\", 42, new Flatten(), Dense.of(5));");

    @Test
    void everyLineIsTested() throws IOException {
        String tested = String.join("", Files.readAllLines(Path.of("src/test/java/lanewise/ReadmeTest.java")).stream()
                .map(ReadmeLinesTest::bare).toList());
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (String line : lines()) {
            if (!tested.contains(bare(line))) {
                missing.add(line);
            }
            count++;
        }
        assertTrue(count > 50, count + " lines");
        assertEquals(String.join("\n", EXCEPTIONS), String.join("\n", missing), "lines of README.md that ReadmeTest does not have");
    }

    /** Of all blocks, without comments. */
    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        boolean java = false;
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.startsWith("```")) {
                java = line.equals("```java");
            } else if (java && !bare(line).isEmpty()) {
                lines.add(line.replaceFirst("//.*", "").strip());
            }
        }
        return lines;
    }

    private static String bare(String line) {
        return line.replaceFirst("//.*", "").replaceAll("\\s", "").replaceFirst("^System\\.out\\.println\\((.*)\\);$", "$1")
                .replace("Path.of(\"", "folder.resolve(\"");
    }
}
