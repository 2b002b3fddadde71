package lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import lanewise.io.ModelFile;
import lanewise.kernel.Activation;
import lanewise.layer.BatchNorm;
import lanewise.layer.Context;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Shape;
import lanewise.layer.Summary;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import lanewise.train.Sgd;
import lanewise.train.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The networks at work, on small pictures. */
class ModelTest {

    private static final int CLASSES = 7;
    private static final int BATCH = 4;
    private static final SoftmaxCrossEntropy LOSS = new SoftmaxCrossEntropy();

    private static float[] scores(Network network, int n) {
        float[] scores = new float[n * network.outputShape().size()];
        network.newContext(n).predict(Data.reals(5, n * network.inputShape().size()), scores, n);
        return scores;
    }

    /** Every picture gets finite scores of its own. */
    @ParameterizedTest
    @EnumSource
    void forward(Model model) {
        Network network = model.small(CLASSES, 1);
        assertEquals(model.small, network.inputShape());
        assertEquals(Shape.of(CLASSES), network.outputShape());
        float[] scores = scores(network, 2);
        for (float score : scores) {
            assertTrue(Float.isFinite(score), () -> "score " + score);
        }
        for (int k = 0; k < CLASSES; k++) {
            assertTrue(scores[k] == 0 || scores[k] != scores[CLASSES + k], "class " + k + " scores two pictures alike");
        }
    }

    @Test
    void seeds() {
        assertArrayEquals(scores(Model.RESNET20.small(CLASSES, 1), 1), scores(Model.RESNET20.small(CLASSES, 1), 1));
        assertNotEquals(scores(Model.RESNET20.small(CLASSES, 1), 1)[0], scores(Model.RESNET20.small(CLASSES, 2), 1)[0]);
    }

    /**
     * One small step against the gradient g changes the loss by {@code -rate |g|^2}, to first order: forward, backward and optimiser
     * belong together through all branches.
     */
    @ParameterizedTest
    @EnumSource(names = {"LENET", "VGG8", "RESNET20", "MOBILENETV2", "SQUEEZENET"})
    void oneStepOfTraining(Model model) {
        Network network = model.small(CLASSES, 2);
        Context context = network.newTrainingContext(BATCH, 3);
        float[] x = Data.reals(4, BATCH * model.small.size());
        System.arraycopy(x, 0, context.input(), 0, x.length);
        double before = loss(context, context.outputGradient());
        context.backward(BATCH);
        float[] gradients = context.gradients().values();
        double squared = Data.dot(gradients, gradients);
        double change = before / 500;
        Sgd.of().step(network.parameters(), context.gradients(), change / squared);
        double fall = before - loss(context, null);
        assertEquals(change, fall, change / 4, () -> "loss " + before + ", |gradient|^2 " + squared);
    }

    private static double loss(Context context, float[] gradient) {
        context.step(0); // dropout drops the same again
        context.forward(BATCH, true);
        return LOSS.forward(context.output(), new float[] {0, 3, 6, 1}, BATCH, context.network().outputShape(), gradient);
    }

    /** A prefix names a stage: its parameters and its running means stay, all others move. */
    @Test
    void freezingAStage() {
        Network network = Model.RESNET20.small(CLASSES, 4);
        float[] start = network.parameters().values().clone();
        network.parameters().freeze("stem/");
        network.parameters().freeze("stage1/");
        Context context = network.newTrainingContext(BATCH, 3);
        float[] x = Data.reals(4, BATCH * network.inputShape().size());
        System.arraycopy(x, 0, context.input(), 0, x.length);
        loss(context, context.outputGradient());
        context.backward(BATCH);
        Sgd.of().step(network.parameters(), context.gradients(), 0.1);
        int frozen = 0;
        for (Parameter view : network.parameters().views()) {
            boolean stays = view.name().startsWith("stem/") || view.name().startsWith("stage1/");
            frozen += stays ? 1 : 0;
            boolean changed = false;
            for (int i = view.offset(); i < view.offset() + view.length(); i++) {
                changed |= start[i] != network.parameters().values()[i];
            }
            assertEquals(!stays, changed, view.name());
        }
        assertEquals(5 + 6 * 5, frozen, "a convolution and a normalisation in the stem, six of each in the stage");
    }

    /** No convolution before a batch normalisation has a bias, every other one has. */
    @ParameterizedTest
    @EnumSource
    void biases(Model model) {
        Node scores = model.scores.apply(new Graph().input(model.small), CLASSES);
        Network network = scores.graph().emptyNetwork(scores);
        for (Node node : network.nodes()) {
            boolean normalised = network.nodes().stream()
                    .anyMatch(next -> next.inputs().contains(node) && next.layer() instanceof BatchNorm);
            switch (node.layer()) {
                case Conv2d conv -> assertEquals(!normalised, conv.bias(), node::toString);
                case DepthwiseConv2d conv -> assertEquals(!normalised, conv.bias(), node::toString);
                case null, default -> assertFalse(normalised, node::toString);
            }
        }
    }

