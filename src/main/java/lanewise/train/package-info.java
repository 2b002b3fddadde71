/**
 * Training: losses, optimisers, schedules, metrics and data sets. They meet in flat arrays: a {@link lanewise.train.Dataset} writes
 * inputs and targets, a {@link lanewise.train.Loss} compares outputs with targets, an {@link lanewise.train.Optimizer} sweeps over the
 * parameters with their gradients.
 *
 * <p>What remembers something (an optimiser, a metric, a clipping) belongs to one training run and one thread; everything else is
 * immutable. Inside a step nothing is allocated.
 */
package lanewise.train;
