package lanewise.layer;

import lanewise.kernel.PoolPlan;

/**
 * The Lp norm {@code (sum of |x|^p)^(1/p)} of each channel over all places.
 *
 * <p>Input {@code ... x C} with one size or more before the channels, output {@code C}.
 *
 * @param p the exponent, at least 1
 */
public record GlobalLpPool(float p) implements GlobalPool {

    /** Checks the component. */
    public GlobalLpPool {
        Norms.checkExponent(p);
    }

    @Override
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.lp(GlobalPool.shape(n, in), p);
    }
}