    /** The layers of one block each: a missing ReLU changes no other count. */
    @Test
    void blocks() {
        assertEquals("Conv2d BatchNorm Relu Conv2d BatchNorm Conv2d BatchNorm Add Relu", kinds(Model.RESNET18, "stage2/block1/"));
        assertEquals("Conv2d BatchNorm Relu Conv2d BatchNorm Add Relu", kinds(Model.RESNET20, "stage1/block2/"));
        assertEquals("Conv2d BatchNorm Relu Conv2d BatchNorm Relu Conv2d BatchNorm Add Relu",
                kinds(Model.RESNET50, "stage4/block3/"));
        assertEquals("Conv2d BatchNorm Relu MaxPool2d", kinds(Model.RESNET50, "stem/"));
        assertEquals("Conv2d BatchNorm Relu", kinds(Model.RESNET20, "stem/"));
        assertEquals("Conv2d BatchNorm Relu6", kinds(Model.MOBILENETV2, "stem/"));
        assertEquals("DepthwiseConv2d BatchNorm Relu6 Conv2d BatchNorm", kinds(Model.MOBILENETV2, "stage1/"));
        assertEquals("Conv2d BatchNorm Relu6 DepthwiseConv2d BatchNorm Relu6 Conv2d BatchNorm Add",
                kinds(Model.MOBILENETV2, "stage6/block2/"));
        assertEquals("Conv2d BatchNorm Relu6", kinds(Model.MOBILENETV2, "head/"));
        assertEquals("Conv2d Conv2d MaxPool2d", kinds(Model.VGG16, "stage1/"));
        assertEquals("Conv2d Conv2d Conv2d Concat", kinds(Model.SQUEEZENET, "fire7"));
    }

    private static String kinds(Model model, String prefix) {
        Node scores = model.scoresAsPublished();
        return scores.graph().summary(scores).rows().stream().filter(row -> row.name().startsWith(prefix)).map(Summary.Row::layer)
                .collect(Collectors.joining(" "));
    }

    /** Where nothing is normalised every convolution has its ReLU fused in, and every dense layer but the last. */
    @ParameterizedTest
    @EnumSource
    void fusedActivations(Model model) {
        Node scores = model.scores.apply(new Graph().input(model.small), CLASSES);
        for (Node node : scores.graph().emptyNetwork(scores).nodes()) {
            switch (node.layer()) {
                case Conv2d conv -> assertEquals(conv.bias() ? Activation.RELU : Activation.NONE, conv.activation(), node::toString);
                case DepthwiseConv2d conv -> assertEquals(Activation.NONE, conv.activation(), node::toString);
                case Dense dense ->
                        assertEquals(node == scores ? Activation.NONE : Activation.RELU, dense.activation(), node::toString);
                case null, default -> { }
            }
        }
    }

    /** A shortcut is a convolution exactly where the shape changes. */
    @Test
    void shortcuts() {
        for (Model model : List.of(Model.RESNET18, Model.RESNET50, Model.RESNET20)) {
            Node scores = model.scoresAsPublished();
            List<String> names = scores.graph().summary(scores).rows().stream().map(Summary.Row::name)
                    .filter(name -> name.endsWith("/shortcut/conv")).toList();
            List<String> expected = switch (model) {
                case RESNET18 -> List.of("stage2/block1/shortcut/conv", "stage3/block1/shortcut/conv",
                        "stage4/block1/shortcut/conv");
                case RESNET20 -> List.of("stage2/block1/shortcut/conv", "stage3/block1/shortcut/conv");
                default -> List.of("stage1/block1/shortcut/conv", "stage2/block1/shortcut/conv", "stage3/block1/shortcut/conv",
                        "stage4/block1/shortcut/conv");
            };
            assertEquals(expected, names, model::toString);
        }
        Node mobile = Model.MOBILENETV2.scoresAsPublished();
        assertEquals(10, mobile.graph().summary(mobile).rows().stream().filter(row -> row.layer().equals("Add")).count());
    }

    /** Sums and concatenations survive a file. */
    @ParameterizedTest
    @EnumSource(names = {"RESNET20", "SQUEEZENET"})
    void modelFile(Model model, @TempDir Path folder) throws IOException {
        Network network = model.small(CLASSES, 6);
        Path file = folder.resolve("model.safetensors");
        ModelFile.save(network, file);
        Network loaded = ModelFile.load(file);
        assertEquals(network.nodes().toString(), loaded.nodes().toString());
        assertArrayEquals(scores(network, 2), scores(loaded, 2));
    }

    @ParameterizedTest
    @EnumSource
    void refusals(Model model) {
        Refused.argument(() -> model.maker.network(model.published, 0, 1), "classes is 0, must be at least 1");
        Graph graph = new Graph();
        model.features.apply(graph.input("one", model.published));
        Refused.argument(() -> model.features.apply(graph.input("two", model.published)), "is taken");
    }

    @Test
    void tooSmall() {
        Refused.argument(() -> LeNet.network(Shape.of(11, 28, 1), 10, 1), "pool2", "1x10x16");
        Refused.argument(() -> Vgg16.network(Shape.of(31, 32, 3), 10, 1), "stage5/pool", "1x2x512");
        Refused.argument(() -> Vgg8.network(Shape.of(32, 7, 3), 10, 1), "stage3/pool", "8x1x256");
        Refused.argument(() -> SqueezeNet.network(Shape.of(16, 17, 3), 10, 1), "pool5", "2x");
        assertEquals(Shape.of(10), SqueezeNet.network(Shape.of(17, 17, 3), 10, 1).outputShape());
        assertEquals(Shape.of(10), ResNet20.network(Shape.of(1, 1, 3), 10, 1).outputShape());
    }
}
