package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.internal.Sizes;
import lanewise.layer.Window;
import lanewise.layer.Window3d;

/**
 * The window of a convolution or a pooling as its attributes tell it, one number for each spatial axis.
 *
 * @param taps {@code kernel_shape}
 * @param strides {@code strides}, 1 if left out
 * @param dilations {@code dilations}, 1 if left out
 * @param before padding at the beginning, {@code auto_pad} resolved
 * @param after padding at the end
 */
record Spatial(int[] taps, int[] strides, int[] dilations, int[] before, int[] after) {

    /** @param taps what the weights say, or null for a pooling, whose attribute must say it */
    static Spatial of(Call call, int[] taps, int[] in) {
        int rank = in.length;
        int[] kernel = call.attributes.getInts("kernel_shape", taps);
        if (kernel == null || taps != null && !Arrays.equals(kernel, taps)) {
            throw new Refusal("kernel_shape is " + Arrays.toString(kernel) + (taps == null ? ", must be given"
                    : ", the weights have "
                    + Arrays.toString(taps)));
        }
        int[] strides = sizes(call, "strides", rank, 1);
        int[] dilations = sizes(call, "dilations", rank, 1);
        if (kernel.length != rank || Arrays.stream(kernel).anyMatch(size -> size < 1)) {
            throw new Refusal("kernel_shape is " + Arrays.toString(kernel) + " for spatial sizes " + Arrays.toString(in));
        }
        int[] pads = call.attributes.getInts("pads", new int[2 * rank]);
        if (pads.length != 2 * rank || Arrays.stream(pads).anyMatch(pad -> pad < 0)) {
            throw new Refusal("pads are " + Arrays.toString(pads) + ", must be " + 2 * rank + " numbers of at least 0");
        }
        int[] before = Arrays.copyOf(pads, rank);
        int[] after = Arrays.copyOfRange(pads, rank, 2 * rank);
        String auto = call.attributes.getString("auto_pad", "NOTSET");
        switch (auto) {
            case "NOTSET" -> { }
            case "VALID" -> {
                Arrays.fill(before, 0);
                Arrays.fill(after, 0);
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                for (int i = 0; i < rank; i++) {
                    int total = Sizes.samePadding(in[i], kernel[i], dilations[i], strides[i]);
                    before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                    after[i] = total - before[i];
                }
            }
            default -> throw new Refusal("auto_pad is " + auto + ", must be NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        }
        return new Spatial(kernel, strides, dilations, before, after);
    }

    private static int[] sizes(Call call, String attribute, int rank, int absent) {
        int[] sizes = call.attributes.getInts(attribute, null);
        if (sizes == null) {
            return IntStream.range(0, rank).map(i -> absent).toArray();
        }
        if (sizes.length != rank || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new Refusal(attribute + " are " + Arrays.toString(sizes) + ", must be " + rank + " numbers of at least 1");
        }
        return sizes;
    }

    int rank() {
        return taps.length;
    }

    Spatial withPadding(int[] before, int[] after) {
        return new Spatial(taps, strides, dilations, before, after);
    }

    /** Of a layer on pictures, or of one row on signals. */
    Window window() {
        return rank() == 1
                ? new Window(1, taps[0], 1, strides[0], 0, before[0], 0, after[0], false, 1, dilations[0])
                : new Window(taps[0], taps[1], strides[0], strides[1], before[0], before[1], after[0], after[1], false,
                        dilations[0], dilations[1]);
    }

    Window3d window3d() {
        return new Window3d(Axes.list(taps), Axes.list(strides), Axes.list(before), Axes.list(after), Axes.list(dilations));
    }

    /** One of three layers, as there are one, two or three spatial axes. */
    static <T> T byRank(int rank, java.util.function.Supplier<T> one, java.util.function.Supplier<T> two,
                        java.util.function.Supplier<T> three) {
        return switch (rank) {
            case 1 -> one.get();
            case 2 -> two.get();
            case 3 -> three.get();
            default -> throw new Refusal("input has " + rank + " spatial axes, must have 1, 2 or 3");
        };
    }

    /** The spatial sizes of an {@code N x C x ...} tensor. */
    static int[] of(Tensor x) {
        if (x.rank() < 3) {
            throw new Refusal("input has sizes " + Arrays.toString(x.dims())
                    + ", must have a batch, channels and at least one more axis");
        }
        return Arrays.copyOfRange(x.dims(), 2, x.rank());
    }
}
