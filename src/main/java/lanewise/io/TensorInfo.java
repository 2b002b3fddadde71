package lanewise.io;

import java.util.List;

/**
 * What the header of a {@linkplain Safetensors safetensors} file says about one tensor.
 *
 * @param dtype the element type by its name in the file, as {@code F32} or {@code BF16}
 * @param shape the dimensions, row-major; empty for a scalar; unmodifiable
 * @param begin where its data begins, in bytes from the end of the header
 * @param end where its data ends
 */
public record TensorInfo(String dtype, List<Integer> shape, long begin, long end) {

    /**
     * The number of elements: the product of the shape.
     *
     * @return 1 for a scalar; a product beyond the range of long cannot come out of a file
     */
    public long elements() {
        long product = 1;
        for (int dimension : shape) {
            product *= dimension;
        }
        return product;
    }
}
