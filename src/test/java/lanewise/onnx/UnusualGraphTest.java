package lanewise.onnx;

import static lanewise.onnx.Sketch.a;
import static lanewise.onnx.Sketch.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that no exporter writes: what is legal is computed, and the rest is refused with the node's name, never by an accident. */
class UnusualGraphTest {

    @TempDir
    Path folder;

    private OnnxModel load(Sketch sketch) throws IOException {
        return OnnxImporter.load(sketch.write(folder.resolve("unusual.onnx")));
    }

    private static OnnxTensor picture(int... dims) {
        return OnnxTensor.of(Data.reals(1, OnnxTensor.size(dims)), dims);
    }

    /** Without axes a reduction still does to each element what it does to the elements it sums. */
    @Test
    void reductionsOfNoAxes() throws IOException {
        float[] x = {-2, 0, 3, -0.5f};
        Map<String, float[]> expected = Map.of("ReduceSumSquare", new float[] {4, 0, 9, 0.25f}, "ReduceL1", new float[] {2, 0, 3, 0.5f},
                "ReduceL2", new float[] {2, 0, 3, 0.5f}, "ReduceSum", x, "ReduceMax", x, "ReduceLogSumExp", x);
        for (String type : expected.keySet()) {
            Sketch computed = new Sketch(1).opset(18);
            computed.output(computed.op(type, computed.input("x", 2), "", a("noop_with_empty_axes", 1)));
            OnnxTensor y = load(computed).run(OnnxTensor.of(x, 2, 2));
            assertArrayEquals(expected.get(type), y.floats(), 1e-6f, type);
            if (!type.equals("ReduceLogSumExp")) { // not among the operators on constants
                Sketch constant = new Sketch(1).opset(18);
                String folded = constant.op(type, constant.constant(OnnxTensor.of(x, 2, 2)), "", a("noop_with_empty_axes", 1));
                constant.output(constant.op("Add", constant.input("x", 2), folded));
                assertArrayEquals(expected.get(type), load(constant).run(OnnxTensor.of(new float[4], 2, 2)).floats(), 1e-6f, type);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> refusedByName() {
        Map<String, Consumer<Sketch>> graphs = new LinkedHashMap<>();
        graphs.put("MatMul", s -> s.output(s.op("Add", s.input("x", 2), s.op("MatMul", "", s.weights(2, 2)))));
        graphs.put("Gemm", s -> s.output(s.op("Add", s.input("x", 2), s.op("Gemm", "", s.weights(2, 2)))));
        graphs.put("Concat", s -> s.output(s.op("Concat", s.weights(2, 3, 1), s.input("x", 3), a("axis", 0))));
        graphs.put("BatchNormalization", s -> {
            s.opset(15);
            s.graph().input("x", ElementType.FLOAT, 4);
            s.output(s.ops("BatchNormalization", 3, "x", s.positive(1), s.weights(1), s.weights(1), s.positive(1),
                    a("training_mode", 1))[0]);
        });
        graphs.put("Dropout", s -> {
            s.opset(13);
            s.output(s.op("Dropout", s.input("x", 4), s.scalar(0.5), s.constant(OnnxTensor.of(new float[0], 0))));
        });
        graphs.put("MaxUnpool", s -> s.output(s.op("MaxUnpool", s.input("x", 1, 1, 1), s.integers(0, 1, 2, 3, 4),
                ints("kernel_shape", 2, 2), ints("strides", 2, 2))));
        return graphs.entrySet().stream().map(graph -> DynamicTest.dynamicTest(graph.getKey(), () -> {
            Sketch sketch = new Sketch(1);
            graph.getValue().accept(sketch);
            OnnxException thrown = assertThrows(OnnxException.class, () -> {
                OnnxModel model = load(sketch);
                boolean rank1 = graph.getKey().equals("BatchNormalization");
                int[] tail = sketch.inputs().getOrDefault("x", new int[0]);
                int[] dims = new int[tail.length + 1];
                dims[0] = rank1 ? 4 : 2;
                System.arraycopy(tail, 0, dims, 1, tail.length);
                model.run(picture(dims));
            });
            assertTrue(thrown.getMessage().contains(graph.getKey()), thrown.getMessage());
        }));
    }

    /** A version of the operators that is no version. */
    @Test
    void versionsBelowAllNumbers() {
        Sketch sketch = new Sketch(1).opset(Integer.MIN_VALUE);
        sketch.output(sketch.op("Relu", sketch.input("x", 2)));
        assertThrows(OnnxException.class, () -> load(sketch).run(picture(1, 2)));
    }
}
