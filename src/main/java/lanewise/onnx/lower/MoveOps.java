package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.layer.Concat;
import lanewise.layer.Expand;
import lanewise.layer.Node;
import lanewise.layer.Pad;
import lanewise.layer.PadMode;
import lanewise.layer.Slice;
import lanewise.layer.Take;
import lanewise.onnx.OnnxTensor;

/** Operators that copy elements and compute nothing: along one axis or several. */
final class MoveOps {

    /** Of a list of indices along one axis. */
    private static final int MOST_PLACES = 1 << 20;

    private MoveOps() {}

    static Value concat(Call call) {
        Tensor leader = leader(call);
        int rank = leader.rank();
        int axis = Axes.normalize(call.attributes.requireInt("axis"), rank);
        if (axis == leader.batch()) {
            throw new NotBatchwiseException();
        }
        int[] dims = leader.dims().clone();
        dims[axis] = 0;
        List<Node> parts = new ArrayList<>();
        for (int i = 0; i < call.count(); i++) {
            int[] part = call.value(i).dims();
            for (int a = 0; a < Math.max(rank, part.length); a++) {
                boolean spread = part.length == rank && a == leader.batch() && call.value(i) instanceof Value.Constant
                        && part[a] == 1;
                if (part.length != rank || a != axis && part[a] != leader.dims()[a] && !spread) {
                    throw new Refusal("sizes are " + Arrays.toString(leader.dims()) + " and " + Arrays.toString(part)
                            + ", may differ on axis " + axis + " only");
                }
            }
            dims[axis] += part[axis];
            if (part[axis] > 0) {
                parts.add(part(call, call.value(i), leader));
            }
        }
        if (parts.size() == 1) {
            return Tensor.of(parts.getFirst(), dims, leader.batch(), leader.order());
        }
        int position = leader.position(axis);
        Concat layer = position == leader.order().length - 1 ? new Concat() : new Concat(position);
        return Tensor.of(call.layer(layer, parts.toArray(Node[]::new)), dims, leader.batch(), leader.order());
    }

    /** The computed input whose order all take: the first that lies otherwise than written, or else the first. */
    private static Tensor leader(Call call) {
        Tensor leader = null;
        for (int i = 0; i < call.count(); i++) {
            if (call.value(i) instanceof Tensor) {
                Tensor x = call.tensor(i);
                leader = leader == null || Arrays.equals(leader.order(), leader.axes()) ? leaderOf(leader, x) : leader;
            }
        }
        return leader;
    }

    private static Tensor leaderOf(Tensor before, Tensor x) {
        return before == null || !Arrays.equals(x.order(), x.axes()) ? x : before;
    }

    private static Node part(Call call, Value value, Tensor leader) {
        return switch (value) {
            case Tensor t -> {
                if (t.batch() != leader.batch()) {
                    throw new NotBatchwiseException();
                }
                yield call.layouts.node(t, leader.order());
            }
            case Value.Constant c -> {
                OnnxTensor tensor = leader.batch() >= 0 && c.dims()[leader.batch()] != 1 ? Axes.once(c.tensor(), leader.batch())
                        : c.tensor();
                yield ConstantNode.of(call, tensor, leader.order(), leader.node());
            }
        };
    }

    /** Sizes are an attribute up to opset 12 and an input since; left out, the parts are equal, the last perhaps smaller. */
    static List<Value> split(Call call) {
        Tensor x = call.tensor(0);
        int axis = Axes.normalize(call.attributes.getInt("axis", 0), x.rank());
        int parts = call.node.outputs().size();
        long count = call.attributes.getInt("num_outputs", parts);
        long[] sizes = call.has(1) ? call.longs(1) : call.attributes.getLongs("split", null);
        if (count != parts) {
            throw new Refusal("num_outputs is " + count + ", the node has " + parts + " outputs");
        }
        if (sizes == null) {
            int size = Math.ceilDiv(x.dims()[axis], parts);
            sizes = IntStream.range(0, parts).mapToLong(i -> Math.clamp((long) x.dims()[axis] - (long) i * size, 0,
                    size)).toArray();
        }
        if (sizes.length != parts || Arrays.stream(sizes).sum() != x.dims()[axis]
                || Arrays.stream(sizes).anyMatch(part -> part < 0)) {
            throw new Refusal("parts are " + Arrays.toString(sizes) + " of " + x.dims()[axis] + " elements for " + parts
                    + " outputs");
        }
        List<Value> results = new ArrayList<>();
        int start = 0;
        for (long size : sizes) {
            results.add(size == 0 ? empty(x, axis) : sliced(call, x, axis, start, (int) size, 1));
            start += (int) size;
        }
        return results;
    }

