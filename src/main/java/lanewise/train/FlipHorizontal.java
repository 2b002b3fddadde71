package lanewise.train;

import java.util.random.RandomGenerator;
import lanewise.internal.Checks;
import lanewise.layer.Shape;

/** {@link Augmentation#flipHorizontal}. */
record FlipHorizontal() implements Augmentation {

    @Override
    public void apply(float[] x, int offset, Shape shape, RandomGenerator random) {
        Checks.range(x, offset, Checks.notNull(shape, "shape").size(), "x");
        Checks.require(shape.rank() == 3, "shape", shape, "must be H x W x C to be flipped");
        if (!random.nextBoolean()) {
            return;
        }
        int pixel = shape.channels();
        int row = shape.dim(1) * pixel;
        for (int at = offset; at < offset + shape.size(); at += row) {
            mirror(x, at, at + row - pixel, pixel);
        }
    }

    private static void mirror(float[] x, int first, int last, int pixel) {
        for (int left = first, right = last; left < right; left += pixel, right -= pixel) {
            for (int c = 0; c < pixel; c++) {
                float swapped = x[left + c];
                x[left + c] = x[right + c];
                x[right + c] = swapped;
            }
        }
    }
}
