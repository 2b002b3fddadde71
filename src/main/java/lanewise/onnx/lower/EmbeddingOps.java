package lanewise.onnx.lower;

import lanewise.layer.Embedding;
import lanewise.layer.Initializer;
import lanewise.layer.Node;
import lanewise.onnx.OnnxTensor;

/** Rows of a constant table, asked for by numbers that are known only when the model runs. */
final class EmbeddingOps {

    private EmbeddingOps() {}

    static Value gather(Call call) {
        OnnxTensor table = call.constant(0);
        Tensor ids = call.tensor(1);
        if (table.rank() != 2 || Axes.normalize(call.attributes.getInt("axis", 0), 2) != 0) {
            throw new Refusal("input 0 is a constant " + table + ": only rows of a table are supported where indices are computed");
        }
        Node node = call.layer(new Embedding(table.dim(0), table.dim(1), Initializer.STANDARD_NORMAL), call.layouts.exact(ids));
        call.builder.set(node, "weight", call.floats(0));
        return Tensor.of(node, Axes.concat(ids.dims(), table.dim(1)), ids.batch(), Axes.concat(ids.order(), ids.rank()));
    }
}
