package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import lanewise.kernel.WriteMode;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** The sparse gradient of a table, and what is no row number. */
class EmbeddingTest {

    private static final int ROWS = 40;
    private static final int DIM = 3;
    private static final int LENGTH = 4;

    /** The table lies behind another parameter, so that its offset is not 0. */
    private static Network network() {
        Graph graph = new Graph();
        Node other = graph.input("other", Shape.of(7)).then("dense", Dense.of(LENGTH * DIM));
        Node rows = graph.input("ids", Shape.of(LENGTH)).then("table", Embedding.of(ROWS, DIM)).then(new Flatten());
        return graph.network(1, graph.join("sum", new Add(), other, rows));
    }

    private static float[] step(Context context, WriteMode mode, float... ids) {
        int n = ids.length / LENGTH;
        System.arraycopy(ids, 0, context.input("ids"), 0, ids.length);
        context.forward(n, true);
        float[] dy = Data.integers(ids.length, n * LENGTH * DIM);
        System.arraycopy(dy, 0, context.outputGradient(), 0, dy.length);
        context.backward(n, mode);
        return dy;
    }

    private static void addRows(float[] table, float[] dy, float... ids) {
        for (int i = 0; i < dy.length; i++) {
            table[(int) ids[i / DIM] * DIM + i % DIM] += dy[i];
        }
    }

    private static void assertTable(Context context, float[] expected, int... rows) {
        int offset = context.network().parameters().view("table.weight").offset();
        assertTrue(offset > 0);
        assertArrayEquals(expected, Arrays.copyOfRange(context.gradients().values(), offset, offset + ROWS * DIM));
        List<Integer> seen = new ArrayList<>();
        context.gradients().forEachRange((from, to, decayed) -> {
            if (from >= offset) {
                assertEquals(DIM, to - from, "one row");
                assertTrue(decayed);
                seen.add((from - offset) / DIM);
                assertEquals(0, (from - offset) % DIM);
            } else {
                assertTrue(to <= offset, "a range of everything covers the table");
            }
        });
        assertEquals(Arrays.stream(rows).boxed().toList(), seen, "each row once, in the order of its first use");
        assertEquals(new HashSet<>(seen).size(), seen.size());
    }

    @Test
    void duplicatesAreSummedAndOthersUntouched() {
        Context context = network().newTrainingContext(3, 1);
        assertTable(context, new float[ROWS * DIM]);
        float[] ids = {5, 39, 5, 0, 0, 5, 7, 7};
        float[] expected = new float[ROWS * DIM];
        addRows(expected, step(context, WriteMode.OVERWRITE, ids), ids);
        assertTable(context, expected, 5, 39, 0, 7);

        float[] more = {7, 1, 2, 1};
        addRows(expected, step(context, WriteMode.ACCUMULATE, more), more);
        assertTable(context, expected, 5, 39, 0, 7, 1, 2);

        float[] next = {2, 2, 2, 38};
        expected = new float[ROWS * DIM];
        addRows(expected, step(context, WriteMode.OVERWRITE, next), next);
        assertTable(context, expected, 2, 38);
    }

    /** More rows than the list of them has room for at first. */
    @Test
    void manyRows() {
        Context context = network().newTrainingContext(ROWS / LENGTH, 1);
        float[] ids = new float[ROWS];
        int[] order = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            order[i] = i * 7 % ROWS;
            ids[i] = order[i];
        }
        float[] expected = new float[ROWS * DIM];
        addRows(expected, step(context, WriteMode.OVERWRITE, ids), ids);
        assertTable(context, expected, order);
    }

    @Test
    void whatIsNoRowNumber() {
        Context context = Network.chain(Shape.of(LENGTH), 1, Embedding.of(ROWS, DIM)).newTrainingContext(2, 1);
        for (float wrong : new float[] {ROWS, -1, 0.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e20f, 39.5f}) {
            Arrays.fill(context.input(), 3);
            context.input()[6] = wrong;
            Refused.argument(() -> context.forward(2), "element 6", "is " + wrong, "from 0 to 39");
            context.forward(1); // the first example is good
        }
        context.input()[6] = -0f;
        context.forward(2);
    }

    @Test
    void rows() {
        Network network = Network.chain(Shape.of(LENGTH), 1, Embedding.of(ROWS, DIM));
        Context context = network.newContext(1);
        System.arraycopy(new float[] {39, 0, 17, 39}, 0, context.input(), 0, LENGTH);
        context.forward(1);
        float[] table = network.parameters().values();
        for (int i = 0; i < LENGTH * DIM; i++) {
            assertEquals(table[(int) context.input()[i / DIM] * DIM + i % DIM], context.output()[i]);
        }
    }

    @Test
    void wrongSizes() {
        Refused.argument(() -> Embedding.of(0, 3), "vocabulary is 0");
        Refused.argument(() -> Embedding.of(3, 0), "dim is 0");
        Refused.argument(() -> Embedding.of((1 << 24) + 1, 1), "vocabulary is 16777217", "16777216");
    }
}
