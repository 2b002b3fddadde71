package lanewise.onnx.lower;

import lanewise.onnx.OnnxTensor;

/** What a name of the graph stands for while it is lowered: a number known now, or one that a layer will compute. */
sealed interface Value permits Value.Constant, Tensor {

    /** The sizes in the order of the model's author, the batch among them. */
    int[] dims();

    /** Known now. */
    record Constant(OnnxTensor tensor) implements Value {

        @Override
        public int[] dims() {
            return tensor.dims();
        }

        @Override
        public String toString() {
            return "constant " + tensor;
        }
    }
}
