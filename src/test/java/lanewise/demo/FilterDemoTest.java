package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterDemoTest {

    @TempDir
    private Path folder;

    @TempDir
    private Path inputs;

    /** A step from black to white between columns 7 and 8: the results are known. */
    @Test
    void filesOfAVerticalEdge() throws IOException {
        BufferedImage step = new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 16 * 12; i++) {
            step.setRGB(i % 16, i / 16, i % 16 < 8 ? 0 : 0xffffff);
        }
        String printed = run(step);
        assertEquals(7, printed.lines().count());
        assertTrue(printed.lines().allMatch(line -> line.contains(folder.toString()) && line.contains(" bytes")), printed);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of("blur.png", "contact-sheet.png", "edges.png", "gradient-magnitude.png", "sharpen.png", "sobel-x.png",
                    "sobel-y.png"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertArrayEquals(new int[] {0, 32, 223, 255}, greys("blur"));
        assertArrayEquals(new int[] {0, 0, 255, 255}, greys("sharpen"));
        assertArrayEquals(new int[] {128, 0, 255, 128}, greys("edges"));
        assertArrayEquals(new int[] {128, 255, 255, 128}, greys("sobel-x"));
        assertArrayEquals(new int[] {128, 128, 128, 128}, greys("sobel-y"));
        assertArrayEquals(new int[] {0, 255, 255, 0}, greys("gradient-magnitude"));
    }

    /** Returns what was printed; a few rounds of each filter are enough. */
    private String run(BufferedImage picture) throws IOException {
        var printed = new ByteArrayOutputStream();
        Path file = inputs.resolve("picture.png");
        Pictures.write(picture, file);
        FilterDemo.run(file, folder, 0, new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** In columns 6 to 9 of a row at the edge. */
    private int[] greys(String name) throws IOException {
        BufferedImage picture = ImageIO.read(folder.resolve(name + ".png").toFile());
        assertEquals(16, picture.getWidth());
        assertEquals(12, picture.getHeight());
        int[] greys = new int[4];
        for (int i = 0; i < 4; i++) {
            greys[i] = picture.getRGB(6 + i, 0) & 0xff;
            assertEquals(greys[i] * 0x10101, picture.getRGB(6 + i, 0) & 0xffffff);
        }
        return greys;
    }

    @Test
    void bundledPictureMakesASheetForAReadme() throws IOException {
        FilterDemo.run(Bundled.path("pictures/camera.png"), folder, 0, new PrintStream(OutputStream.nullOutputStream()));
        assertEquals(512, ImageIO.read(folder.resolve("blur.png").toFile()).getWidth());
        BufferedImage sheet = ImageIO.read(folder.resolve("contact-sheet.png").toFile());
        assertEquals(1590, sheet.getWidth());
        assertTrue(sheet.getHeight() > 800 && sheet.getHeight() < 1000);
    }

    @Test
    void aSinglePixelHasASheet() throws IOException {
        run(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        assertEquals(1590, ImageIO.read(folder.resolve("contact-sheet.png").toFile()).getWidth());
    }

    /** One pixel per number, shrunk, and enlarged; in the last tile everything is grey. */
    @Test
    void theOriginalIsInColour() throws IOException {
        for (int size : new int[] {380, 760, 190}) {
            BufferedImage red = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < size * size; i++) {
                red.setRGB(i % size, i / size, i / size < size / 2 ? 0xff0000 : 0x0000ff);
            }
            run(red);
            BufferedImage sheet = ImageIO.read(folder.resolve("contact-sheet.png").toFile());
            for (int y = 0; y < sheet.getHeight(); y++) {
                for (int x = 0; x < sheet.getWidth(); x++) {
                    boolean original = x >= 14 && x < 14 + 380 && y >= 14 && y < 14 + 380;
                    int rgb = sheet.getRGB(x, y) & 0xffffff;
                    if (original) {
                        assertEquals(y < 14 + 190 ? 0xff0000 : 0x0000ff, rgb, size + " pixels, at " + x + ", " + y);
                    } else {
                        assertTrue(Math.abs((rgb >> 16) - (rgb & 0xff)) < 32, "colour at " + x + ", " + y); // captions are bluish
                    }
                }
            }
        }
    }

    @Test
    void limitLeavesOneInAHundredOut() {
        float[] values = new float[1001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2 == 0 ? i : -i;
        }
        assertEquals(990, FilterDemo.limit(values));
        assertEquals(1, FilterDemo.limit(new float[5]));
        float[] spike = new float[1000];
        spike[500] = -3;
        assertEquals(3, FilterDemo.limit(spike), "where nearly all is flat");
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithAFile() throws IOException {
        refused(inputs.resolve("nothing.png"), "no such file");
        refused(inputs, "is a folder");
        refused(Files.writeString(inputs.resolve("text.png"), "no picture"), "expected a picture");
        Path whole = inputs.resolve("whole.png");
        Pictures.write(Pictures.of(new float[64 * 64], 64, 64, 1, null), whole);
        byte[] bytes = Files.readAllBytes(whole);
        refused(Files.write(inputs.resolve("half.png"), Arrays.copyOf(bytes, bytes.length / 2)), "cannot be decoded");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count(), "something was written");
        }
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(1, start(whole.toString(), "--out", file.toString()).size());
    }

    private void refused(Path file, String part) {
        List<String> lines = start(file.toString(), "--out", folder.toString());
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains(file.toString()) && lines.getFirst().contains(part), lines.getFirst());
    }

    @Test
    void misuseEndsWithTwoAndTheUsage() {
        for (String[] args : new String[][] {{"--out"}, {"a.png", "b.png"}, {"--help"}}) {
            assertEquals(2, FilterDemo.start(args, new PrintStream(OutputStream.nullOutputStream()),
                    new PrintStream(OutputStream.nullOutputStream())), args[0]);
        }
    }

    /** Returns the lines on standard error. */
    private static List<String> start(String... args) {
        var err = new ByteArrayOutputStream();
        assertEquals(1, FilterDemo.start(args, new PrintStream(OutputStream.nullOutputStream()), new PrintStream(err, true,
                StandardCharsets.UTF_8)));
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
