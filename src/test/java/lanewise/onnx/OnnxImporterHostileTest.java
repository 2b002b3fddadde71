package lanewise.onnx;

import static lanewise.onnx.Sketch.a;
import static lanewise.onnx.Sketch.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.io.FormatException;
import lanewise.oracle.Allocation;
import lanewise.oracle.ChildJvm;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Files that want to hurt: each is refused with a sentence, or runs, within bounds of time and memory.
 * {@code -Dlanewise.onnx.mutations} says how many damaged copies of each of three models are run.
 */
@Isolated("models may fill the heap")
class OnnxImporterHostileTest {

    private static final int MUTATIONS = Integer.getInteger("lanewise.onnx.mutations", 120);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** All that one model may allocate, garbage included: several networks, each within the heap. */
    private static final long MOST_BYTES = 2 * Runtime.getRuntime().maxMemory();

    @TempDir
    Path folder;

    private final Map<String, Consumer<Sketch>> hostile = new LinkedHashMap<>();

    @BeforeEach
    void once() {
        assumeTrue(ChildJvm.isWidthPreferred(), "what is refused does not depend on the width");
    }

    // ---------------------------------------------------------------- damage

    private static Sketch residual() {
        Sketch s = new Sketch(1);
        String x = s.relu(s.norm(s.conv(s.input("x", 3, 8, 8), 3, 4, 3, 2, 1), 4));
        x = s.op("Concat", s.op("Add", x, s.conv(x, 4, 4, 3, 1, 4)), s.op("MaxPool", x, ints("kernel_shape", 3, 3), ints("pads",
                1, 1, 1, 1)),
                a("axis", 1));
        s.output(s.op("Gemm", s.op("Flatten", s.op("GlobalAveragePool", x)), s.weights(5, 8), s.weights(5), a("transB", 1)));
        return s;
    }

    private static Sketch attention() {
        Sketch s = new Sketch(2);
        String x = s.op("LayerNormalization", s.input("x", 4, 6), s.positive(6), s.weights(6));
        String n = s.op("Slice", s.op("Shape", x), new long[] {0}, new long[] {1});
        String heads = s.op("Concat", n, s.integers(4, 2, 3), a("axis", 0));
        String q = s.op("Transpose", s.op("Reshape", s.op("MatMul", x, s.weights(6, 6)), heads), ints("perm", 0, 2, 1, 3));
        String p = s.op("Softmax", s.op("MatMul", q, s.op("Transpose", q, ints("perm", 0, 1, 3, 2))), a("axis", -1));
        String y = s.op("Reshape", s.op("Transpose", s.op("MatMul", p, q), ints("perm", 0, 2, 1, 3)), new long[] {0, 0, -1});
        s.output(s.op("ReduceMean", s.op("Add", x, y), new long[] {1}, a("keepdims", 0)));
        return s;
    }

    private static Sketch movements() {
        Sketch s = new Sketch(3);
        String x = s.op("ConvTranspose", s.input("x", 2, 4, 4), s.weights(2, 4, 2, 2), ints("strides", 2, 2));
        x = s.op("Resize", x, "", s.constant(OnnxTensor.of(new float[] {1, 1, 1.5f, 2}, 4)), a("mode", "linear"));
        x = s.op("Pad", x, s.integers(0, 0, 1, 1, 0, 0, 2, 2), "", a("mode", "reflect"));
        x = s.op("DepthToSpace", x, a("blocksize", 2));
        String[] parts = s.ops("Split", 2, x, s.integers(10, 20), a("axis", 2));
        x = s.op("Tile", s.op("Slice", parts[1], s.integers(0), s.integers(9), s.integers(3), s.integers(2)), s.integers(1, 1, 1,
                2));
        x = s.op("Expand", s.op("ReduceMax", x, s.integers(3)), s.integers(1, 1, 1, 3));
        s.output(s.op("Clip", s.op("Mul", x, s.op("ConstantOfShape", s.integers(3))), s.scalar(-1), s.scalar(1)));
        return s;
    }

