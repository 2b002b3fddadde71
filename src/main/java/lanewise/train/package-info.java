/**
 * Training: losses, optimisers, schedules, metrics and data sets. They meet in flat arrays: a {@link lanewise.train.Dataset} writes
 * inputs and targets, a {@link lanewise.train.Loss} compares outputs with targets, an {@link lanewise.train.Optimizer} sweeps over the
 * parameters with their gradients.
 *
 * <p>A long training is kind: {@link lanewise.train.Trainer#checkpoint} and {@link lanewise.train.Trainer#resume} let it stop anywhere
 * and go on to the same bits, and {@link lanewise.train.StopOnShutdown} saves when Ctrl-C ends the JVM.
 *
 * <p>What remembers something (an optimiser, a metric, a clipping) belongs to one training run and one thread; everything else is
 * immutable. Inside a step nothing is allocated.
 */
package lanewise.train;
