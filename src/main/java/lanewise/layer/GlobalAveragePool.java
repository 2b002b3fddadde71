package lanewise.layer;

import lanewise.kernel.PoolPlan;

/**
 * The mean of each channel over all places: the usual end of a network without dense layers.
 *
 * <p>Input {@code ... x C} with one size or more before the channels, output {@code C}.
 */
public record GlobalAveragePool() implements GlobalPool {

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.average(GlobalPool.shape(n, in), false);
    }
}
