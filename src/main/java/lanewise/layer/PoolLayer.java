package lanewise.layer;

import lanewise.kernel.PoolPlan;

/** A layer that is one pooling. */
public interface PoolLayer extends Layer {

    /** The pooling of {@code n} examples of shape {@code in}. */
    PoolPlan pooling(int n, Shape in);

    @Override
    default LayerRun newRun(Binding binding) {
        return new PoolRun(pooling(binding.batch(), binding.input()));
    }
}
