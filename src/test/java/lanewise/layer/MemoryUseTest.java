package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.model.LeNet;
import lanewise.model.ResNet20;
import lanewise.model.Vgg8;
import lanewise.oracle.Allocation;
import lanewise.oracle.Refused;
import lanewise.train.Adam;
import lanewise.train.Sgd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the summary predicts is what a step takes. */
class MemoryUseTest {

    private static final int N = 4;

    private static final Map<String, Supplier<Network>> NETWORKS = new LinkedHashMap<>();

    static {
        SmallNetworks.all().keySet().forEach(name -> NETWORKS.put(name, () -> SmallNetworks.all().get(name)));
        NETWORKS.put("LeNet", () -> LeNet.network(1));
        NETWORKS.put("ResNet20", () -> ResNet20.network(Shape.of(16, 16, 3), 10, 1));
        NETWORKS.put("Vgg8", () -> Vgg8.network(Shape.of(16, 16, 3), 10, 1));
    }

    static Stream<String> names() {
        return NETWORKS.keySet().stream();
    }

    /** The bytes of all arrays of floats that can be reached, of row numbers that an embedding keeps, and of places of maxima. */
    private static long reachable(Object... roots) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (Object root : roots) {
            bytes += reachable(root, seen);
        }
        return bytes;
    }

    private static long reachable(Object object, Set<Object> seen) {
        if (object == null || !seen.add(object)) {
            return 0;
        }
        if (object instanceof float[] floats) {
            return (long) floats.length * Float.BYTES;
        }
        long bytes = 0;
        if (object instanceof EmbeddingRun) {
            bytes += (long) N * 8 * Integer.BYTES;
        }
        if (object instanceof FilterRun && get("places", object) instanceof int[] places) {
            bytes += (long) places.length * Integer.BYTES;
        }
        if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                bytes += reachable(Array.get(array, i), seen);
            }
        } else if (object instanceof Iterable<?> all) {
            for (Object one : all) {
                bytes += reachable(one, seen);
            }
        } else if (object instanceof Map<?, ?> map) {
            bytes += reachable(map.values(), seen);
        } else if (object.getClass().getName().startsWith("lanewise.") && !(object instanceof Enum)) {
            for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                        bytes += reachable(get(field, object), seen);
                    }
                }
            }
        }
        return bytes;
    }

    private static Object get(String field, Object object) {
        try {
            return get(object.getClass().getDeclaredField(field), object);
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static Object get(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Exactly, but for the small tables of constants that some plans have. */
    @ParameterizedTest
    @MethodSource("names")
    void aStep(String name) {
        for (Keep keep : Keep.values()) {
            Network network = NETWORKS.get(name).get();
            ContextOptions options = new ContextOptions(N, Threads.one(), true, false, 1).keeping(keep);
            MemoryUse predicted = network.summary(options, 2).memory();
            Adam adam = Adam.of();
            Context context = network.newContext(options);
            context.forward(N, true);
            context.backward(N);
            adam.step(network.parameters(), context.gradients(), 1e-3);
            long actual = reachable(context, adam);
            assertTrue(actual >= predicted.total(), keep + ": " + actual + " bytes, predicted " + predicted.total() + ", " + predicted);
            assertTrue(actual <= 1.01 * predicted.total() + 200, keep + ": " + actual + " bytes, predicted " + predicted.total() + ", "
                    + predicted);
            assertEquals(context.activationBytes(), predicted.activations());
        }
    }

    /** Each further thread has a workspace of its own, and nothing else. */
    @ParameterizedTest
    @MethodSource("names")
    void aStepOfSeveralThreads(String name) {
        try (Threads threads = Threads.of(3)) {
            Network network = NETWORKS.get(name).get();
            ContextOptions options = new ContextOptions(N, threads, true, false, 1);
            MemoryUse predicted = network.summary(options, 1).memory();
            Sgd sgd = Sgd.of().momentum(0.9);
            Context context = network.newContext(options);
            context.forward(N, true);
            context.backward(N);
            sgd.step(network.parameters(), context.gradients(), 1e-3);
            long actual = reachable(context, sgd);
            assertTrue(actual >= predicted.total(), actual + " bytes, predicted " + predicted.total() + ", " + predicted);
            assertTrue(actual <= 1.01 * predicted.total() + 200, actual + " bytes, predicted " + predicted.total() + ", " + predicted);
        }
    }

    /** One that predicts keeps a packed filter for each layer, also where two have the same layout. */
    @Test
    void predicting() {
        Network network = ResNet20.network(Shape.of(16, 16, 3), 10, 1);
        ContextOptions options = new ContextOptions(N, Threads.one(), false, false, 0);
        MemoryUse predicted = network.summary(options, 0).memory();
        Context context = network.newContext(options);
        context.forward(N, false);
        long actual = reachable(context);
        assertTrue(actual >= predicted.total() && actual <= 1.01 * predicted.total() + 200, actual + " bytes, predicted " + predicted);
    }

    /** What no context would hold is refused by the same words, whichever layer it overflows in. */
    @Test
    void aBatchBeyondAnArray() {
        for (Network network : new Network[] {Network.chain(Shape.of(40), 1, new Relu(), Dense.of(25)),
            Network.chain(Shape.of(1), 1, new BatchNorm(), Reshape.to(1, 1), Expand.to(2, 3)),
            Network.chain(Shape.of(2, 3, 3, 1), 1, AveragePool3d.of(2))}) {
            ContextOptions options = new ContextOptions(Integer.MAX_VALUE, Threads.one(), true, false, 1);
            Refused.argument(() -> network.summary(options, 0), "batch is 2147483647", "elements, more than the 2147483647");
        }
    }

    /** As the JVM counts: a context takes what is predicted but for filters, which come at the first call, and the objects around it. */
    @Test
    void aContext() {
        for (int batch : new int[] {8, 64}) {
            Network network = Vgg8.network(Shape.of(16, 16, 3), 10, 1);
            ContextOptions options = new ContextOptions(batch, Threads.one(), true, false, 1);
            MemoryUse predicted = network.summary(options, 0).memory();
            network.newContext(options); // classes are loaded
            long before = Allocation.bytesSoFar();
            Context context = network.newContext(options);
            long actual = Allocation.bytesSoFar() - before;
            long arrays = predicted.gradients() + predicted.activations() + predicted.workspace();
            assertTrue(actual >= arrays && actual < arrays + 500_000, "batch " + context.options().batch() + ": " + actual + ", predicted "
                    + arrays);
        }
    }

    @Test
    void text() {
        Network network = Network.chain(Shape.of(100), 1, Dense.of(1000).relu(), Dense.of(10));
        String text = network.summary(new ContextOptions(50, Threads.one(), true, false, 1), 2).toString();
        assertTrue(text.startsWith(network.summary().toString()), text);
        assertTrue(text.lines().toList().getLast().matches("at its peak \\d+ kB: 444 kB parameters, 444 kB gradients, 888 kB optimiser,"
                + " 424 kB activations with their gradients, \\d+ kB packed filters and the like, \\d+ k?B workspace"), text);
    }
}
