package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import lanewise.layer.BatchNorm;
import lanewise.layer.Binary;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.Dropout;
import lanewise.layer.GroupNorm;
import lanewise.layer.InstanceNorm;
import lanewise.layer.Layer;
import lanewise.layer.LayerNorm;
import lanewise.layer.LocalResponseNorm;
import lanewise.layer.Node;
import lanewise.kernel.ReduceFunction;
import lanewise.layer.Unary;
import lanewise.kernel.UnaryFunction;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Normalisations and dropout. */
final class NormOps {

    private NormOps() {}

    static List<Value> batch(Call call) {
        Tensor x = call.tensor(0);
        int channels = x.rank() < 2 ? 1 : x.dims()[1];
        float epsilon = call.attributes.getFloat("epsilon", 1e-5f);
        float momentum = call.attributes.getFloat("momentum", 0.9f);
        call.attributes.getInt("is_test", 1); // up to opset 6, where models for training are not meant
        if (call.attributes.getInt("spatial", 1) != 1) {
            throw new Refusal("spatial is 0: statistics of each place are not supported");
        }
        float[][] four = new float[4][];
        for (int i = 0; i < 4; i++) {
            four[i] = call.floats(1 + i, channels);
        }
        if (call.attributes.getInt("training_mode", 0) != 0) {
            return trainingBatch(call, x, epsilon, momentum, four);
        }
        return List.of(call.channelsLast(x, example -> new BatchNorm(epsilon, 1 - momentum), node -> {
            call.builder.set(node, "weight", four[0]);
            call.builder.set(node, "bias", four[1]);
            call.builder.set(node, "running_mean", four[2]);
            call.builder.set(node, "running_var", four[3]);
        }));
    }

    /** Statistics of the batch itself, which is one example then. */
    private static List<Value> trainingBatch(Call call, Tensor x, float epsilon, float momentum, float[][] four) {
        if (x.batch() >= 0) {
            throw new NotBatchwiseException();
        }
        if (x.rank() < 2) {
            throw new Refusal("sizes are " + Arrays.toString(x.dims()) + ", must have at least 2 axes in training");
        }
        int[] axes = IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
        Moments moments = Moments.of(call, x, axes);
        int[] ones = new int[x.rank()];
        Arrays.fill(ones, 1);
        ones[1] = x.dims()[1];
        Tensor scale = ArithmeticOps.withConstant(call, BinaryFunction.MULTIPLY, moments.inverseDeviation(call, epsilon),
                OnnxTensor.of(four[0], ones), false);
        Value scaled = ArithmeticOps.binary(call, BinaryFunction.MULTIPLY, moments.centred(), scale);
        List<Value> results = new ArrayList<>();
        results.add(ArithmeticOps.binary(call, BinaryFunction.ADD, scaled, new Value.Constant(OnnxTensor.of(four[1], ones))));
        results.add(running(call, moments.mean(), four[2], momentum, ones));
        results.add(running(call, moments.variance(), four[3], momentum, ones));
        return results;
    }

    private static Tensor running(Call call, Tensor now, float[] before, float momentum, int[] ones) {
        float[] kept = before.clone();
        for (int i = 0; i < kept.length; i++) {
            kept[i] *= momentum;
        }
        Value share = ArithmeticOps.binary(call, BinaryFunction.MULTIPLY, now, ArithmeticOps.scalar(1 - momentum));
        Tensor sum = ArithmeticOps.withConstant(call, BinaryFunction.ADD, (Tensor) share, OnnxTensor.of(kept, ones), false);
        return call.layouts.reshaped(sum, new int[] {kept.length});
    }

    /** Mean and variance over some axes, whose size becomes 1. */
    private record Moments(Tensor mean, Tensor centred, Tensor variance) {

        static Moments of(Call call, Tensor x, int[] axes) {
            Tensor mean = ReduceOps.reduced(call, ReduceFunction.MEAN, x, axes, true);
            Tensor centred = (Tensor) ArithmeticOps.binary(call, BinaryFunction.SUBTRACT, x, mean);
            Node squares = call.layer(new Binary(BinaryFunction.MULTIPLY), centred.node(), centred.node());
            return new Moments(mean, centred, ReduceOps.reduced(call, ReduceFunction.MEAN, centred.with(squares), axes, true));
        }

        Tensor inverseDeviation(Call call, float epsilon) {
            Tensor sum = ArithmeticOps.withConstant(call, BinaryFunction.ADD, variance, OnnxTensor.of(new float[] {epsilon}),
                    false);
            return call.elementwise(call.elementwise(sum, new Unary(UnaryFunction.SQRT)), new Unary(UnaryFunction.RECIPROCAL));
        }
    }

    static Value instance(Call call) {
        float epsilon = call.attributes.getFloat("epsilon", 1e-5f);
        return perChannel(call, new InstanceNorm(epsilon), 1);
    }

    static Value group(Call call) {
        float epsilon = call.attributes.getFloat("epsilon", 1e-5f);
        int groups = Math.toIntExact(call.attributes.requireInt("num_groups"));
        if (call.attributes.getInt("stash_type", 1) != 1) {
            throw new Refusal("stash_type must be 1: sums are in FLOAT");
        }
        int channels = call.tensor(0).rank() < 2 ? 0 : call.tensor(0).dims()[1];
        if (groups < 1 || channels % groups != 0) {
            throw new Refusal("num_groups is " + groups + ", must divide the " + channels + " channels");
        }
        // Up to opset 20 scale and bias were given for each group, since then for each channel.
        int repeat = call.constant(1).size() == groups && call.opset < 21 ? channels / groups : 1;
        return perChannel(call, new GroupNorm(groups, epsilon), repeat);
    }

