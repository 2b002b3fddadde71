package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.layer.Network;
import lanewise.model.LeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WarmUpTest {

    static Stream<ConvShape> shapes() {
        return Stream.of(
                ConvShape.of(1, 28, 28, 1, 6, 5, 5, 1, 2), ConvShape.of(1, 14, 14, 6, 16, 5, 5), // LeNet
                ConvShape.of(1, 224, 224, 3, 64, 7, 7, 2, 3), ConvShape.of(1, 56, 56, 64, 64, 3, 3, 1, 1),
                ConvShape.of(1, 56, 56, 64, 256, 1, 1), ConvShape.of(1, 56, 56, 128, 128, 3, 3, 2, 1),
                ConvShape.of(1, 14, 14, 512, 512, 3, 3, 2, 1), ConvShape.of(1, 7, 7, 512, 512, 3, 3, 1, 1),
                ConvShape.of(1, 1, 1, 2048, 1000, 1, 1), ConvShape.depthwise(1, 112, 112, 96, 3, 3).withPadding(1, 1),
                ConvShape.of(4, 30, 30, 32, 48, 3, 3).withGroups(4), ConvShape.of(1, 40, 1, 20, 24, 9, 1).withDilation(2, 1));
    }

    /** Smaller by far, or small already; and it runs. */
    @ParameterizedTest
    @MethodSource("shapes")
    void everyConvolutionHasARehearsal(ConvShape shape) {
        Rehearsal rehearsal = Rehearsal.of(ConvPlan.of(shape), false);
        assertNotNull(rehearsal, shape.toString());
        assertTrue(rehearsal.multiplyAdds() <= 2_000_000, shape + " is rehearsed by " + rehearsal.key());
        rehearsal.run();
    }

    @Test
    void pools() {
        for (PoolPlan plan : List.of(PoolPlan.max(PoolShape.of(1, 112, 112, 64, 3, 3).withStride(2, 2).withPadding(1, 1)),
                PoolPlan.average(PoolShape.global(1, 7, 7, 2048), false), PoolPlan.max(PoolShape.of(2, 5, 5, 3, 5, 5)))) {
            Rehearsal rehearsal = Rehearsal.of(plan);
            assertNotNull(rehearsal, plan.shape().toString());
            rehearsal.run();
        }
    }

    @Test
    void changesNoResult() {
        Network network = LeNet.network(1);
        float[] x = new float[network.inputShape().size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 7 - 3;
        }
        float[] warm = new float[10];
        float[] cold = new float[10];
        Predictor.compile(network, PredictorOptions.defaults().warmUp(WarmUpMode.BEFORE)).newContext().predict(x, warm);
        Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp()).newContext().predict(x, cold);
        assertArrayEquals(cold, warm);
    }
}
