package lanewise.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;
import lanewise.onnx.lower.CheckedGraph;
import lanewise.onnx.lower.Operators;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;

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
     * Reads a model. Its weights stay in the file, which is mapped, until a network is made: leave it unchanged as long.
     *
     * @param path the file; weights that it keeps in other files are in its folder or below
     * @throws FormatException if the file is not a valid model: truncated, changed, with names that nothing makes, circles, or weights
     *     outside its folder
     * @throws OnnxException if it is valid but has operators, attributes or types that are not supported: all of them at once
     * @throws IOException if it cannot be read
     */
    public static OnnxModel load(Path path) throws IOException {
        ModelProto model = ModelReader.read(Checks.notNull(path, "path"));
        List<String> problems = problems(model);
        if (!problems.isEmpty()) {
            throw new OnnxException(problems);
        }
        try {
            return new OnnxModel(path, model, CheckedGraph.of(model, new TensorReader(path)::read));
        } catch (IllegalArgumentException e) {
            throw new FormatException(path, e.getMessage());
        }
    }

    /** What can be said without knowing any size. */
    private static List<String> problems(ModelProto model) {
        List<String> problems = new ArrayList<>();
        long opset = model.opsets().getOrDefault("", 1L);
        if (opset < Operators.OLDEST || opset > Operators.NEWEST) {
            problems.add("operator set is " + opset + ", must be from " + Operators.OLDEST + " to " + Operators.NEWEST);
        }
        for (String name : model.graph().sparseInitializers()) {
            problems.add("initializer " + Quoted.text(name) + " is sparse, which is not supported");
        }
        for (NodeProto node : model.graph().nodes()) {
            if (!node.domain().isEmpty()) {
                problems.add(CheckedGraph.title(node) + ": operators of the domain " + Quoted.text(node.domain()) + " are not supported");
            } else if (!Operators.knows(node.opType())) {
                problems.add(CheckedGraph.title(node) + ": operator " + Quoted.text(node.opType()) + " is not supported");
            }
        }
        return problems;
    }

    /** The operators that a network may consist of; a few more are evaluated where their inputs are constants. */
    public static List<String> operators() {
        return List.copyOf(Operators.names());
    }
}
