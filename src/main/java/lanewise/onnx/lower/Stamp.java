package lanewise.onnx.lower;

import java.util.Arrays;

/**
 * The geometry of a transposed convolution: {@code out = (in - 1) stride + dilation (taps - 1) + 1 + output_padding - pads}, where
 * {@code output_shape} and {@code auto_pad} ask for pads instead of giving them.
 *
 * @param window with the padding of both ends
 * @param extra elements added at the end
 */
record Stamp(Spatial window, int[] extra) {

    static Stamp of(Call call, int[] taps, int[] in) {
        int rank = in.length;
        String auto = call.attributes.getString("auto_pad", "NOTSET");
        int[] extra = sized(call.attributes.getInts("output_padding", new int[rank]), rank, "output_padding").clone();
        int[] wanted = call.attributes.getInts("output_shape", null);
        Spatial s = Spatial.of(call, taps, in);
        if (wanted != null && wanted.length == rank + 2) { // some writers count batch and channels
            wanted = Arrays.copyOfRange(wanted, 2, rank + 2);
        }
        if (wanted == null && auto.startsWith("SAME")) {
            wanted = new int[rank];
            for (int i = 0; i < rank; i++) {
                wanted[i] = Math.multiplyExact(in[i], s.strides()[i]);
            }
        }
        int[] before = s.before().clone();
        int[] after = s.after().clone();
        for (int i = 0; wanted != null && i < rank; i++) {
            long full = (in[i] - 1L) * s.strides()[i] + s.dilations()[i] * (taps[i] - 1L) + 1 + extra[i];
            int total = Math.toIntExact(full - sized(wanted, rank, "output_shape")[i]);
            if (total < 0) {
                extra[i] -= total;
                total = 0;
            }
            before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
            after[i] = total - before[i];
        }
        for (int i = 0; i < rank; i++) {
            int undone = Math.min(extra[i], after[i]); // added at the end only to be cut there
            extra[i] -= undone;
            after[i] -= undone;
        }
        return new Stamp(s.withPadding(before, after), extra);
    }

    private static int[] sized(int[] values, int rank, String what) {
        if (values.length != rank || Arrays.stream(values).anyMatch(value -> value < 0)) {
            throw new Refusal(what + " is " + Arrays.toString(values) + ", must be " + rank + " numbers of at least 0");
        }
        return values;
    }
}
