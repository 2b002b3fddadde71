package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.layer.AveragePool1d;
import lanewise.layer.AveragePool2d;
import lanewise.layer.AveragePool3d;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.Each;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.GlobalLpPool;
import lanewise.layer.GlobalMaxPool;
import lanewise.layer.Layer;
import lanewise.layer.LpPool1d;
import lanewise.layer.LpPool2d;
import lanewise.layer.LpPool3d;
import lanewise.layer.MaxPool1d;
import lanewise.layer.MaxPool2d;
import lanewise.layer.MaxPool3d;
import lanewise.layer.MaxPoolIndices;
import lanewise.layer.MaxUnpool;
import lanewise.layer.Node;
import lanewise.layer.PadMode;
import lanewise.layer.Shape;
import lanewise.onnx.OnnxTensor;

/** Poolings, and the inverse of one. */
final class PoolOps {

    private PoolOps() {}

    static List<Value> max(Call call) {
        Tensor x = call.tensor(0);
        Spatial s = Spatial.of(call, null, Spatial.of(x));
        boolean ceil = ceilMode(call);
        boolean columnMajor = call.attributes.getInt("storage_order", 0) != 0;
        List<Value> results = new ArrayList<>();
        results.add(call.channelsLast(x, example -> Spatial.<Layer>byRank(s.rank(),
                () -> new MaxPool1d(s.window(), ceil),
                () -> new MaxPool2d(s.window(), ceil),
                () -> new MaxPool3d(s.window3d(), ceil))));
        if (call.wants(1)) {
            results.add(indices(call, x, s, ceil, columnMajor));
        }
        return results;
    }

    private static boolean ceilMode(Call call) {
        return call.attributes.getInt("ceil_mode", 0) != 0;
    }

    /** Places count through the whole tensor, so it must be one example. */
    private static Tensor indices(Call call, Tensor x, Spatial s, boolean ceil, boolean columnMajor) {
        if (s.rank() > 2) {
            throw new Refusal("output Indices of " + s.rank() + " spatial axes: only 1 and 2 are supported");
        }
        Tensor picture = s.rank() == 2 ? x : call.layouts.unsqueezed(x, new int[] {2});
        Tensor within = call.channelsLast(whole(picture), example -> new MaxPoolIndices(s.window(), ceil, columnMajor));
        Tensor counted = ArithmeticOps.withConstant(call, BinaryFunction.ADD, within, offsets(picture.dims()), false);
        return s.rank() == 2 ? counted : call.layouts.squeezed(counted, new int[] {2});
    }

    private static Tensor whole(Tensor x) {
        if (x.batch() >= 0) {
            throw new NotBatchwiseException();
        }
        return x;
    }

    /** Where each example begins in the author's order, {@code N x 1 x 1 x 1}. */
    private static OnnxTensor offsets(int[] dims) {
        if (Axes.product(dims) > 1 << 24) {
            throw new Refusal("indices into " + Arrays.toString(dims) + ": as floats they are exact up to " + (1 << 24)
                    + " elements");
        }
        float[] offsets = new float[dims[0]];
        for (int n = 0; n < offsets.length; n++) {
            offsets[n] = n * dims[1] * dims[2] * dims[3];
        }
        return OnnxTensor.of(offsets, dims[0], 1, 1, 1);
    }

    static Value average(Call call) {
        Tensor x = call.tensor(0);
        Spatial s = Spatial.of(call, null, Spatial.of(x));
        boolean ceil = ceilMode(call);
        boolean count = call.attributes.getInt("count_include_pad", 0) != 0;
        return call.channelsLast(x, example -> Spatial.<Layer>byRank(s.rank(),
                () -> new AveragePool1d(s.window(), ceil, count),
                () -> new AveragePool2d(s.window(), ceil, count),
                () -> new AveragePool3d(s.window3d(), ceil, count)));
    }

    static Value lp(Call call) {
        Tensor x = call.tensor(0);
        Spatial s = Spatial.of(call, null, Spatial.of(x));
        boolean ceil = ceilMode(call);
        float p = call.attributes.getInt("p", 2);
        return call.channelsLast(x, example -> Spatial.<Layer>byRank(s.rank(),
                () -> new LpPool1d(s.window(), ceil, p),
                () -> new LpPool2d(s.window(), ceil, p),
                () -> new LpPool3d(s.window3d(), ceil, p)));
    }