    /** Bounds are attributes up to opset 9 and inputs since. */
    static Value slice(Call call) {
        Tensor x = call.tensor(0);
        long[] starts = call.opset < 10 ? call.attributes.getLongs("starts", new long[0]) : call.longs(1);
        long[] ends = call.opset < 10 ? call.attributes.getLongs("ends", new long[0]) : call.longs(2);
        long[] axes = call.opset < 10 ? call.attributes.getLongs("axes", null) : call.has(3) ? call.longs(3) : null;
        long[] steps = call.has(4) ? call.longs(4) : null;
        int[] along = axes == null ? Axes.identity(starts.length) : Axes.normalize(axes, x.rank());
        if (ends.length != starts.length || along.length != starts.length || along.length > x.rank()
                || steps != null && steps.length != starts.length) {
            throw new Refusal("starts are " + Arrays.toString(starts) + ", ends " + Arrays.toString(ends) + ", axes "
                    + Arrays.toString(axes) + ", steps " + Arrays.toString(steps) + " of " + Arrays.toString(x.dims()));
        }
        Value y = x;
        for (int i = 0; i < along.length; i++) {
            if (!(y instanceof Tensor rest)) {
                throw new Refusal("more than one axis of " + Arrays.toString(x.dims()) + " is sliced to nothing");
            }
            y = sliced(call, rest, along[i], starts[i], ends[i], steps == null ? 1 : steps[i]);
        }
        return y;
    }

