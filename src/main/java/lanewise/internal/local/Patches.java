package lanewise.internal.local;

import java.util.Arrays;
import lanewise.internal.eltwise.Arithmetic;

/**
 * What the window of one output place sees of one image, {@code R*S*C} floats: gathered from x, or added to dx.
 *
 * @param c channels of the input
 * @param r height of the filter
 * @param s width of the filter
 * @param rowStep floats from one tap to the one below it in the image
 * @param columnStep floats from one tap to the next; c if the taps are neighbours
 */
public record Patches(int c, int r, int s, int rowStep, int columnStep) {

    /**
     * Copies a window, zero where it leaves the image.
     *
     * @param xAt the first tap inside the image
     * @param firstRow rows of taps from here to {@code endRow} lie inside, columns alike
     */
    public void gather(float[] x, int xAt, int firstRow, int endRow, int firstColumn, int endColumn, float[] to, int toOffset) {
        int row = s * c;
        int inside = (endColumn - firstColumn) * c;
        if (firstRow >= endRow || inside <= 0) {
            Arrays.fill(to, toOffset, toOffset + r * row, 0);
            return;
        }
        Arrays.fill(to, toOffset, toOffset + firstRow * row, 0);
        for (int i = firstRow; i < endRow; i++) {
            int from = xAt + (i - firstRow) * rowStep;
            int at = toOffset + i * row;
            if (inside < row) {
                Arrays.fill(to, at, at + row, 0);
            }
            if (columnStep == c) {
                System.arraycopy(x, from, to, at + firstColumn * c, inside);
            } else {
                for (int j = firstColumn; j < endColumn; j++) {
                    System.arraycopy(x, from + (j - firstColumn) * columnStep, to, at + j * c, c);
                }
            }
        }
        Arrays.fill(to, toOffset + endRow * row, toOffset + r * row, 0);
    }

    /** Adds {@code rows x columns} taps, dense in {@code from}, to the image; {@code dxAt} is the first of them. */
    public void add(float[] from, int fromOffset, int rows, int columns, float[] dx, int dxAt) {
        int at = fromOffset;
        for (int i = 0; i < rows; i++) {
            int to = dxAt + i * rowStep;
            if (columnStep == c) {
                Arithmetic.add(dx, to, from, at, dx, to, columns * c);
            } else {
                for (int j = 0; j < columns; j++) {
                    Arithmetic.add(dx, to + j * columnStep, from, at + j * c, dx, to + j * columnStep, c);
                }
            }
            at += columns * c;
        }
    }

    /** The same where each float of {@code from} is {@code stride} from the next, with those of other images between. */
    public void addStrided(float[] from, int fromOffset, int stride, int rows, int columns, float[] dx, int dxAt) {
        int at = fromOffset;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int to = dxAt + i * rowStep + j * columnStep;
                for (int e = 0; e < c; e++, at += stride) {
                    dx[to + e] += from[at];
                }
            }
        }
    }

    /**
     * Copies the {@code columns} channels of {@code rows} images, {@code stride} apart, the other way round: image beside image. What
     * lies between the last image and {@code toStride} is left: lanes of no image, whose sums nobody reads.
     */
    public static void transpose(float[] dy, int dyOffset, int stride, int rows, int columns, float[] to, int toOffset, int toStride) {
        for (int j = 0; j < columns; j++) {
            int at = toOffset + j * toStride;
            for (int i = 0; i < rows; i++) {
                to[at + i] = dy[dyOffset + i * stride + j];
            }
        }
    }
}
