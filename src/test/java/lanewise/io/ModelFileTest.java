package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.layer.Binding;
import lanewise.layer.Concat;
import lanewise.layer.Context;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Frame;
import lanewise.layer.Clip;
import lanewise.layer.Each;
import lanewise.layer.Gelu;
import lanewise.layer.HardSigmoid;
import lanewise.layer.Layer;
import lanewise.layer.LayerNorm;
import lanewise.layer.LayerRun;
import lanewise.layer.Layers;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Pad;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.layer.Silu;
import lanewise.layer.Softmax;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

    @TempDir
    Path folder;

    private static Network small() {
        return Network.chain(Shape.of(4, 4, 1), 7, Conv2d.of(2, 3).relu(), new Flatten(), Dense.of(3));
    }

    @Test
    void everyLayerComesBack() throws IOException {
        Network network = EveryLayer.create(3);
        Path file = folder.resolve("every.safetensors");
        ModelFile.save(network, file);
        Network loaded = ModelFile.load(file);

        assertEquals(network.nodes().stream().map(Node::toString).toList(), loaded.nodes().stream().map(Node::toString).toList());
        assertEquals(network.nodes().stream().map(Node::layer).toList(), loaded.nodes().stream().map(Node::layer).toList());
        for (int i = 0; i < network.nodes().size(); i++) {
            assertEquals(names(network.nodes().get(i).inputs()), names(loaded.nodes().get(i).inputs()));
        }
        assertEquals(names(network.outputs()), names(loaded.outputs()));
        assertEquals(network.parameters().views(), loaded.parameters().views());
        assertArrayEquals(bits(network.parameters().values()), bits(loaded.parameters().values()));
        assertArrayEquals(bits(outputs(network)), bits(outputs(loaded)));

        Set<Class<?>> used = network.nodes().stream().filter(node -> node.layer() != null).map(node -> node.layer().getClass())
                .collect(Collectors.toSet());
        assertEquals(Set.copyOf(Layers.all()), used);
    }

    /** Before a layer norm had axes, it was over one. */
    @Test
    void aLayerNormWithoutAxesIsOverOne() throws IOException {
        Network network = Network.chain(Shape.of(4, 3), 7, new LayerNorm(1e-3f));
        Path file = folder.resolve("old.safetensors");
        ModelFile.save(network, file);
        String now = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        String axes = ",\\\"axes\\\":1";
        assertTrue(now.contains(axes), now);
        Files.write(file, now.replace(axes, " ".repeat(axes.length())).getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(new LayerNorm(1e-3f, 1), ModelFile.load(file).nodes().getLast().layer());
        Files.write(file, now.replace("epsilon", "epsilom").getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(file, "epsilom");
    }

    /** A layer that is not in the list could be saved, but not loaded. */
    @Test
    void theListHasEveryPublicLayer() throws Exception {
        Path classes = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("lanewise/layer");
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                Class<?> type = Class.forName("lanewise.layer." + file.getFileName().toString().replace(".class", ""), false,
                        Layer.class.getClassLoader());
                if (Layer.class.isAssignableFrom(type) && !type.isInterface() && Modifier.isPublic(type.getModifiers())) {
                    found.add(type);
                }
            }
        }
        assertTrue(found.size() > 30, found::toString);
        assertEquals(Set.copyOf(Layers.all()), Set.copyOf(found));
    }

    @Test
    void specialValuesSurvive() throws IOException {
        Network network = small();
        float[] values = network.parameters().values();
        values[0] = Float.intBitsToFloat(0x7fc12345); // a NaN with a payload
        values[1] = -0.0f;
        values[2] = Float.MIN_VALUE;
        values[3] = Float.NEGATIVE_INFINITY;
        Path file = folder.resolve("special.safetensors");
        ModelFile.save(network, file);
        assertArrayEquals(bits(values), bits(ModelFile.load(file).parameters().values()));
    }

    /** What Python's library relies on: 8 bytes of length, JSON, then each tensor's floats, little-endian, at its offsets. */
    @Test
    void layoutIsThatOfSafetensors() throws IOException {
        Network network = small();
        Path file = folder.resolve("layout.safetensors");
        ModelFile.save(network, Map.of("classes", "a,b,c"), file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(bytes.getLong());
        assertEquals(0, headerLength % 8);
        byte[] header = new byte[headerLength];
        bytes.get(header);
        String json = new String(header, StandardCharsets.UTF_8);
        assertTrue(json.startsWith("{\"__metadata__\":{"), json);
        assertTrue(json.contains("\"classes\":\"a,b,c\""), json);
        assertTrue(json.contains("\"conv2d_1.weight\":{\"dtype\":\"F32\",\"shape\":[3,3,1,2],\"data_offsets\":[0,72]}"), json);
        assertTrue(json.contains("\"conv2d_1.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[72,80]}"), json);
        assertTrue(json.contains("\"dense_1.weight\":{\"dtype\":\"F32\",\"shape\":[8,3],\"data_offsets\":[80,176]}"), json);
        assertTrue(json.contains("\"dense_1.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[176,188]}"), json);
        float[] values = new float[47];
        bytes.asFloatBuffer().get(values);
        assertEquals(188, bytes.remaining());
        assertArrayEquals(network.parameters().values(), values, 0);
        assertEquals(Map.of("classes", "a,b,c"), ModelFile.metadata(file));
    }

    @Test
    void weightsGoIntoANetworkThatExists() throws IOException {
        Network network = small();
        Path file = folder.resolve("weights.safetensors");
        ModelFile.save(network, file);
        Network other = Network.chain(Shape.of(4, 4, 1), 8, Conv2d.of(2, 3).relu(), new Flatten(), Dense.of(3));
        long version = other.parameters().version();
        ModelFile.loadWeights(other, file);
        assertArrayEquals(bits(network.parameters().values()), bits(other.parameters().values()));
        assertTrue(other.parameters().version() > version);

        Network larger = Network.chain(Shape.of(4, 4, 1), 8, Conv2d.of(2, 3).relu(), new Flatten(), Dense.of(4));
        float[] before = larger.parameters().values().clone();
        FormatException refused = assertThrows(FormatException.class, () -> ModelFile.loadWeights(larger, file));
        assertTrue(refused.getMessage().contains("[8, 3]") && refused.getMessage().contains("[8, 4]"), refused.getMessage());
        assertArrayEquals(before, larger.parameters().values());
    }

    @Test
    void refusesWhatIsNoModel() throws IOException {
        Path weights = folder.resolve("weights-only.safetensors");
        Safetensors.write(weights, Map.of(), List.of(new TensorSlice("a", List.of(2), new float[2], 0)));
        assertRefused(weights, ModelFile.ARCHITECTURE);
        Refused.isNull(() -> ModelFile.loadWeights(null, weights), "network");
        assertRefused(architecture("{}"), "Expected a name");
        assertRefused(architecture("{\"version\":2,\"nodes\":[],\"outputs\":[]}"), "2");
        assertRefused(architecture("{\"version\":1,\"nodes\":[],\"outputs\":[]}"), "at least one output");
        assertRefused(architecture("{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[0]}],\"outputs\":[\"x\"]}"), "0");
        assertRefused(architecture("{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[4]},{\"name\":\"y\",\"layer\":\"Runtime\","
                + "\"inputs\":[\"x\"],\"config\":{}}],\"outputs\":[\"y\"]}"), "Runtime");
        assertRefused(architecture(dense("{\"units\":3}")), "has no member bias");
        assertRefused(architecture(dense("{\"units\":3,\"units\":3}")), "twice");
        assertRefused(architecture(dense("{\"unit\":3}")), "unit");
        assertRefused(architecture(dense("{\"units\":\"many\"}")), "many");
        assertRefused(architecture(dense("{\"units\":3,\"bias\":true,\"activation\":\"MAGIC\"}")), "MAGIC");
        assertRefused(architecture(dense("{\"units\":3,\"bias\":true,\"activation\":\"NONE\",\"initializer\":\"ONES\"}")), "y.weight");
    }

    /** A concatenation had no axis when it was always along the last one. */
    @Test
    void filesFromBeforeAComponent() throws IOException {
        Network network = ModelFile.load(architecture(join("Concat", "{}")));
        assertEquals(new Concat(), network.outputs().getFirst().layer());
        assertEquals(Shape.of(8), network.outputs().getFirst().shape());
        assertRefused(architecture(join("Permute", "{}")), "has no member axes");
    }

    private static String join(String layer, String config) {
        return "{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[4]},{\"name\":\"y\",\"layer\":\"" + layer
                + "\",\"inputs\":[\"x\",\"x\"],\"config\":" + config + "}],\"outputs\":[\"y\"]}";
    }

    @Test
    void infiniteNumbersOfALayer() throws IOException {
        for (float value : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
            Network network = Network.chain(Shape.of(3), 1, new Pad(List.of(1), List.of(0), value));
            Path file = folder.resolve("infinite.safetensors");
            ModelFile.save(network, file);
            assertEquals(network.outputs().getFirst().layer(), ModelFile.load(file).outputs().getFirst().layer());
        }
        String pad = "{\"mode\":\"CONSTANT\",\"before\":[1],\"after\":[0],\"value\":\"much\"}";
        assertRefused(architecture(join("Pad", pad)), "found \"much\" at");
    }

    /** Files from before these layers had components. */
    @Test
    void layersWithoutComponentsAreTheirDefaults() throws IOException {
        Map<String, Layer> defaults = Map.of("HardSigmoid", new HardSigmoid(1 / 6f, 0.5f), "Gelu", new Gelu(false), "Silu", new Silu(1),
                "Softmax", new Softmax(-1));
        for (Map.Entry<String, Layer> each : defaults.entrySet()) {
            Network loaded = ModelFile.load(architecture(layer(each.getKey(), "{}")));
            assertEquals(each.getValue(), loaded.node("y").layer());
        }
        assertRefused(architecture(layer("Selu", "{\"alpha\":1}")), "has no member gamma");
        assertRefused(architecture(layer("Elu", "{\"alpha\":null}")), "alpha");
    }

    @Test
    void infiniteBounds() throws IOException {
        Network network = Network.chain(Shape.of(4), 1, new Clip(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY));
        Path file = folder.resolve("infinite.safetensors");
        ModelFile.save(network, file);
        assertEquals(network.nodes().getLast().layer(), ModelFile.load(file).nodes().getLast().layer());
        assertRefused(architecture(layer("Clip", "{\"min\":\"NaN\",\"max\":1}")), "NaN");
        assertRefused(architecture(layer("Clip", "{\"min\":2,\"max\":1}")), "min is 2.0");
    }

    @Test
    void layersWithinLayers() throws IOException {
        String relu = "{\"layer\":\"Relu\",\"config\":{}}";
        assertEquals(new Each(1, new Relu()), ModelFile.load(architecture("{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[4,3]},"
                + each(relu) + "],\"outputs\":[\"y\"]}")).node("y").layer());
        for (String[] bad : new String[][] {{"{\"layer\":\"Runtime\",\"config\":{}}", "Runtime"},
            {"{\"layer\":\"Each\",\"config\":{\"axes\":1,\"layer\":" + relu + "}}", "holds a layer itself"},
            {"{\"config\":{}}", "expected layer"}, {"{\"layer\":\"Relu\"}", "name"}}) {
            assertRefused(architecture("{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[4,3]}," + each(bad[0])
                    + "],\"outputs\":[\"y\"]}"), bad[1]);
        }
    }

    private static String each(String layer) {
        return "{\"name\":\"y\",\"layer\":\"Each\",\"inputs\":[\"x\"],\"config\":{\"axes\":1,\"layer\":" + layer + "}}";
    }

    private static String layer(String kind, String config) {
        return "{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[4]},{\"name\":\"y\",\"layer\":\"" + kind
                + "\",\"inputs\":[\"x\"],\"config\":" + config + "}],\"outputs\":[\"y\"]}";
    }

    /** 8 EB of weights are declared; the file has none, and so none are made. */
    @Test
    void declaredSizesCostNothing() throws IOException {
        assertRefused(architecture("{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[40000,40000]},{\"name\":\"y\",\"layer\":\"Dense\","
                + "\"inputs\":[\"x\"],\"config\":{\"units\":50000,\"bias\":true,\"activation\":\"NONE\",\"initializer\":\"ONES\"}}],"
                + "\"outputs\":[\"y\"]}"), "y");
        assertRefused(architecture(dense("{\"units\":500000000,\"bias\":true,\"activation\":\"NONE\",\"initializer\":\"ONES\"}")),
                "y.weight");
    }

    private static String dense(String config) {
        return "{\"version\":1,\"nodes\":[{\"name\":\"x\",\"shape\":[4]},{\"name\":\"y\",\"layer\":\"Dense\",\"inputs\":[\"x\"],\"config\":"
                + config + "}],\"outputs\":[\"y\"]}";
    }

    private Path architecture(String json) throws IOException {
        Path file = folder.resolve("architecture.safetensors");
        Safetensors.write(file, Map.of(ModelFile.ARCHITECTURE, json), List.of());
        return file;
    }

    private static void assertRefused(Path file, String part) {
        FormatException refused = assertThrows(FormatException.class, () -> ModelFile.load(file));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    /** Every changed file either is a network or is refused by one sentence; nothing else happens. */
    @Test
    void damagedFilesAreRefused() throws IOException {
        Path good = folder.resolve("good.safetensors");
        ModelFile.save(EveryLayer.create(5), good);
        byte[] bytes = Files.readAllBytes(good);
        int header = 8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Path bad = folder.resolve("bad.safetensors");
        SplittableRandom random = new SplittableRandom(11);
        int refused = 0;
        int accepted = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] changed = switch (i % 4) {
                case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length)); // cut off
                case 1 -> flipped(bytes, 0, 8, random);
                default -> flipped(bytes, 8, header, random);
            };
            Files.write(bad, changed);
            try {
                Network network = ModelFile.load(bad);
                assertFalse(network.nodes().isEmpty());
                accepted++;
            } catch (FormatException e) {
                assertTrue(e.getMessage().length() > bad.toString().length() + 10, e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 3000, refused + " refused");
        assertTrue(accepted > 10, accepted + " accepted: a digit of a setting, or a blank"); // else the mutations are too coarse
    }

    private static byte[] flipped(byte[] bytes, int from, int to, SplittableRandom random) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(from, to);
        changed[at] = (byte) (random.nextBoolean() ? changed[at] ^ 1 << random.nextInt(8) : ' ' + random.nextInt(95));
        return changed;
    }

    @Test
    void aFailedSaveLeavesWhatWasThere() throws IOException {
        record Unsaveable(Object thing) implements Layer {
            @Override
            public Shape outputShape(List<Shape> inputs) {
                return inputs.getFirst();
            }

            @Override
            public LayerRun newRun(Binding binding) {
                return new LayerRun() {
                    @Override
                    public void forward(Frame frame) {}

                    @Override
                    public void backward(Frame frame) {}
                };
            }
        }

        Path file = folder.resolve("kept.safetensors");
        ModelFile.save(small(), file);
        byte[] before = Files.readAllBytes(file);
        Network other = Network.chain(Shape.of(3), 1, Dense.of(2), new Unsaveable(new Object()));
        assertThrows(IllegalArgumentException.class, () -> ModelFile.save(other, file));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    /** A layer of a user's own. */
    public record Negate(float factor) implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.getFirst();
        }

        @Override
        public LayerRun newRun(Binding binding) {
            return new LayerRun() {
                @Override
                public void forward(Frame frame) {
                    for (int i = 0; i < binding.outputLength(); i++) {
                        frame.y()[i] = -factor * frame.x(0)[i];
                    }
                }

                @Override
                public void backward(Frame frame) {
                    throw new AssertionError("not in this test");
                }
            };
        }
    }

    @Test
    void layersOfTheUsersOwn() throws IOException {
        Network network = Network.chain(Shape.of(3), 1, Dense.of(2), new Negate(0.1f), new Relu());
        Path file = folder.resolve("own.safetensors");
        ModelFile.save(network, file);
        assertRefused(file, "Negate");
        Network loaded = ModelFile.load(file, List.of(Negate.class));
        assertEquals(network.nodes().stream().map(Node::layer).toList(), loaded.nodes().stream().map(Node::layer).toList());
        assertArrayEquals(outputs(network), outputs(loaded), 0);
    }

    /** Of the same simple name as one of the library's. */
    public record Softplus() implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.getFirst();
        }

        @Override
        public LayerRun newRun(Binding binding) {
            throw new AssertionError("only saved");
        }
    }

    /** A file would give the library's layer for it. */
    @Test
    void refusesALayerWithTheNameOfAnother() throws IOException {
        Path file = folder.resolve("own.safetensors");
        for (Layer layer : List.of(new Softplus(), new Each(1, new Softplus()))) {
            Network network = Network.chain(Shape.of(4, 3), 1, layer);
            String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(network, file)).getMessage();
            assertTrue(message.contains(Softplus.class.getName()) && message.contains("lanewise.layer.Softplus"), message);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        ModelFile.save(Network.chain(Shape.of(3), 1, Dense.of(2)), file);
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.load(file, List.of(Softplus.class))).getMessage();
        assertTrue(message.contains(Softplus.class.getName()), message);
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(Node::name).toList();
    }

    private static float[] outputs(Network network) {
        Context context = network.newContext(2);
        for (Node input : network.inputs()) {
            float[] x = context.input(input.name());
            for (int i = 0; i < x.length; i++) {
                x[i] = input.name().equals("text") ? i % 50 : (float) Math.sin(i);
            }
        }
        context.forward(2);
        float[] all = new float[0];
        for (Node output : network.outputs()) {
            float[] y = context.activation(output.name());
            all = Arrays.copyOf(all, all.length + y.length);
            System.arraycopy(y, 0, all, all.length - y.length, y.length);
        }
        return all;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
