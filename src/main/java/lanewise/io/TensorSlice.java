package lanewise.io;

import java.util.List;
import lanewise.internal.Checks;

/**
 * A named part of a flat array, to be written to a {@linkplain Safetensors safetensors} file. The array is the caller's, not a
 * copy.
 *
 * @param name unique in its file; not {@code __metadata__}
 * @param shape the dimensions, row-major; empty for a scalar; copied
 * @param values holds the product of the shape from {@code offset}
 * @param offset the first element, in floats
 */
public record TensorSlice(String name, List<Integer> shape, float[] values, int offset) {

    /**
     * Checks the range.
     *
     * @throws NullPointerException if an argument, or a dimension, is null
     * @throws IllegalArgumentException if a dimension is negative, the product beyond the size of an array, or the name reserved
     *         or no valid Unicode
     * @throws IndexOutOfBoundsException if {@code values} is too short
     */
    public TensorSlice {
        SafetensorsHeader.requireText(Checks.notNull(name, "name"), "name");
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("name is \"" + name + "\", which the format keeps for its metadata");
        }
        shape = Checks.copy(shape, "shape");
        Checks.range(values, offset, size(shape), "values");
    }

    /**
     * The number of elements: the product of the shape.
     *
     * @return 1 for a scalar
     */
    public int size() {
        return size(shape);
    }

    private static int size(List<Integer> shape) {
        int[] dimensions = new int[shape.size()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = Checks.atLeast(shape.get(i), 0, "shape[" + i + "]");
        }
        return Checks.product("tensor", dimensions);
    }
}