    @Test
    void damagedResidualNetwork() throws IOException {
        damage(residual());
    }

    @Test
    void damagedAttention() throws IOException {
        damage(attention());
    }

    @Test
    void damagedMovements() throws IOException {
        damage(movements());
    }

    private void damage(Sketch sketch) throws IOException {
        byte[] valid = sketch.graph().model().toBytes();
        var random = new SplittableRandom(valid.length);
        Path file = folder.resolve("damaged.onnx");
        assertTimeoutPreemptively(PATIENCE.multipliedBy(1 + MUTATIONS / 500), () -> {
            int runs = 0;
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] bytes = i == 0 ? valid : damaged(valid, random);
                Files.deleteIfExists(file);
                Files.write(file, bytes);
                runs += survives(file, "mutation " + i) ? 1 : 0;
            }
            assertTrue(runs > 0 && runs < MUTATIONS, runs + " of " + MUTATIONS + " ran");
        });
    }

    private static byte[] damaged(byte[] valid, SplittableRandom random) {
        byte[] bytes = valid.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) 0xff;
                case 3 -> bytes[at] += (byte) random.nextInt(-2, 3);
                case 4 -> {
                    int length = Math.min(random.nextInt(1, 9), bytes.length - at);
                    System.arraycopy(valid, random.nextInt(valid.length - length + 1), bytes, at, length);
                }
                default -> bytes = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, Math.max(1, at)) : bytes;
            }
        }
        return bytes;
    }

    /** Loads, describes, makes the network, and runs; true if all of it succeeded. Whatever is refused must be refused properly. */
    private static boolean survives(Path file, String what) {
        long before = Allocation.bytesSoFar();
        boolean ran = false;
        try {
            OnnxModel model = OnnxImporter.load(file);
            model.describe();
            Map<String, OnnxTensor> inputs = inputs(model);
            boolean networks = model.outputs().isEmpty() || model.network() != null;
            model.run(inputs);
            ran = networks;
        } catch (OnnxException | IllegalArgumentException | IOException e) {
            assertTrue(e.getMessage() != null && !e.getMessage().isEmpty(), () -> what + ": " + e);
        } catch (Throwable e) {
            fail(what, e);
        }
        long allocated = Allocation.bytesSoFar() - before;
        assertTrue(allocated < MOST_BYTES, () -> what + " allocates " + allocated + " bytes");
        return ran;
    }

    private static Map<String, OnnxTensor> inputs(OnnxModel model) {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (OnnxValue input : model.inputs()) {
            int[] dims = input.dims() == null ? new int[] {1} : input.dims().stream().mapToInt(size -> size < 0 ? 1
                    : size).toArray();
            long size = Arrays.stream(dims).asLongStream().reduce(1, (a, b) -> a > 1 << 20 ? a : a * b);
            if (size > 1 << 20) {
                throw new IllegalArgumentException("too large to feed");
            }
            inputs.put(input.name(), numbers(input.type() == null ? ElementType.FLOAT : input.type(), dims));
        }
        return inputs;
    }

    /** Of the type that the model declares: with another it would be refused before it runs. */
    private static OnnxTensor numbers(ElementType type, int... dims) {
        float[] reals = Data.reals(1, OnnxTensor.size(dims));
        return switch (type.kind()) {
            case FLOATS -> OnnxTensor.of(type, reals, dims);
            case DOUBLES -> OnnxTensor.of(type, IntStream.range(0, reals.length).mapToDouble(i -> reals[i]).toArray(), dims);
            case LONGS -> OnnxTensor.of(type, IntStream.range(0, reals.length).mapToLong(i -> i % 2).toArray(), dims);
        };
    }

    @Test
    void cutShortAnywhere() throws IOException {
        byte[] valid = residual().graph().model().toBytes();
        Path file = folder.resolve("short.onnx");
        List<Integer> ran = new ArrayList<>();
        for (int length = 0; length <= valid.length; length += length < 200 || length >= valid.length - 100 ? 1 : 37) {
            Files.write(file, Arrays.copyOf(valid, length));
            if (survives(file, length + " bytes")) {
                ran.add(length);
            }
        }
        assertEquals(List.of(valid.length), ran, "the whole file alone");
    }

    /** A small file is not mapped: what happens to it afterwards does not matter. */
    @Test
    void cutShortAfterItWasRead() throws IOException {
        Path file = residual().write(folder.resolve("later.onnx"));
        OnnxModel model = OnnxImporter.load(file);
        Files.write(file, new byte[0]);
        assertTrue(model.network().parameters().values().length > 100);
    }

    // ---------------------------------------------------------------- sizes

    @TestFactory
    Stream<DynamicTest> hugeSizes() {
        int max = Integer.MAX_VALUE;
        hostile.put("an input of 2^31 elements", s -> {
            s.graph().input("x", 1, 65536, 32768);
            s.output(s.relu("x"));
        });
        hostile.put("an input of 2^62 elements", s -> {
            s.graph().input("x", 1, max, max);
            s.output(s.relu("x"));
        });
        hostile.put("an input beyond the heap", s -> {
            s.graph().input("x", 1, 30000, 30000);
            s.output(s.relu(s.relu("x")));
        });
        hostile.put("Resize by 1e9", s -> s.output(s.op("Resize", s.input("x", 1, 4, 4), "",
                s.constant(OnnxTensor.of(new float[] {1, 1, 1e9f, 1e9f}, 4)))));
        hostile.put("Resize to 2^30", s -> s.output(s.op("Resize", s.input("x", 1, 4, 4), "", "", s.integers(1, 1, 1 << 30, 1))));
        hostile.put("Resize by NaN", s -> s.output(s.op("Resize", s.input("x", 1, 4, 4), "",
                s.constant(OnnxTensor.of(new float[] {1, 1, Float.NaN, Float.POSITIVE_INFINITY}, 4)))));
        hostile.put("Upsample by 1e8", s -> s.opset(9).output(s.op("Upsample", s.input("x", 1, 4, 4),
                s.constant(OnnxTensor.of(new float[] {1, 1, 1e8f, 1}, 4)))));
        hostile.put("Expand to 2^40", s -> s.output(s.op("Expand", s.input("x", 1, 1), s.integers(1, 1 << 20, 1 << 20))));
        hostile.put("Expand beyond long", s -> s.output(s.op("Expand", s.input("x", 1, 1), s.integers(Long.MAX_VALUE, 1))));
        hostile.put("Tile a billion times", s -> s.output(s.op("Tile", s.input("x", 4), s.integers(1, 1_000_000_000))));
        hostile.put("Tile beyond long", s -> s.output(s.op("Tile", s.input("x", 4), s.integers(1, Long.MAX_VALUE))));
        hostile.put("Pad by 2^31 - 1", s -> s.output(s.op("Pad", s.input("x", 4), s.integers(0, max, 0, 0))));
        hostile.put("pads that add up to 2^32", s -> s.output(s.op("Pad", s.input("x", 4, 4), s.integers(0, max, 1, 0, max, 1))));
        hostile.put("Pad by -2^63", s -> s.output(s.op("Pad", s.input("x", 4), s.integers(0, Long.MIN_VALUE, 0, 0))));
        hostile.put("Conv with huge pads", s -> s.output(s.op("Conv", s.input("x", 1, 4, 4), s.weights(1, 1, 3, 3),
                ints("pads", max / 2, max / 2, max / 2, max / 2))));
        hostile.put("Conv with huge strides and dilations", s -> s.output(s.op("Conv", s.input("x", 1, 4, 4), s.weights(1, 1, 3, 3),
                ints("strides", max, max), ints("dilations", max, max))));
        hostile.put("ConvTranspose with huge strides", s -> s.output(s.op("ConvTranspose", s.input("x", 1, 4, 4), s.weights(1, 1,
                3, 3),
                ints("strides", max, max))));
        hostile.put("ConvTranspose of a huge output_shape", s -> s.output(s.op("ConvTranspose", s.input("x", 1, 4, 4),
                s.weights(1, 1, 3, 3),
                ints("output_shape", max, max))));
        hostile.put("a pooling of a huge window", s -> s.output(s.op("MaxPool", s.input("x", 1, 4, 4), ints("kernel_shape", max,
                max),
                ints("pads", max, max, max, max))));
        hostile.put("MaxUnpool to a huge picture", s -> {
            String[] pooled = s.ops("MaxPool", 2, s.input("x", 1, 4, 4), ints("kernel_shape", 2, 2), ints("strides", 2, 2));
            s.output(s.op("MaxUnpool", pooled[0], pooled[1], ints("kernel_shape", 2, 2), ints("strides", 1 << 30, 1 << 30)));
        });
        hostile.put("MaxUnpool with indices anywhere", s -> {
            s.graph().constant("i", OnnxTensor.of(new long[] {5, -7, 1 << 20, Long.MAX_VALUE}, 1, 1, 2, 2));
            s.output(s.op("MaxUnpool", s.input("x", 1, 2, 2), "i", ints("kernel_shape", 2, 2), ints("strides", 2, 2)));
        });
        hostile.put("LRN over 2^31", s -> s.output(s.op("LRN", s.input("x", 3, 4), a("size", 1L << 31))));
        hostile.put("DepthToSpace by 2^16", s -> s.output(s.op("DepthToSpace", s.input("x", 4, 4, 4), a("blocksize", 1 << 16))));
        hostile.put("a chain of large constants", s -> {
            String x = s.op("ConstantOfShape", s.integers(1 << 13, 1 << 13));
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                x = s.op("Add", x, s.scalar(1));
                all.add(x);
            }
            s.output(s.op("MatMul", s.input("x", 1 << 13), s.op("Sum", all.toArray())));
        });
        hostile.put("a product of large constants", s -> {
            String x = s.op("ConstantOfShape", s.integers(8000, 8000));
            s.output(s.op("MatMul", s.input("x", 8000), s.op("MatMul", x, x)));
        });
        hostile.put("constants that double", s -> {
            String x = s.op("ConstantOfShape", s.integers(2));
            for (int i = 0; i < 60; i++) {
                x = s.op("Concat", x, x, a("axis", 0));
            }
            s.output(s.op("Add", s.input("x", 1), x));
        });
        hostile.put("values that double", s -> {
            String x = s.input("x", 2);
            for (int i = 0; i < 60; i++) {
                x = s.op("Concat", x, x, a("axis", 1));
            }
            s.output(x);
        });
        hostile.put("many outputs that fill the heap", s -> {
            String x = s.op("Tile", s.input("x", 1 << 10), s.integers(1, 1 << 16));
            for (int i = 0; i < 30; i++) {
                s.output(s.op("Add", x, s.scalar(i)));
            }
        });
        hostile.put("10,000 axes", s -> s.output(s.op("Unsqueeze", s.input("x", 2), s.integers(IntStream.range(1,
                10_000).asLongStream().toArray()))));
        hostile.put("a constant of 10,000 axes", s -> {
            int[] ones = new int[10_000];
            Arrays.fill(ones, 1);
            s.output(s.op("Add", s.input("x", 2), s.constant(OnnxTensor.of(new float[1], ones))));
        });
        hostile.put("an input of 10,000 axes", s -> {
            int[] ones = new int[10_000];
            Arrays.fill(ones, 1);
            s.graph().input("x", ones);
            s.output(s.relu("x"));
        });
        hostile.put("Dropout of a large mask", s -> {
            String x = s.op("Tile", s.input("x", 1 << 10), s.integers(1, 1 << 17));
            s.output(s.ops("Dropout", 2, x));
        });
        hostile.put("a factor of no example", s -> s.output(s.op("MatMul", s.input("x", 2, 3, 4),
                s.constant(OnnxTensor.of(new float[0], 0, 2, 4, 3)))));
        hostile.put("a part of no example", s -> s.output(s.op("Add", s.input("x", 4), s.constant(OnnxTensor.of(new float[0], 0, 4)))));
        hostile.put("Reshape to 2^62", s -> s.output(s.op("Reshape", s.input("x", 4), s.integers(1L << 31, 1L << 31))));
        hostile.put("Split into pieces that wrap around", s -> s.output(s.ops("Split", 3, s.input("x", 4),
                s.integers(Long.MAX_VALUE, Long.MAX_VALUE, 6), a("axis", 1))));
        hostile.put("Range without end", s -> s.output(s.op("Add", s.input("x", 1), s.op("Cast", s.op("Range",
                s.constant(OnnxTensor.of(
                new long[] {0})), s.constant(OnnxTensor.of(new long[] {Long.MAX_VALUE})),
                        s.constant(OnnxTensor.of(new long[] {1}))), a("to", 1)))));
        return hostile.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            Sketch sketch = new Sketch(1);
            entry.getValue().accept(sketch);
            Path file = sketch.write(folder.resolve("hostile.onnx"));
            assertTimeoutPreemptively(PATIENCE, () -> refused(file));
        }));
    }

    /** It loads or not, but no network is made and nothing runs. */
    private static void refused(Path file) {
        try {
            OnnxModel model = OnnxImporter.load(file);
            model.describe();
            model.network();
            fail("was not refused");
        } catch (OnnxException | IllegalArgumentException | IOException e) {
            assertTrue(e.getMessage().length() > 10 && e.getMessage().length() < 20_000, () -> e.getMessage().length()
                    + " characters");
        }
    }

    /** Indices that the network itself computes point where they please: that shows when it runs. */
    @Test
    void indicesThatAreComputed() throws IOException {
        Sketch s = new Sketch(1);
        String places = s.op("Mul", s.op("Floor", s.op("Mul", s.input("x", 1, 2, 2), s.scalar(1000))), s.scalar(1000));
        s.output(s.op("MaxUnpool", "x", places, ints("kernel_shape", 2, 2), ints("strides", 2, 2)));
        OnnxModel model = OnnxImporter.load(s.write(folder.resolve("places.onnx")));
        assertThrows(IllegalArgumentException.class, () -> model.run(OnnxTensor.of(new float[] {0.1f, 0.9f, -0.7f, 0.4f}, 1, 1,
                2, 2)));
    }

    // ---------------------------------------------------------------- graphs

    private Path chain(int length, boolean named) throws IOException {
        OnnxGraph graph = new OnnxGraph();
        graph.input("v0", 1, 4);
        for (int i = 0; i < length; i++) {
            graph.node("", "Relu", named ? "same" : "", List.of("v" + i), List.of("v" + (i + 1)));
        }
        graph.output("v" + length, 1, 4);
        return graph.write(folder.resolve("chain.onnx"));
    }

    @Test
    void deepGraphs() throws IOException {
        Path deep = chain(100_000, true);
        assertTimeoutPreemptively(PATIENCE, () -> refused(deep));
        Path fair = chain(1500, true);
        assertTimeoutPreemptively(PATIENCE, () -> assertTrue(survives(fair, "a chain of 1,500")));
    }

    @Test
    void wideGraphs() throws IOException {
        OnnxGraph graph = new OnnxGraph();
        graph.input("x", 1, 2);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            names.add(graph.node("Relu", "y" + i, List.of("x")));
        }
        for (int i = 0; i < 20_000; i++) {
            graph.input("unused" + i, ElementType.INT64, 1);
        }
        graph.node("Concat", "all", names, a("axis", 1));
        graph.node("Sum", "sum", names);
        graph.output("all", 1, 4000);
        graph.output("sum", 1, 2);
        Path file = graph.write(folder.resolve("wide.onnx"));
        assertTimeoutPreemptively(PATIENCE, () -> {
            OnnxModel model = OnnxImporter.load(file);
            Map<String, OnnxTensor> inputs = inputs(model);
            inputs.put("x", OnnxTensor.of(new float[] {-1, 0.5f}, 1, 2));
            Map<String, OnnxTensor> results = model.run(inputs);
            float[] all = new float[4000];
            IntStream.range(0, all.length).forEach(i -> all[i] = i % 2 * 0.5f);
            assertArrayEquals(all, results.get("all").floats());
            assertArrayEquals(new float[] {0, 1000}, results.get("sum").floats());
            // No network is made for inputs of integers: their values are asked for, whether a node reads them or not.
            Refused.argument(model::network, "unused0", "must be known");
            assertTrue(model.describe().contains("unused0"));
        });
    }

    @Test
    void circlesAndNamesThatNothingMakes() throws IOException {
        OnnxGraph circle = new OnnxGraph();
        circle.input("x", 1, 4);
        circle.node("Add", "a", List.of("x", "b"));
        circle.node("Relu", "b", List.of("a"));
        circle.output("b", 1, 4);
        formatRefused(circle, "depends on itself");

        OnnxGraph own = new OnnxGraph();
        own.node("Relu", "a", List.of("a"));
        own.output("a", 1);
        formatRefused(own, "depends on itself");

        OnnxGraph dangling = new OnnxGraph();
        dangling.input("x", 1, 4);
        dangling.node("Add", "y", List.of("x", "nobody"));
        dangling.output("y", 1, 4);
        formatRefused(dangling, "nothing makes it");

        OnnxGraph twice = new OnnxGraph();
        twice.input("x", 1, 4);
        twice.node("Relu", "y", List.of("x"));
        twice.node("Tanh", "y", List.of("x"));
        twice.output("y", 1, 4);
        formatRefused(twice, "made twice");

        OnnxGraph nothing = new OnnxGraph();
        nothing.input("x", 1, 4);
        formatRefused(nothing, "no output");
    }

    private void formatRefused(OnnxGraph graph, String part) throws IOException {
        Path file = graph.write(folder.resolve("graph.onnx"));
        FormatException e = assertThrows(FormatException.class, () -> OnnxImporter.load(file));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    // ---------------------------------------------------------------- other files

    @Test
    void readsNothingOutsideItsFolder() throws IOException {
        Path inside = Files.createDirectories(folder.resolve("inside"));
        Files.write(folder.resolve("secret"), new byte[64]);
        Files.write(inside.resolve("short"), new byte[8]);
        Files.createSymbolicLink(inside.resolve("link"), folder.resolve("secret"));
        for (String[] entries : new String[][] {{"location", "../secret"}, {"location", folder.resolve("secret").toString()},
            {"location", "link"}, {"location", "a/../../secret"}, {"location", ""}, {"location", "missing"}, {"location", "."},
            {"location", "short"}, {"location", "short", "offset", "-4"}, {"location", "short", "offset", "999999999999999999"},
            {"location", "short", "length", "4"}, {"location", "\0"}, {"location", "..\\secret"}}) {
            OnnxGraph graph = new OnnxGraph();
            graph.input("x", 1, 4);
            graph.constant("w", TensorMessages.external(1, new int[] {4}, entries));
            graph.node("Add", "y", List.of("x", "w"));
            graph.output("y", 1, 4);
            Path file = graph.write(inside.resolve("model.onnx"));
            assertThrows(FormatException.class, () -> OnnxImporter.load(file), () -> Arrays.toString(entries));
        }
    }

    /** What a constant's header says must agree with its numbers before anything is made. */
    @Test
    void constantsThatLie() throws IOException {
        for (ProtoMessage tensor : new ProtoMessage[] {TensorMessages.header(1, Integer.MAX_VALUE, Integer.MAX_VALUE),
            TensorMessages.header(1, 1 << 30).bytes(9, new byte[16]), TensorMessages.header(7, 1 << 28), TensorMessages.header(1,
                    -4),
            TensorMessages.header(9, 4).bytes(9, new byte[3])}) {
            OnnxGraph graph = new OnnxGraph();
            graph.input("x", 1, 4);
            graph.constant("w", tensor);
            graph.node("Add", "y", List.of("x", "w"));
            graph.output("y", 1, 4);
            Path file = graph.write(folder.resolve("lie.onnx"));
            assertThrows(FormatException.class, () -> OnnxImporter.load(file));
        }
    }
}
