package lanewise.onnx.fold;

import java.util.List;
import lanewise.onnx.OnnxTensor;

/** What one operator makes of constants. */
@FunctionalInterface
interface FoldFunction {

    /**
     * The outputs in the order of the operator's definition; there may be more than the node declares.
     *
     * @throws IllegalArgumentException if inputs or attributes are not what the operator takes
     */
    List<OnnxTensor> apply(Call call);
}
