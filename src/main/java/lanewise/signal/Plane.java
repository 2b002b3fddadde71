package lanewise.signal;

import java.util.Arrays;
import lanewise.internal.Checks;

/**
 * A rectangle of numbers: a picture of one channel, a filter, or a matrix.
 *
 * <p>The array is the plane's, not a copy: who writes to it changes the plane. Two planes are equal if they have the same size and
 * the same floats, compared as {@link Float#equals} does (NaN equals NaN, 0 differs from -0).
 *
 * @param height rows
 * @param width columns
 * @param values {@code float[height * width]}, row after row
 */
public record Plane(int height, int width, float[] values) {

    /** Larger planes are not printed, only described. */
    private static final int MOST_PRINTED = 64;

    /**
     * Checks the sizes.
     *
     * @throws NullPointerException if {@code values} is null
     * @throws IllegalArgumentException if a size is less than 1, or the array's length is not their product
     */
    public Plane {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        Checks.length(values, Checks.product("plane", height, width), "values");
    }

    /**
     * A plane of copied rows: {@code Plane.of(new float[] {1, 2}, new float[] {3, 4})}.
     *
     * @param rows at least one row; all of one length
     * @return {@code rows.length} x {@code rows[0].length}
     * @throws NullPointerException if {@code rows}, or one of them, is null
     * @throws IllegalArgumentException if there are none, if they are empty, or if their lengths differ
     */
    public static Plane of(float[]... rows) {
        int height = Checks.atLeast(Checks.notNull(rows, "rows").length, 1, "number of rows");
        int width = Checks.notNull(rows[0], "rows[0]").length;
        Plane plane = zeros(height, width);
        for (int row = 0; row < height; row++) {
            Checks.length(rows[row], width, "rows[" + row + "]");
            System.arraycopy(rows[row], 0, plane.values, row * width, width);
        }
        return plane;
    }

    /**
     * A plane of zeros.
     *
     * @param height rows, at least 1
     * @param width columns, at least 1
     * @return a new plane
     * @throws IllegalArgumentException if a size is less than 1, or their product more than an array can hold
     */
    public static Plane zeros(int height, int width) {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        return new Plane(height, width, new float[Checks.product("plane", height, width)]);
    }

    /** One row, which shares the array. */
    static Plane row(float[] values) {
        return new Plane(1, values.length, values);
    }

    /**
     * The element in a row and column, both counted from 0.
     *
     * @param row from 0 to {@code height - 1}
     * @param column from 0 to {@code width - 1}
     * @return {@code values[row * width + column]}
     * @throws IndexOutOfBoundsException if it is not inside
     */
    public float at(int row, int column) {
        if (row < 0 || row >= height || column < 0 || column >= width) {
            throw new IndexOutOfBoundsException("(" + row + ", " + column + ") is outside of " + height + " x " + width);
        }
        return values[row * width + column];
    }

    /**
     * Turned by half a circle: {@code flipped[i, j] = this[R-1-i, S-1-j]}.
     *
     * @return a new plane of the same size
     */
    public Plane flipped() {
        // Row-major, so that turning the rectangle is reading the array backwards.
        return new Plane(height, width, Convolution1d.flip(values));
    }

    /**
     * Mirrored at the diagonal: {@code transposed[j, i] = this[i, j]}.
     *
     * @return a new plane, {@code width x height}
     */
    public Plane transposed() {
        float[] result = new float[values.length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                result[column * height + row] = values[row * width + column];
            }
        }
        return new Plane(width, height, result);
    }

    /**
     * The matrix product with a column:
     *
     * <pre>y[i] = sum over j of  this[i, j] x[j]</pre>
     *
     * <p>Summed over j upwards, in double, and rounded to float once. Each element takes part, zeros too: an infinite x[j] makes
     * y[i] NaN where this[i, j] is zero.
     *
     * @param x {@code float[width]}
     * @return {@code float[height]}
     * @throws IllegalArgumentException if x has another length
     */
    public float[] times(float[] x) {
        Checks.length(x, width, "x");
        float[] y = new float[height];
        for (int i = 0; i < height; i++) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += (double) values[i * width + j] * x[j];
            }
            y[i] = (float) sum;
        }
        return y;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Plane that && height == that.height && width == that.width && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * height + width) + Arrays.hashCode(values);
    }

    /** The rows, one per line, in aligned columns; of a plane with more than 64 rows or columns only its size. */
    @Override
    public String toString() {
        return toString(height, width);
    }

    /**
     * As {@link #toString()}, with a line between blocks of the given size: the structure of a
     * {@linkplain Toeplitz2d doubly block Toeplitz matrix}.
     *
     * @param blockHeight rows of a block, at least 1
     * @param blockWidth columns of a block, at least 1
     * @return several lines, or the size
     * @throws IllegalArgumentException if a size is less than 1
     */
    public String toString(int blockHeight, int blockWidth) {
        Checks.atLeast(blockHeight, 1, "blockHeight");
        Checks.atLeast(blockWidth, 1, "blockWidth");
        if (height > MOST_PRINTED || width > MOST_PRINTED) {
            return "Plane " + height + " x " + width;
        }
        int digits = 1;
        for (float value : values) {
            digits = Math.max(digits, text(value).length());
        }
        var lines = new StringBuilder();
        for (int row = 0; row < height; row++) {
            var line = new StringBuilder();
            for (int column = 0; column < width; column++) {
                String gap = column == 0 ? "" : column % blockWidth == 0 ? " | " : " ";
                line.append(gap).append(("%" + digits + "s").formatted(text(values[row * width + column])));
            }
            if (row > 0) {
                lines.append('\n').append(row % blockHeight == 0 ? "-".repeat(line.length()) + '\n' : "");
            }
            lines.append(line);
        }
        return lines.toString();
    }

    private static String text(float value) {
        return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
    }
}
