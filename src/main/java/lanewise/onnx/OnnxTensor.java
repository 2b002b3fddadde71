package lanewise.onnx;

import java.util.Arrays;
import lanewise.internal.Checks;

/**
 * A value of an ONNX graph: an element type, sizes (none for a scalar, 0 allowed) and the elements in row-major order. Integers and
 * truth values are held as {@code long}, halves as {@code float}. The arrays are live and not copied; treat them as immutable.
 */
public final class OnnxTensor {

    private final ElementType type;
    private final int[] dims;
    private final Object data;

    private OnnxTensor(ElementType type, int[] dims, Object data, int length) {
        this.type = type;
        this.dims = dims.clone();
        this.data = data;
        long size = size(dims);
        if (size != length) {
            throw new IllegalArgumentException("sizes " + Arrays.toString(dims) + " have " + size + " elements, the array has "
                    + length);
        }
    }

    /**
     * The number of elements of these sizes.
     *
     * @throws IllegalArgumentException if one is negative or an array cannot hold the product of those that are not 0
     */
    public static int size(int... dims) {
        long size = 1;
        for (int dim : dims) {
            size *= Math.max(1, Checks.atLeast(dim, 0, "size")); // each step stays below 2^62
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("sizes " + Arrays.toString(dims) + " have more elements than an array can hold");
            }
        }
        return Arrays.stream(dims).anyMatch(dim -> dim == 0) ? 0 : (int) size;
    }

    /** Floats with these sizes. */
    public static OnnxTensor of(float[] values, int... dims) {
        return of(ElementType.FLOAT, values, dims);
    }

    /** 64-bit integers with these sizes. */
    public static OnnxTensor of(long[] values, int... dims) {
        return of(ElementType.INT64, values, dims);
    }

    /** A vector of 64-bit integers: a shape, axes. */
    public static OnnxTensor vector(long... values) {
        return of(values, values.length);
    }

    /**
     * A tensor of any type.
     *
     * @param data {@code float[]}, {@code double[]} or {@code long[]}, as the type asks
     * @throws IllegalArgumentException if the array is of another kind or length
     */
    public static OnnxTensor of(ElementType type, Object data, int... dims) {
        Checks.notNull(type, "type");
        return switch (data) {
            case float[] values when type.kind() == ElementType.Kind.FLOATS -> new OnnxTensor(type, dims, values, values.length);
            case double[] values when type.kind() == ElementType.Kind.DOUBLES -> new OnnxTensor(type, dims, values, values.length);
            case long[] values when type.kind() == ElementType.Kind.LONGS -> new OnnxTensor(type, dims, values, values.length);
            default -> throw new IllegalArgumentException(
                    "elements are " + Checks.notNull(data, "data").getClass().getSimpleName() + ", type is " + type);
        };
    }

    /** The element type. */
    public ElementType type() {
        return type;
    }

    /** How many sizes there are; 0 for a scalar. */
    public int rank() {
        return dims.length;
    }

    /** The sizes, a copy. */
    public int[] dims() {
        return dims.clone();
    }

    /** The size at {@code axis}, counted from 0. */
    public int dim(int axis) {
        return dims[axis];
    }

    /** The number of elements. */
    public int size() {
        return size(dims);
    }

    /** Whether the elements are integers or truth values. */
    public boolean isIntegral() {
        return data instanceof long[];
    }

    /**
     * The elements of a {@code FLOAT}, {@code FLOAT16} or {@code BFLOAT16} tensor, live.
     *
     * @throws IllegalStateException if it is of another type
     */
    public float[] floats() {
        return data instanceof float[] values ? values : wrong("floats");
    }

    /**
     * The elements of a tensor of integers or truth values, live.
     *
     * @throws IllegalStateException if it is of another type
     */
    public long[] longs() {
        return data instanceof long[] values ? values : wrong("integers");
    }

    /**
     * The elements of a {@code DOUBLE} tensor, live.
     *
     * @throws IllegalStateException if it is of another type
     */
    public double[] doubles() {
        return data instanceof double[] values ? values : wrong("doubles");
    }

    private <T> T wrong(String wanted) {
        throw new IllegalStateException("elements are " + type + ", not " + wanted);
    }

    /** Element {@code index} widened to double. */
    public double get(int index) {
        return switch (data) {
            case float[] values -> values[index];
            case double[] values -> values[index];
            case long[] values -> values[index];
            default -> throw new AssertionError(data);
        };
    }

    /** The same elements with other sizes. */
    public OnnxTensor reshaped(int... dims) {
        return of(type, data, dims);
    }

    /** Type and sizes: {@code FLOAT[1, 3, 224, 224]}. */
    @Override
    public String toString() {
        return type + Arrays.toString(dims);
    }
}
