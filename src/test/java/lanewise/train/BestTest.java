package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lanewise.layer.Dense;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import org.junit.jupiter.api.Test;

/** The epoch that early stopping gives back. */
class BestTest {

    private static int bestOf(double... losses) {
        Network network = Network.chain(Shape.of(1), 1, Dense.of(1).withoutBias());
        float[] weight = network.parameters().values();
        Best best = new Best(network.parameters());
        for (int i = 0; i < losses.length; i++) {
            weight[0] = i + 1;
            best.offer(new Epoch(i + 1, 0, 0, losses[i], 0, 0, 0, 1));
        }
        best.restore();
        assertArrayEquals(new float[] {best.epoch()}, weight);
        return best.epoch();
    }

    @Test
    void theFirstOfTheLeast() {
        assertEquals(2, bestOf(3, 1, 2, 1));
    }

    /** Anything is better than no number, which is better than nothing. */
    @Test
    void notANumber() {
        assertEquals(2, bestOf(Double.NaN, 5, 6));
        assertEquals(3, bestOf(Double.NaN, Double.NaN, 5));
        assertEquals(1, bestOf(4, Double.NaN));
        assertEquals(1, bestOf(Double.NaN, Double.NaN));
        assertEquals(2, bestOf(Double.NaN, Double.POSITIVE_INFINITY));
    }
}
