package lanewise.train;

import java.util.random.RandomGenerator;
import lanewise.layer.Shape;

/** {@link Augmentation#then}. */
record AugmentationPair(Augmentation first, Augmentation second) implements Augmentation {

    @Override
    public void apply(float[] x, int offset, Shape shape, RandomGenerator random) {
        first.apply(x, offset, shape, random);
        second.apply(x, offset, shape, random);
    }
}
