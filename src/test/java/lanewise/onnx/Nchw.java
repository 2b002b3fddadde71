package lanewise.onnx;

import java.util.ArrayList;
import java.util.List;
import lanewise.layer.Shape;

/** The peers' layout, channels first, from ours, channels last, and back. */
public final class Nchw {

    private Nchw() {}

    /** {@code N x C x H x W} of a batch of examples {@code H x W x C}; likewise for fewer sizes. */
    public static int[] dims(int batch, Shape shape) {
        List<Integer> dims = new ArrayList<>(shape.dims());
        dims.addFirst(dims.removeLast());
        dims.addFirst(batch);
        return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A batch of examples with their channels first. */
    public static float[] channelsFirst(float[] x, int batch, Shape shape) {
        return transposed(x, batch, shape.positions(), shape.channels());
    }

    /** The inverse of {@link #channelsFirst}. */
    public static float[] channelsLast(float[] x, int batch, Shape shape) {
        return transposed(x, batch, shape.channels(), shape.positions());
    }

    /** The weights {@code R x S x C x K} of a convolution as {@code K x C x R x S}. */
    public static float[] filter(float[] w, int taps, int c, int k) {
        return transposed(transposed(w, 1, taps * c, k), k, taps, c);
    }

    /** The rows of a matrix {@code HWC x K} in the order {@code C, H, W}: for a flattened picture whose channels are first. */
    public static float[] rowsOfFlattened(float[] w, Shape picture, int k) {
        float[] permuted = new float[w.length];
        int places = picture.positions();
        int channels = picture.channels();
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < channels; c++) {
                System.arraycopy(w, (place * channels + c) * k, permuted, (c * places + place) * k, k);
            }
        }
        return permuted;
    }

    /** Each of {@code count} matrices of {@code rows x cols} as {@code cols x rows}. */
    private static float[] transposed(float[] a, int count, int rows, int cols) {
        float[] b = new float[a.length];
        for (int i = 0; i < count; i++) {
            int at = i * rows * cols;
            for (int col = 0; col < cols; col++) {
                for (int row = 0; row < rows; row++) {
                    b[at + col * rows + row] = a[at + row * cols + col];
                }
            }
        }
        return b;
    }
}
