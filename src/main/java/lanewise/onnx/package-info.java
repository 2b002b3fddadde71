/**
 * Models that others trained: reads ONNX files and makes networks of them.
 *
 * <p>Outside the tensors keep the order of their authors (channels first); inside all is channels-last.
 */
package lanewise.onnx;
