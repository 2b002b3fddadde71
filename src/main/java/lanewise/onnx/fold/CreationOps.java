package lanewise.onnx.fold;

import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.Attributes;

/** Operators that make a tensor from sizes, or sizes from a tensor. */
final class CreationOps {

    private CreationOps() {}

    /** The value of the one attribute it has: a tensor, a number or a vector of numbers. */
    static OnnxTensor constant(Call call) {
        Attributes attributes = call.attributes();
        if (attributes.has("value")) {
            return call.tensor("value");
        }
        if (attributes.has("value_float")) {
            return OnnxTensor.of(new float[] {attributes.getFloat("value_float", 0)});
        }
        if (attributes.has("value_floats")) {
            float[] values = attributes.getFloats("value_floats", null);
            return OnnxTensor.of(values, values.length);
        }
        if (attributes.has("value_int")) {
            return OnnxTensor.of(new long[] {attributes.getInt("value_int", 0)});
        }
        if (attributes.has("value_ints")) {
            return OnnxTensor.vector(attributes.getLongs("value_ints", null));
        }
        throw new IllegalArgumentException(
                "attributes are " + attributes.unread() + ", must be value or value_ float, floats, int or ints");
    }

    static OnnxTensor constantOfShape(Call call) {
        OnnxTensor value = call.tensor("value");
        if (value == null) {
            value = OnnxTensor.of(new float[1], 1);
        }
        if (value.size() != 1) {
            throw new IllegalArgumentException("attribute value is " + value + ", must have one element");
        }
        return Views.expand(value.reshaped(), Sizes.checked(call.longs(0, "shape")));
    }

    /** Sizes {@code start} to {@code end} of the input; both count from the end if negative and are clipped. */
    static OnnxTensor shape(Call call) {
        int rank = call.input(0).rank();
        int start = clip(call.attributes().getInt("start", 0), rank);
        int end = clip(call.attributes().getInt("end", rank), rank);
        int[] dims = call.input(0).dims();
        long[] shape = new long[Math.max(end - start, 0)];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dims[start + i];
        }
        return OnnxTensor.vector(shape);
    }

    private static int clip(long index, int rank) {
        return Math.clamp(index < 0 ? index + rank : index, 0, rank);
    }

    static OnnxTensor size(Call call) {
        return OnnxTensor.of(new long[] {call.input(0).size()});
    }

    /** {@code start, start + delta, ...} below {@code limit} (above it if delta is negative). */
    static OnnxTensor range(Call call) {
        OnnxTensor start = scalar(call.input(0), "start");
        OnnxTensor limit = scalar(call.input(1), "limit");
        OnnxTensor delta = scalar(call.input(2), "delta");
        Elements.sameType(start, limit);
        Elements.sameType(start, delta);
        if (Elements.get(delta, 0) == 0) {
            throw new IllegalArgumentException("delta is 0, must be positive or negative");
        }
        double count = Math.ceil((Elements.get(limit, 0) - Elements.get(start, 0)) / Elements.get(delta, 0));
        if (start.isIntegral()) {
            count = integerCount(start.longs()[0], limit.longs()[0], delta.longs()[0]);
        } else if (Double.isNaN(count)) {
            throw new IllegalArgumentException("range is from " + start.get(0) + " to " + limit.get(0) + " by " + delta.get(0)
                    + ", must be of finite numbers");
        }
        OnnxTensor y = Elements.zeros(start.type(), Sizes.checked((long) Math.max(count, 0)));
        for (int i = 0; i < y.size(); i++) {
            if (y.isIntegral()) {
                Elements.set(y, i, start.longs()[0] + i * delta.longs()[0]);
            } else {
                Elements.set(y, i, start.get(0) + i * delta.get(0));
            }
        }
        return y;
    }

    /** Exact where doubles would round; a span beyond the range of long is refused as too many elements later on. */
    private static double integerCount(long start, long limit, long delta) {
        try {
            long span = Math.subtractExact(limit, start);
            return Math.ceilDiv(span, delta);
        } catch (ArithmeticException e) {
            return limit > start == delta > 0 ? Long.MAX_VALUE : 0;
        }
    }

    private static OnnxTensor scalar(OnnxTensor x, String name) {
        if (x.size() != 1) {
            throw new IllegalArgumentException(name + " is " + x + ", must be one number");
        }
        return x;
    }

    /** Ones on diagonal {@code k} of a matrix as large as the input. */
    static OnnxTensor eyeLike(Call call) {
        OnnxTensor x = call.input(0);
        if (x.rank() != 2) {
            throw new IllegalArgumentException("input is " + x + ", must be a matrix");
        }
        long k = call.attributes().getInt("k", 0);
        OnnxTensor y = Elements.zeros(call.type("dtype", x.type().code()), x.dims());
        for (int i = 0; i < x.dim(0); i++) {
            if (k >= -i && k < x.dim(1) - i) {
                setOne(y, (int) (i * x.dim(1) + i + k));
            }
        }
        return y;
    }

    private static void setOne(OnnxTensor y, int index) {
        if (y.isIntegral()) {
            Elements.set(y, index, 1L);
        } else {
            Elements.set(y, index, 1.0);
        }
    }

    /** A new axis of {@code depth} with the second of {@code values} at the index and the first elsewhere. */
    static OnnxTensor oneHot(Call call) {
        OnnxTensor indices = call.input(0);
        OnnxTensor values = call.input(2);
        if (values.size() != 2) {
            throw new IllegalArgumentException("values are " + values + ", must be two: off and on");
        }
        long depth = Elements.convert(scalar(call.input(1), "depth"), ElementType.INT64).longs()[0];
        int axis = Sizes.axis(call.attributes().getInt("axis", -1), indices.rank() + 1);
        long[] dims = new long[indices.rank() + 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == axis ? depth : indices.dim(i < axis ? i : i - 1);
        }
        OnnxTensor y = Views.view(values, 0, new int[dims.length], Sizes.checked(dims));
        int inner = Sizes.product(indices.dims(), axis, indices.rank());
        long[] picks = Elements.convert(indices, ElementType.INT64).longs();
        Object from = Elements.data(values);
        for (int i = 0; i < picks.length; i++) {
            if (picks[i] >= -depth && picks[i] < depth) {
                int pick = (int) (picks[i] < 0 ? picks[i] + depth : picks[i]);
                System.arraycopy(from, 1, Elements.data(y), (i / inner * (int) depth + pick) * inner + i % inner, 1);
            }
        }
        return y;
    }
}
