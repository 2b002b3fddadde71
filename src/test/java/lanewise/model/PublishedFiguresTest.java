package lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.ReceptiveField;
import lanewise.layer.Shape;
import lanewise.layer.Summary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes of the networks against those that others publish, from shapes alone: nobody allocates VGG-16 here. */
class PublishedFiguresTest {

    /**
     * Parameters that are trained, and billions of multiply-adds to three digits after the point: for the five of ImageNet the
     * {@code num_params} and {@code _ops} in torchvision's table of weights, for the others counted by hand, layer by layer.
     */
    @ParameterizedTest
    @CsvSource({
        "LENET, 61706, 0.000",
        "VGG16, 138357544, 15.470",
        "VGG8, 2196810, 0.154",
        "RESNET18, 11689512, 1.814",
        "RESNET50, 25557032, 4.089",
        "RESNET20, 272474, 0.041",
        "MOBILENETV2, 3504872, 0.301",
        "SQUEEZENET, 1235496, 0.349"})
    void parametersAndWork(Model model, long parameters, String billions) {
        Node scores = model.scoresAsPublished();
        Summary summary = scores.graph().summary(scores);
        assertEquals(parameters, summary.trained());
        assertEquals(billions, String.format(Locale.ROOT, "%.3f", summary.multiplyAdds() / 1e9));
        assertEquals(Shape.of(model.publishedClasses()), scores.shape());
    }

    /** A running mean and variance for each channel that is normalised; none elsewhere. */
    @ParameterizedTest
    @CsvSource({"LENET, 0", "VGG16, 0", "VGG8, 0", "SQUEEZENET, 0",
        "RESNET18, 9600", "RESNET50, 53120", "RESNET20, 1568", "MOBILENETV2, 34112"})
    void states(Model model, long states) {
        Node scores = model.scoresAsPublished();
        assertEquals(states, scores.graph().summary(scores).states());
    }

    /**
     * The last maps, as the papers' tables have them, and what one of their elements sees of the picture: 1 and, for each window on
     * the way, (taps - 1) times the strides before it.
     */
    @ParameterizedTest
    @CsvSource({
        "LENET, 5x5x16, 16",
        "VGG16, 7x7x512, 212",
        "VGG8, 4x4x256, 36",
        "RESNET18, 7x7x512, 435",
        "RESNET50, 7x7x2048, 427",
        "RESNET20, 8x8x64, 81",
        "MOBILENETV2, 7x7x1280, 491",
        "SQUEEZENET, 13x13x512, 207"})
    void features(Model model, String shape, long seen) {
        Node features = model.features.apply(new Graph().input(model.published));
        assertEquals(shape, features.shape().toString());
        ReceptiveField field = features.receptiveField();
        assertEquals(seen, field.height());
        assertEquals(seen, field.width());
    }

    /** The maps after each stage, ResNet-50's from table 1 of the paper, MobileNetV2's from its table 2. */
    @Test
    void stages() {
        Node resNet = Model.RESNET50.scoresAsPublished();
        Summary summary = resNet.graph().summary(resNet);
        assertEquals("112x112x64", shape(summary, "stem/relu"));
        assertEquals("56x56x64", shape(summary, "stem/pool"));
        assertEquals("56x56x256", shape(summary, "stage1/block3/relu"));
        assertEquals("56x56x128", shape(summary, "stage2/block1/conv1"), "version 1.5: the stride comes later");
        assertEquals("28x28x512", shape(summary, "stage2/block4/relu"));
        assertEquals("14x14x1024", shape(summary, "stage3/block6/relu"));
        assertEquals("7x7x2048", shape(summary, "stage4/block3/relu"));

        Node mobile = Model.MOBILENETV2.scoresAsPublished();
        summary = mobile.graph().summary(mobile);
        assertEquals("112x112x32", shape(summary, "stem/relu"));
        assertEquals("112x112x16", shape(summary, "stage1/block1/project/norm"));
        assertEquals("56x56x24", shape(summary, "stage2/block2/add"));
        assertEquals("28x28x32", shape(summary, "stage3/block3/add"));
        assertEquals("14x14x64", shape(summary, "stage4/block4/add"));
        assertEquals("14x14x96", shape(summary, "stage5/block3/add"));
        assertEquals("7x7x160", shape(summary, "stage6/block3/add"));
        assertEquals("7x7x320", shape(summary, "stage7/block1/project/norm"));
    }

    private static String shape(Summary summary, String name) {
        return summary.row(name).output().toString();
    }

    /** The short maker is the long one with the published sizes; those that are large are looked at above. */
    @ParameterizedTest
    @EnumSource(names = {"LENET", "VGG8", "RESNET20", "MOBILENETV2", "SQUEEZENET"})
    void standardNetwork(Model model) {
        Network network = model.standard.apply(3);
        assertEquals(model.published, network.inputShape());
        assertEquals(Shape.of(model.publishedClasses()), network.outputShape());
    }
}
