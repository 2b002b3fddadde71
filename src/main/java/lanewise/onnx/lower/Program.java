package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.List;
import lanewise.layer.Network;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/**
 * A model for given sizes of its inputs.
 *
 * @param network what computes, or null if every output is known
 * @param inputs the names of the model's inputs that feed the network's, in the network's order
 * @param outputs the model's outputs
 * @param batch examples of one call: the network takes so many, or 1 where the whole tensor is one example
 * @param batchwise whether the network's inputs lack the batch's axis
 */
public record Program(Network network, List<String> inputs, List<Output> outputs, int batch, boolean batchwise) {

    /**
     * An output of the model.
     *
     * @param name its name
     * @param type its element type
     * @param known its value, or null if the network computes it
     * @param index which output of the network it is, or -1
     * @param dims its sizes
     * @param batchAxis where the batch is among them; the network has it first. -1 if the whole tensor is one example
     */
    public record Output(String name, ElementType type, OnnxTensor known, int index, int[] dims, int batchAxis) {

        /** The output of the model of what the network computed. */
        public OnnxTensor tensor(float[] computed) {
            float[] values = computed;
            if (batchAxis > 0) { // the network has the batch first
                int[] axes = Axes.concat(new int[] {batchAxis}, Arrays.stream(Axes.identity(dims.length))
                        .filter(axis -> axis != batchAxis).toArray());
                List<Integer> places = Axes.list(axes);
                int[] back = Arrays.stream(Axes.identity(dims.length)).map(places::indexOf).toArray();
                values = Axes.permuted(computed, Axes.pick(dims, axes), back);
            }
            if (type == ElementType.INT64 || type == ElementType.INT32) {
                long[] integers = new long[values.length];
                for (int i = 0; i < integers.length; i++) {
                    integers[i] = (long) values[i];
                }
                return OnnxTensor.of(type, integers, dims);
            }
            return OnnxTensor.of(values, dims);
        }
    }
}
