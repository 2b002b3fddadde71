package lanewise.peers;

import java.util.Arrays;
import java.util.List;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;
import lanewise.onnx.Nchw;
import lanewise.model.LeNet;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A training step of {@link LeNet} by Deeplearning4j's native backend: the same layers with the same weights, channels first as is
 * its default. Its threads are those of OpenMP, so the environment sets them ({@link ChildJvm}).
 */
final class Dl4jLeNet extends Training {

    private final MultiLayerNetwork network;
    private final DataSet batch;

    /** With the weights of {@code ours}, which is not modified. */
    Dl4jLeNet(Network ours, TrainingBatch batch, double learningRate) {
        this.network = new MultiLayerNetwork(layers(learningRate));
        this.network.init();
        List<Node> weighted = ours.nodes().stream().filter(Dl4jLeNet::hasWeights).toList();
        int[] at = {0, 2, 4, 5, 6}; // their places among all layers
        for (int i = 0; i < at.length; i++) {
            copyWeights(ours, weighted.get(i), at[i]);
        }
        Shape input = ours.inputShape();
        int[] dims = Nchw.dims(batch.size(), input);
        INDArray labels = Nd4j.zeros(batch.size(), batch.classes());
        for (int i = 0; i < batch.size(); i++) {
            labels.putScalar(i, (int) batch.labels()[i], 1);
        }
        this.batch = new DataSet(array(Nchw.channelsFirst(batch.x(), batch.size(), input), dims), labels);
        begin();
    }

    private static boolean hasWeights(Node node) {
        return node.layer() instanceof lanewise.layer.Conv2d || node.layer() instanceof lanewise.layer.Dense;
    }

    private static MultiLayerConfiguration layers(double learningRate) {
        return new NeuralNetConfiguration.Builder()
                .updater(new Sgd(learningRate))
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).padding(2, 2).nOut(6).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(16).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new DenseLayer.Builder().nOut(120).build())
                .layer(new DenseLayer.Builder().nOut(84).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(10).build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build();
    }

    private void copyWeights(Network ours, Node node, int at) {
        float[] w = ours.parameters().get(node.name() + ".weight");
        int[] dims = Arrays.stream(network.getParam(at + "_W").shape()).mapToInt(Math::toIntExact).toArray();
        if (dims.length == 4) { // K x C x R x S
            w = Nchw.filter(w, dims[2] * dims[3], dims[1], dims[0]);
        } else if (at == 4) {
            w = Nchw.rowsOfFlattened(w, ours.node("pool2").shape(), dims[1]);
        }
        network.setParam(at + "_W", array(w, dims));
        float[] bias = ours.parameters().get(node.name() + ".bias");
        network.setParam(at + "_b", array(bias, 1, bias.length));
    }

    private static INDArray array(float[] values, int... dims) {
        return Nd4j.create(values, dims, 'c');
    }

    @Override
    public String name() {
        return "dl4j";
    }

    @Override
    double step() {
        network.fit(batch);
        return network.score();
    }
}
