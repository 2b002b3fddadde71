package lanewise.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/** ONNX Runtime as most Java programs call it: pictures in {@code float[n][c][h][w]}, features out of {@code float[n][k]}. */
final class OrtArray implements Contender {

    private final OrtSession session;
    private final String inputName;
    private final float[][][][] input;
    private float[][] output;

    /**
     * Copies the input into nested arrays.
     *
     * @param session closed by {@link #close}
     * @param network from pictures to features
     * @param x the input, channels last
     */
    OrtArray(OrtSession session, Network network, int batch, float[] x) {
        this.session = session;
        Node in = network.inputs().getFirst();
        inputName = in.name();
        input = nested(x, batch, in.shape());
    }

    private static float[][][][] nested(float[] x, int batch, Shape shape) {
        int height = shape.dim(0);
        int width = shape.dim(1);
        int channels = shape.channels();
        var nested = new float[batch][channels][height][width];
        for (int i = 0; i < x.length; i++) {
            int place = i / channels;
            nested[place / (height * width)][i % channels][place / width % height][place % width] = x[i];
        }
        return nested;
    }

    @Override
    public String name() {
        return "ort-array";
    }

    @Override
    public void call() {
        try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), input);
                OrtSession.Result result = session.run(Map.of(inputName, tensor))) {
            output = (float[][]) result.get(0).getValue();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] result() {
        int k = output[0].length;
        float[] y = new float[output.length * k];
        for (int i = 0; i < output.length; i++) {
            System.arraycopy(output[i], 0, y, i * k, k);
        }
        return y;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
