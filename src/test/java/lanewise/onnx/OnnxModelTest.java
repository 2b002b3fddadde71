package lanewise.onnx;

import static lanewise.onnx.Sketch.a;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lanewise.layer.Network;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes that change, several callers, weights in every place, integers as inputs, and what is said of a model. */
class OnnxModelTest {

    @TempDir
    Path folder;

    /** A picture of any size and batch; sizes of the output follow. */
    private OnnxModel anySize() throws IOException {
        Sketch s = new Sketch(1);
        s.graph().input("x", ElementType.FLOAT, "N", 3, "H", "W");
        String y = s.relu(s.conv("x", 3, 4, 3, 2, 1));
        s.graph().node("", "Resize", "up", List.of(y, "", s.constant(OnnxTensor.of(new float[] {1, 1, 2, 2}, 4))), List.of("y"));
        s.graph().output("y", ElementType.FLOAT, "N", 4, null, null);
        return OnnxImporter.load(s.write(folder.resolve("any.onnx")));
    }

    private static OnnxTensor picture(int seed, int... dims) {
        return OnnxTensor.of(Data.reals(seed, OnnxTensor.size(dims)), dims);
    }

    @Test
    void remembersTheLatestSizes() throws IOException {
        OnnxModel model = anySize();
        OnnxTensor first = model.run(picture(0, 1, 3, 4, 6));
        for (int round = 0; round < 2; round++) {
            for (int h = 4; h < 4 + 2 * (OnnxModel.REMEMBERED + 3); h += 2) {
                int[] dims = model.run(picture(h, 1 + h % 3, 3, h, 6)).dims();
                assertArrayEquals(new int[] {1 + h % 3, 4, h, 6}, dims);
                assertTrue(model.remembered() <= OnnxModel.REMEMBERED, () -> model.remembered() + " programs are held");
            }
        }
        assertEquals(OnnxModel.REMEMBERED, model.remembered());
        assertArrayEquals(first.floats(), model.run(picture(0, 1, 3, 4, 6)).floats());
    }

    @Test
    void threadsGetTheSameBits() throws IOException, InterruptedException, ExecutionException {
        OnnxModel model = anySize();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            expected.add(anySize().run(picture(i, 1 + i % 2, 3, 6 + 2 * (i % 3), 8)).floats());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int call = 0; call < 60; call++) {
                int i = call % 6;
                calls.add(threads.submit(() -> assertArrayEquals(expected.get(i),
                        model.run(picture(i, 1 + i % 2, 3, 6 + 2 * (i % 3), 8)).floats())));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }

    /** Weights as initializers, as inputs with a default, as inputs without, in another file, and by ConstantOfShape. */
    @Test
    void weightsFromEverywhere() throws IOException {
        float[] w = Data.reals(3, 12);
        float[] all = new float[15];
        System.arraycopy(w, 0, all, 3, 12);
        ByteBuffer bytes = ByteBuffer.allocate(4 * all.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : all) {
            bytes.putFloat(value);
        }
        Files.createDirectories(folder.resolve("sub"));
        Files.write(folder.resolve("sub/w.bin"), bytes.array());
        Sketch s = new Sketch(2);
        s.input("x", 3);
        s.graph().input("given", 3, 4);
        s.graph().input("default", 3, 4);
        s.graph().constant("default", OnnxTensor.of(w, 3, 4));
        s.graph().constant("file", TensorMessages.external(1, new int[] {3, 4}, "location", "sub/w.bin", "offset", "12",
                "length", "48"));
        String ones = s.op("ConstantOfShape", s.integers(3, 4), OnnxGraph.Attribute.of("value", OnnxTensor.of(new float[] {0.5f},
                1)));
        String sum = s.op("Sum", s.op("MatMul", "x", "given"), s.op("MatMul", "x", "default"), s.op("MatMul", "x", "file"),
                s.op("MatMul", "x", ones));
        s.output(sum);
        OnnxModel model = OnnxImporter.load(s.write(folder.resolve("weights.onnx")));
        float[] x = Data.reals(4, 6);
        double[] expected = new double[8];
        for (int i = 0; i < 8; i++) {
            for (int k = 0; k < 3; k++) {
                expected[i] += x[i / 4 * 3 + k] * (3.0 * w[k * 4 + i % 4] + 0.5);
            }
        }
        Map<String, OnnxTensor> given = Map.of("x", OnnxTensor.of(x, 2, 3), "given", OnnxTensor.of(w, 3, 4));
        float[] y = model.run(given).get(sum).floats();
        for (int i = 0; i < 8; i++) {
            assertEquals(expected[i], y[i], 1e-5);
        }
        float[] other = model.run(Map.of("x", OnnxTensor.of(x, 2, 3), "given", OnnxTensor.of(w, 3, 4), "default",
                OnnxTensor.of(new float[12], 3, 4))).get(sum).floats();
        assertTrue(Math.abs(other[0] - y[0]) > 1e-3);
    }

