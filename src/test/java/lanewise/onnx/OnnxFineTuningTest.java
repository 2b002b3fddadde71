package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lanewise.io.ModelFile;
import lanewise.layer.BatchNorm;
import lanewise.layer.Context;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.train.Adam;
import lanewise.train.ArrayDataset;
import lanewise.train.Dataset;
import lanewise.train.LearningRate;
import lanewise.train.SoftmaxCrossEntropy;
import lanewise.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An imported network gets a new head, learns another task with all else frozen, and is saved. */
class OnnxFineTuningTest {

    private static final Shape PICTURE = Shape.of(12, 12, 3);
    private static final int CLASSES = 3;
    private static final int COUNT = 90;

    @TempDir
    Path folder;

    @Test
    void learnsASecondTask() throws IOException {
        Network first = Network.chain(PICTURE, 5, Conv2d.of(12, 3).padding(1).withoutBias(), new BatchNorm(), new Relu(),
                MaxPool2d.of(2),
                Conv2d.of(16, 3).padding(1), new Relu(), new GlobalAveragePool(), Dense.of(10));
        Path file = folder.resolve("first.onnx");
        OnnxWriter.write(first, 1, file);
        Network imported = OnnxImporter.load(file).network();
        Node features = imported.nodes().get(imported.nodes().indexOf(imported.outputs().getFirst()) - 1);

        Network second = imported.withHead(features.name(), 42, Dense.of(CLASSES));
        second.parameters().freezeAllBut("head");
        float[] before = second.parameters().values().clone();
        Dataset data = stripes(1);
        float start = accuracy(second);
        new Trainer(second, new SoftmaxCrossEntropy(),
                Adam.of()).learningRate(LearningRate.constant(0.02)).epochs(30).batch(16).seed(3).train(data);
        float end = accuracy(second);
        assertTrue(end > 0.9f && end > start + 0.2f, () -> "accuracy went from " + start + " to " + end);

        for (Parameter view : second.parameters().views()) {
            float[] old = Arrays.copyOfRange(before, view.offset(), view.offset() + view.length());
            boolean same = Arrays.equals(old, second.parameters().get(view.name()));
            assertEquals(!view.name().startsWith("head"), same, view.name());
        }
        Path saved = folder.resolve("second.safetensors");
        ModelFile.save(second, saved);
        assertArrayEquals(scores(second), scores(ModelFile.load(saved)));
    }

    private static float[] scores(Network network) {
        float[] pictures = pictures(2);
        Context context = network.newContext(COUNT);
        float[] scores = new float[COUNT * CLASSES];
        context.predict(pictures, scores, COUNT);
        return scores;
    }

    private static float accuracy(Network network) {
        float[] scores = scores(network);
        int hits = 0;
        for (int n = 0; n < COUNT; n++) {
            int best = 0;
            for (int k = 1; k < CLASSES; k++) {
                best = scores[n * CLASSES + k] > scores[n * CLASSES + best] ? k : best;
            }
            hits += best == n % CLASSES ? 1 : 0;
        }
        return hits / (float) COUNT;
    }

    private static Dataset stripes(int seed) {
        int[] labels = new int[COUNT];
        Arrays.setAll(labels, n -> n % CLASSES);
        return ArrayDataset.labelled(Shape.of(3, 12, 12), pictures(seed), labels, List.of("red", "green", "blue"));
    }

    /** Channels first, as the imported network wants them: one class a colour, with noise. */
    private static float[] pictures(int seed) {
        var random = new SplittableRandom(seed);
        float[] pictures = new float[COUNT * PICTURE.size()];
        for (int i = 0; i < pictures.length; i++) {
            int n = i / PICTURE.size();
            int channel = i % PICTURE.size() / 144;
            pictures[i] = (float) random.nextDouble(-0.5, 0.5) + (channel == n % CLASSES ? 1 : 0);
        }
        return pictures;
    }
}
