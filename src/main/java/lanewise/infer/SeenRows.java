package lanewise.infer;

import lanewise.kernel.ConvShape;

/**
 * A convolution without those first and last rows of its filter that see nothing but padding: of 3x3 over an image of one row, two thirds
 * of the work.
 *
 * @param shape with fewer rows of the filter, and less padding
 * @param first the first row that is left
 */
record SeenRows(ConvShape shape, int first) {

    static SeenRows of(ConvShape shape) {
        int first = 0;
        while (first < shape.r() && !sees(shape, first)) {
            first++;
        }
        int last = shape.r() - 1;
        while (last > first && !sees(shape, last)) {
            last--;
        }
        int top = shape.padTop() - first * shape.dilationH();
        int bottom = shape.padBottom() - (shape.r() - 1 - last) * shape.dilationH();
        if (first == shape.r() || last - first + 1 == shape.r() || top < 0 || bottom < 0) {
            return new SeenRows(shape, 0);
        }
        return new SeenRows(new ConvShape(shape.n(), shape.h(), shape.w(), shape.c(), shape.k(), last - first + 1, shape.s(),
                shape.strideH(), shape.strideW(), top, shape.padLeft(), bottom, shape.padRight(), shape.dilationH(), shape.dilationW(),
                shape.groups()), first);
    }

    private static boolean sees(ConvShape shape, int row) {
        for (int p = 0; p < shape.p(); p++) {
            int y = p * shape.strideH() - shape.padTop() + row * shape.dilationH();
            if (y >= 0 && y < shape.h()) {
                return true;
            }
        }
        return false;
    }

    /** The rows that are left, of the weights of {@code whole}. */
    Weights of(Weights weights, ConvShape whole) {
        int row = whole.wLength() / whole.r();
        return new Weights(weights.values(), weights.offset() + first * row, shape.r() * row, weights.biasOffset());
    }
}