    /** Bytes of a picture that the model itself makes floats. */
    @Test
    void integersThatAreWidenedAreFed() throws IOException {
        for (ElementType type : new ElementType[] {ElementType.UINT8, ElementType.INT64, ElementType.DOUBLE, ElementType.FLOAT16}) {
            Sketch s = new Sketch(5);
            s.graph().input("x", type, "N", 2, 4, 4);
            String y = s.op("Div", s.op("Cast", "x", a("to", 1)), s.scalar(255));
            s.output(s.op("GlobalAveragePool", y));
            OnnxModel model = OnnxImporter.load(s.write(folder.resolve("bytes.onnx")));
            Object data = switch (type) {
                case DOUBLE -> java.util.stream.DoubleStream.generate(() -> 51).limit(32).toArray();
                case FLOAT16 -> filled(51);
                default -> java.util.stream.LongStream.generate(() -> 51).limit(32).toArray();
            };
            assertArrayEquals(new float[] {0.2f, 0.2f}, model.run(OnnxTensor.of(type, data, 1, 2, 4, 4)).floats(), 1e-6f);
            Network network = model.network();
            assertEquals(2, network.outputShape().size());
        }
    }

    private static float[] filled(float value) {
        float[] values = new float[32];
        java.util.Arrays.fill(values, value);
        return values;
    }

    /** Ten problems, said at once by the name of the node. */
    @Test
    void listsEveryProblem() throws IOException {
        Sketch s = new Sketch(6);
        s.input("x", 3, 8, 8);
        var g = s.graph().opset("com.acme", 1);
        g.node("", "LSTM", "recurrent", List.of("x"), List.of("y0"));
        g.node("com.acme", "Magic", "custom", List.of("x"), List.of("y1"));
        g.node("", "Relu", "surprise", List.of("x"), List.of("y2"), a("slope", 1f));
        g.node("", "Conv", "padded", List.of("x", s.weights(2, 3, 3, 3)), List.of("y3"), a("auto_pad", "SAME"));
        g.node("", "Resize", "bicubic", List.of("x", "", s.integers(1)), List.of("y4"), a("mode", "lanczos"));
        g.node("", "Pad", "mirrored", List.of("x", s.integers(0)), List.of("y5"), a("mode", "mirror"));
        g.node("", "Add", "single", List.of("x"), List.of("y6"));
        g.constant("words", TensorMessages.header(8, 1));
        g.node("", "Add", "texts", List.of("x", "words"), List.of("y7"));
        g.node("", "Gelu", "erf", List.of("x"), List.of("y8"), a("approximate", "exact"));
        g.node("", "DepthToSpace", "shuffle", List.of("x"), List.of("y9"), a("blocksize", 2), a("mode", "XYZ"));
        for (int i = 0; i < 10; i++) {
            g.untypedOutput("y" + i);
        }
        Path file = s.write(folder.resolve("ten.onnx"));
        OnnxException e = assertThrows(OnnxException.class, () -> OnnxImporter.load(file));
        assertEquals(10, e.problems().size(), e.getMessage());
        for (String name : new String[] {"LSTM \"recurrent\"", "Magic \"custom\"", "Relu \"surprise\": attributes [slope]",
            "Conv \"padded\": auto_pad is SAME", "Resize \"bicubic\": mode is lanczos", "Pad \"mirrored\": mode is mirror",
            "Add \"single\": has 1 inputs, must have 2", "\"words\": elements are STRING", "Gelu \"erf\": approximate is exact",
            "DepthToSpace \"shuffle\": mode is XYZ"}) {
            assertTrue(e.getMessage().contains(name), () -> name + " is missing in " + e.getMessage());
        }
    }