    private static Value perChannel(Call call, Layer layer, int repeat) {
        Tensor x = call.tensor(0);
        int channels = x.rank() < 2 ? 1 : x.dims()[1];
        float[] weight = repeated(call.floats(1, channels / repeat), repeat);
        float[] bias = repeated(call.floats(2, channels / repeat), repeat);
        return call.channelsLast(x, example -> layer, both(call, weight, bias));
    }

    private static float[] repeated(float[] values, int times) {
        float[] all = new float[values.length * times];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i / times];
        }
        return all;
    }

    private static Consumer<Node> both(Call call, float[] weight, float[] bias) {
        return node -> {
            call.builder.set(node, "weight", weight);
            call.builder.set(node, "bias", bias);
        };
    }

    /** Over all axes from one on; mean and inverse deviation on request. */
    static List<Value> layer(Call call) {
        Tensor x = call.tensor(0);
        float epsilon = call.attributes.getFloat("epsilon", 1e-5f);
        int first = Axes.normalize(call.attributes.getInt("axis", -1), x.rank());
        if (call.attributes.getInt("stash_type", 1) != 1) {
            throw new Refusal("stash_type must be 1: sums are in FLOAT");
        }
        int[] axes = IntStream.range(first, x.rank()).toArray();
        if (Axes.contains(axes, x.batch())) {
            throw new NotBatchwiseException();
        }
        int[] sizes = Axes.pick(x.dims(), axes);
        Budget.checkConstant(sizes);
        int[] others = Arrays.stream(x.order()).filter(axis -> axis < first).toArray();
        Tensor lying = call.layouts.ordered(x, Axes.concat(others, axes));
        Node y = call.layer(new LayerNorm(epsilon, axes.length), lying.node());
        both(call, spread(call, 1, sizes), call.has(2) ? spread(call, 2, sizes) : new float[(int) Axes.product(sizes)]).accept(y);
        List<Value> results = new ArrayList<>(List.of(lying.with(y)));
        if (call.wants(1) || call.wants(2)) {
            Moments moments = Moments.of(call, x, axes);
            results.add(moments.mean());
            results.add(moments.inverseDeviation(call, epsilon));
        }
        return results;
    }

    /** A constant broadcast to some sizes. */
    private static float[] spread(Call call, int index, int[] sizes) {
        OnnxTensor tensor = call.constant(index);
        float[] from = call.floats(index);
        if (!Arrays.equals(Axes.broadcast(tensor.dims(), sizes), sizes)) {
            throw new Refusal("input " + index + " is " + tensor + ", cannot be broadcast to " + Arrays.toString(sizes));
        }
        int[] strides = Axes.strides(tensor.dims());
        int[] steps = Axes.strides(sizes);
        float[] all = new float[(int) Axes.product(sizes)];
        for (int i = 0; i < all.length; i++) {
            int at = 0;
            for (int axis = 0; axis < tensor.rank(); axis++) {
                int place = axis + sizes.length - tensor.rank();
                at += tensor.dim(axis) == 1 ? 0 : i / steps[place] % sizes[place] * strides[axis];
            }
            all[i] = from[at];
        }
        return all;
    }

    static Value localResponse(Call call) {
        Layer layer = new LocalResponseNorm(Math.toIntExact(call.attributes.requireInt("size")),
                call.attributes.getFloat("alpha", 1e-4f),
                call.attributes.getFloat("beta", 0.75f), call.attributes.getFloat("bias", 1));
        return call.channelsLast(call.tensor(0), example -> layer);
    }

    /** A layer that drops while the network is trained; with {@code training_mode} it always drops what its seed says. */
    static List<Value> dropout(Call call) {
        Tensor x = call.scrambled(0);
        float ratio = call.opset < 12 ? call.attributes.getFloat("ratio", 0.5f) : call.has(1) ? call.scalar(1) : 0.5f;
        call.attributes.getInt("seed", 0); // counts where it always drops
        call.attributes.getInt("is_test", 1); // up to opset 6
        boolean training = call.has(2) && call.scalar(2) != 0;
        if (!training) {
            Tensor y = call.elementwise(x, new Dropout(ratio < 1 ? Math.max(ratio, 0) : 0));
            return call.wants(1) ? List.of(y, mask(call, x.dims())) : List.of(y);
        }
        if (x.batch() >= 0) {
            throw new NotBatchwiseException();
        }
        Budget.checkConstant(x.dims());
        // The factors of the elements do not depend on them: those of ones.
        OnnxTensor ones = OnnxTensor.of(filled(x.dims()), x.dims());
        List<OnnxTensor> drawn = call.evaluate(Arrays.asList(ones, call.has(1) ? call.constant(1) : null, call.constant(2)));
        List<Value> results = new ArrayList<>();
        results.add(ArithmeticOps.withConstant(call, BinaryFunction.MULTIPLY, call.tensor(0), drawn.getFirst(), false));
        drawn.stream().skip(1).map(Value.Constant::new).forEach(results::add);
        return results;
    }

    private static float[] filled(int[] dims) {
        float[] ones = new float[(int) Axes.product(dims)];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Everything is kept; of floats up to opset 9, of truth values since. */
    private static Value mask(Call call, int[] dims) {
        Budget.checkConstant(dims);
        if (call.opset < 10) {
            return new Value.Constant(OnnxTensor.of(filled(dims), dims));
        }
        long[] mask = new long[(int) Axes.product(dims)];
        Arrays.fill(mask, 1);
        return new Value.Constant(OnnxTensor.of(ElementType.BOOL, mask, dims));
    }
}
