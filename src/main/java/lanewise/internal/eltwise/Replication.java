package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Pixels that are repeated, side by side and row by row: nearest neighbours at whole factors. */
public final class Replication {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private Replication() {}

    /**
     * Writes {@code y[h factorH + i][w factorW + j][c] = x[h][w][c]}.
     *
     * @param rows rows of x, of all images
     * @param yStride floats from one pixel of y to the next, at least {@code channels}; what lies between is not touched
     */
    public static void run(float[] x, int xOffset, int rows, int columns, int channels, int factorH, int factorW,
                           float[] y, int yOffset, int yStride) {
        int yRow = columns * factorW * yStride;
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < factorH; i++) {
                row(x, xOffset + row * columns * channels, columns, channels, factorW, y, yOffset + (row * factorH + i) * yRow, yStride);
            }
        }
    }

    /** The last vector of a pixel overlaps the one before. */
    private static void row(float[] x, int xAt, int columns, int channels, int factor, float[] y, int yAt, int yStride) {
        for (int column = 0; column < columns; column++) {
            int from = xAt + column * channels;
            int to = yAt + column * factor * yStride;
            if (channels < LANES) {
                for (int j = 0; j < factor; j++) {
                    for (int c = 0; c < channels; c++) {
                        y[to + j * yStride + c] = x[from + c];
                    }
                }
                continue;
            }
            for (int channel = 0; channel < channels; channel += LANES) {
                int c = Math.min(channel, channels - LANES);
                FloatVector v = FloatVector.fromArray(S, x, from + c);
                for (int j = 0; j < factor; j++) {
                    v.intoArray(y, to + j * yStride + c);
                }
            }
        }
    }
}
