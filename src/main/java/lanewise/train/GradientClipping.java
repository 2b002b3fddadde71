package lanewise.train;

import lanewise.layer.Gradients;

/**
 * Keeps gradients from growing too large, between backward and the optimiser's step. Touches what {@link Gradients#forEachRange}
 * tells. An object serves one training run: not thread-safe. Nothing is allocated.
 */
@FunctionalInterface
public interface GradientClipping {

    /**
     * Clips in place.
     *
     * @param gradients modified
     * @return what was measured before: see the factory
     */
    double apply(Gradients gradients);

    /** Does nothing, and returns 0 without a look at the gradients. */
    static GradientClipping none() {
        return gradients -> 0;
    }

    /**
     * Multiplies all gradients by {@code max / norm} where their Euclidean norm, over all parameters together, is greater than
     * {@code max}. Returns the norm before; it does not overflow. If that is NaN or infinite, a gradient is, and all are left as they
     * are.
     *
     * @throws IllegalArgumentException if {@code max} is not greater than 0 and finite
     */
    static GradientClipping norm(double max) {
        return new NormClipping(Hyper.positive(max, "max"));
    }

    /**
     * Cuts every element to the range from {@code -max} to {@code max}; NaN stays NaN. Returns the largest magnitude before, NaN if
     * there is one.
     *
     * @throws IllegalArgumentException if {@code max} is not greater than 0 and finite, as a float
     */
    static GradientClipping value(double max) {
        return new ValueClipping((float) Hyper.positive((float) max, "max"));
    }
}
