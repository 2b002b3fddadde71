package lanewise.internal;

/** Arithmetic on the sizes of windows that several shapes share. */
public final class Sizes {

    private Sizes() {}

    /** The padding of both ends together that makes {@code ceil(in / stride)} outputs, as in TensorFlow and ONNX's SAME_UPPER. */
    public static int samePadding(int in, int taps, int dilation, int stride) {
        long out = (in - 1L) / stride + 1;
        return Math.toIntExact(Math.max(0, (out - 1) * stride + dilation * (taps - 1L) + 1 - in));
    }
}
