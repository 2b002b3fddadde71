package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of every kind on every axis against the definition; small integers, so that sums are exact. */
class GatherPlanTest {

    private static final float FILL = -7;

    record Case(String name, int[] dims, int[][] tables) {
        @Override
        public String toString() {
            return name + " of " + java.util.Arrays.toString(dims);
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int[] dims : new int[][] {{19}, {4, 19}, {3, 5, 1}, {5, 4, 17}, {2, 3, 4, 33}}) {
            for (int axis = 0; axis < dims.length; axis++) {
                int size = dims[axis];
                one(cases, "part", dims, axis, IntStream.range(size / 3, size).toArray());
                one(cases, "backwards", dims, axis, IntStream.range(0, size).map(i -> size - 1 - i).toArray());
                one(cases, "every second", dims, axis, IntStream.range(0, (size + 1) / 2).map(i -> 2 * i).toArray());
                one(cases, "each three times", dims, axis, IntStream.range(0, 3 * size).map(i -> i / 3).toArray());
                one(cases, "one all over", dims, axis, IntStream.range(0, 40).map(i -> size - 1).toArray());
                one(cases, "padded", dims, axis, IntStream.range(-2, size + 3).map(i -> i < 0 || i >= size ? GatherPlan.FILL : i).toArray());
                one(cases, "fill between", dims, axis, IntStream.range(0, 2 * size).map(i -> i % 2 == 0 ? i / 2 : GatherPlan.FILL).toArray());
                one(cases, "nothing", dims, axis, new int[] {GatherPlan.FILL, GatherPlan.FILL});
            }
            cases.add(new Case("all", dims, new int[dims.length][]));
            SplittableRandom random = new SplittableRandom(dims.length);
            for (int time = 0; time < 4; time++) {
                int[][] tables = new int[dims.length][];
                for (int axis = 0; axis < dims.length; axis++) {
                    int size = dims[axis];
                    tables[axis] = random.nextInt(4) == 0 ? null
                            : IntStream.range(0, 1 + random.nextInt(2 * size)).map(_ -> random.nextInt(-1, size)).toArray();
                }
                cases.add(new Case("random " + time, dims, tables));
            }
        }
        cases.add(new Case("no axis", new int[0], new int[0][]));
        return cases.stream();
    }

    private static void one(List<Case> cases, String name, int[] dims, int axis, int[] table) {
        int[][] tables = new int[dims.length][];
        tables[axis] = table;
        cases.add(new Case(name + " on axis " + axis, dims, tables));
    }

    /** The source of each element of y, or -1. */
    private static int[] sources(Case c) {
        int[] sources = {0};
        for (int axis = 0; axis < c.dims.length; axis++) {
            int[] table = c.tables[axis] == null ? IntStream.range(0, c.dims[axis]).toArray() : c.tables[axis];
            int[] outer = sources;
            int size = c.dims[axis];
            sources = IntStream.range(0, outer.length * table.length).map(i -> {
                int before = outer[i / table.length];
                int here = table[i % table.length];
                return before < 0 || here < 0 ? -1 : before * size + here;
            }).toArray();
        }
        return sources;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBack(Case c) {
        GatherPlan plan = GatherPlan.of(c.dims, c.tables, FILL);
        int[] sources = sources(c);
        assertEquals(sources.length, plan.outputLength());
        Guarded x = Guarded.of(Data.integers(1, plan.inputLength()));
        Guarded y = Guarded.ofNaN(sources.length);
        plan.forward(x.array(), x.offset(), y.array(), y.offset());
        float[] dy = Data.integers(2, sources.length);
        float[] expected = new float[plan.inputLength()];
        for (int i = 0; i < sources.length; i++) {
            assertEquals(sources[i] < 0 ? FILL : x.original()[sources[i]], y.get(i), 0, c::toString);
            if (sources[i] >= 0) {
                expected[sources[i]] += dy[i];
            }
        }
        x.assertUntouched(c);
        y.assertCanaries(c);

        Guarded dx = Guarded.ofNaN(plan.inputLength());
        plan.gradInput(dy, 0, dx.array(), dx.offset(), WriteMode.OVERWRITE);
        assertArrayEquals(expected, dx.values(), 0);
        plan.gradInput(dy, 0, dx.array(), dx.offset(), WriteMode.ACCUMULATE);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(2 * expected[i], dx.get(i), 0, c::toString);
        }
        dx.assertCanaries(c);
    }

    @Test
    void refusals() {
        Refused.argument(() -> GatherPlan.of(new int[] {2, 3}, new int[1][], 0), "1 tables for 2 axes");
        Refused.argument(() -> GatherPlan.of(new int[] {2, 3}, new int[][] {null, {0, 3}}, 0), "index 1 of axis 1 reads 3", "0 to 2");
        Refused.argument(() -> GatherPlan.of(new int[] {2, 3}, new int[][] {{-2}, null}, 0), "reads -2", "0 to 1");
        Refused.argument(() -> GatherPlan.of(new int[] {2}, new int[][] {{}}, 0), "length of table 0 is 0");
        Refused.argument(() -> GatherPlan.of(new int[] {0}, new int[][] {null}, 0), "size is 0");
        int[] many = new int[1 << 16];
        Refused.argument(() -> GatherPlan.of(new int[] {1, 1}, new int[][] {many, many}, 0), "65536", "2147483647");
        GatherPlan plan = GatherPlan.of(new int[] {4}, new int[][] {{1, 2, 2}}, 0);
        Refused.bounds(() -> plan.forward(new float[3], 0, new float[3], 0), "x needs 4", "3");
        Refused.bounds(() -> plan.forward(new float[4], 0, new float[3], 1), "y needs 3");
        Refused.bounds(() -> plan.gradInput(new float[2], 0, new float[4], 0, WriteMode.OVERWRITE), "dy needs 3");
        float[] both = new float[6];
        Refused.argument(() -> plan.forward(both, 0, both, 3), "overlap");
        Refused.isNull(() -> plan.gradInput(new float[3], 0, new float[4], 0, null), "mode");
        Refused.isNull(() -> GatherPlan.of(null, new int[1][], 0), "dims");
        Refused.isNull(() -> GatherPlan.of(new int[] {1}, null, 0), "tables");
    }
}
