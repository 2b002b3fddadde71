package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.model.LeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoNetworkTest {

    @ParameterizedTest
    @EnumSource
    void takesPicturesOfMnistAndScoresTenClasses(DemoNetwork kind) {
        Network network = kind.network(1);
        assertEquals(LeNet.INPUT, network.inputShape());
        assertEquals(Shape.of(10), network.outputShape());
        assertNotSame(kind.optimizer(), kind.optimizer(), "an optimizer has a state");
    }

    /** 3 x 3 filters of 1 -> 16 -> 16 -> 32 -> 32 -> 64 -> 64 maps, and 3 x 3 x 64 values to ten scores. */
    @Test
    void smallVgg() {
        Network network = DemoNetwork.SMALL_VGG.network(1);
        long filters = 9 * (16 + 16 * 16 + 16 * 32 + 32 * 32 + 32 * 64 + 64 * 64);
        long norms = 2 * 2 * (16 + 32 + 64);
        assertEquals(filters + norms + 576 * 10 + 10, network.parameters().trainableLength());
        assertEquals(Shape.of(3, 3, 64), network.node("pool3").shape());
    }
}
