/**
 * Layers, the graph that joins them into a network, and what runs it.
 *
 * <p>A {@link lanewise.layer.Layer} is an immutable description. A {@link lanewise.layer.Graph} joins layers into a
 * {@link lanewise.layer.Network}, which owns the {@link lanewise.layer.Parameters}. Each calling thread runs the network in a
 * {@link lanewise.layer.Context} of its own, which owns activations and gradients.
 *
 * <p>All arrays are channels-last: {@code N x H x W x C} pictures, {@code N x W x C} signals, {@code N x C} features.
 * Letters: N batch, H x W input, C channels in, R x S filter, K channels out, P x Q output.
 */
package lanewise.layer;
