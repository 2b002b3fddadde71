package lanewise.demo;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.io.ImageFile;
import lanewise.io.Picture;
import lanewise.signal.Plane;

/** A picture and what filters made of it, in two rows of four; the last tile is an enlarged detail of the first four, all in grey. */
final class ContactSheet {

    private static final int COLUMNS = 4;
    private static final int TILE = 380; // 4 of them and 5 gaps: 1590 pixels
    private static final int ZOOM = 4;
    private static final int GAP = 4;

    private final List<BufferedImage> tiles = new ArrayList<>();
    private final List<String> captions = new ArrayList<>();
    private final List<BufferedImage> details = new ArrayList<>();
    private final int detailHeight;
    private final int detailWidth;
    private final int detailTop;
    private final int detailLeft;

    /** {@code grey} is what is in the file, without its colours. */
    ContactSheet(Path file, Plane grey, Range range) throws IOException {
        BufferedImage tile = colours(file, grey.height(), grey.width());
        detailHeight = Math.clamp((tile.getHeight() - GAP) / 2 / ZOOM, 1, grey.height());
        detailWidth = Math.clamp((tile.getWidth() - GAP) / 2 / ZOOM, 1, grey.width());
        int best = liveliest(grey);
        detailTop = best / grey.width();
        detailLeft = best % grey.width();
        add("Original\n" + grey.width() + " \u00d7 " + grey.height() + " pixels", tile, grey, range);
    }

    void add(String caption, Plane plane, Range range) {
        add(caption, tile(plane, range), plane, range);
    }

    /** Keeps a tile, not the plane: large pictures need the memory. */
    private void add(String caption, BufferedImage tile, Plane plane, Range range) {
        tiles.add(tile);
        captions.add(caption);
        if (details.size() < 4) {
            details.add(Pictures.of(detail(plane), detailHeight, detailWidth, ZOOM, range));
        }
    }

    BufferedImage draw() {
        int width = details.getFirst().getWidth();
        int height = details.getFirst().getHeight();
        BufferedImage quarters = Pictures.blank(2 * width + GAP, 2 * height + GAP);
        Graphics2D pen = quarters.createGraphics();
        for (int i = 0; i < details.size(); i++) {
            pen.drawImage(details.get(i), i % 2 * (width + GAP), i / 2 * (height + GAP), null);
        }
        pen.dispose();
        List<BufferedImage> all = new ArrayList<>(tiles);
        all.add(quarters);
        List<String> allCaptions = new ArrayList<>(captions);
        allCaptions.add("A detail, enlarged\noriginal, blur; sharpen, edges");
        return Pictures.sheet(all, allCaptions, COLUMNS);
    }

    /** The whole file; a large picture is shrunk while it is read, so that its colours are never all in memory. */
    private static BufferedImage colours(Path file, int height, int width) throws IOException {
        int longer = Math.max(height, width);
        Picture picture = longer <= TILE ? ImageFile.read(file)
                : ImageFile.read(file, shrunk(height, longer), shrunk(width, longer), 3);
        return Pictures.ofColours(picture, Math.max(1, TILE / longer));
    }

    /** Enlarged by a whole number, if that fits; or smaller, by the mean of what becomes one pixel. */
    private static BufferedImage tile(Plane plane, Range range) {
        int longer = Math.max(plane.width(), plane.height());
        Picture picture = new Picture(plane.height(), plane.width(), 1, plane.values());
        if (longer > TILE) {
            picture = picture.resized(shrunk(plane.height(), longer), shrunk(plane.width(), longer));
        }
        return Pictures.of(picture.values(), picture.height(), picture.width(), Math.max(1, TILE / longer), range);
    }

    private static int shrunk(int side, int longer) {
        return Math.max(1, Math.round((float) TILE * side / longer));
    }

    private float[] detail(Plane plane) {
        float[] values = new float[detailHeight * detailWidth];
        for (int row = 0; row < detailHeight; row++) {
            int from = (detailTop + row) * plane.width() + detailLeft;
            System.arraycopy(plane.values(), from, values, row * detailWidth, detailWidth);
        }
        return values;
    }

    /** The index of the detail's upper left pixel: where neighbours differ most, among windows half a window apart. */
    private int liveliest(Plane picture) {
        int best = 0;
        double most = -1;
        for (int top = 0; top + detailHeight <= picture.height(); top += Math.max(1, detailHeight / 2)) {
            for (int left = 0; left + detailWidth <= picture.width(); left += Math.max(1, detailWidth / 2)) {
                double sum = 0;
                for (int row = top + 1; row < top + detailHeight; row++) {
                    for (int column = left + 1; column < left + detailWidth; column++) {
                        double across = picture.at(row, column) - picture.at(row, column - 1);
                        double down = picture.at(row, column) - picture.at(row - 1, column);
                        sum += across * across + down * down;
                    }
                }
                if (sum > most) {
                    most = sum;
                    best = top * picture.width() + left;
                }
            }
        }
        return best;
    }
}
