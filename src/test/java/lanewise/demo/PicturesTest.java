package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import lanewise.io.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {

    private static final int WHITE = 0xffffff;

    @TempDir
    private Path folder;

    @Test
    void colours() {
        Range grey = Range.grey(2, 4);
        assertEquals(0x000000, grey.colour(2));
        assertEquals(0x808080, grey.colour(3));
        assertEquals(WHITE, grey.colour(4));
        assertEquals(0x000000, grey.colour(-9));
        assertEquals(WHITE, grey.colour(Float.POSITIVE_INFINITY));
        assertEquals(Range.NOT_A_NUMBER, grey.colour(Float.NaN));
        assertEquals(0x808080, Range.signedGrey(3).colour(0));
        assertEquals(0x2166ac, Range.signed(3).colour(-3));
        assertEquals(0xf7f7f7, Range.signed(3).colour(0));
        assertEquals(0xb2182b, Range.signed(3).colour(3));
        assertEquals(Range.mix(0xf7f7f7, 0xb2182b, 0.5), Range.signed(3).colour(1.5f));
    }

    @Test
    void rangesOfValues() {
        assertEquals(Range.grey(-1, 5), Range.greyOf(new float[] {5, Float.NaN, -1, Float.POSITIVE_INFINITY, 0}));
        assertEquals(0x000000, Range.greyOf(new float[] {7, 7}).colour(7));
        assertEquals(0x000000, Range.greyOf(new float[] {1e30f}).colour(1e30f));
        assertEquals(Range.NOT_A_NUMBER, Range.greyOf(new float[] {Float.NaN}).colour(Float.NaN));
        assertEquals(6, Range.limit(new float[] {5, -6, Float.NEGATIVE_INFINITY, Float.NaN}));
        assertEquals(1, Range.limit(new float[3]));
        assertThrows(IllegalArgumentException.class, () -> Range.grey(1, 1));
        assertThrows(IllegalArgumentException.class, () -> Range.grey(Float.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> Range.signed(Float.POSITIVE_INFINITY));
        assertThrows(NullPointerException.class, () -> new Range(0, 1, null));
    }

    @Test
    void everyNumberIsASquare() {
        float[] values = {0, 1, 2, 3, 4, 5};
        BufferedImage picture = Pictures.of(values, 2, 3, 4, Range.grey(0, 5));
        assertEquals(12, picture.getWidth());
        assertEquals(8, picture.getHeight());
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 12; x++) {
                assertEquals(Range.grey(0, 5).colour(values[y / 4 * 3 + x / 4]), rgb(picture, x, y));
            }
        }
    }

    @Test
    void coloursAreRounded() {
        Picture two = new Picture(1, 2, 3, new float[] {1, 0.5f, 0, -1, 2, Float.NaN});
        BufferedImage picture = Pictures.ofColours(two, 3);
        assertEquals(6, picture.getWidth());
        assertEquals(3, picture.getHeight());
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 6; x++) {
                assertEquals(x < 3 ? 0xff8000 : 0x00ff00, rgb(picture, x, y));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Pictures.ofColours(two, 0));
        assertThrows(IllegalArgumentException.class, () -> Pictures.ofColours(new Picture(1, 2, 1, new float[2]), 1));
    }

    @Test
    void gridPlacesTilesRowByRow() {
        List<float[]> images = List.of(filled(1), filled(2), filled(3), filled(4), filled(5));
        BufferedImage grid = Pictures.grid(images, 2, 2, 3, 5, null, Range.grey(0, 5));
        assertEquals(6 + 3 * (10 + 6), grid.getWidth());
        assertEquals(6 + 2 * (10 + 6), grid.getHeight());
        for (int i = 0; i < 5; i++) {
            int left = 6 + i % 3 * 16;
            int top = 6 + i / 3 * 16;
            assertEquals(Range.grey(0, 5).colour(i + 1), rgb(grid, left, top));
            assertEquals(Range.grey(0, 5).colour(i + 1), rgb(grid, left + 9, top + 9));
            assertEquals(WHITE, rgb(grid, left - 1, top));
            assertEquals(WHITE, rgb(grid, left + 10, top + 9));
        }
        assertEquals(WHITE, rgb(grid, 6 + 2 * 16 + 4, 6 + 16 + 4), "there is no sixth tile");
    }

    @Test
    void withoutARangeEachImageHasItsOwn() {
        BufferedImage grid = Pictures.grid(List.of(new float[] {0, 1}, new float[] {50, 90}), 1, 2, 2, 8, null, null);
        assertEquals(0, rgb(grid, 6, 6));
        assertEquals(WHITE, rgb(grid, 6 + 15, 6));
        assertEquals(0, rgb(grid, 6 + 22, 6));
        assertEquals(WHITE, rgb(grid, 6 + 22 + 15, 6));
    }

    @Test
    void captionsAreInkBelowTheirTile() {
        List<float[]> images = Collections.nCopies(2, new float[50 * 50]);
        BufferedImage bare = Pictures.grid(images, 50, 50, 2, 1, null, null);
        List<String> captions = List.of("4", "four\nor nine, or something far too long for it");
        BufferedImage captioned = Pictures.grid(images, 50, 50, 2, 1, captions, null);
        assertEquals(bare.getWidth(), captioned.getWidth());
        assertTrue(captioned.getHeight() >= bare.getHeight() + 20);
        assertTrue(ink(captioned, 6, 56, 50) > 5);
        assertTrue(ink(captioned, 62, 56, 50) > 30);
        assertEquals(0, ink(captioned, 56, 56, 6), "a caption leaves its column");
    }

    private static int ink(BufferedImage picture, int left, int top, int width) {
        int dark = 0;
        for (int y = top; y < picture.getHeight(); y++) {
            for (int x = left; x < left + width; x++) {
                dark += (rgb(picture, x, y) & 0xff) < 0xa0 ? 1 : 0;
            }
        }
        return dark;
    }

    @Test
    void rowIsAsWideAsItsPictures() {
        BufferedImage wide = Pictures.of(new float[200], 1, 200, 1, Range.grey(-1, 0));
        BufferedImage narrow = Pictures.of(new float[30 * 20], 30, 20, 1, Range.grey(0, 1));
        BufferedImage row = Pictures.row(List.of(wide, narrow), null);
        assertEquals(14 + 200 + 14 + 20 + 14, row.getWidth());
        assertEquals(14 + 30 + 14, row.getHeight());
        assertEquals(0, rgb(row, 14 + 200 + 14, 14));
        assertEquals(0, rgb(row, 14 + 200 + 14 + 19, 14 + 29));
    }

    @Test
    void refusals() {
        List<float[]> one = List.of(new float[4]);
        assertThrows(IllegalArgumentException.class, () -> Pictures.grid(List.of(), 2, 2, 1, 1, null, null));
        assertThrows(IllegalArgumentException.class, () -> Pictures.grid(one, 2, 2, 0, 1, null, null));
        assertThrows(IllegalArgumentException.class, () -> Pictures.grid(one, 2, 2, 1, 0, null, null));
        assertThrows(IllegalArgumentException.class, () -> Pictures.grid(one, 2, 2, 1, 1, List.of("a", "b"), null));
        String message = assertThrows(IllegalArgumentException.class, () -> Pictures.grid(one, 2, 3, 1, 1, null, null)).getMessage();
        assertTrue(message.contains("4") && message.contains("6"), message);
        assertThrows(IllegalArgumentException.class, () -> Pictures.row(List.of(), null));
    }

    @Test
    void writesAWholeFileAndNothingElse() throws IOException {
        Path file = folder.resolve("new/folder/picture.png");
        Pictures.write(Pictures.of(new float[] {0, 1}, 1, 2, 1, null), file);
        Pictures.write(Pictures.of(new float[] {1, 0, 1}, 1, 3, 1, null), file);
        BufferedImage read = ImageIO.read(file.toFile());
        assertEquals(3, read.getWidth());
        assertEquals(WHITE, rgb(read, 0, 0));
        assertEquals(0, rgb(read, 1, 0));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aFailedWriteLeavesNoFile() throws IOException {
        Path file = folder.resolve("taken");
        Files.createDirectories(file.resolve("by a folder"));
        assertThrows(IOException.class, () -> Pictures.write(Pictures.of(new float[1], 1, 1, 1, null), file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
        assertTrue(Files.isDirectory(file.resolve("by a folder")));
    }

    private static float[] filled(float value) {
        return new float[] {value, value, value, value};
    }

    private static int rgb(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) & 0xffffff;
    }
}
