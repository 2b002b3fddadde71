package lanewise.layer;

import java.util.Arrays;

/** The sparse gradient of an embedding: which rows of its table a batch used, each once, in the order of their first use. */
final class TouchedRows {

    private final float[] gradients;
    final int offset;
    private final int dim;
    private final boolean[] touched;
    private int[] rows = new int[16];
    private int count;

    TouchedRows(float[] gradients, int offset, int tableRows, int dim) {
        this.gradients = gradients;
        this.offset = offset;
        this.dim = dim;
        this.touched = new boolean[tableRows];
    }

    /** Forgets the rows of the step before, and sets their gradients back to 0: no sweep over the whole table. */
    void clear() {
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            touched[row] = false;
            Arrays.fill(gradients, offset + row * dim, offset + (row + 1) * dim, 0);
        }
        count = 0;
    }

    void touch(int row) {
        if (!touched[row]) {
            touched[row] = true;
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = row;
        }
    }

    void forEachRange(Gradients.RangeAction action) {
        for (int i = 0; i < count; i++) {
            int from = offset + rows[i] * dim;
            action.apply(from, from + dim, true);
        }
    }
}
