package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lanewise.kernel.Threads;
import lanewise.layer.Add;
import lanewise.layer.BatchNorm;
import lanewise.layer.Concat;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Dropout;
import lanewise.layer.Flatten;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.Keep;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import org.junit.jupiter.api.Test;

class TrainerTest {

    private static final Shape PICTURE = Shape.of(8, 8, 2);
    private static final List<String> CLASSES = List.of("left", "right", "none");

    /** A bright spot at the left, at the right, or nowhere, in noise. */
    static Dataset spots(int examples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[examples * PICTURE.size()];
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            labels[i] = random.nextInt(3);
            for (int j = 0; j < PICTURE.size(); j++) {
                x[i * PICTURE.size() + j] = (float) (0.3 * random.nextGaussian());
            }
            if (labels[i] < 2) {
                int column = random.nextInt(3) + (labels[i] == 0 ? 0 : 5);
                x[i * PICTURE.size() + (random.nextInt(8) * 8 + column) * 2] += 3;
            }
        }
        return ArrayDataset.labelled(PICTURE, x, labels, CLASSES);
    }

    /** With a residual block, a branch that is concatenated, batch normalisation and dropout. */
    static Network branched(long seed) {
        Graph graph = new Graph();
        Node x = graph.input(PICTURE).then(Conv2d.of(8, 3).same()).then(new BatchNorm()).then(new Relu());
        Node residual = graph.join(new Add(), x, x.then(Conv2d.of(8, 3).same().relu()));
        Node both = graph.join(new Concat(), residual.then(MaxPool2d.of(2)), residual.then(Conv2d.of(4, 2).stride(2).relu()));
        Node head = graph.join(new Concat(), both.then(new GlobalAveragePool()), both.then(new Flatten()).then(new Dropout(0.2f)));
        return graph.network(seed, head.then(Dense.of(3)));
    }

    private static Trainer trainer(Network network) {
        return new Trainer(network, new SoftmaxCrossEntropy(), Adam.of()).batch(16).epochs(3).seed(5)
                .learningRate(LearningRate.constant(5e-3)).augment(Augmentation.shift(1)).clip(GradientClipping.norm(1));
    }

    private static int[] trainedBits(long networkSeed, long trainerSeed, Threads threads) {
        Network network = branched(networkSeed);
        trainer(network).seed(trainerSeed).threads(threads).train(spots(70, 1)); // 70: the last batch of an epoch is smaller
        return Arrays.stream(toDoubles(network.parameters().values())).mapToInt(v -> Float.floatToRawIntBits((float) v)).toArray();
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @Test
    void sameSeedSameWeights() {
        int[] first = trainedBits(1, 2, Threads.one());
        assertArrayEquals(first, trainedBits(1, 2, Threads.one()));
        assertFalse(Arrays.equals(first, trainedBits(1, 3, Threads.one())));
        assertFalse(Arrays.equals(first, trainedBits(2, 2, Threads.one())));
        try (Threads two = Threads.of(2)) {
            assertArrayEquals(first, trainedBits(1, 2, two));
        }
    }

    @Test
    void whatIsKeptDoesNotMatter() {
        Network network = branched(1);
        trainer(network).train(spots(70, 1));
        Network least = branched(1);
        trainer(least).keep(Keep.LEAST).train(spots(70, 1));
        assertArrayEquals(network.parameters().values(), least.parameters().values());
    }

    @Test
    void learnsWhatIsThereToLearn() {
        Network network = branched(1);
        Dataset test = spots(200, 99);
        Evaluation before = Evaluation.of(network, test, new SoftmaxCrossEntropy(), 32);
        History history = trainer(network).epochs(12).validation(test).train(spots(600, 1));
        Evaluation after = Evaluation.of(network, test, new SoftmaxCrossEntropy(), 32);
        assertTrue(before.accuracy() < 0.6, before::toString);
        assertTrue(after.accuracy() > 0.95, after::toString);
        assertEquals(after.accuracy(), history.last().validationAccuracy());
        assertEquals(after.loss(), history.last().validationLoss(), 1e-6 * after.loss());
        assertEquals(12, history.epochs().size());
        assertEquals(12, history.bestEpoch());
        assertFalse(history.stoppedEarly());
        double[] losses = history.curve(Epoch::trainLoss);
        assertTrue(losses[11] < losses[0] / 3, Arrays.toString(losses));
    }

    @Test
    void overfitsATinyBatchToNothing() {
        Graph graph = new Graph();
        Node x = graph.input(PICTURE).then(Conv2d.of(6, 3).same().relu());
        Node sum = graph.join(new Add(), x, x.then(Conv2d.of(6, 3).same().relu()));
        Network network = graph.network(3, sum.then(new Flatten()).then(Dense.of(3)));
        SplittableRandom random = new SplittableRandom(7);
        float[] noise = new float[6 * PICTURE.size()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        Dataset six = ArrayDataset.labelled(PICTURE, noise, new int[] {0, 1, 2, 2, 1, 0}, CLASSES);
        History history = new Trainer(network, new SoftmaxCrossEntropy(), Sgd.of().momentum(0.9f)).batch(6).epochs(400)
                .learningRate(LearningRate.constant(0.02)).train(six);
        assertEquals(1, history.last().trainAccuracy());
        assertTrue(history.last().trainLoss() < 1e-3, history.last()::toString);
    }

    @Test
    void stopsEarlyWithTheBestWeights() {
        Network network = branched(1);
        Dataset test = spots(60, 99);
        List<Epoch> seen = new ArrayList<>();
        History history = trainer(network).epochs(60).learningRate(LearningRate.constant(2e-2)).validation(test).earlyStopping(3)
                .listener(new TrainingListener() {
                    @Override
                    public void epochEnded(Epoch epoch, Progress progress) {
                        seen.add(epoch);
                    }
                }).train(spots(40, 1));
        assertEquals(seen, history.epochs());
        assertTrue(history.stoppedEarly());
        double least = Arrays.stream(history.curve(Epoch::validationLoss)).min().orElseThrow();
        assertEquals(least, history.best().validationLoss());
        assertEquals(history.bestEpoch() + 3, history.epochs().size());
        assertEquals(least, Evaluation.of(network, test, new SoftmaxCrossEntropy(), 16).loss(), 1e-6);
        assertNotEquals(least, history.last().validationLoss());
    }

    @Test
    void aLossThatIsNoNumberNamesTheStep() {
        Dataset data = spots(64, 1);
        float[] x = new float[PICTURE.size()];
        x[5] = Float.NaN;
        Dataset withNan = new Dataset() {
            @Override
            public int size() {
                return data.size();
            }

            @Override
            public Shape inputShape() {
                return data.inputShape();
            }

            @Override
            public int targetSize() {
                return data.targetSize();
            }

            @Override
            public List<String> classNames() {
                return data.classNames();
            }

            private int reads;

            @Override
            public void read(int index, float[] to, int offset, float[] target, int targetOffset) {
                data.read(index, to, offset, target, targetOffset);
                if (reads++ == 64 + 2 * 16 + 3) { // in the third step of the second epoch
                    System.arraycopy(x, 0, to, offset, x.length);
                }
            }
        };
        List<String> calls = new ArrayList<>();
        TrainingException thrown = assertThrows(TrainingException.class, () -> new Trainer(
                Network.chain(PICTURE, 1, new Flatten(), Dense.of(3)), new SoftmaxCrossEntropy(), Sgd.of()).batch(16).epochs(3)
                .listener(recorder(calls)).train(withNan));
        assertEquals(7, thrown.step());
        assertTrue(thrown.getMessage().startsWith("the loss is NaN at step 7 (epoch 2, step 3 of 4), learning rate 0.001"),
                thrown.getMessage());
        assertEquals(List.of("started", "1", "2", "3", "4", "epoch 1", "5", "6", "ended after 1"), calls);
    }

    private static TrainingListener recorder(List<String> calls) {
        return new TrainingListener() {
            @Override
            public void started(Progress progress) {
                calls.add("started");
            }

            @Override
            public void stepped(Progress progress) {
                calls.add("" + progress.step());
            }

            @Override
            public void epochEnded(Epoch epoch, Progress progress) {
                calls.add("epoch " + epoch.number());
            }

            @Override
            public void ended(History history) {
                calls.add("ended after " + history.epochs().size());
            }
        };
    }

    @Test
    void progressIsTrue() {
        Network network = branched(1);
        List<Double> rates = new ArrayList<>();
        List<Long> epochSteps = new ArrayList<>();
        History history = trainer(network).epochs(2).learningRate(step -> 1e-3 * (step + 1)).listener(new TrainingListener() {
            @Override
            public void stepped(Progress progress) {
                rates.add(progress.learningRate());
                epochSteps.add(progress.epochStep());
                assertEquals(3, progress.stepsPerEpoch());
                assertEquals(2, progress.epochs());
                assertTrue(progress.examplesPerSecond() > 0 && progress.secondsLeft() >= 0);
                assertTrue(progress.gradientNorm() > 0 && Double.isFinite(progress.gradientNorm()));
                assertTrue(progress.accuracy() >= 0 && progress.accuracy() <= 1);
            }
        }).train(spots(40, 1));
        assertEquals(List.of(1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3), rates);
        assertEquals(List.of(1L, 2L, 3L, 1L, 2L, 3L), epochSteps);
        assertEquals(40, history.last().examples());
        assertTrue(Double.isNaN(history.last().validationLoss()));
    }

    @Test
    void refusesWhatDoesNotFit() {
        Network network = branched(1);
        Dataset other = ArrayDataset.labelled(Shape.of(4), new float[4], new int[] {0}, CLASSES);
        assertRefused(IllegalArgumentException.class, () -> trainer(network).train(other), "4", "8x8x2");
        assertRefused(IllegalArgumentException.class,
                () -> new Trainer(network, new MeanSquaredError(), Adam.of()).train(spots(4, 1)), "1", "3");
        assertRefused(IllegalStateException.class, () -> trainer(network).earlyStopping(2).train(spots(4, 1)), "validation");
        assertRefused(IllegalArgumentException.class, () -> trainer(network).batch(0), "batch is 0");
        Trainer once = trainer(network);
        once.train(spots(4, 1));
        assertRefused(IllegalStateException.class, () -> once.train(spots(4, 1)), "has trained");
    }

    private static void assertRefused(Class<? extends RuntimeException> type, Runnable call, String... parts) {
        RuntimeException refused = assertThrows(type, call::run);
        for (String part : parts) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
    }
}
