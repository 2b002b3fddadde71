package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
        FilterDemo.run(picture, folder, 0, new PrintStream(printed, true, StandardCharsets.UTF_8));
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
        BufferedImage original = PictureFile.bundled("camera.png");
        assertEquals(512, original.getWidth());
        run(original);
        BufferedImage sheet = ImageIO.read(folder.resolve("contact-sheet.png").toFile());
        assertEquals(1590, sheet.getWidth());
        assertTrue(sheet.getHeight() > 800 && sheet.getHeight() < 1000);
    }

    @Test
    void aSinglePixelHasASheet() throws IOException {
        run(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        assertEquals(1590, ImageIO.read(folder.resolve("contact-sheet.png").toFile()).getWidth());
    }

    /** Java takes the numbers of a grey picture for linear light: 128 would become 188. */
    @Test
    void greyFilesKeepTheirNumbers() {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            BufferedImage picture = new BufferedImage(2, 1, type);
            int white = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
            picture.getRaster().setSample(0, 0, 0, white / 5);
            picture.getRaster().setSample(1, 0, 0, white);
            assertArrayEquals(new float[] {0.2f, 1}, PictureFile.grey(picture).values());
        }
    }

    @Test
    void coloursAreWeighted() {
        BufferedImage picture = new BufferedImage(4, 1, BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(0, 0, 0xffff0000);
        picture.setRGB(1, 0, 0xff00ff00);
        picture.setRGB(2, 0, 0xff0000ff);
        picture.setRGB(3, 0, 0x00000000);
        assertArrayEquals(new float[] {0.299f, 0.587f, 0.114f, 1}, PictureFile.grey(picture).values(), Math.ulp(1f));
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
        refused(folder.resolve("nothing.png"), "no such file");
        refused(folder, "is a folder");
        refused(Files.writeString(folder.resolve("text.png"), "no picture"), "not a picture");
        Path whole = folder.resolve("whole.png");
        Pictures.write(Pictures.of(new float[64 * 64], 64, 64, 1, null), whole);
        assertEquals(64, PictureFile.read(whole).getHeight());
        byte[] bytes = Files.readAllBytes(whole);
        refused(Files.write(folder.resolve("half.png"), Arrays.copyOf(bytes, bytes.length / 2)), "may be broken");
        assertFalse(assertThrows(IOException.class, () -> PictureFile.bundled("none.png")).getMessage().isBlank());
    }

    @Test
    void refusesAPictureThatDoesNotFitIntoMemory() throws IOException {
        Path file = folder.resolve("large.png");
        ImageIO.write(new BufferedImage(20_001, 2_000, BufferedImage.TYPE_BYTE_BINARY), "png", file.toFile());
        refused(file, "20001 x 2000");
    }

    private static void refused(Path file, String part) {
        String message = assertThrows(IOException.class, () -> PictureFile.read(file)).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains(part), message);
        assertEquals(1, message.lines().count());
    }
}
