package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.eltwise.Arithmetic;

/**
 * Rows of a table chosen by number, and the gradient that goes back into them,
 *
 * <pre>y[i]            = table[ids[i]]
 * dTable[ids[i]] += dy[i],   0 &lt;= i &lt; count</pre>
 *
 * <p>Shapes: {@code table, dTable float[tableRows*dim]}, {@code ids int[count]}, {@code y, dy float[count*dim]}, from their
 * offsets. All ids are checked before anything is written. Inputs are not modified, and must not overlap the output. A count or dim
 * of 0 does nothing. Any number of threads may call, on outputs that do not overlap. Nothing is allocated.
 *
 * <p>Both methods throw {@link NullPointerException} if an array is null, {@link IllegalArgumentException} if a size is negative, a
 * matrix would not fit an array, or ranges overlap, and {@link IndexOutOfBoundsException} if a range leaves its array or an id the
 * table.
 */
public final class EmbeddingLookup {

    private EmbeddingLookup() {}

    /**
     * {@code y[i] = table[ids[i]]}.
     *
     * @param y overwritten; old contents may be NaN
     */
    public static void forward(float[] table, int tableOffset, int tableRows, int dim, int[] ids, int idsOffset, int count,
                               float[] y, int yOffset) {
        check(table, tableOffset, "table", tableRows, dim, ids, idsOffset, count, y, yOffset, "y");
        for (int i = 0; i < count; i++) {
            System.arraycopy(table, tableOffset + ids[idsOffset + i] * dim, y, yOffset + i * dim, dim);
        }
    }

    /**
     * {@code dTable[ids[i]] += dy[i]}; an id that occurs again is added to again, in the order of i.
     *
     * @param dTable added to; only rows that occur in {@code ids} are touched
     */
    public static void gradWeight(int[] ids, int idsOffset, int count, float[] dy, int dyOffset,
                                  float[] dTable, int dTableOffset, int tableRows, int dim) {
        check(dTable, dTableOffset, "dTable", tableRows, dim, ids, idsOffset, count, dy, dyOffset, "dy");
        for (int i = 0; i < count; i++) {
            int at = dTableOffset + ids[idsOffset + i] * dim;
            Arithmetic.add(dTable, at, dy, dyOffset + i * dim, dTable, at, dim);
        }
    }

    private static void check(float[] table, int tableOffset, String tableName, int tableRows, int dim,
                              int[] ids, int idsOffset, int count, float[] y, int yOffset, String yName) {
        int tableLength = Ranges.matrix(tableRows, dim, "tableRows", "dim", tableName);
        int yLength = Ranges.matrix(count, dim, "count", "dim", yName);
        Ranges.of(table, tableOffset, tableLength, tableName);
        Ranges.of(y, yOffset, yLength, yName);
        Checks.range(ids, idsOffset, count, "ids");
        Checks.disjoint(table, tableOffset, tableLength, tableName, y, yOffset, yLength, yName);
        for (int i = 0; i < count; i++) {
            int id = ids[idsOffset + i];
            if (id < 0 || id >= tableRows) {
                throw new IndexOutOfBoundsException("ids[" + (idsOffset + i) + "] is " + id + ", must be a row of a table of "
                        + tableRows);
            }
        }
    }
}
