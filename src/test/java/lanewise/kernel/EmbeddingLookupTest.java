package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** The lookup is a copy and its gradient a sum in order, so both are exact. */
class EmbeddingLookupTest {

    private static final int ROWS = 7;
    private static final int COUNT = 30; // more than there are rows: some id occurs again

    private static int[] ids() {
        return new SplittableRandom(1).ints(COUNT + 3, 0, ROWS).toArray();
    }

    @Test
    void forward() {
        int[] ids = ids();
        for (int dim = 0; dim <= 4 * Simd.LANES + 3; dim++) {
            Guarded table = Guarded.of(Data.reals(2, ROWS * dim));
            Guarded y = Guarded.ofNaN(COUNT * dim);
            EmbeddingLookup.forward(table.array(), table.offset(), ROWS, dim, ids, 3, COUNT, y.array(), y.offset());
            float[] expected = new float[COUNT * dim];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = table.get(ids[3 + i / dim] * dim + i % dim);
            }
            assertArrayEquals(expected, y.values(), "dim " + dim);
            y.assertCanaries("dim " + dim);
            table.assertUntouched("dim " + dim);
        }
    }

    @Test
    void gradWeight() {
        int[] ids = ids();
        for (int dim = 0; dim <= 4 * Simd.LANES + 3; dim++) {
            Guarded dTable = Guarded.of(Data.reals(3, ROWS * dim));
            Guarded dy = Guarded.of(Data.reals(4, COUNT * dim));
            float[] expected = dTable.values();
            for (int i = 0; i < COUNT * dim; i++) {
                expected[ids[3 + i / dim] * dim + i % dim] += dy.get(i);
            }
            EmbeddingLookup.gradWeight(ids, 3, COUNT, dy.array(), dy.offset(), dTable.array(), dTable.offset(), ROWS, dim);
            assertArrayEquals(expected, dTable.values(), "dim " + dim);
            dTable.assertCanaries("dim " + dim);
            dy.assertUntouched("dim " + dim);
        }
    }

    @Test
    void badIdWritesNothing() {
        for (int bad : new int[] {-1, ROWS, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            int[] ids = ids();
            ids[COUNT + 2] = bad; // the last one
            Guarded table = Guarded.of(Data.reals(5, ROWS * 4));
            Guarded y = Guarded.of(Data.reals(6, COUNT * 4));
            String where = "ids[" + (COUNT + 2) + "]";
            Refused.bounds(() -> EmbeddingLookup.forward(table.array(), table.offset(), ROWS, 4, ids, 3, COUNT,
                    y.array(), y.offset()), where, bad, ROWS);
            Refused.bounds(() -> EmbeddingLookup.gradWeight(ids, 3, COUNT, y.array(), y.offset(),
                    table.array(), table.offset(), ROWS, 4), where, bad, ROWS);
            y.assertUntouched(bad);
            table.assertUntouched(bad);
            EmbeddingLookup.forward(table.array(), table.offset(), ROWS, 4, ids, 3, COUNT - 1, y.array(), y.offset());
        }
    }

    @Test
    void wrongArguments() {
        float[] table = new float[12];
        float[] y = new float[12];
        int[] ids = new int[4];
        Refused.isNull(() -> EmbeddingLookup.forward(null, 0, 3, 4, ids, 0, 3, y, 0), "table");
        Refused.isNull(() -> EmbeddingLookup.forward(table, 0, 3, 4, null, 0, 3, y, 0), "ids");
        Refused.isNull(() -> EmbeddingLookup.forward(table, 0, 3, 4, ids, 0, 3, null, 0), "y");
        Refused.isNull(() -> EmbeddingLookup.gradWeight(ids, 0, 3, null, 0, table, 0, 3, 4), "dy");
        Refused.isNull(() -> EmbeddingLookup.gradWeight(ids, 0, 3, y, 0, null, 0, 3, 4), "dTable");
        Refused.bounds(() -> EmbeddingLookup.forward(table, 1, 3, 4, ids, 0, 3, y, 0), "table", 12, 1);
        Refused.bounds(() -> EmbeddingLookup.forward(table, 0, 3, 4, ids, 2, 3, y, 0), "ids", 3, 2, 4);
        Refused.bounds(() -> EmbeddingLookup.gradWeight(ids, 0, 4, y, 0, table, 0, 3, 4), "dy", 16, 12);
        Refused.argument(() -> EmbeddingLookup.forward(table, 0, -3, 4, ids, 0, 3, y, 0), "tableRows", -3);
        Refused.argument(() -> EmbeddingLookup.forward(table, 0, 3, -4, ids, 0, 3, y, 0), "dim", -4);
        Refused.argument(() -> EmbeddingLookup.forward(table, 0, 3, 4, ids, 0, -3, y, 0), "count", -3);
        Refused.argument(() -> EmbeddingLookup.forward(table, 0, 1 << 16, 1 << 16, ids, 0, 3, y, 0), 1 << 16);
        Refused.argument(() -> EmbeddingLookup.forward(table, 0, 2, 4, ids, 0, 1, table, 4), "table", "y", "overlap");
    }
}
