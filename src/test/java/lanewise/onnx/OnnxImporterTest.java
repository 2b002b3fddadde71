package lanewise.onnx;

import static lanewise.onnx.Sketch.a;
import static lanewise.onnx.Sketch.ints;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lanewise.onnx.OnnxGraph.Attribute;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models as exporters write them, and single operators in unusual settings, against {@link OnnxOracle} in every way to run them.
 */
class OnnxImporterTest {

    @TempDir
    Path folder;

    private final Map<String, Consumer<Sketch>> models = new LinkedHashMap<>();

    @TestFactory
    Stream<DynamicTest> models() {
        blocks();
        attention();
        sequences();
        convolutions();
        poolings();
        norms();
        batches();
        broadcasts();
        movements();
        resizes();
        versions();
        idioms();
        return models.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            Sketch sketch = new Sketch(entry.getKey().hashCode());
            entry.getValue().accept(sketch);
            Path file = folder.resolve(entry.getKey().replaceAll("\\W", "_") + ".onnx");
            assertTrue(ModelCheck.agrees(file, sketch, 1, 3) > 0);
        }));
    }

    private void blocks() {
        models.put("ResNet: two blocks, the second with a projection", s -> {
            String x = s.relu(s.norm(s.conv(s.input("x", 3, 9, 11), 3, 8, 3, 1, 1), 8));
            String y = s.norm(s.conv(s.relu(s.norm(s.conv(x, 8, 8, 3, 1, 1), 8)), 8, 8, 3, 1, 1), 8);
            x = s.relu(s.op("Add", y, x));
            y = s.norm(s.conv(s.relu(s.norm(s.conv(x, 8, 12, 3, 2, 1), 12)), 12, 12, 3, 1, 1), 12);
            x = s.relu(s.op("Add", y, s.norm(s.conv(x, 8, 12, 1, 2, 1), 12)));
            String flat = s.op("Flatten", s.op("GlobalAveragePool", x));
            s.output(s.op("Gemm", flat, s.weights(5, 12), s.weights(5), a("transB", 1)));
        });
        models.put("MobileNetV2: expand, depthwise, project, Clip as in opset 11", s -> {
            String x = s.input("x", 6, 8, 8);
            String y = s.op("Clip", s.norm(s.conv(x, 6, 12, 1, 1, 1), 12), s.scalar(0), s.scalar(6));
            y = s.op("Clip", s.norm(s.conv(y, 12, 12, 3, 1, 12), 12), s.scalar(0), s.scalar(6));
            x = s.op("Add", x, s.norm(s.conv(y, 12, 6, 1, 1, 1), 6));
            s.output(s.op("ReduceMean", x, new long[] {2, 3}, a("keepdims", 0)), x);
        });
        models.put("MobileNetV3: depthwise, squeeze and excitation, HardSwish in pieces", s -> {
            String x = s.norm(s.conv(s.input("x", 8, 7, 7), 8, 8, 3, 2, 8), 8);
            String gate = s.op("GlobalAveragePool", x);
            gate = s.relu(s.conv(gate, 8, 4, 1, 1, 1));
            gate = s.op("HardSigmoid", s.conv(gate, 4, 8, 1, 1, 1), a("alpha", 1 / 6f), a("beta", 0.5f));
            x = s.op("Mul", gate, x);
            String clip = s.op("Clip", s.op("Add", x, s.scalar(3)), s.scalar(0), s.scalar(6));
            s.output(s.op("Div", s.op("Mul", x, clip), s.scalar(6)));
        });
        models.put("ShuffleNet: split, branch, concat, channel shuffle by constants", s -> {
            String x = s.input("x", 8, 5, 6);
            String[] half = s.ops("Split", 2, x, new long[] {4, 4}, a("axis", 1));
            String y = s.op("Concat", half[0], s.relu(s.conv(half[1], 4, 4, 3, 1, 4)), a("axis", 1));
            y = s.op("Reshape", y, new long[] {-1, 2, 4, 5, 6});
            y = s.op("Reshape", s.op("Transpose", y, ints("perm", 0, 2, 1, 3, 4)), new long[] {-1, 8, 5, 6});
            s.output(s.conv(y, 8, 3, 1, 1, 1));
        });
        models.put("ShuffleNet: channel shuffle by the shape", s -> {
            String x = s.relu(s.input("x", 6, 4, 5));
            String n = s.op("Unsqueeze", s.op("Gather", s.op("Shape", x), s.constant(OnnxTensor.of(new long[] {0}))),
                    new long[] {0});
            String h = s.op("Slice", s.op("Shape", x), new long[] {2}, new long[] {4});
            String y = s.op("Reshape", x, s.op("Concat", n, s.integers(3, 2), h, a("axis", 0)));
            y = s.op("Transpose", y, ints("perm", 0, 2, 1, 3, 4));
            s.output(s.op("Reshape", y, s.op("Concat", n, s.integers(-1), h, a("axis", 0))));
        });
        models.put("DenseNet: concat grows, BatchNorm before ReLU and convolution", s -> {
            String x = s.conv(s.input("x", 3, 8, 8), 3, 6, 3, 1, 1);
            for (int i = 0; i < 3; i++) {
                int c = 6 + 4 * i;
                x = s.op("Concat", x, s.conv(s.relu(s.norm(x, c)), c, 4, 3, 1, 1), a("axis", 1));
            }
            x = s.op("AveragePool", s.conv(s.relu(s.norm(x, 18)), 18, 9, 1, 1, 1), ints("kernel_shape", 2, 2), ints("strides", 2,
                    2));
            s.output(s.op("ReduceMean", x, new long[] {-1, -2}, a("keepdims", 0)));
        });
        models.put("Inception: four branches", s -> {
            String x = s.input("x", 5, 7, 7);
            String pool = s.op("MaxPool", x, ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1), ints("strides", 1, 1));
            String average = s.op("AveragePool", x, ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1), ints("strides", 1, 1));
            s.output(s.op("Concat", s.conv(x, 5, 4, 1, 1, 1), s.relu(s.conv(s.conv(x, 5, 3, 1, 1, 1), 3, 4, 5, 1, 1)),
                    s.conv(pool, 5, 2, 1, 1, 1), average, a("axis", 1)));
        });
        models.put("U-Net: transposed convolution, padded to the skip, concat", s -> {
            String x = s.relu(s.conv(s.input("x", 2, 9, 9), 2, 4, 3, 1, 1));
            String down = s.op("MaxPool", x, ints("kernel_shape", 2, 2), ints("strides", 2, 2));
            down = s.relu(s.conv(down, 4, 8, 3, 1, 1));
            String up = s.op("ConvTranspose", down, s.weights(8, 4, 2, 2), s.weights(4), ints("strides", 2, 2));
            up = s.op("Pad", up, s.integers(0, 0, 0, 0, 0, 0, 1, 1));
            String y = s.op("Concat", x, up, a("axis", 1));
            String soft = s.op("Resize", down, "", s.constant(OnnxTensor.of(new float[] {1, 1, 2.25f, 2.25f}, 4)),
                    a("mode", "linear"), a("coordinate_transformation_mode", "align_corners"));
            s.output(s.op("Sigmoid", s.conv(s.op("Concat", y, soft, a("axis", 1)), 16, 1, 1, 1, 1)));
        });
        models.put("SqueezeNet: fire, ceil pooling, convolution as classifier", s -> {
            String x = s.op("MaxPool", s.input("x", 4, 10, 10), ints("kernel_shape", 3, 3), ints("strides", 2, 2), a("ceil_mode",
                    1));
            String squeezed = s.relu(s.conv(x, 4, 3, 1, 1, 1));
            x = s.op("Concat", s.relu(s.conv(squeezed, 3, 4, 1, 1, 1)), s.relu(s.conv(squeezed, 3, 4, 3, 1, 1)), a("axis", 1));
            x = s.op("GlobalAveragePool", s.relu(s.conv(s.op("Dropout", x), 8, 6, 1, 1, 1)));
            s.output(s.op("Softmax", s.op("Flatten", x, a("axis", 1)), a("axis", 1)));
        });
        for (boolean real : new boolean[] {false, true}) {
            models.put("ConvNeXt block, LayerNorm " + (real ? "as one operator" : "in pieces"), s -> {
                String x = s.input("x", 6, 5, 7);
                String y = s.op("Transpose", s.conv(x, 6, 6, 7, 1, 6), ints("perm", 0, 2, 3, 1));
                y = real ? s.op("LayerNormalization", y, s.positive(6), s.weights(6), a("axis", -1), a("epsilon", 1e-6f))
                        : layerNorm(s, y, 6);
                y = s.op("Add", s.op("MatMul", y, s.weights(6, 24)), s.weights(24));
                y = gelu(s, y);
                y = s.op("Mul", s.op("Add", s.op("MatMul", y, s.weights(24, 6)), s.weights(6)), s.weights(6));
                s.output(s.op("Add", s.op("Transpose", y, ints("perm", 0, 3, 1, 2)), x));
            });
        }
    }

    private static String layerNorm(Sketch s, String x, int c) {
        String centred = s.op("Sub", x, s.op("ReduceMean", x, new long[] {-1}));
        String variance = s.op("ReduceMean", s.op("Pow", centred, s.scalar(2)), new long[] {-1});
        String normal = s.op("Div", centred, s.op("Sqrt", s.op("Add", variance, s.scalar(1e-6))));
        return s.op("Add", s.op("Mul", normal, s.positive(c)), s.weights(c));
    }

    private static String gelu(Sketch s, String x) {
        String erf = s.op("Add", s.op("Erf", s.op("Div", x, s.scalar(Math.sqrt(2)))), s.scalar(1));
        return s.op("Mul", s.op("Mul", x, erf), s.scalar(0.5));
    }

    /** A block of a vision transformer with a class token that is expanded to the batch, or that stands there once. */
    private void attention() {
        for (boolean expanded : new boolean[] {true, false}) {
            models.put("ViT: class token " + (expanded ? "expanded" : "stacked by Shape"), s -> {
                String x = s.op("Conv", s.input("x", 3, 8, 8), s.weights(12, 3, 4, 4), s.weights(12), ints("strides", 4, 4));
                String n = s.op("Slice", s.op("Shape", x), new long[] {0}, new long[] {1});
                x = s.op("Transpose", s.op("Reshape", x, new long[] {0, 12, -1}), ints("perm", 0, 2, 1));
                String token = expanded ? s.op("Expand", s.weights(1, 1, 12), s.op("Concat", n, s.integers(-1 + 2, 12), a("axis",
                        0)))
                        : s.op("Tile", s.weights(1, 1, 12), s.op("Concat", n, s.integers(1, 1), a("axis", 0)));
                x = s.op("Add", s.op("Concat", token, x, a("axis", 1)), s.weights(1, 5, 12));
                String y = s.op("LayerNormalization", x, s.positive(12), s.weights(12));
                String qkv = s.op("Add", s.op("MatMul", y, s.weights(12, 36)), s.weights(36));
                qkv = s.op("Transpose", s.op("Reshape", qkv, new long[] {0, 5, 3, 2, 6}), ints("perm", 2, 0, 3, 1, 4));
                String[] part = new String[3];
                for (int i = 0; i < 3; i++) {
                    part[i] = s.op("Gather", qkv, s.constant(OnnxTensor.of(new long[] {i})), a("axis", 0));
                }
                String scores = s.op("Mul", s.op("MatMul", part[0], s.op("Transpose", part[1], ints("perm", 0, 1, 3, 2))),
                        s.scalar(0.4));
                y = s.op("MatMul", s.op("Softmax", scores, a("axis", -1)), part[2]);
                y = s.op("Reshape", s.op("Transpose", y, ints("perm", 0, 2, 1, 3)), new long[] {0, 0, 12});
                x = s.op("Add", x, s.op("Add", s.op("MatMul", y, s.weights(12, 12)), s.weights(12)));
                x = s.op("Add", x, s.op("MatMul", gelu(s, s.op("MatMul", layerNorm(s, x, 12), s.weights(12, 20))), s.weights(20,
                        12)));
                String first = s.op("Gather", x, s.constant(OnnxTensor.of(new long[] {0})), a("axis", 1));
                s.output(s.op("Gemm", first, s.weights(4, 12), s.weights(4), a("transB", 1)));
            });
        }
        models.put("attention with heads joined to the batch", s -> {
            String x = s.input("x", 4, 6);
            String q = s.op("Reshape", s.op("MatMul", x, s.weights(6, 6)), new long[] {-1, 4, 3});
            String k = s.op("Reshape", s.op("MatMul", x, s.weights(6, 6)), new long[] {-1, 4, 3});
            String p = s.op("Softmax", s.op("MatMul", q, s.op("Transpose", k, ints("perm", 0, 2, 1))), a("axis", 2));
            s.output(s.op("MatMul", p, k));
        });
    }

    private void sequences() {
        models.put("CRNN: columns of a picture as a sequence, T x N x C", s -> {
            String x = s.relu(s.conv(s.input("x", 1, 8, 16), 1, 4, 3, 2, 1));
            x = s.op("MaxPool", x, ints("kernel_shape", 4, 1), ints("strides", 4, 1));
            x = s.op("Transpose", s.op("Squeeze", x, new long[] {2}), ints("perm", 2, 0, 1));
            x = s.op("Add", s.op("MatMul", x, s.weights(4, 7)), s.weights(7));
            s.output(s.op("LogSoftmax", x, a("axis", 2)));
        });
        models.put("recogniser: N x T x C by a reshape", s -> {
            String x = s.conv(s.input("x", 2, 4, 9), 2, 5, 3, 1, 1);
            x = s.op("ReduceMean", x, new long[] {2}, a("keepdims", 0));
            x = s.op("Transpose", x, ints("perm", 0, 2, 1));
            x = s.op("Reshape", s.op("MatMul", s.op("Reshape", x, new long[] {-1, 5}), s.weights(5, 6)), new long[] {-1, 9, 6});
            s.output(s.op("Softmax", x, a("axis", 2)));
        });
        models.put("signal: Conv of one axis, pooling, LSTM-free", s -> {
            String x = s.op("Conv", s.input("x", 3, 20), s.weights(6, 3, 5), s.weights(6), ints("pads", 2, 2), ints("strides", 2));
            x = s.op("MaxPool", s.op("Tanh", x), ints("kernel_shape", 2), ints("strides", 2));
            s.output(s.op("MatMul", s.op("Flatten", x), s.weights(30, 4)));
        });
    }

    private void convolutions() {
        models.put("Conv SAME_UPPER with stride", s -> s.output(s.op("Conv", s.input("x", 3, 7, 8), s.weights(4, 3, 3, 4),
                a("auto_pad", "SAME_UPPER"), ints("strides", 2, 3))));
        models.put("Conv SAME_LOWER with dilation", s -> s.output(s.op("Conv", s.input("x", 3, 9, 8), s.weights(4, 3, 2, 3),
                a("auto_pad", "SAME_LOWER"), ints("dilations", 2, 1))));
        models.put("Conv of three axes in groups", s -> s.output(s.op("Conv", s.input("x", 4, 5, 4, 6), s.weights(6, 2, 2, 3, 2),
                s.weights(6),
                a("group", 2), ints("pads", 1, 0, 1, 0, 1, 0), ints("strides", 1, 2, 1))));
        models.put("ConvTranspose in groups with output padding and dilation", s -> s.output(s.op("ConvTranspose", s.input("x",
                4, 5, 4),
                s.weights(4, 3, 3, 2), s.weights(6), a("group", 2), ints("strides", 2, 3), ints("output_padding", 1, 0),
                ints("pads", 1, 0, 0, 1), ints("dilations", 1, 2))));
        models.put("ConvTranspose whose stamps lie side by side, cut at the beginning", s -> s.output(s.op("ConvTranspose",
                s.input("x", 3, 4, 5), s.weights(3, 3, 3, 3), ints("strides", 3, 3), ints("pads", 1, 1, 1, 1),
                ints("output_padding", 2, 2))));
        models.put("ConvTranspose of one axis", s -> s.output(s.op("ConvTranspose", s.input("x", 3, 7), s.weights(3, 2, 4),
                ints("strides", 2),
                ints("pads", 1, 1))));
        models.put("Conv with asymmetric pads, Pad before it", s -> s.output(s.op("Conv",
                s.op("Pad", s.input("x", 3, 6, 6), s.integers(0, 0, 0, 1, 0, 0, 1, 0), "", a("mode", "reflect")),
                s.weights(4, 3, 3, 3), ints("pads", 0, 1, 1, 0))));
        models.put("depthwise with multiplier", s -> s.output(s.conv(s.input("x", 3, 6, 5), 3, 6, 3, 1, 3)));
    }

    private void poolings() {
        for (String kind : new String[] {"MaxPool", "AveragePool", "LpPool"}) {
            for (int rank = 1; rank <= 3; rank++) {
                int axes = rank;
                models.put(kind + " of " + rank + " axes", s -> {
                    int[] dims = new int[axes + 1];
                    java.util.Arrays.fill(dims, 6);
                    int[] three = new int[axes];
                    java.util.Arrays.fill(three, 3);
                    int[] pads = new int[2 * axes];
                    java.util.Arrays.fill(pads, 1);
                    s.output(s.op(kind, s.input("x", dims), ints("kernel_shape", three), ints("strides", three), ints("pads",
                            pads)));
                });
            }
        }
        models.put("AveragePool counts its padding, ceil", s -> s.output(s.op("AveragePool", s.input("x", 3, 6, 7),
                ints("kernel_shape", 3, 2), ints("strides", 2, 2), ints("pads", 1, 1, 1, 0), a("ceil_mode", 1),
                        a("count_include_pad", 1))));
        models.put("MaxPool with dilation and SAME_LOWER", s -> s.output(s.op("MaxPool", s.input("x", 3, 8, 7),
                ints("kernel_shape", 2, 3),
                ints("dilations", 2, 1), ints("strides", 2, 2), a("auto_pad", "SAME_LOWER"))));
        models.put("global poolings of one, two and three axes", s -> {
            String x = s.input("x", 4, 6);
            String y = s.input("y", 4, 3, 5);
            String z = s.input("z", 4, 2, 3, 2);
            s.output(s.op("GlobalAveragePool", x), s.op("GlobalMaxPool", y), s.op("GlobalLpPool", z, a("p", 3)),
                    s.op("GlobalMaxPool", z));
        });
    }

    private void norms() {
        models.put("normalisations", s -> {
            String x = s.input("x", 6, 4, 5);
            s.output(s.op("InstanceNormalization", x, s.positive(6), s.weights(6)), s.op("LRN", x, a("size", 3), a("alpha", 0.2f)),
                    s.op("GroupNormalization", x, s.positive(3), s.weights(3), a("num_groups", 3)),
                    s.op("LayerNormalization", x, s.positive(6, 4, 5), s.weights(6, 4, 5), a("axis", 1)),
                    s.op("LayerNormalization", x, s.positive(5), a("axis", 2), a("epsilon", 0.1f)));
        });
        models.put("BatchNormalization of vectors and signals", s -> s.output(s.norm(s.input("x", 5), 5), s.norm(s.input("y", 5,
                7), 5)));
        models.put("GroupNormalization of opset 21, a scale for each channel", s -> s.opset(21).output(s.op("GroupNormalization",
                s.input("x", 6, 3, 4), s.positive(6), s.weights(6), a("num_groups", 2))));
    }

    /** What must not be mistaken where the batch is open, or is 1, or is as large as another axis. */
    private void batches() {
        models.put("the mean over the batch", s -> s.output(s.op("Sub", s.input("x", 3), s.op("ReduceMean", "x", new long[] {0}))));
        models.put("the mean over everything", s -> s.output(s.op("Div", s.input("x", 3, 2), s.op("ReduceL2", "x", a("keepdims",
                0)))));
        models.put("Softmax over the batch", s -> s.output(s.op("Softmax", s.input("x", 4), a("axis", 0))));
        models.put("Softmax of opset 11 from the batch on", s -> s.opset(11).output(s.op("Softmax", s.input("x", 4, 2), a("axis",
                0))));
        models.put("Softmax of opset 11 from axis 1 on", s -> s.opset(11).output(s.op("Softmax", s.input("x", 3, 2, 2), a("axis",
                1))));
        models.put("Concat along the batch", s -> s.output(s.op("Concat", s.input("x", 3), s.relu("x"), a("axis", 0))));
        models.put("Gather of the first example", s -> s.output(s.op("Gather", s.input("x", 3, 2),
                s.constant(OnnxTensor.of(new long[] {0})))));
        models.put("Gather of the first example, axis kept", s -> s.output(s.op("Gather", s.input("x", 3, 2), s.integers(0))));
        models.put("Slice of the first example", s -> s.output(s.op("Slice", s.input("x", 3), s.integers(0), s.integers(1),
                s.integers(0))));
        models.put("Slice turns the batch", s -> s.output(s.op("Slice", s.input("x", 3), s.integers(-1), s.integers(-100),
                s.integers(0),
                s.integers(-1))));
        models.put("the batch counted: x / N", s -> {
            String n = s.op("Cast", s.op("Gather", s.op("Shape", s.input("x", 3)), s.constant(OnnxTensor.of(new long[] {0}))),
                    a("to", 1));
            s.output(s.op("Div", "x", n));
        });
        models.put("axes exchanged: N x 3 x 3 turned", s -> s.output(s.op("Add", s.input("x", 3, 3),
                s.op("Transpose", "x", ints("perm", 1, 0, 2)))));
        models.put("batch last, then a product", s -> s.output(s.op("MatMul", s.weights(2, 4), s.op("Transpose", s.input("x",
                4)))));
        models.put("the batch as features", s -> s.output(s.op("MatMul", s.op("Transpose", s.input("x", 4)), "x")));
        models.put("a reshape that joins the batch", s -> s.output(s.op("Softmax", s.op("Reshape", s.input("x", 4, 2),
                new long[] {-1, 2}), a("axis", 1))));
        models.put("a reshape with the batch at the second place", s -> s.output(s.op("ReduceMax",
                s.op("Reshape", s.input("x", 4), new long[] {1, -1, 4}), new long[] {1})));
        models.put("a reshape by -1, reduced", s -> s.output(s.op("ReduceSum", s.op("Reshape", s.input("x", 1, 4),
                new long[] {-1, 4}),
                new long[] {0})));
        models.put("Flatten from axis 0 and from axis 2", s -> s.output(s.op("Flatten", s.input("x", 3, 2), a("axis", 0)),
                s.op("Flatten", "x", a("axis", 2)), s.op("Flatten", s.relu("x"), a("axis", -1))));
        models.put("Squeeze without axes", s -> s.output(s.op("Squeeze", s.input("x", 1, 3, 1))));
        models.put("a constant for each of three examples", s -> s.output(s.op("Add", s.op("Tile", s.input("x", 2), s.integers(3,
                1)),
                s.op("Transpose", s.weights(1, 1)))));
        models.put("Expand of the batch", s -> s.output(s.op("Expand", s.op("ReduceMean", s.input("x", 3), new long[] {0}),
                s.integers(4, 3))));
        models.put("Expand by the shape", s -> s.output(s.op("Add", s.op("Expand", s.weights(1, 3), s.op("Shape", s.input("x",
                3))), "x")));
        models.put("Pad of the batch", s -> s.output(s.op("Pad", s.input("x", 3), s.integers(1, 0, 0, 0))));
        models.put("two inputs, the second turned", s -> s.output(s.op("MatMul", s.input("x", 4), s.op("Transpose", s.input("y",
                4)))));
        models.put("Resize of the batch", s -> s.output(s.op("Resize", s.input("x", 2, 4), "",
                s.constant(OnnxTensor.of(new float[] {1.3f, 1, 1}, 3)), a("mode", "linear"))));
        models.put("MatMul of a stack of constants", s -> s.output(s.op("MatMul", s.weights(2, 3, 4), s.input("x", 2, 4, 5)),
                s.op("MatMul", s.input("y", 5, 4), s.weights(4, 3)), s.op("MatMul", "x", s.weights(2, 5, 3))));
    }

    private void broadcasts() {
        models.put("operands of other ranks", s -> {
            String x = s.input("x", 4, 3, 5);
            s.output(s.op("Add", x, s.weights(5)), s.op("Sub", s.weights(3, 1), x), s.op("Mul", x, s.weights(1, 4, 1, 1)),
                    s.op("Div", s.scalar(2), s.op("Exp", x)), s.op("Add", x, s.weights(1, 1, 1, 1, 5)), s.op("Mul", x,
                            s.weights(1)));
        });
        models.put("two computed operands that broadcast", s -> {
            String x = s.conv(s.input("x", 4, 3, 5), 4, 4, 3, 1, 1);
            s.output(s.op("Mul", s.op("GlobalAveragePool", x), x), s.op("Add", s.op("ReduceMax", x, new long[] {1}), x),
                    s.op("Sub", s.op("ReduceMax", x, new long[] {3}), s.op("ReduceMin", x, new long[] {2})));
        });
        models.put("Sum, Max, Min, Mean with constants in front", s -> {
            String x = s.input("x", 3, 4);
            s.output(s.op("Sum", s.weights(4), s.weights(3, 1), x), s.op("Max", s.scalar(0.1), x, s.weights(4)),
                    s.op("Min", x, s.relu(x), s.scalar(0.3)), s.op("Mean", s.weights(4), s.scalar(1), x, x), s.op("Sum", x, x, x,
                            x));
        });
        models.put("powers", s -> {
            String x = s.op("Exp", s.input("x", 3, 4));
            s.output(s.op("Pow", x, s.scalar(2)), s.op("Pow", x, s.scalar(0.5)), s.op("Pow", x, s.weights(4)), s.op("Pow",
                    s.scalar(2), x),
                    s.op("Pow", x, s.integers(3)));
        });
    }

    private void movements() {
        models.put("a flattened picture as a column, and a product over its axis of size 1", s -> {
            String x = s.conv(s.input("x", 3, 4, 5), 3, 6, 3, 1, 1);
            s.output(s.op("MatMul", s.op("Reshape", x, new long[] {0, -1, 1}), s.weights(1, 2)));
        });
        models.put("a flattened picture in many hands", s -> {
            String flat = s.op("Flatten", s.conv(s.input("x", 3, 4, 5), 3, 6, 3, 1, 1));
            s.output(s.op("Gemm", s.relu(flat), s.weights(120, 3)), s.op("Slice", flat, s.integers(3), s.integers(50),
                    s.integers(1),
                    s.integers(7)), s.op("Add", flat, s.weights(120)), s.op("Reshape", flat, new long[] {0, 3, 4, 10}),
                    s.op("Concat", flat, s.op("Flatten", "x"), a("axis", 1)), s.op("Softmax", flat), s.op("MatMul", flat,
                            s.weights(120)));
        });
        models.put("slices of convolved pictures", s -> {
            String x = s.conv(s.input("x", 3, 6, 7), 3, 4, 3, 1, 1);
            s.output(s.op("Slice", x, s.integers(-1, 5), s.integers(-100, 0), s.integers(-1, 2), s.integers(-2, -3)),
                    s.op("Slice", x, s.integers(1), s.integers(Long.MAX_VALUE), s.integers(-3)),
                    s.op("Gather", x, s.constant(OnnxTensor.of(new long[] {0, -1, 2, 2}, 2, 2)), a("axis", -1)),
                    s.op("Tile", x, s.integers(1, 2, 1, 3)), s.op("Transpose", x));
        });
        models.put("splits", s -> {
            String[] unequal = s.ops("Split", 3, s.input("x", 7, 4), new long[] {1, 4, 2}, a("axis", -2));
            String[] three = s.ops("Split", 3, "x", a("axis", 1), a("num_outputs", 3));
            s.output(unequal);
            s.output(three);
        });
        models.put("pads", s -> {
            String x = s.input("x", 3, 4, 5);
            s.output(s.op("Pad", x, s.integers(0, 1, 0, -1, 0, 0, 2, 1), s.scalar(7)),
                    s.op("Pad", x, s.integers(0, 0, 2, 1, 0, 0, 1, 3), "", a("mode", "reflect")),
                    s.op("Pad", x, s.integers(0, 0, 2, 1, 0, 2, 1, 3), "", a("mode", "edge")),
                    s.op("Pad", x, s.integers(1, 2), "", s.integers(-1), a("mode", "wrap")));
        });
        models.put("DepthToSpace, both modes", s -> {
            String x = s.conv(s.input("x", 3, 3, 4), 3, 12, 3, 1, 1);
            s.output(s.op("DepthToSpace", x, a("blocksize", 2)), s.op("DepthToSpace", x, a("blocksize", 2), a("mode", "CRD")));
        });
        models.put("axes added and dropped", s -> {
            String x = s.op("Unsqueeze", s.relu(s.input("x", 3, 1, 4)), s.integers(0, -1));
            s.output(x, s.op("Squeeze", x, s.integers(-1, 0, 3)), s.op("Identity", "x"));
        });
        models.put("reductions", s -> {
            String x = s.conv(s.input("x", 3, 4, 5), 3, 4, 3, 1, 1);
            for (String kind : new String[] {"ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare",
                "ReduceLogSumExp"}) {
                s.output(s.op(kind, x, s.integers(-3, 2)), s.op(kind, x, s.integers(3), a("keepdims", 0)));
            }
        });
    }

    private void resizes() {
        for (String how : new String[] {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"}) {
            models.put("Resize " + how, s -> {
                String x = s.conv(s.input("x", 2, 4, 5), 2, 3, 3, 1, 1);
                String scales = s.constant(OnnxTensor.of(new float[] {1, 1, 2, 0.65f}, 4));
                s.output(s.op("Resize", x, "", scales, a("mode", "linear"), a("coordinate_transformation_mode", how)),
                        s.op("Resize", x, "", scales, a("coordinate_transformation_mode", how), a("nearest_mode", "floor")),
                        s.op("Resize", x, "", "", s.integers(7, 4), a("coordinate_transformation_mode", how), a("nearest_mode",
                                "ceil"),
                                ints("axes", -2, 3)));
            });
        }
        models.put("Resize by 0.7, which is not quite 0.7", s -> s.output(s.op("Resize", s.input("x", 1, 10, 10), "",
                s.constant(OnnxTensor.of(new float[] {1, 1, 0.7f, 0.9f}, 4)), a("mode", "nearest"),
                a("coordinate_transformation_mode", "asymmetric"), a("nearest_mode", "floor"))));
        models.put("Resize to the sizes of another", s -> {
            String x = s.input("x", 2, 3, 3);
            String sizes = s.op("Concat", s.op("Slice", s.op("Shape", x), s.integers(0), s.integers(2)),
                    s.op("Slice", s.op("Shape", s.input("y", 2, 7, 5)), s.integers(2), s.integers(4)), a("axis", 0));
            s.output(s.op("Add", s.op("Resize", x, "", "", sizes, a("mode", "linear")), "y"));
        });
    }

    private void versions() {
        for (int opset : new int[] {7, 9, 10, 11, 12, 13, 17, 18, 21}) {
            models.put("opset " + opset, s -> version(s, opset));
        }
    }

    /** What changed its form over the versions. */
    private static void version(Sketch s, int opset) {
        s.opset(opset);
        String x = s.conv(s.input("x", 4, 6, 6), 4, 4, 3, 1, 1);
        s.output(opset < 11 ? s.op("Clip", x, a("min", -0.2f), a("max", 0.3f)) : s.op("Clip", x, "", s.scalar(0.3)),
                opset < 12 ? s.op("Dropout", x, a("ratio", 0.3f)) : s.op("Dropout", x, s.scalar(0.3)),
                opset < 10 ? s.op("Slice", x, ints("starts", 1, -3), ints("ends", 3, 9999), ints("axes", 1, 3))
                        : s.op("Slice", x, s.integers(1, -3), s.integers(3, 9999), s.integers(1, 3)),
                opset < 11 ? s.op("Pad", x, ints("pads", 0, 0, 1, 1, 0, 0, 2, 0), a("value", 1.5f), a("mode", "constant"))
                        : s.op("Pad", x, s.integers(0, 0, 1, 1, 0, 0, 2, 0), s.scalar(1.5)),
                s.op("LogSoftmax", x, a("axis", 2)), s.op("Softmax", x));
        String pooled = s.op("GlobalAveragePool", x);
        String squeezed = opset < 13 ? s.op("Squeeze", pooled, ints("axes", 2, 3)) : s.op("Squeeze", pooled, s.integers(2, 3));
        s.output(opset < 13 ? s.op("Unsqueeze", squeezed, ints("axes", 2)) : s.op("Unsqueeze", squeezed, s.integers(-1)));
        String[] parts = opset < 13 ? s.ops("Split", 2, x, a("axis", 1), ints("split", 1, 3)) : s.ops("Split", 2, x,
                s.integers(1, 3), a("axis", 1));
        s.output(parts);
        s.output(opset < 13 ? s.op("ReduceSum", x, ints("axes", -1)) : s.op("ReduceSum", x, s.integers(-1)),
                opset < 18 ? s.op("ReduceMean", x, ints("axes", 1, 2), a("keepdims", 0)) : s.op("ReduceMean", x, s.integers(1,
                        2), a("keepdims", 0)));
        if (opset < 10) {
            String up = opset < 9 ? s.op("Upsample", x, Attribute.of("scales", new float[] {1, 1, 2, 3}), a("mode", "nearest"))
                    : s.op("Upsample", x, s.constant(OnnxTensor.of(new float[] {1, 1, 2, 1.5f}, 4)), a("mode", "linear"));
            s.output(up);
        } else {
            String scales = s.constant(OnnxTensor.of(new float[] {1, 1, 2, 1.5f}, 4));
            s.output(opset == 10 ? s.op("Resize", x, scales, a("mode", "linear")) : s.op("Resize", x, "", scales, a("mode",
                    "linear")));
        }
        s.output(s.op("PRelu", x, s.weights(4, 1, 1)), s.op("Flatten", x, a("axis", opset < 11 ? 2 : -2)));
    }

    private void idioms() {
        models.put("activations", s -> {
            String x = s.conv(s.input("x", 3, 4, 5), 3, 4, 3, 1, 1);
            for (String kind : new String[] {"Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Gelu", "Sigmoid", "HardSigmoid",
                    "HardSwish", "Mish",
                "Tanh", "Softplus", "Softsign", "ThresholdedRelu", "Erf", "Exp", "Abs", "Neg", "Floor"}) {
                s.output(s.op(kind, x));
            }
            s.output(s.op("Gelu", x, a("approximate", "tanh")), s.op("LeakyRelu", x, a("alpha", 0.3f)), s.op("Celu", x,
                    a("alpha", 2f)),
                    s.op("Elu", x, a("alpha", 0.5f)), s.op("HardSigmoid", x, a("alpha", 0.3f), a("beta", 0.4f)));
        });
        models.put("what looks like one activation", s -> {
            String x = s.conv(s.input("x", 3, 4, 4), 3, 4, 3, 1, 1);
            s.output(s.op("Mul", x, s.op("Sigmoid", x)), s.op("Mul", s.op("Tanh", s.op("Softplus", x)), x), s.op("Mul",
                    s.op("HardSigmoid", x,
                    a("alpha", 1 / 6f)), x), gelu(s, x), s.op("Mul", s.op("Mul", x, s.scalar(0.5)), s.op("Add", s.scalar(1),
                    s.op("Erf", s.op("Mul", x, s.scalar(1 / Math.sqrt(2)))))));
        });
        models.put("what only looks like one activation: its gate is transposed", s -> {
            String x = s.conv(s.input("x", 3, 4, 4), 3, 4, 3, 1, 1);
            int[] turned = {0, 1, 3, 2};
            s.output(s.op("Mul", x, s.op("Transpose", s.op("Sigmoid", x), ints("perm", turned))),
                    s.op("Mul", s.op("Transpose", s.op("Tanh", s.op("Softplus", x)), ints("perm", turned)), x),
                    s.op("Mul", s.op("Mul", x, s.scalar(0.5)), s.op("Transpose", s.op("Add", s.scalar(1), s.op("Erf",
                            s.op("Mul", x, s.scalar(1 / Math.sqrt(2))))), ints("perm", turned))));
        });
        models.put("a bias that is added later, and one that is not", s -> {
            String x = s.op("Conv", s.input("x", 3, 5, 4), s.weights(4, 3, 3, 3));
            String y = s.op("Conv", "x", s.weights(4, 3, 3, 1), ints("pads", 1, 0, 1, 0));
            s.output(s.op("Add", x, s.weights(1, 4, 1, 1)), s.op("Add", y, s.weights(4)), s.op("Sub", y, s.weights(4, 1, 1)));
        });
        models.put("products with alpha and beta", s -> {
            String x = s.input("x", 4);
            s.output(s.op("Gemm", x, s.weights(4, 3), s.weights(1, 3), a("alpha", 0.5f), a("beta", 2f)), s.op("Gemm", x,
                    s.weights(4, 3),
                    s.scalar(0.3)), s.op("Gemm", x, s.weights(3, 4), a("transB", 1)), s.op("Gemm", x, s.weights(4, 3),
                    s.op("Gemm", x, s.weights(4, 3)), a("beta", 0.25f)));
        });
        models.put("names that are no names", s -> {
            s.graph().constant("w/ö weight", OnnxTensor.of(s.random(12, -1, 1), 3, 4));
            s.input("0", 3);
            s.graph().node("", "MatMul", "", java.util.List.of("0", "w/ö weight"), java.util.List.of("日本 1"));
            s.graph().node("", "Relu", "", java.util.List.of("日本 1"), java.util.List.of("0.1"));
            s.graph().node("", "Relu", "", java.util.List.of("日本 1"), java.util.List.of("0/1"));
            s.output("0.1", "0/1");
        });
    }
}
