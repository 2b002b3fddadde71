package lanewise.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** ONNX Runtime on any model, inputs and outputs of floats in direct buffers that were bound once. */
final class OrtModel implements Contender {

    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

    /**
     * Binds the inputs, and the outputs as large as a first call makes them.
     *
     * @param session closed by {@link #close}
     */
    OrtModel(OrtSession session, Map<String, lanewise.onnx.OnnxTensor> given) throws OrtException {
        this.session = session;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        for (var input : given.entrySet()) {
            long[] dims = Arrays.stream(input.getValue().dims()).asLongStream().toArray();
            inputs.put(input.getKey(), input.getValue().isIntegral()
                    ? OnnxTensor.createTensor(environment, LongBuffer.wrap(input.getValue().longs()), dims)
                    : OnnxTensor.createTensor(environment, direct(input.getValue().size()).put(0, input.getValue().floats()), dims));
        }
        try (OrtSession.Result first = session.run(inputs)) {
            for (Map.Entry<String, OnnxValue> output : first) {
                long[] dims = ((TensorInfo) output.getValue().getInfo()).getShape();
                long size = Arrays.stream(dims).reduce(1, Math::multiplyExact);
                outputs.put(output.getKey(), OnnxTensor.createTensor(environment, direct(Math.toIntExact(size)), dims));
            }
        }
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public String name() {
        return "ort-bound";
    }

    @Override
    public void call() {
        try {
            session.run(inputs, outputs).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] result() {
        return joined(outputs.values().stream().map(tensor -> {
            FloatBuffer buffer = tensor.getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }).toArray(float[][]::new));
    }

    /** One array behind the other. */
    static float[] joined(float[][] parts) {
        float[] all = new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        outputs.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
