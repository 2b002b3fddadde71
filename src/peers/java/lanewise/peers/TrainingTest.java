package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lanewise.kernel.Threads;
import lanewise.layer.Network;
import lanewise.model.LeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {

    private static final double RATE = 0.05;

    private static final TrainingBatch BATCH = TrainingBatch.of(8, LeNet.INPUT, 10, 1);

    private static OurTraining ours(Network network) {
        return new OurTraining(network, BATCH, RATE, Threads.one());
    }

    /** From the same weights to the same losses; a weight or a rate that differs is seen. */
    @Test
    void deeplearning4jTrainsTheSameNetwork() {
        Network network = LeNet.network(1);
        var same = new Dl4jLeNet(network, BATCH, RATE);
        var slower = new Dl4jLeNet(network, BATCH, RATE * 0.95);
        float[] losses = ours(LeNet.network(1)).result();
        float[] w = network.parameters().get("conv2.weight");
        w[7] += 0.5f;
        network.parameters().set("conv2.weight", w);
        var other = new Dl4jLeNet(network, BATCH, RATE);
        Agreement.require("losses", losses, same.result());
        assertThrows(IllegalStateException.class, () -> Agreement.require("losses", losses, slower.result()));
        assertThrows(IllegalStateException.class, () -> Agreement.require("losses", losses, other.result()));
    }

    @Test
    void stepsLowerTheLoss() {
        float[] losses = ours(LeNet.network(1)).result();
        assertEquals(Training.STEPS, losses.length);
        assertTrue(losses[Training.STEPS - 1] < losses[0], losses[0] + " to " + losses[Training.STEPS - 1]);
    }

    /** Where there is no peer, ours is there. */
    @ParameterizedTest
    @ValueSource(strings = {"train:lenet", "train:vgg8", "train:resnet20"})
    void everyNetworkLearnsItsBatch(String name) {
        try (Match match = new TrainWork(name).prepare(4, 1)) {
            float[] losses = match.ours().result();
            assertTrue(losses[Training.STEPS - 1] < losses[0], losses[0] + " to " + losses[Training.STEPS - 1]);
            assertEquals(name.equals("train:lenet") ? 1 : 0, match.peers().size());
        }
    }

    /** LeNet forward: 117,600 and 240,000 in the convolutions, 48,000, 10,080 and 840 in the dense layers. */
    @Test
    void multiplyAddsOfAStep() {
        assertEquals(3 * (117_600 + 240_000 + 48_000 + 10_080 + 840) - 117_600, TrainWork.multiplyAdds(LeNet.network(1)));
    }
}
