package lanewise.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorOptions;
import lanewise.infer.WarmUpMode;
import lanewise.kernel.Threads;
import lanewise.layer.Network;
import lanewise.onnx.OnnxModel;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.OnnxValue;

/**
 * Lanewise on an imported model: floats by a predictor, from the caller's arrays to the caller's arrays; integers, which may have to
 * be known before a network can be made, by {@link OnnxModel#run}.
 */
final class OursModel implements Contender {

    private final Runnable call;
    private final Threads threads;
    private final long multiplyAdds;
    private float[][] results;

    private OursModel(OnnxModel model, Map<String, OnnxTensor> inputs) {
        List<String> outputs = model.outputs().stream().map(OnnxValue::name).toList();
        call = () -> {
            Map<String, OnnxTensor> tensors = model.run(inputs);
            results = outputs.stream().map(name -> tensors.get(name).floats()).toArray(float[][]::new);
        };
        threads = Threads.one();
        multiplyAdds = 0;
    }

    private OursModel(OnnxModel model, Map<String, OnnxTensor> inputs, Threads threads) {
        Map<String, int[]> sizes = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> sizes.put(name, tensor.dims()));
        Predictor predictor = model.predictor(sizes, PredictorOptions.defaults().warmUp(WarmUpMode.BEFORE));
        var context = predictor.newContext(threads);
        float[][] x = inputs.values().stream().map(OnnxTensor::floats).toArray(float[][]::new);
        results = predictor.outputs().stream().map(node -> new float[predictor.batch() * node.shape().size()]).toArray(float[][]::new);
        call = () -> context.predict(x, results);
        this.threads = threads;
        multiplyAdds = predictor.batch() * multiplyAdds(model.network(sizes));
    }

    /** Ready to be called with these tensors. */
    static OursModel of(OnnxModel model, Map<String, OnnxTensor> inputs, Threads threads) {
        boolean integers = inputs.values().stream().anyMatch(OnnxTensor::isIntegral);
        return integers ? new OursModel(model, inputs) : new OursModel(model, inputs, threads);
    }

    private static long multiplyAdds(Network network) {
        return network.nodes().stream().filter(node -> node.layer() != null)
                .mapToLong(node -> node.layer().multiplyAdds(node.inputShapes())).sum();
    }

    /** Of one call; 0 if it is not known. */
    long multiplyAdds() {
        return multiplyAdds;
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public void call() {
        call.run();
    }

    @Override
    public float[] result() {
        return OrtModel.joined(results);
    }

    @Override
    public void close() {
        threads.close();
    }
}
