package lanewise.train;

import java.util.random.RandomGenerator;
import lanewise.internal.Checks;
import lanewise.layer.Shape;

/**
 * A random change that leaves an example what it is. Immutable: all chance comes from the generator, so a caller who seeds that by
 * epoch and example gets the same pictures with any number of threads.
 *
 * <pre>Augmentation.shift(4).then(Augmentation.flipHorizontal())</pre>
 */
@FunctionalInterface
public interface Augmentation {

    /** What comes in where a picture moves away. */
    enum Fill {
        /** 0. */
        ZERO,
        /** The nearest pixel that is left. */
        EDGE
    }

    /**
     * Changes one input in place.
     *
     * @param x {@code shape.size()} elements from {@code offset} are modified, no other
     * @param shape of the input, channels last
     * @throws IllegalArgumentException if this cannot be done with such a shape
     * @throws IndexOutOfBoundsException if the input leaves x
     */
    void apply(float[] x, int offset, Shape shape, RandomGenerator random);

    /** {@link #shift(int, Fill)} with zeros. */
    static Augmentation shift(int maxPixels) {
        return shift(maxPixels, Fill.ZERO);
    }

    /**
     * Moves a picture ({@code H x W x C}) up or down and left or right, or a signal ({@code W x C}) to and fro, each by -maxPixels to
     * maxPixels with the same chance.
     *
     * @param maxPixels at least 0, less than H and W
     * @throws IllegalArgumentException if it is negative
     */
    static Augmentation shift(int maxPixels, Fill fill) {
        return new Shift(Checks.atLeast(maxPixels, 0, "maxPixels"), Checks.notNull(fill, "fill"));
    }

    /** Mirrors a picture ({@code H x W x C}), left to right, with chance 1/2. */
    static Augmentation flipHorizontal() {
        return new FlipHorizontal();
    }

    /** This, and after it {@code next}, which draws from the same generator. */
    default Augmentation then(Augmentation next) {
        return new AugmentationPair(this, Checks.notNull(next, "next"));
    }
}
