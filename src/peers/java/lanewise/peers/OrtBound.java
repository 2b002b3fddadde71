package lanewise.peers;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import lanewise.layer.Network;
import lanewise.onnx.Nchw;

/** ONNX Runtime at its fastest from Java: input and output in direct buffers that were bound once, so nothing is copied. */
final class OrtBound implements Contender {

    private final OrtSession session;
    private final Bound x;
    private final Bound y;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;
    private UnaryOperator<float[]> toChannelsLast = UnaryOperator.identity();

    /** A tensor over a buffer of the program. */
    private record Bound(String name, FloatBuffer buffer, OnnxTensor tensor) {

        static Bound to(NodeInfo node) throws OrtException {
            long[] dims = ((TensorInfo) node.getInfo()).getShape();
            long bytes = LongStream.of(dims).reduce(Float.BYTES, Math::multiplyExact);
            FloatBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder()).asFloatBuffer();
            return new Bound(node.getName(), buffer, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, dims));
        }
    }

    /**
     * Binds the input, zeros, and the output of a model of one each.
     *
     * @param session closed by {@link #close}
     */
    OrtBound(OrtSession session) throws OrtException {
        this.session = session;
        x = Bound.to(session.getInputInfo().values().iterator().next());
        y = Bound.to(session.getOutputInfo().values().iterator().next());
        inputs = Map.of(x.name, x.tensor);
        outputs = Map.of(y.name, y.tensor);
    }

    /**
     * Binds the buffers and fills in the input.
     *
     * @param session of the network, closed by {@link #close}
     * @param x the input, channels last
     */
    static OrtBound of(OrtSession session, Network network, int batch, float[] x) throws OrtException {
        var bound = new OrtBound(session);
        bound.x.buffer.put(0, Nchw.channelsFirst(x, batch, network.inputShape()));
        bound.toChannelsLast = y -> Nchw.channelsLast(y, batch, network.outputShape());
        return bound;
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
        float[] values = new float[y.buffer.capacity()];
        y.buffer.get(0, values);
        return toChannelsLast.apply(values);
    }

    @Override
    public void close() {
        x.tensor.close();
        y.tensor.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
