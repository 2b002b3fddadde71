package lanewise.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.GraphProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * Computes a model node by node, in doubles, each value in the order of the model's author, by loops that follow the sentences of
 * the specification. It shares nothing with the importer but the reader of files.
 */
final class OnnxOracle {

    /** A value without elements, which the importer takes in some operators only. */
    static final class NothingLeft extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
    }

    private final int opset;
    private final Map<String, OracleArray> values = new HashMap<>();
    private final TensorReader tensors;
    private NodeProto node;

    private OnnxOracle(int opset, TensorReader tensors) {
        this.opset = opset;
        this.tensors = tensors;
    }

    /** The outputs of a model whose nodes stand in the order in which they can be computed. */
    static Map<String, OracleArray> run(Path file, Map<String, OnnxTensor> inputs) throws IOException {
        ModelProto model = ModelReader.read(file);
        var oracle = new OnnxOracle(model.opsets().get("").intValue(), new TensorReader(file));
        for (TensorProto tensor : model.graph().initializers()) {
            oracle.values.put(tensor.name(), OracleArray.of(oracle.tensors.read(tensor)));
        }
        inputs.forEach((name, tensor) -> oracle.values.put(name, OracleArray.of(tensor)));
        for (NodeProto node : needed(model.graph())) {
            oracle.node = node;
            List<OracleArray> results = oracle.compute();
            for (int i = 0; i < node.outputs().size(); i++) {
                if (results.get(i).values().length == 0 && !results.get(i).integral()) {
                    throw new NothingLeft();
                }
                oracle.values.put(node.outputs().get(i), results.get(i));
            }
        }
        Map<String, OracleArray> outputs = new HashMap<>();
        for (ValueInfoProto output : model.graph().outputs()) {
            outputs.put(output.name(), oracle.values.get(output.name()));
        }
        return outputs;
    }

    /** Those nodes on which an output depends, in their order: what others would do to the batch does not matter. */
    private static List<NodeProto> needed(GraphProto graph) {
        Set<String> names = new HashSet<>();
        graph.outputs().forEach(output -> names.add(output.name()));
        List<NodeProto> needed = new ArrayList<>();
        for (NodeProto node : graph.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(names::contains)) {
                names.addAll(node.inputs());
                needed.addFirst(node);
            }
        }
        return needed;
    }

    private boolean has(int slot) {
        return slot < node.inputs().size() && !node.inputs().get(slot).isEmpty();
    }

    private OracleArray in(int slot) {
        return has(slot) ? values.get(node.inputs().get(slot)) : null;
    }

    private List<OracleArray> all() {
        return node.inputs().stream().map(values::get).toList();
    }

    private AttributeProto attribute(String name) {
        return node.attributes().get(name);
    }

    long integer(String name, long absent) {
        return attribute(name) == null ? absent : attribute(name).i();
    }

    float real(String name, double absent) {
        return attribute(name) == null ? (float) absent : attribute(name).f();
    }

    String text(String name, String absent) {
        return attribute(name) == null ? absent : attribute(name).s();
    }

    int[] integers(String name, int... absent) {
        return attribute(name) == null ? absent : Arrays.stream(attribute(name).ints()).mapToInt(i -> (int) i).toArray();
    }

    /** An attribute up to some opset, an input since; null if left out. */
    private long[] listed(String name, int since, int slot) {
        if (opset >= since) {
            return has(slot) ? in(slot).longs() : null;
        }
        return attribute(name) == null ? null : attribute(name).ints();
    }

    private List<OracleArray> compute() throws IOException {
        return switch (node.opType()) {
            case "Split" -> split();
            case "Dropout" -> List.of(in(0), OracleArray.of(in(0).dims(), _ -> 1));
            case "LayerNormalization" -> layerNormalization();
            case "MaxPool", "AveragePool", "LpPool" -> List.of(windows().pooled(node.opType()));
            default -> List.of(one());
        };
    }

    private OracleArray one() throws IOException {
        OracleArray x = in(0);
        return switch (node.opType()) {
            case "Identity" -> x;
            case "Cast" -> {
                boolean integral = integer("to", 1) != 1;
                yield (integral ? x.map(v -> (long) v) : x).as(integral);
            }
            case "Constant" -> constant();
            case "ConstantOfShape" -> {
                OracleArray value = attribute("value") == null ? OracleArray.integers(0).as(false)
                        : OracleArray.of(tensors.read(attribute("value").t()));
                yield OracleArray.of(x.ints(), _ -> value.values()[0]).as(value.integral());
            }
            case "Shape" -> shape(x);
            case "Add" -> x.with(in(1), Double::sum);
            case "Sub" -> x.with(in(1), (a, b) -> a - b);
            case "Mul" -> x.with(in(1), (a, b) -> a * b);
            case "Div" -> x.integral() ? x.with(in(1), (a, b) -> (long) a / (long) b) : x.with(in(1), (a, b) -> a / b);
            case "Pow" -> x.with(in(1), Math::pow).as(false);
            case "PRelu" -> x.with(in(1), (v, slope) -> v < 0 ? slope * v : v);
            case "Sum" -> folded(Double::sum);
            case "Max" -> folded(Math::max);
            case "Min" -> folded(Math::min);
            case "Mean" -> folded(Double::sum).map(v -> v / all().size());
            case "Conv" -> windows().convolved(in(1), in(2));
            case "ConvTranspose" -> windows().transposed(in(1), in(2));
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> windows().global(node.opType());
            case "Gemm" -> gemm();
            case "MatMul" -> matMul(x, in(1));
            case "BatchNormalization" -> batchNormalization();
            case "InstanceNormalization" -> grouped(x.dims()[1], 1);
            case "GroupNormalization" -> grouped((int) integer("num_groups", 1), opset < 21
                    ? x.dims()[1] / (int) integer("num_groups", 1) : 1);
            case "LRN" -> localResponse();
            case "Softmax", "LogSoftmax" -> softmax(node.opType().equals("LogSoftmax"));
            case "Concat" -> concat();
            case "Slice" -> slice();
            case "Pad" -> pad();
            case "Transpose" -> x.transposed(integers("perm", IntStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray()));
            case "Reshape" -> reshape();
            case "Flatten" -> {
                int axis = (int) integer("axis", 1);
                int at = axis < 0 ? axis + x.rank() : axis;
                yield x.reshaped(OracleArray.size(Arrays.copyOf(x.dims(), at)), OracleArray.size(Arrays.copyOfRange(x.dims(), at,
                        x.rank())));
            }
            case "Squeeze" -> squeeze();
            case "Unsqueeze" -> unsqueeze();
            case "Expand" -> x.expanded(OracleArray.broadcast(x.dims(), in(1).ints()));
            case "Tile" -> {
                int[] times = in(1).ints();
                yield OracleArray.of(IntStream.range(0, x.rank()).map(a -> x.dims()[a] * times[a]).toArray(), index ->
                        x.at(IntStream.range(0, x.rank()).map(a -> index[a] % x.dims()[a]).toArray())).as(x.integral());
            }
            case "Gather" -> gather();
            case "Resize", "Upsample" -> resize();
            case "DepthToSpace" -> depthToSpace();
            default -> node.opType().startsWith("Reduce") ? reduce() : x.map(v -> function(v));
        };
    }

    private OracleWindows windows() {
        return new OracleWindows(this, in(0));
    }

    private OracleArray constant() throws IOException {
        if (attribute("value") != null) {
            return OracleArray.of(tensors.read(attribute("value").t()));
        }
        return OracleArray.integers(attribute("value_ints").ints());
    }

    private OracleArray shape(OracleArray x) {
        int start = Math.clamp(integer("start", 0) + (integer("start", 0) < 0 ? x.rank() : 0), 0, x.rank());
        int end = Math.clamp(integer("end", x.rank()) + (integer("end", x.rank()) < 0 ? x.rank() : 0), 0, x.rank());
        return OracleArray.integers(IntStream.range(start, end).mapToLong(axis -> x.dims()[axis]).toArray());
    }

    private OracleArray folded(DoubleBinaryOperator f) {
        return all().stream().reduce((a, b) -> a.with(b, f)).orElseThrow();
    }

    /** Element-wise functions; parameters come from attributes, or for Clip and PRelu from inputs. */
    private double function(double x) {
        return switch (node.opType()) {
            case "Relu" -> Math.max(x, 0);
            case "LeakyRelu" -> x < 0 ? real("alpha", 0.01) * x : x;
            case "Elu" -> x < 0 ? real("alpha", 1) * Math.expm1(x) : x;
            case "Selu" -> real("gamma", 1.0507009873554805) * (x > 0 ? x : real("alpha", 1.6732632423543772) * Math.expm1(x));
            case "Celu" -> Math.max(x, 0) + Math.min(0, real("alpha", 1) * Math.expm1(x / real("alpha", 1)));
            case "ThresholdedRelu" -> x > real("alpha", 1) ? x : 0;
            case "Sigmoid" -> sigmoid(x);
            case "HardSigmoid" -> Math.clamp(real("alpha", 0.2) * x + real("beta", 0.5), 0.0, 1.0);
            case "HardSwish" -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0);
            case "Swish" -> x * sigmoid(real("alpha", 1) * x);
            case "Mish" -> x * Math.tanh(Math.log1p(Math.exp(x)));
            case "Tanh" -> Math.tanh(x);
            case "Softplus" -> Math.log1p(Math.exp(x));
            case "Softsign" -> x / (1 + Math.abs(x));
            case "Gelu" -> text("approximate", "none").equals("tanh")
                    ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) : 0.5 * x * (1
                            + erf(x / Math.sqrt(2)));
            case "Erf" -> erf(x);
            case "Exp" -> Math.exp(x);
            case "Log" -> Math.log(x);
            case "Sqrt" -> Math.sqrt(x);
            case "Abs" -> Math.abs(x);
            case "Neg" -> -x;
            case "Reciprocal" -> 1 / x;
            case "Floor" -> Math.floor(x);
            case "Clip" -> {
                double low = opset < 11 ? real("min", -Float.MAX_VALUE) : has(1) ? in(1).values()[0] : Double.NEGATIVE_INFINITY;
                double high = opset < 11 ? real("max", Float.MAX_VALUE) : has(2) ? in(2).values()[0] : Double.POSITIVE_INFINITY;
                yield Math.min(high, Math.max(x, low));
            }
            default -> throw unknown(node.opType());
        };
    }

    /** Not the model's mistake but a gap of the oracle: it must not look like a refusal. */
    private static UnsupportedOperationException unknown(String what) {
        return new UnsupportedOperationException("the oracle does not know " + what);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** By its series, which converges everywhere and is exact enough for small arguments. */
    private static double erf(double x) {
        double a = Math.min(Math.abs(x), 5);
        double term = a;
        double sum = a;
        for (int n = 1; n < 200; n++) {
            term *= -a * a / n;
            sum += term / (2 * n + 1);
        }
        return Math.copySign(Math.abs(x) >= 5 ? 1 : 2 / Math.sqrt(Math.PI) * sum, x);
    }

    private OracleArray gemm() {
        OracleArray a = integer("transA", 0) != 0 ? in(0).transposed(1, 0) : in(0);
        OracleArray b = integer("transB", 0) != 0 ? in(1).transposed(1, 0) : in(1);
        OracleArray y = matMul(a, b).map(v -> v * real("alpha", 1));
        return has(2) ? y.with(in(2).map(v -> v * real("beta", 1)), Double::sum) : y;
    }

    private static OracleArray matMul(OracleArray a, OracleArray b) {
        OracleArray x = a.rank() == 1 ? a.reshaped(1, a.dims()[0]) : a;
        OracleArray y = b.rank() == 1 ? b.reshaped(b.dims()[0], 1) : b;
        int[] lead = OracleArray.broadcast(Arrays.copyOf(x.dims(), x.rank() - 2), Arrays.copyOf(y.dims(), y.rank() - 2));
        int rows = x.dims()[x.rank() - 2];
        int depth = x.dims()[x.rank() - 1];
        int columns = y.dims()[y.rank() - 1];
        if (depth != y.dims()[y.rank() - 2]) {
            throw new IllegalArgumentException(a + " and " + b);
        }
        OracleArray left = x.expanded(joined(lead, rows, depth));
        OracleArray right = y.expanded(joined(lead, depth, columns));
        OracleArray product = OracleArray.of(joined(lead, rows, columns), index -> {
            int[] i = index.clone();
            int[] j = index.clone();
            double sum = 0;
            for (int k = 0; k < depth; k++) {
                i[lead.length + 1] = k;
                j[lead.length] = k;
                sum += left.at(i) * right.at(j);
            }
            return sum;
        });
        int[] dims = product.dims();
        if (b.rank() == 1) {
            dims = Arrays.copyOf(dims, dims.length - 1);
        }
        if (a.rank() == 1) {
            int at = b.rank() == 1 ? dims.length - 1 : dims.length - 2;
            int dropped = at;
            int[] before = dims;
            dims = IntStream.range(0, dims.length).filter(i -> i != dropped).map(i -> before[i]).toArray();
        }
        return product.reshaped(dims);
    }

    private static int[] joined(int[] a, int... b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    private OracleArray batchNormalization() {
        double epsilon = real("epsilon", 1e-5f);
        OracleArray x = in(0);
        return OracleArray.of(x.dims(), index -> {
            int c = index[1];
            return (x.at(index) - in(3).at(c)) / Math.sqrt(in(4).at(c) + epsilon) * in(1).at(c) + in(2).at(c);
        });
    }

    /** Each group of channels of each example has mean 0 and variance 1, before scale and bias. */
    private OracleArray grouped(int groups, int perScale) {
        double epsilon = real("epsilon", 1e-5f);
        OracleArray x = in(0);
        int n = x.dims()[0] * groups;
        int m = x.values().length / n;
        double[] y = new double[x.values().length];
        for (int g = 0; g < n; g++) {
            double[] part = Arrays.copyOfRange(x.values(), g * m, (g + 1) * m);
            double mean = Arrays.stream(part).average().orElseThrow();
            double variance = Arrays.stream(part).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            for (int i = 0; i < m; i++) {
                y[g * m + i] = (part[i] - mean) / Math.sqrt(variance + epsilon);
            }
        }
        OracleArray normal = new OracleArray(x.dims(), y, false);
        return OracleArray.of(x.dims(), i -> normal.at(i) * in(1).at(i[1] / perScale) + in(2).at(i[1] / perScale));
    }

    private List<OracleArray> layerNormalization() {
        OracleArray x = in(0);
        int axis = x.axis(integer("axis", -1));
        int m = OracleArray.size(Arrays.copyOfRange(x.dims(), axis, x.rank()));
        double[] y = new double[x.values().length];
        for (int g = 0; g < y.length; g += m) {
            double[] part = Arrays.copyOfRange(x.values(), g, g + m);
            double mean = Arrays.stream(part).average().orElseThrow();
            double variance = Arrays.stream(part).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            for (int i = 0; i < m; i++) {
                y[g + i] = (part[i] - mean) / Math.sqrt(variance + real("epsilon", 1e-5f));
            }
        }
        OracleArray scaled = new OracleArray(x.dims(), y, false).with(in(1), (a, b) -> a * b);
        return List.of((has(2) ? scaled.with(in(2), Double::sum) : scaled).reshaped(x.dims()));
    }

    private OracleArray localResponse() {
        OracleArray x = in(0);
        int size = (int) integer("size", 1);
        return OracleArray.of(x.dims(), index -> {
            double sum = 0;
            int[] i = index.clone();
            for (i[1] = Math.max(0, index[1] - (size - 1) / 2); i[1] <= Math.min(x.dims()[1] - 1, index[1] + size / 2); i[1]++) {
                sum += x.at(i) * x.at(i);
            }
            return x.at(index) / Math.pow(real("bias", 1) + (double) real("alpha", 1e-4) / size * sum, real("beta", 0.75));
        });
    }

    private OracleArray softmax(boolean log) {
        OracleArray x = in(0);
        int axis = x.axis(integer("axis", opset < 13 ? 1 : -1));
        int[] dims = x.dims();
        int outer = OracleArray.size(Arrays.copyOf(dims, axis));
        int[] flat = opset < 13 ? new int[] {outer, x.values().length / outer, 1}
                : new int[] {outer, dims[axis], OracleArray.size(Arrays.copyOfRange(dims, axis + 1, dims.length))};
        OracleArray m = x.reshaped(flat);
        return OracleArray.of(flat, index -> {
            double sum = 0;
            for (int i = 0; i < flat[1]; i++) {
                sum += Math.exp(m.at(index[0], i, index[2]));
            }
            double y = m.at(index) - Math.log(sum);
            return log ? y : Math.exp(y);
        }).reshaped(dims);
    }

    private OracleArray concat() {
        int axis = in(0).axis(integer("axis", 0));
        int[] dims = in(0).dims().clone();
        dims[axis] = all().stream().mapToInt(part -> part.dims()[axis]).sum();
        for (OracleArray part : all()) {
            for (int a = 0; a < dims.length; a++) {
                if (a != axis && part.dims()[a] != dims[a]) {
                    throw new IllegalArgumentException(in(0) + " and " + part);
                }
            }
        }
        return OracleArray.of(dims, index -> {
            int[] i = index.clone();
            for (OracleArray part : all()) {
                if (i[axis] < part.dims()[axis]) {
                    return part.at(i);
                }
                i[axis] -= part.dims()[axis];
            }
            throw new AssertionError();
        }).as(in(0).integral());
    }

    private List<OracleArray> split() {
        OracleArray x = in(0);
        int axis = x.axis(integer("axis", 0));
        int parts = node.outputs().size();
        long[] sizes = listed("split", 13, 1);
        int each = Math.ceilDiv(x.dims()[axis], parts);
        List<OracleArray> results = new ArrayList<>();
        int start = 0;
        for (int part = 0; part < parts; part++) {
            int size = sizes == null ? Math.min(each, x.dims()[axis] - start) : (int) sizes[part];
            int from = start;
            int[] dims = x.dims().clone();
            dims[axis] = size;
            results.add(OracleArray.of(dims, index -> {
                int[] i = index.clone();
                i[axis] += from;
                return x.at(i);
            }).as(x.integral()));
            start += size;
        }
        return results;
    }

    private OracleArray slice() {
        OracleArray x = in(0);
        long[] starts = listed("starts", 10, 1);
        long[] ends = listed("ends", 10, 2);
        long[] axes = listed("axes", 10, 3);
        long[] steps = has(4) ? in(4).longs() : null;
        int[] dims = x.dims().clone();
        long[] from = new long[dims.length];
        long[] by = new long[dims.length];
        Arrays.fill(by, 1);
        for (int i = 0; i < starts.length; i++) {
            int axis = axes == null ? i : x.axis(axes[i]);
            List<Integer> taken = new ArrayList<>();
            long step = steps == null ? 1 : steps[i];
            long size = dims[axis];
            long start = starts[i] < 0 ? starts[i] + size : starts[i];
            long end = ends[i] < -size ? -1 : ends[i] < 0 ? ends[i] + size : ends[i];
            start = step > 0 ? Math.clamp(start, 0, size) : Math.clamp(start, 0, size - 1);
            for (long at = start; step > 0 ? at < Math.min(end, size) : at > Math.max(end, -1); at += step) {
                taken.add((int) at);
            }
            from[axis] = start;
            by[axis] = step;
            dims[axis] = taken.size();
        }
        return OracleArray.of(dims, index -> {
            int[] own = new int[index.length];
            Arrays.setAll(own, a -> (int) (from[a] + by[a] * index[a]));
            return x.at(own);
        }).as(x.integral());
    }

    private OracleArray pad() {
        OracleArray x = in(0);
        long[] pads = listed("pads", 11, 1);
        double value = opset < 11 ? real("value", 0) : has(2) ? in(2).values()[0] : 0;
        int[] axes = has(3) ? Arrays.stream(in(3).longs()).mapToInt(x::axis).toArray() : IntStream.range(0, x.rank()).toArray();
        int[] dims = x.dims().clone();
        int[] before = new int[dims.length];
        for (int i = 0; i < axes.length; i++) {
            before[axes[i]] = (int) pads[i];
            dims[axes[i]] += (int) (pads[i] + pads[i + axes.length]);
        }
        String mode = text("mode", "constant");
        return OracleArray.of(dims, index -> {
            int[] i = new int[index.length];
            for (int axis = 0; axis < i.length; axis++) {
                int size = x.dims()[axis];
                int at = index[axis] - before[axis];
                switch (mode) {
                    case "edge" -> at = Math.clamp(at, 0, size - 1);
                    case "reflect" -> at = at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
                    case "wrap" -> at = Math.floorMod(at, size);
                    default -> {
                        if (at < 0 || at >= size) {
                            return value;
                        }
                    }
                }
                i[axis] = at;
            }
            return x.at(i);
        });
    }

    private OracleArray reshape() {
        OracleArray x = in(0);
        int[] dims = in(1).ints();
        int known = 1;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = dims[i] == 0 && integer("allowzero", 0) == 0 ? x.dims()[i] : dims[i];
            known *= dims[i] < 0 ? 1 : dims[i];
        }
        for (int i = 0; i < dims.length; i++) {
            dims[i] = dims[i] < 0 ? x.values().length / known : dims[i];
        }
        return x.reshaped(dims);
    }

    private OracleArray squeeze() {
        OracleArray x = in(0);
        long[] axes = listed("axes", 13, 1);
        List<Integer> dropped = axes == null ? IntStream.range(0, x.rank()).filter(a -> x.dims()[a] == 1).boxed().toList()
                : Arrays.stream(axes).mapToObj(x::axis).toList();
        return x.reshaped(IntStream.range(0, x.rank()).filter(a -> !dropped.contains(a)).map(a -> x.dims()[a]).toArray());
    }

    private OracleArray unsqueeze() {
        OracleArray x = in(0);
        long[] axes = listed("axes", 13, 1);
        int rank = x.rank() + axes.length;
        List<Integer> added = Arrays.stream(axes).mapToObj(a -> (int) (a < 0 ? a + rank : a)).toList();
        int[] dims = new int[rank];
        int next = 0;
        for (int a = 0; a < rank; a++) {
            dims[a] = added.contains(a) ? 1 : x.dims()[next++];
        }
        return x.reshaped(dims);
    }

    private OracleArray gather() {
        OracleArray x = in(0);
        OracleArray ids = in(1);
        int axis = x.axis(integer("axis", 0));
        int[] tail = Arrays.copyOfRange(x.dims(), axis + 1, x.rank());
        return OracleArray.of(joined(joined(Arrays.copyOf(x.dims(), axis), ids.dims()), tail), index -> {
            int[] i = new int[x.rank()];
            System.arraycopy(index, 0, i, 0, axis);
            int id = (int) ids.at(Arrays.copyOfRange(index, axis, axis + ids.rank()));
            i[axis] = id < 0 ? id + x.dims()[axis] : id;
            System.arraycopy(index, axis + ids.rank(), i, axis + 1, tail.length);
            return x.at(i);
        }).as(x.integral());
    }

    private OracleArray depthToSpace() {
        OracleArray x = in(0);
        int b = (int) integer("blocksize", 1);
        int c = x.dims()[1] / (b * b);
        boolean rows = text("mode", "DCR").equals("DCR");
        return OracleArray.of(new int[] {x.dims()[0], c, x.dims()[2] * b, x.dims()[3] * b}, i -> {
            int block = i[2] % b * b + i[3] % b;
            return x.at(i[0], rows ? block * c + i[1] : i[1] * b * b + block, i[2] / b, i[3] / b);
        });
    }

    private OracleArray reduce() {
        OracleArray x = in(0);
        boolean axesAreInput = opset >= (node.opType().equals("ReduceSum") ? 13 : 18);
        long[] given = axesAreInput ? has(1) ? in(1).longs() : new long[0]
                : attribute("axes") == null ? new long[0] : attribute("axes").ints();
        List<Integer> axes = given.length == 0 ? IntStream.range(0, x.rank()).boxed().toList()
                : Arrays.stream(given).mapToObj(x::axis).toList();
        int[] kept = IntStream.range(0, x.rank()).map(a -> axes.contains(a) ? 1 : x.dims()[a]).toArray();
        int[] box = IntStream.range(0, x.rank()).map(a -> axes.contains(a) ? x.dims()[a] : 1).toArray();
        OracleArray y = OracleArray.of(kept, index -> {
            int[] base = index.clone();
            double[] all = OracleArray.of(box, offset ->
                    x.at(IntStream.range(0, base.length).map(a -> base[a] + offset[a]).toArray())).values();
            return switch (node.opType()) {
                case "ReduceMean" -> Arrays.stream(all).average().orElseThrow();
                case "ReduceSum" -> Arrays.stream(all).sum();
                case "ReduceMax" -> Arrays.stream(all).max().orElseThrow();
                case "ReduceMin" -> Arrays.stream(all).min().orElseThrow();
                case "ReduceL1" -> Arrays.stream(all).map(Math::abs).sum();
                case "ReduceL2" -> Math.sqrt(Arrays.stream(all).map(v -> v * v).sum());
                case "ReduceSumSquare" -> Arrays.stream(all).map(v -> v * v).sum();
                case "ReduceLogSumExp" -> Math.log(Arrays.stream(all).map(Math::exp).sum());
                default -> throw unknown(node.opType());
            };
        });
        return integer("keepdims", 1) != 0 ? y
                : y.reshaped(IntStream.range(0, x.rank()).filter(a -> !axes.contains(a)).map(a -> x.dims()[a]).toArray());
    }

    /** Nearest and linear, axis by axis; coordinates as the specification's formulas have them. */
    private OracleArray resize() {
        OracleArray y = in(0);
        boolean old = node.opType().equals("Upsample") || opset < 11;
        double[] scales = new double[y.rank()];
        int[] sizes = y.dims().clone();
        float[] given = node.opType().equals("Upsample") && opset < 9 ? attribute("scales").floats() : null;
        int slot = old ? 1 : 2;
        int[] axes = integers("axes", IntStream.range(0, y.rank()).toArray());
        Arrays.fill(scales, 1);
        for (int i = 0; i < axes.length; i++) {
            int axis = y.axis(axes[i]);
            if (!old && has(3)) {
                sizes[axis] = in(3).ints()[i];
                scales[axis] = (double) sizes[axis] / y.dims()[axis];
            } else {
                scales[axis] = given != null ? given[i] : in(slot).values()[i];
                sizes[axis] = (int) Math.floor(y.dims()[axis] * (float) scales[axis]);
            }
        }
        String how = old ? "asymmetric" : text("coordinate_transformation_mode", "half_pixel");
        String rounding = old ? "floor" : text("nearest_mode", "round_prefer_floor");
        for (int axis = 0; axis < sizes.length; axis++) {
            y = resized(y, axis, sizes[axis], scales[axis], how, text("mode", "nearest"), rounding);
        }
        return y;
    }

    private static OracleArray resized(OracleArray x, int axis, int size, double scale, String how, String mode, String rounding) {
        int in = x.dims()[axis];
        int[] dims = x.dims().clone();
        dims[axis] = size;
        return OracleArray.of(dims, index -> {
            int o = index[axis];
            double at = switch (how) {
                case "half_pixel" -> (o + 0.5) / scale - 0.5;
                case "pytorch_half_pixel" -> size > 1 ? (o + 0.5) / scale - 0.5 : 0;
                case "align_corners" -> size == 1 ? 0 : o * (in - 1) / (in * scale - 1); // the size before it was rounded down
                case "asymmetric" -> o / scale;
                default -> throw unknown(how);
            };
            int[] i = index.clone();
            if (mode.equals("nearest")) {
                double near = switch (rounding) {
                    case "floor" -> Math.floor(at);
                    case "ceil" -> Math.ceil(at);
                    case "round_prefer_ceil" -> Math.floor(at + 0.5);
                    default -> Math.ceil(at - 0.5);
                };
                i[axis] = Math.clamp((int) near, 0, in - 1);
                return x.at(i);
            }
            double floor = Math.floor(at);
            i[axis] = Math.clamp((int) floor, 0, in - 1);
            double low = x.at(i);
            i[axis] = Math.clamp((int) floor + 1, 0, in - 1);
            return low + (at - floor) * (x.at(i) - low);
        });
    }
}
