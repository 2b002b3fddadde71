package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forward pass of every layer against {@link LayerOracle}. */
class LayerOracleTest {

    @ParameterizedTest
    @MethodSource("lanewise.layer.LayerCase#all")
    void forward(LayerCase c) {
        OneLayer one = new OneLayer(c);
        double[] expected = LayerOracle.forward(c.layer(), c.batch(), c.inputs(), one.inputs(), one.parameters());
        double[] tolerance = LayerOracle.tolerance(c.layer(), c.batch(), c.inputs(), one.inputs(), one.parameters());
        Context context = OneLayer.context(one.network, c.batch());
        Arrays.fill(context.activation("y0"), Float.NaN);
        one.feed(context, 0, c.batch());
        context.forward(c.batch());
        float[] y = context.output();
        assertEquals(expected.length, y.length, "elements");
        for (int i = 0; i < y.length; i++) {
            if (!(Math.abs(y[i] - expected[i]) <= tolerance[i])) {
                fail("%s: element %d is %s, must be %s +- %s".formatted(c, i, y[i], expected[i], tolerance[i]));
            }
        }
        for (int i = 0; i < one.x.size(); i++) {
            assertArrayEquals(one.x.get(i), context.input("x" + i), "an input was modified");
        }
    }

    /** Twice, and in a context that only predicts, whose buffers hold NaN: the same bits. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.LayerCase#all")
    void sameBits(LayerCase c) {
        OneLayer one = new OneLayer(c);
        Context training = OneLayer.context(one.network, c.batch());
        one.feed(training, 0, c.batch());
        training.forward(c.batch());
        float[] first = training.output().clone();
        training.forward(c.batch());
        assertArrayEquals(first, training.output(), "twice");
        training.forward(c.batch(), true);
        assertArrayEquals(first, training.output(), "no layer of the list acts otherwise in training");
        Context predicting = one.network.newContext(c.batch());
        Arrays.fill(predicting.output(), Float.NaN);
        one.feed(predicting, 0, c.batch());
        predicting.forward(c.batch());
        assertArrayEquals(first, predicting.output(), "predicting");
    }

    /** Fewer examples than there is room for: the bits of a context of that size, and nothing is written behind them. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.LayerCase#all")
    void fewerExamplesThanTheBatch(LayerCase c) {
        OneLayer one = new OneLayer(c);
        Context exact = OneLayer.context(one.network, c.batch());
        Context roomy = OneLayer.context(one.network, c.batch() + 2);
        for (Context context : List.of(exact, roomy)) {
            Arrays.fill(context.output(), Float.NaN);
            one.feed(context, 0, c.batch());
            context.forward(c.batch());
        }
        int length = exact.output().length;
        assertArrayEquals(exact.output(), Arrays.copyOf(roomy.output(), length));
        for (int i = length; i < roomy.output().length; i++) {
            assertTrue(Float.isNaN(roomy.output()[i]), "wrote behind the examples");
        }
    }

    /** Every record that is a layer has its cases. */
    @Test
    void everyKindIsListed() throws IOException, ReflectiveOperationException {
        Path classes = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().getPath(), "lanewise", "layer");
        Set<String> kinds = new TreeSet<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> type = Class.forName("lanewise.layer." + name.substring(0, name.length() - ".class".length()));
                    if (Layer.class.isAssignableFrom(type) && type.isRecord() && type.getPackage() == Layer.class.getPackage()
                            && java.lang.reflect.Modifier.isPublic(type.getModifiers())) {
                        kinds.add(type.getSimpleName());
                    }
                }
            }
        }
        assertTrue(kinds.size() > 20, () -> "found only " + kinds);
        assertTrue(kinds.removeAll(Set.of("BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm")), "see NormLayerTest");
        assertEquals(kinds, LayerCase.all().map(c -> c.layer().kind()).collect(Collectors.toCollection(TreeSet::new)));
    }
}
