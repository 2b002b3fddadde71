package lanewise.demo;

import java.io.IOException;
import java.util.Locale;
import lanewise.layer.Conv1d;
import lanewise.layer.Dense;
import lanewise.layer.Dropout;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.MaxPool1d;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.train.Adam;
import lanewise.train.ArrayDataset;
import lanewise.train.Augmentation;
import lanewise.train.ConfusionMatrix;
import lanewise.train.ConsoleProgress;
import lanewise.train.Dataset;
import lanewise.train.Evaluation;
import lanewise.train.LearningRate;
import lanewise.train.SoftmaxCrossEntropy;
import lanewise.train.Trainer;

/**
 * Trains a 1-D convnet on recorded voices, {@link SignalData}: filters of radius 2 along the time, pooled twice, and a mean over the
 * time that makes the answer independent of when something is said.
 *
 * <pre>./mvnw -q compile exec:exec@demo-signal</pre>
 */
public final class SignalDemo {

    private static final int EPOCHS = 30;
    private static final int BATCH = 32;

    private SignalDemo() {}

    /** Ends with status 1 and one sentence if the data cannot be read. */
    public static void main(String[] args) {
        try {
            run();
        } catch (IOException e) {
            System.err.println(Sentence.of(e));
            System.exit(1);
        }
    }

    private static void run() throws IOException {
        SignalData data = SignalData.load();
        Shape shape = Shape.of(data.width(), data.channels());
        Dataset train = ArrayDataset.labelled(shape, data.train(), data.trainLabels(), data.classNames());
        Dataset test = ArrayDataset.labelled(shape, data.test(), data.testLabels(), data.classNames());
        System.out.printf(Locale.ROOT, "%,d training and %,d test signals of %d frames x %d bands: %s%n", train.size(), test.size(),
                data.width(), data.channels(), data.classNames());

        Network network = Network.chain(shape, 1,
                Conv1d.ofRadius(32, 2).relu(), MaxPool1d.of(2),
                Conv1d.ofRadius(64, 2).relu(), MaxPool1d.of(2),
                Conv1d.ofRadius(64, 1).relu(),
                new GlobalAveragePool(), new Dropout(0.3f), Dense.of(data.classNames().size()));
        System.out.println(network.summary());

        SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
        long steps = (long) EPOCHS * Math.ceilDiv(train.size(), BATCH);
        new Trainer(network, loss, Adam.of()).batch(BATCH).epochs(EPOCHS).seed(1)
                .learningRate(LearningRate.cosine(2e-3, 0, steps).warmUp(steps / 20))
                .augment(Augmentation.shift(4))
                .validation(test)
                .listener(ConsoleProgress.automatic("signals"))
                .train(train);

        ConfusionMatrix confusion = new ConfusionMatrix(data.classNames().size());
        Evaluation evaluation = Evaluation.of(network.newContext(BATCH), test, loss,
                (y, targets, n, first) -> confusion.add(y, targets, n));
        System.out.println(confusion.table(data.classNames()));
        System.out.printf(Locale.ROOT, "demo-signal: accuracy=%.4f%n", evaluation.accuracy());
    }
}
