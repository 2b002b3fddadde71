package lanewise.onnx.fold;

import java.util.Arrays;
import java.util.List;
import lanewise.onnx.OnnxTensor;

/** {@code Pad}: a border of a constant, of the edge, mirrored or wrapped; a negative pad cuts off. */
final class PadOp {

    private static final List<String> MODES = List.of("constant", "edge", "reflect", "wrap");

    private PadOp() {}

    static OnnxTensor pad(Call call) {
        OnnxTensor x = call.input(0);
        call.inputsBefore(18, 3);
        String mode = call.attributes().getString("mode", "constant");
        if (!MODES.contains(mode)) {
            throw new IllegalArgumentException("mode is " + mode + ", must be one of " + MODES);
        }
        long[] pads = call.opset() < 2 ? call.attributes().getLongs("paddings", null) : call.attributeOrInput("pads", 11, 1);
        long[] axes = call.longs(3, "axes");
        axes = axes == null ? Sizes.range(x.rank()) : axes;
        if (pads == null || pads.length != 2 * axes.length) {
            throw new IllegalArgumentException(
                    "pads are " + Arrays.toString(pads) + ", must be two for each of " + axes.length + " axes");
        }
        Sizes.axes(axes, x.rank());
        long[] before = new long[x.rank()];
        long[] after = new long[x.rank()];
        for (int i = 0; i < axes.length; i++) {
            int axis = Sizes.axis(axes[i], x.rank());
            before[axis] = pads[i];
            after[axis] = pads[axes.length + i];
        }
        OnnxTensor value = value(call, x);
        return grow(cut(x, before, after), before, after, mode, value);
    }

    private static OnnxTensor value(Call call, OnnxTensor x) {
        call.inputsBefore(11, 1);
        OnnxTensor value = call.opset() < 11 ? OnnxTensor.of(new float[] {call.attributes().getFloat("value", 0)}) : call.input(2);
        if (value == null) {
            return Elements.zeros(x.type());
        }
        value = call.opset() < 11 ? Elements.convert(value, x.type()) : value;
        if (value.size() != 1 || value.type() != x.type()) {
            throw new IllegalArgumentException("constant_value is " + value + ", must be one " + x.type());
        }
        return value.reshaped();
    }

    /** What negative pads leave. */
    private static OnnxTensor cut(OnnxTensor x, long[] before, long[] after) {
        int[] dims = x.dims();
        int[] strides = Sizes.strides(dims);
        int offset = 0;
        for (int i = 0; i < dims.length; i++) {
            long first = -Math.min(Math.max(before[i], -Integer.MAX_VALUE), 0);
            long last = -Math.min(Math.max(after[i], -Integer.MAX_VALUE), 0);
            if (first + last > dims[i]) {
                throw new IllegalArgumentException(
                        "pads cut " + (first + last) + " from axis " + i + " of " + x + ", which has less");
            }
            dims[i] -= (int) (first + last);
            offset += (int) first * strides[i];
        }
        return Arrays.equals(dims, x.dims()) ? x : Views.view(x, OnnxTensor.size(dims) == 0 ? 0 : offset, strides, dims);
    }

    private static OnnxTensor grow(OnnxTensor x, long[] before, long[] after, String mode, OnnxTensor value) {
        long[] sizes = Sizes.toLongs(x.dims());
        for (int i = 0; i < sizes.length; i++) {
            // Clamped, a pad that no memory holds is still refused and its sum does not overflow.
            sizes[i] += Math.clamp(before[i], 0, Integer.MAX_VALUE) + (long) Math.clamp(after[i], 0, Integer.MAX_VALUE);
        }
        int[] dims = Sizes.checked(sizes);
        int[] strides = Sizes.strides(dims);
        int start = 0;
        for (int i = 0; i < dims.length; i++) {
            start += (int) Math.max(before[i], 0) * strides[i];
        }
        OnnxTensor y = Views.view(value, 0, new int[dims.length], dims);
        if (y.size() == 0) {
            return y;
        }
        Views.copy(x, 0, Sizes.strides(x.dims()), y, start, strides, x.dims());
        if (!mode.equals("constant")) {
            for (int i = 0; i < dims.length; i++) {
                border(y, i, (int) Math.max(before[i], 0), x.dim(i), mode);
            }
        }
        return y;
    }

    /**
     * Fills the border of one axis from its inside, {@code size} elements from {@code before}; the corners come from earlier axes'
     * borders.
     */
    private static void border(OnnxTensor y, int axis, int before, int size, String mode) {
        int[] dims = y.dims();
        int[] strides = Sizes.strides(dims);
        int whole = dims[axis];
        if (size == 0 && whole > 0) {
            throw new IllegalArgumentException("axis " + axis + " is empty, mode " + mode + " must have an element to repeat");
        }
        dims[axis] = 1;
        for (int i = 0; i < whole; i++) {
            if (i < before || i >= before + size) {
                int source = before + source(i - before, size, mode);
                Views.copy(y, source * strides[axis], strides, y, i * strides[axis], strides, dims);
            }
        }
    }

    private static int source(int i, int size, String mode) {
        if (mode.equals("edge") || size == 1) {
            return Math.clamp(i, 0, size - 1);
        }
        if (mode.equals("wrap")) {
            return Math.floorMod(i, size);
        }
        int period = 2 * (size - 1);
        int phase = Math.floorMod(i, period);
        return Math.min(phase, period - phase);
    }
}
