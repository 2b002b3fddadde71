package lanewise.demo;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import lanewise.signal.Plane;

/** A picture and what filters made of it, in two rows of four; the last tile is an enlarged detail of the first four. */
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

    ContactSheet(Range range, Plane original) {
        BufferedImage tile = tile(original, range);
        detailHeight = Math.clamp((tile.getHeight() - GAP) / 2 / ZOOM, 1, original.height());
        detailWidth = Math.clamp((tile.getWidth() - GAP) / 2 / ZOOM, 1, original.width());
        int best = liveliest(original);
        detailTop = best / original.width();
        detailLeft = best % original.width();
        add("Original\n" + original.width() + " \u00d7 " + original.height() + " pixels", original, range);
    }

    /** Keeps a tile, not the plane: large pictures need the memory. */
    void add(String caption, Plane plane, Range range) {
        tiles.add(tile(plane, range));
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

    /** Enlarged by a whole number, if that fits; or smaller, by the mean of the pixels that become one. */
    private static BufferedImage tile(Plane plane, Range range) {
        int longer = Math.max(plane.width(), plane.height());
        BufferedImage whole = Pictures.of(plane.values(), plane.height(), plane.width(), Math.max(1, TILE / longer), range);
        if (longer <= TILE) {
            return whole;
        }
        int width = Math.max(1, Math.round((float) TILE * plane.width() / longer));
        int height = Math.max(1, Math.round((float) TILE * plane.height() / longer));
        BufferedImage tile = Pictures.blank(width, height);
        Graphics2D pen = tile.createGraphics();
        pen.drawImage(whole.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
        pen.dispose();
        return tile;
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
