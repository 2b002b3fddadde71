package lanewise.internal;

/** Arithmetic on the sizes of windows that several shapes share. */
public final class Sizes {

    private Sizes() {}

    /**
     * The padding of both ends together that makes {@code ceil(in / stride)} outputs, as in TensorFlow and ONNX's SAME_UPPER; of what
     * is beyond an int the largest, with which no shape takes any input.
     */
    public static int samePadding(int in, int taps, int dilation, int stride) {
        long out = (in - 1L) / stride + 1;
        return Math.clamp((out - 1) * stride + dilation * (taps - 1L) + 1 - in, 0, Integer.MAX_VALUE);
    }
}
