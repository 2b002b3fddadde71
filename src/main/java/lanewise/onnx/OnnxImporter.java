package lanewise.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.io.FormatException;
import lanewise.onnx.lower.CheckedGraph;
import lanewise.onnx.lower.Operators;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.TensorProto;

/**
 * Reads ONNX files.
 *
 * <pre>
 * OnnxModel model = OnnxImporter.load(Path.of("resnet50.onnx"));
 * Predictor predictor = Predictor.compile(model.network());       // in: float[3*224*224], channels first as the model has it
 * </pre>
 *
 * <p>Operator sets 6 to 26, operators in 32-bit floats; {@link #operators} lists them.
 *
 * <p>A file is input from outside, nothing in it is believed: see {@link #load}. <i>Source:</i> the ONNX specification, onnx.ai.
 */
public final class OnnxImporter {

    private OnnxImporter() {}

    /**
     * Reads a model. Of a file over 64 MB, and of other files beside it, the weights stay there until a network is made: leave them
     * unchanged as long.
     *
     * @param path the file; weights that it keeps in other files are in its folder or below
     * @throws FormatException if the file is not a valid model: truncated, changed, with names that nothing makes, circles, or
     *     weights outside its folder
     * @throws OnnxException if it is valid but has operators, attributes or types that are not supported: all of them at once
     * @throws IOException if it cannot be read
     */
    public static OnnxModel load(Path path) throws IOException {
        ModelProto model = ModelReader.read(Checks.notNull(path, "path"));
        TensorReader tensors = new TensorReader(path);
        try {
            CheckedGraph graph = CheckedGraph.of(model, tensors::read);
            OnnxModel loaded = new OnnxModel(path, model, graph);
            List<String> problems = new Problems(model, graph).all();
            if (problems.isEmpty()) {
                for (TensorProto tensor : Problems.tensors(graph)) {
                    tensors.check(tensor);
                }
                return loaded;
            }
            throw new OnnxException(problems);
        } catch (IllegalArgumentException e) {
            throw new FormatException(path, e.getMessage());
        }
    }

    /** The operators that a network may consist of; a few more are evaluated where their inputs are constants. */
    public static List<String> operators() {
        return List.copyOf(Operators.names());
    }
}
