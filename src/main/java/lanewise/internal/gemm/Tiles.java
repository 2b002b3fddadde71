package lanewise.internal.gemm;

/** Small rectangles on their way between a scratch tile and a matrix. */
public final class Tiles {

    private Tiles() {}

    /** Copies a rectangle. */
    public static void copy(int rows, int columns, float[] from, int fromOffset, int fromStride,
                            float[] to, int toOffset, int toStride) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + i * toStride + j] = from[fromOffset + i * fromStride + j];
            }
        }
    }
}