    /** What depends on sizes is said when a network is made, all of it. */
    @Test
    void listsEveryProblemOfSizes() throws IOException {
        Sketch s = new Sketch(7);
        s.input("x", 3, 8, 8);
        var g = s.graph();
        g.node("", "Conv", "channels", List.of("x", s.weights(2, 4, 3, 3)), List.of("y0"));
        g.node("", "Reshape", "shape", List.of("x", s.integers(0, 7)), List.of("y1"));
        g.node("", "Add", "broadcast", List.of("x", s.weights(5)), List.of("y2"));
        g.node("", "Gather", "index", List.of("x", s.integers(9)), List.of("y3"), a("axis", 1));
        g.node("", "Softmax", "axis", List.of("x"), List.of("y4"), a("axis", 4));
        g.node("", "Dropout", "old", List.of("x"), List.of("y5"), a("ratio", 0.5f));
        g.node("", "Relu", "behind", List.of("y0"), List.of("y6"));
        for (int i = 0; i < 7; i++) {
            g.untypedOutput("y" + i);
        }
        OnnxModel model = OnnxImporter.load(s.write(folder.resolve("sizes.onnx")));
        OnnxException e = assertThrows(OnnxException.class, model::network);
        assertEquals(6, e.problems().size(), e.getMessage());
        for (String name : new String[] {"channels", "shape", "broadcast", "index", "axis", "old"}) {
            assertEquals(1, e.problems().stream().filter(problem -> problem.contains("\"" + name + "\"")).count(), e.getMessage());
        }
        assertTrue(model.describe().contains("\"channels\""), model.describe());
    }

    @Test
    void whatNothingNeedsIsNoProblem() throws IOException {
        Sketch s = new Sketch(8);
        s.input("x", 3);
        s.graph().node("", "LSTM", "unused", List.of("x"), List.of("nobody"));
        s.output(s.relu("x"));
        assertEquals(3, OnnxImporter.load(s.write(folder.resolve("dead.onnx"))).network().outputShape().size());
    }

    @Test
    void describesBeforeAndAfter() throws IOException {
        Sketch s = new Sketch(9);
        String x = s.relu(s.norm(s.conv(s.input("image", 3, 8, 8), 3, 4, 3, 1, 1), 4));
        s.output(s.op("Flatten", s.op("GlobalAveragePool", x)));
        OnnxModel model = OnnxImporter.load(s.write(folder.resolve("described.onnx")));
        String text = model.describe();
        for (String part : new String[] {"described.onnx, opset 20", "image FLOAT[N, 3, 8, 8]", "before: ", "Conv \"conv",
                "BatchNormalization \"",
            "after:", "GlobalAveragePool", "batch 1, "}) {
            assertTrue(text.contains(part), () -> part + " is missing in\n" + text);
        }
        assertTrue(text.indexOf("before: ") < text.indexOf("after:"));
        assertTrue(model.describe(Map.of("image", new int[] {2, 3, 8, 8})).contains("batch 2, "));
        assertTrue(anySize().describe().contains("after: sizes of input x FLOAT[N, 3, H, W] are open"));
        assertThrows(IllegalArgumentException.class, () -> model.describe(Map.of("image", new int[] {2, 3, 9, 8})));
    }

    @Test
    void saysWhichSizesAreMissingOrWrong() throws IOException {
        OnnxModel model = anySize();
        assertTrue(assertThrows(IllegalArgumentException.class, model::network).getMessage().contains("are open"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> model.network(Map.of("x", new int[] {1, 4, 8,
                8}))).getMessage()
                .contains("[1, 4, 8, 8]"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> model.network(Map.of("z",
                new int[] {1}))).getMessage().contains("z"));
        assertThrows(IllegalArgumentException.class, () -> model.network(Map.of("x", new int[] {0, 3, 8, 8})));
        assertThrows(IllegalArgumentException.class, () -> model.run(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> model.run(OnnxTensor.of(new long[192], 1, 3, 8, 8)));
        assertThrows(IllegalArgumentException.class, () -> model.run(Map.of("x", picture(1, 1, 3, 4, 4), "q", picture(1, 1))));
        assertNotSame(model.network(Map.of("x", new int[] {1, 3, 8, 8})), model.network(Map.of("x", new int[] {1, 3, 8, 8})));
    }
}
