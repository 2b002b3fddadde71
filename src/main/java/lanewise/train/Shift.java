package lanewise.train;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import lanewise.internal.Checks;
import lanewise.layer.Shape;

/** {@link Augmentation#shift(int, Augmentation.Fill)}. */
record Shift(int maxPixels, Augmentation.Fill fill) implements Augmentation {

    @Override
    public void apply(float[] x, int offset, Shape shape, RandomGenerator random) {
        Checks.range(x, offset, Checks.notNull(shape, "shape").size(), "x");
        boolean picture = shape.rank() == 3;
        Checks.require(picture || shape.rank() == 2, "shape", shape, "must be H x W x C or W x C to be shifted");
        int rows = picture ? shape.dim(0) : 1;
        int width = shape.dim(shape.rank() - 2);
        if (maxPixels >= width || picture && maxPixels >= rows) {
            throw new IllegalArgumentException("shift is by up to " + maxPixels + " pixels, must be less than the sizes of " + shape);
        }
        int pixel = shape.channels();
        int row = width * pixel;
        if (picture) {
            shift(x, offset, rows, row, random.nextInt(-maxPixels, maxPixels + 1));
        }
        int right = random.nextInt(-maxPixels, maxPixels + 1);
        for (int r = 0; r < rows; r++) {
            shift(x, offset + r * row, width, pixel, right);
        }
    }

    /** Moves {@code count} units of {@code size} floats by {@code by} units towards the end. */
    private void shift(float[] x, int offset, int count, int size, int by) {
        int gap = Math.abs(by);
        int from = offset + (by < 0 ? gap * size : 0);
        int to = offset + (by > 0 ? gap * size : 0);
        System.arraycopy(x, from, x, to, (count - gap) * size);
        int gapStart = offset + (by > 0 ? 0 : (count - gap) * size);
        if (fill == Fill.ZERO) {
            Arrays.fill(x, gapStart, gapStart + gap * size, 0);
        } else {
            int edge = by > 0 ? to : gapStart - size;
            for (int i = 0; i < gap; i++) {
                System.arraycopy(x, edge, x, gapStart + i * size, size);
            }
        }
    }
}
