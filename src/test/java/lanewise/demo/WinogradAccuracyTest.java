package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.layer.BatchNorm;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Relu;
import lanewise.model.LeNet;
import lanewise.oracle.ChildJvm;
import lanewise.train.Adam;
import lanewise.train.ByteImages;
import lanewise.train.Datasets;
import lanewise.train.LearningRate;
import lanewise.train.SoftmaxCrossEntropy;
import lanewise.train.Trainer;
import org.junit.jupiter.api.Test;

/** Training through Winograd's algorithm ends at the accuracy of training without: the same network, seed and digits. */
class WinogradAccuracyTest {

    private static final int TRAIN = 1500;
    private static final int BATCH = 25;
    private static final int EPOCHS = 4;

    private static Network network() {
        return Network.chain(LeNet.INPUT, 1, Conv2d.of(16, 3).same(), new BatchNorm(), new Relu(), MaxPool2d.of(2),
                Conv2d.of(32, 3).same(), new BatchNorm(), new Relu(), MaxPool2d.of(2),
                Conv2d.of(32, 3).same(), new BatchNorm(), new Relu(), MaxPool2d.of(2), new Flatten(), Dense.of(10));
    }

    private static double accuracy(boolean winograd, Network network) throws IOException {
        Path folder = Bundled.path("mnist/train-images-idx3-ubyte.gz").getParent();
        ByteImages train = Datasets.mnist(folder, true).normalized();
        Trainer trainer = new Trainer(network, new SoftmaxCrossEntropy(), Adam.of()).batch(BATCH).epochs(EPOCHS).seed(1)
                .learningRate(LearningRate.cosine(5e-3, 0, EPOCHS * TRAIN / BATCH))
                .validation(Datasets.mnist(folder, false).normalizedLike(train));
        return (winograd ? trainer : trainer.withoutWinograd()).train(train.subset(0, TRAIN)).last().validationAccuracy();
    }

    @Test
    void sameAccuracy() throws IOException {
        assumeTrue(ChildJvm.isWidthPreferred(), "takes long: runs at the preferred width only");
        ConvShape second = ConvShape.of(BATCH, 14, 14, 16, 32, 3, 3, 1, 1);
        assertTrue(ConvPlan.of(second).describe().contains("FORWARD: WinogradConv"), ConvPlan.of(second).describe());
        Network with = network();
        Network without = network();
        double accuracy = accuracy(true, with);
        double plain = accuracy(false, without);
        assertFalse(Arrays.equals(with.parameters().values(), without.parameters().values()), "both trained by the same algorithm");
        assertTrue(plain > 0.93 && accuracy > 0.93, plain + " and " + accuracy);
        assertEquals(plain, accuracy, 0.01, "20 of the 2000 test digits, of which chance alone would move 13");
    }
}
