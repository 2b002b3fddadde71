package lanewise.onnx.fold;

import java.io.IOException;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.TensorProto;

/** Reads the tensors that stand in attributes: of {@code Constant} and {@code ConstantOfShape}. */
@FunctionalInterface
public interface TensorSource {

    /**
     * The values of a tensor of the file.
     *
     * @throws IOException if they cannot be read
     */
    OnnxTensor read(TensorProto tensor) throws IOException;
}
