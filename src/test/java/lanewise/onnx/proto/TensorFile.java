package lanewise.onnx.proto;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Files that are one {@code TensorProto}, as the inputs and outputs of conformance tests are. */
public final class TensorFile {

    private TensorFile() {}

    /** Reads one. */
    public static TensorProto read(Path file) throws IOException {
        WireReader in = ModelReader.open(file, Arena.ofAuto());
        var tensor = new TensorBuilder();
        tensor.mergeRest(in);
        return tensor.build(in, 0);
    }
}
