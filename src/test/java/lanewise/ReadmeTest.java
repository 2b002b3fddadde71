package lanewise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lanewise.infer.ImageInput;
import lanewise.infer.Labels;
import lanewise.infer.Prediction;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorContext;
import lanewise.infer.PredictorOptions;
import lanewise.infer.WarmUpMode;
import lanewise.io.IdxFile;
import lanewise.io.ModelFile;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.Reduce;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;
import lanewise.layer.Add;
import lanewise.layer.BatchNorm;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.LocallyConnected2d;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.layer.Summary;
import lanewise.model.ResNet20;
import lanewise.model.ResNet50;
import lanewise.onnx.OnnxImporter;
import lanewise.onnx.OnnxModel;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.OnnxWriter;
import lanewise.oracle.Data;
import lanewise.signal.Convolution1d;
import lanewise.signal.ImageFilter;
import lanewise.signal.Mode;
import lanewise.signal.Plane;
import lanewise.signal.Toeplitz1d;
import lanewise.train.Adam;
import lanewise.train.ArrayDataset;
import lanewise.train.ByteImages;
import lanewise.train.ConsoleProgress;
import lanewise.train.Dataset;
import lanewise.train.Datasets;
import lanewise.train.History;
import lanewise.train.LearningRate;
import lanewise.train.SoftmaxCrossEntropy;
import lanewise.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of README.md, line by line: {@link ReadmeLinesTest} compares them. */
class ReadmeTest {

    private static void fill(float[] in) {
        System.arraycopy(Data.reals(9, in.length), 0, in, 0, in.length);
    }

    @Test
    void convolutionLayer() {
        float[] x = Data.reals(1, 28 * 28 * 128);
        float[] weights = Data.reals(2, 3 * 3 * 128 * 128);
        float[] bias = Data.reals(3, 128);
        float[] dw = new float[weights.length];
        float[] dbias = new float[128];

        ConvShape shape = ConvShape.of(1, 28, 28, 128, 128, 3, 3).withSamePadding();
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU);
        PackedFilter filter = plan.pack(Pass.FORWARD, weights);
        Workspace workspace = plan.newWorkspace();

        float[] y = new float[shape.yLength()];
        plan.forward(x, filter, bias, y, workspace);
        float[] dy = y.clone();
        plan.gradWeight(x, dy, dw, workspace);
        plan.gradBias(dy, dbias);

