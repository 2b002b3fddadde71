package lanewise.layer;

/** A shape as rows, columns and channels; a signal is one row. */
record Area(int h, int w, int c) {

    static Area of(Shape shape) {
        return switch (shape.rank()) {
            case 3 -> new Area(shape.dim(0), shape.dim(1), shape.dim(2));
            case 2 -> new Area(1, shape.dim(0), shape.dim(1));
            default -> throw new IllegalArgumentException("input is " + shape + ", must be height x width x channels or width x channels");
        };
    }

    /** {@code h x w x c} for pictures, {@code w x c} for signals: of the same rank as {@code like}. */
    static Shape shape(Shape like, int h, int w, int c) {
        return like.rank() == 2 ? Shape.of(w, c) : Shape.of(h, w, c);
    }
}