    /** {@code x[start:end:step]} of numpy. */
    private static Value sliced(Call call, Tensor x, int axis, long start, long end, long step) {
        int size = x.dims()[axis];
        if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
            throw new Refusal("step is " + step + ", must not be 0 nor beyond the range of int");
        }
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1L;
        long from = Math.clamp(start < 0 ? Math.max(start, -size - 1L) + size : start, low, high);
        long to = Math.clamp(end < 0 ? Math.max(end, -size - 1L) + size : end, low, high);
        long count = step > 0 ? Math.ceilDiv(to - from, step) : Math.ceilDiv(from - to, -step);
        return count < 1 ? empty(x, axis) : sliced(call, x, axis, (int) from, (int) count, (int) step);
    }

    /** Nothing of an axis: known without computing anything. */
    private static Value empty(Tensor x, int axis) {
        int[] dims = x.dims().clone();
        dims[axis] = 0;
        return new Value.Constant(OnnxTensor.of(new float[0], dims));
    }

    static Tensor sliced(Call call, Tensor x, int axis, int start, int count, int step) {
        if (start == 0 && step == 1 && count == x.dims()[axis]) {
            return x;
        }
        if (axis == x.batch()) {
            throw new NotBatchwiseException();
        }
        int[] order = x.order();
        int[] starts = new int[order.length];
        int[] sizes = Axes.pick(x.dims(), order);
        int[] steps = new int[order.length];
        Arrays.fill(steps, 1);
        int position = x.position(axis);
        starts[position] = start;
        sizes[position] = count;
        steps[position] = step;
        int[] dims = x.dims().clone();
        dims[axis] = count;
        return Tensor.of(call.layer(new Slice(Axes.list(starts), Axes.list(sizes), Axes.list(steps)), call.layouts.exact(x)), dims,
                x.batch(), order);
    }

    /** Pads are an attribute up to opset 10 and an input since; negative ones cut. */
    static Value pad(Call call) {
        Tensor x = call.tensor(0);
        String name = call.attributes.getString("mode", "constant");
        PadMode mode = switch (name) {
            case "constant" -> PadMode.CONSTANT;
            case "reflect" -> PadMode.REFLECT;
            case "edge" -> PadMode.EDGE;
            case "wrap" -> PadMode.WRAP;
            default -> throw new Refusal("mode is " + name + ", must be constant, reflect, edge or wrap");
        };
        long[] pads = call.opset < 11 ? call.attributes.getLongs("pads", new long[0]) : call.longs(1);
        float value = call.opset < 11 ? call.attributes.getFloat("value", 0) : call.has(2) ? call.scalar(2) : 0;
        int[] axes = call.has(3) ? Axes.normalize(call.longs(3), x.rank()) : Axes.identity(x.rank());
        if (pads.length != 2 * axes.length) {
            throw new Refusal("pads are " + Arrays.toString(pads) + ", must be two for each of " + axes.length + " axes");
        }
        int[] before = new int[x.rank()];
        int[] after = new int[x.rank()];
        Tensor y = x;
        for (int i = 0; i < axes.length; i++) {
            int start = Math.toIntExact(pads[i]);
            int end = Math.toIntExact(pads[i + axes.length]);
            int cutBefore = Math.max(-start, 0);
            int left = y.dims()[axes[i]] - cutBefore - Math.max(-end, 0);
            if (left < 1) {
                throw new Refusal("pads " + start + " and " + end + " leave nothing of " + y.dims()[axes[i]] + " elements");
            }
            y = sliced(call, y, axes[i], cutBefore, left, 1);
            before[axes[i]] = Math.max(start, 0);
            after[axes[i]] = Math.max(end, 0);
        }
        return padded(call, y, mode, before, after, value);
    }

    static Tensor padded(Call call, Tensor x, PadMode mode, int[] before, int[] after, float value) {
        if (Arrays.stream(before).allMatch(pad -> pad == 0) && Arrays.stream(after).allMatch(pad -> pad == 0)) {
            return x;
        }
        if (x.batch() >= 0 && (before[x.batch()] != 0 || after[x.batch()] != 0)) {
            throw new NotBatchwiseException();
        }
        int[] dims = x.dims().clone();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = Math.addExact(dims[axis], Math.addExact(before[axis], after[axis]));
        }
        Budget.check(dims);
        Pad layer = new Pad(mode, Axes.list(Axes.pick(before, x.order())), Axes.list(Axes.pick(after, x.order())), value);
        return Tensor.of(call.layer(layer, call.layouts.exact(x)), dims, x.batch(), x.order());
    }

    /** Constant indices along one axis of a computed tensor. */
    static Value gather(Call call) {
        if (call.value(0) instanceof Value.Constant) {
            return EmbeddingOps.gather(call);
        }
        Tensor x = call.tensor(0);
        int axis = Axes.normalize(call.attributes.getInt("axis", 0), x.rank());
        OnnxTensor indices = call.constant(1);
        int size = x.dims()[axis];
        int[] places = Arrays.stream(call.longs(1)).mapToInt(index -> {
            if (index < -size || index >= size) {
                throw new Refusal("index is " + index + ", must be from " + -size + " to " + (size - 1));
            }
            return (int) (index < 0 ? index + size : index);
        }).toArray();
        if (places.length > MOST_PLACES) {
            throw new Refusal("indices are " + indices + ", must be at most " + MOST_PLACES);
        }
        if (places.length == 0) {
            throw new Refusal("indices are " + indices + ": nothing to gather");
        }
        Tensor y = taken(call, x, axis, places);
        int[] dims = Axes.concat(Axes.concat(Arrays.copyOf(x.dims(), axis), indices.dims()),
                Arrays.copyOfRange(x.dims(), axis + 1, x.rank()));
        return indices.rank() == 0 ? call.layouts.squeezed(y, new int[] {axis}) : call.layouts.reshaped(y, dims);
    }

    private static Tensor taken(Call call, Tensor x, int axis, int[] places) {
        boolean run = IntStream.range(1, places.length).allMatch(i -> places[i] == places[0] + i);
        if (run) {
            return sliced(call, x, axis, places[0], places.length, 1);
        }
        if (axis == x.batch()) {
            throw new NotBatchwiseException();
        }
        int[] dims = x.dims().clone();
        dims[axis] = places.length;
        Take layer = new Take(x.position(axis), Axes.list(places));
        return Tensor.of(call.layer(layer, call.layouts.exact(x)), dims, x.batch(), x.order());
    }

    static Value tile(Call call) {
        Tensor x = call.tensor(0);
        long[] repeats = call.longs(1);
        if (repeats.length != x.rank() || Arrays.stream(repeats).anyMatch(times -> times < 1)) {
            throw new Refusal("repeats are " + Arrays.toString(repeats) + ", must be " + x.rank() + " numbers of at least 1");
        }
        for (int axis = 0; axis < repeats.length; axis++) {
            x = repeats[axis] == 1 ? x : repeated(call, x, axis, repeats[axis]);
        }
        return x;
    }

    private static Tensor repeated(Call call, Tensor x, int axis, long times) {
        int size = x.dims()[axis];
        int[] dims = x.dims().clone();
        dims[axis] = Math.toIntExact(Math.multiplyExact(times, (long) size));
        Budget.check(dims);
        if (size == 1) {
            return expanded(call, x, dims);
        }
        if (dims[axis] <= MOST_PLACES) {
            return taken(call, x, axis, IntStream.range(0, dims[axis]).map(i -> i % size).toArray());
        }
        Tensor apart = call.layouts.unsqueezed(x, new int[] {axis}); // no list of places, which would be larger than what it moves
        int[] both = apart.dims().clone();
        both[axis] = (int) times;
        return call.layouts.reshaped(expanded(call, apart, both), dims);
    }

    static Value expand(Call call) {
        Tensor x = call.tensor(0);
        int[] dims = Axes.broadcast(x.dims(), Arrays.stream(call.longs(1)).mapToInt(Math::toIntExact).toArray());
        if (Arrays.equals(dims, x.dims())) {
            return x;
        }
        Budget.check(dims);
        int shift = dims.length - x.rank();
        if (shift > 0) {
            x = call.layouts.unsqueezed(x, Axes.identity(shift));
        }
        return expanded(call, x, dims);
    }

    /** Axes of size 1 repeated. */
    private static Tensor expanded(Call call, Tensor x, int[] dims) {
        if (x.batch() >= 0 && dims[x.batch()] != x.dims()[x.batch()]) {
            throw new NotBatchwiseException();
        }
        Expand layer = new Expand(Axes.shape(Axes.pick(dims, x.order())));
        return Tensor.of(call.layer(layer, call.layouts.exact(x)), dims, x.batch(), x.order());
    }
}