        assertEquals("n1c128h28w28_k128r3s3_p1", shape.toString());
        assertTrue(plan.describe().contains("FORWARD: WinogradConv"), plan.describe());
        for (int k = 0; k < dbias.length; k++) {
            double sum = 0;
            for (int pixel = 0; pixel < 28 * 28; pixel++) {
                assertTrue(y[pixel * 128 + k] >= 0);
                sum += dy[pixel * 128 + k];
            }
            assertEquals(sum, dbias[k], 1e-6 * sum);
        }
    }

    @Test
    void textbookOperation() {
        float[] y = Convolution1d.flipAndFilter(new float[] {2, -1, 1}, new float[] {1, 1, 2}, Mode.FULL);
        assertArrayEquals(new float[] {2, 1, 4, -1, 2}, y);
        Plane matrix = Toeplitz1d.matrix(new float[] {1, 1, 2}, 3, Mode.FULL);
        assertArrayEquals(y, matrix.times(new float[] {2, -1, 1}));
        assertEquals(5, matrix.toString().lines().count());
        Plane picture = Plane.of(new float[] {0, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 0});
        Plane edges = ImageFilter.EDGES.apply(picture);
        assertEquals(4, edges.at(1, 1));
    }

    @Test
    void trainAndServe(@TempDir Path folder) throws IOException, InterruptedException {
        writeDigits(folder, "train", 40);
        writeDigits(folder, "t10k", 10);
        ByteImages train = Datasets.mnist(folder, true).normalized();
        ByteImages test = Datasets.mnist(folder, false).normalizedLike(train);
        Network network = Network.chain(Shape.of(28, 28, 1), 42,
                Conv2d.of(6, 5).padding(2).relu(), MaxPool2d.of(2),
                Conv2d.of(16, 5).relu(), MaxPool2d.of(2),
                new Flatten(), Dense.of(120).relu(), Dense.of(84).relu(), Dense.of(10));
        History history = new Trainer(network, new SoftmaxCrossEntropy(), Adam.of())
                .batch(64).epochs(12).seed(42).validation(test).listener(ConsoleProgress.automatic())
                .train(train);
        ModelFile.save(network, folder.resolve("lenet.safetensors"));
        assertEquals(12, history.epochs().size());
        serve(folder, network);
    }

    private static void writeDigits(Path folder, String name, int count) throws IOException {
        byte[] pixels = new byte[count * 784];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
            Arrays.fill(pixels, i * 784 + 70 * labels[i], i * 784 + 70 * labels[i] + 50 + i, (byte) 200);
        }
        IdxFile.write(folder.resolve(name + "-images-idx3-ubyte"), List.of(count, 28, 28), pixels);
        IdxFile.write(folder.resolve(name + "-labels-idx1-ubyte"), List.of(count), labels);
    }

    private static void serve(Path folder, Network trained) throws IOException, InterruptedException {
        Network network = ModelFile.load(folder.resolve("lenet.safetensors"));
        Predictor predictor = Predictor.compile(network);

        PredictorContext context = predictor.newContext();
        float[] in = new float[28 * 28], out = new float[10];
        fill(in);
        context.predict(in, out);
        int digit = Reduce.argMax(out, 0, 10);

        float[] scores = new float[10];
        trained.newContext(1).predict(in, scores, 1);
        float size = 0;
        for (float score : scores) {
            size = Math.max(size, Math.abs(score));
        }
        assertArrayEquals(scores, out, 1e-5f * size);
        predictor.awaitWarm(); // until then sums may be rounded in another order
        context.predict(in, out);
        assertArrayEquals(scores, out);
        for (float score : scores) {
            assertTrue(score <= scores[digit]);
        }
    }

    @Test
    void serving(@TempDir Path folder) throws IOException {
        BufferedImage image = new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB);
        Shape size = Shape.of(64, 64, 3); // smaller than in the README, for the sake of time
        PredictorOptions options = PredictorOptions.defaults().batch(8).withoutWinograd();
        Predictor predictor = Predictor.compile(ResNet50.network(size, 1000, 1), options);
        List<String> names = IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
        Files.write(folder.resolve("labels.txt"), names);
        Labels labels = Labels.read(folder.resolve("labels.txt"));
        try (Threads threads = Threads.of(2)) {
            PredictorContext context = predictor.newContext(threads);
            float[] in = new float[8 * size.size()], out = new float[8 * 1000];
            ImageInput.of(size).imageNet().fill(image, in, 0);
            context.predict(in, out);
            List<String> lines = new ArrayList<>();
            for (Prediction best : labels.top(out, 0, 5)) {
                lines.add(best.label() + " " + best.probability());
            }
            assertEquals(5, lines.size());
            assertTrue(lines.getFirst().matches("class [0-9]+ [01]\\.[0-9E-]+"), lines.toString());
            assertEquals(56, context.profile(in, out, 1).size());
        }
        assertTrue(predictor.describe().contains("stage1/block2/conv3 + batch norm + stage1/block1/relu, relu: n8c64h16w16_k256r1s1"),
                predictor.describe());
    }

    @Test
    void onnx(@TempDir Path folder) throws IOException, InterruptedException {
        Network ours = ResNet20.network(Shape.of(16, 16, 3), 10, 1);
        OnnxWriter.write(ours, 1, folder.resolve("resnet50.onnx")); // by the README's name, for the sake of time smaller

        OnnxModel model = OnnxImporter.load(folder.resolve("resnet50.onnx"));
        Predictor predictor = Predictor.compile(model.network());
        float[] in = new float[3 * 16 * 16], out = new float[10];
        fill(in);
        predictor.awaitWarm(); // until then, and in the model's own predictor, sums may be rounded in another order
        predictor.newContext().predict(in, out);
        float[] again = new float[10];
        model.predictor(Map.of(), PredictorOptions.defaults().warmUp(WarmUpMode.BEFORE)).newContext().predict(in, again);
        assertArrayEquals(again, out);
        OnnxTensor x = OnnxTensor.of(in, 1, 3, 16, 16);
        assertArrayEquals(again, model.run(x).floats(), 1e-5f * Math.abs(again[0]));
        long end = System.nanoTime() + 30_000_000_000L;
        while (System.nanoTime() < end && !Arrays.equals(again, model.run(x).floats())) {
            Thread.sleep(10);
        }
        assertArrayEquals(again, model.run(x).floats(), "when it is warm, too");

        Network imported = OnnxImporter.load(folder.resolve("resnet50.onnx")).channelsLast().network();
        assertTrue(imported.summary().toString().contains("GlobalAveragePool"), imported.summary().toString());
        String pool = imported.nodes().stream().filter(node -> node.layer() instanceof GlobalAveragePool).findFirst().orElseThrow().name();
        Network network = imported.withHead(pool, 42, new Flatten(), Dense.of(5));
        network.parameters().freezeAllBut("head");
        float[] pixels = Data.reals(6, 20 * 16 * 16 * 3);
        int[] labels = IntStream.range(0, 20).map(i -> i % 5).toArray();
        Dataset train = ArrayDataset.labelled(Shape.of(16, 16, 3), pixels, labels, List.of("a", "b", "c", "d", "e"));
        Dataset test = train.subset(0, 10);
        new Trainer(network, new SoftmaxCrossEntropy(), Adam.of()).batch(32).epochs(3).seed(42)
                .validation(test).listener(ConsoleProgress.automatic()).train(train);
        network.parameters().unfreeze();
        new Trainer(network, new SoftmaxCrossEntropy(), Adam.of()).learningRate(LearningRate.constant(1e-4)).batch(32).epochs(3).seed(43)
                .train(train);
        ModelFile.save(network, folder.resolve("flowers.safetensors"));
        assertEquals(Shape.of(5), ModelFile.load(folder.resolve("flowers.safetensors")).outputShape());
    }

    @Test
    void branches() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(32, 32, 16));
        Node branch = x.then(Conv2d.of(16, 3).same()).then(new BatchNorm()).then(new Relu());
        Node y = graph.join(new Add(), x, branch).then(new GlobalAveragePool()).then("classes", Dense.of(10));
        Network network = graph.network(42, y);
        assertTrue(network.summary().toString().contains("classes"), network.summary().toString());
        assertEquals(Shape.of(10), network.outputShape());
        assertEquals(Shape.of(16, 10), network.parameters().view("classes.weight").shape());
    }

    /** The figures of the lecture's table. */
    @Test
    void lecturePicture() {
        Graph graph = new Graph();
        Node picture = graph.input(Shape.of(200, 200, 3));
        Node connected = picture.then(new Flatten()).then("fully_connected", Dense.of(1000));
        Summary summary = graph.summary(connected);
        assertEquals(120_001_000, summary.row("fully_connected").parameters());

        Node local = picture.then("locally_connected", LocallyConnected2d.of(1, 5).stride(5, 8));
        Node shared = picture.then("convolution", Conv2d.of(1, 5).stride(5, 8));
        assertEquals(Shape.of(40, 25, 1), local.shape());
        assertEquals(Shape.of(40, 25, 1), shared.shape());
        assertEquals(76_000, graph.summary(local).row("locally_connected").parameters());
        assertEquals(76, graph.summary(shared).row("convolution").parameters());
    }
}
