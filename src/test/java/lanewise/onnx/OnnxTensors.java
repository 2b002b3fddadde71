package lanewise.onnx;

import java.io.IOException;
import java.nio.file.Path;
import lanewise.onnx.proto.TensorFile;

/** Tensors in files of their own, as conformance tests bring them: {@code input_0.pb}. */
public final class OnnxTensors {

    private OnnxTensors() {}

    /** Reads one. */
    public static OnnxTensor read(Path file) throws IOException {
        return new TensorReader(file).read(TensorFile.read(file));
    }
}
