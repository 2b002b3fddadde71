package lanewise.layer;

import lanewise.kernel.PoolPlan;

/**
 * The largest value of each channel over all places.
 *
 * <p>Input {@code ... x C} with one size or more before the channels, output {@code C}.
 */
public record GlobalMaxPool() implements GlobalPool {

    @Override
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.max(GlobalPool.shape(n, in));
    }
}
