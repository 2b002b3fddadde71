/**
 * Operators evaluated on constants while a model is read: shapes, indices, weights that the file computes. Plain loops in double
 * precision; nothing here runs when a network predicts. Not exported.
 */
package lanewise.onnx.fold;