    static Value globalMax(Call call) {
        return global(call, new GlobalMaxPool());
    }

    static Value globalAverage(Call call) {
        return global(call, new GlobalAveragePool());
    }

    static Value globalLp(Call call) {
        return global(call, new GlobalLpPool(call.attributes.getInt("p", 2)));
    }

    private static Value global(Call call, Layer layer) {
        Tensor x = call.tensor(0);
        Spatial.of(x); // or refuses
        return call.channelsLast(x, example -> layer);
    }

    /** Maxima back to where their indices say; those count through the whole tensor. */
    static Value maxUnpool(Call call) {
        Tensor x = whole(call.tensor(0));
        int[] in = Spatial.of(x);
        if (in.length > 2) {
            throw new Refusal("input has " + in.length + " spatial axes: only 1 and 2 are supported");
        }
        Spatial s = Spatial.of(call, null, in);
        int[] out = x.dims().clone();
        for (int i = 0; i < in.length; i++) {
            out[2 + i] = Math.toIntExact((in[i] - 1L) * s.strides()[i] - s.before()[i] - s.after()[i] + s.taps()[i]);
            if (out[2 + i] < 1) {
                throw new Refusal("the window makes sizes " + Arrays.toString(out) + ", must be at least 1");
            }
        }
        Budget.check(out);
        boolean line = in.length == 1;
        int[] picture = line ? new int[] {out[0], out[1], 1, out[2]} : out;
        Tensor y = unpooled(call, line ? call.layouts.unsqueezed(x, new int[] {2}) : x, picture);
        Tensor unpooled = line ? call.layouts.squeezed(y, new int[] {2}) : y;
        return call.has(2) ? enlarged(call, unpooled, call.longs(2)) : unpooled;
    }

    /** Rows and columns of zeros below and right, up to the sizes that the model asks for. */
    private static Tensor enlarged(Call call, Tensor y, long[] sizes) {
        int[] dims = y.dims();
        int[] after = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            after[i] = sizes.length == dims.length ? Math.toIntExact(sizes[i] - dims[i]) : -1;
            if (after[i] < 0) {
                throw new Refusal("output_shape is " + Arrays.toString(sizes) + ", the window makes " + Arrays.toString(dims));
            }
        }
        return MoveOps.padded(call, y, PadMode.CONSTANT, new int[dims.length], after, 0);
    }

    private static Tensor unpooled(Call call, Tensor x, int[] sizes) {
        int[] order = {0, 2, 3, 1};
        Node values = call.layouts.node(x, order);
        Node places = places(call, x.dims(), sizes, order);
        Layer unpool = new Each(1, new MaxUnpool(Shape.of(sizes[2], sizes[3], sizes[1])));
        return Tensor.of(call.layer(unpool, values, places), sizes, -1, order);
    }

    /** The indices within each example. */
    private static Node places(Call call, int[] dims, int[] sizes, int[] order) {
        float[] offsets = offsets(sizes).floats();
        if (call.value(1) instanceof Value.Constant constant) {
            int examples = dims[0];
            long[] all = constant.tensor().longs();
            if (all.length != Axes.product(dims)) {
                throw new Refusal("indices have the sizes " + Arrays.toString(constant.dims()) + ", the input has "
                        + Arrays.toString(dims));
            }
            float[] within = new float[all.length];
            for (int i = 0; i < all.length; i++) {
                within[i] = all[i] - offsets[i / (all.length / examples)];
                if (within[i] < 0 || within[i] >= Axes.product(sizes) / examples) {
                    throw new Refusal("index " + i + " is " + all[i] + ", which is not within its example of "
                            + Arrays.toString(sizes));
                }
            }
            return ConstantNode.of(call, OnnxTensor.of(within, dims), order, call.tensor(0).node());
        }
        Tensor indices = call.tensor(1);
        Tensor picture = indices.rank() == 4 ? indices : call.layouts.unsqueezed(indices, new int[] {2});
        Tensor within = ArithmeticOps.withConstant(call, BinaryFunction.SUBTRACT, picture, offsets(sizes), false);
        return call.layouts.node(within, order);
    }
}
