package lanewise.layer;

/** Positions in a channels-first tensor of one example, as floats: {@code c H W + place}. */
final class PlaceIndices {

    /** Up to here every whole number is a float. */
    private static final int EXACT = 1 << 24;

    private PlaceIndices() {}

    static void checkExact(Shape shape) {
        if (shape.size() > EXACT) {
            throw new IllegalArgumentException("shape " + shape + " has " + shape.size() + " elements, more than the " + EXACT
                    + " that floats can count");
        }
    }
}
