/**
 * From an ONNX graph, whose tensors have channels first and the batch among their axes, to layers, which are channels-last and see
 * one example. Not exported.
 *
 * <p>A {@link lanewise.onnx.lower.Tensor} keeps the axes of its author and beside them the order in which they lie in memory. So a
 * transposition only renames, and data move where an operator needs another order than the one before left: for a convolutional
 * network at its border.
 *
 * <pre>
 * Specialization    a graph for given input sizes: constants folded, everything else lowered
 * Operators         one table from operator to lowering, by family: ConvOps, PoolOps, NormOps, ...
 * Call              one node: its inputs, its attributes, and how to refuse it
 * Layouts           orders of axes: reshape, transpose, broadcast, channels last
 * Builder           layers and their parameters
 * </pre>
 */
package lanewise.onnx.lower;
