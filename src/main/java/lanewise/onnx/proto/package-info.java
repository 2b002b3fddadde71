/** What stands in an ONNX file, field by field, and the reader of its wire format (protocol buffers). Not exported. */
package lanewise.onnx.proto;
