package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import lanewise.layer.Conv1d;
import lanewise.layer.Conv2d;
import lanewise.layer.Flatten;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.oracle.Data;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An activation behind a flattened convolution is the convolution's: the plain loops of the first calls write it pixel beside pixel, too. */
class ColdFlattenedConvTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstCallOfAConvolutionThatIsFlattenedBeforeItsActivation(boolean picture) {
        Shape shape = picture ? Shape.of(5, 4, 3) : Shape.of(5, 3);
        Layer convolution = picture ? Conv2d.of(2, 2) : Conv1d.of(2, 2);
        Network network = Network.chain(shape, 1, convolution, new Flatten(), new Relu());
        float[] x = Data.reals(1, shape.size());
        float[] expected = new float[network.outputShape().size()];
        network.newContext(1).predict(x, expected, 1);
        float[] actual = ExactNetworks.unwritten(expected.length);
        Predictor.compile(network).newContext().predict(x, actual);
        assertArrayEquals(expected, actual, 1e-5f);
    }
}
