package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every order of up to four axes, with sizes on both sides of a tile, against the definition; 0 is the only tolerance. */
class PermutationTest {

    record Case(int[] dims, int[] axes) {
        @Override
        public String toString() {
            return Arrays.toString(dims) + " by " + Arrays.toString(axes);
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int[] dims : new int[][] {{}, {5}, {1}, {2, 3}, {16, 17}, {33, 48}, {1, 7}, {300, 3}, {3, 300}, {2, 19, 35}, {3, 1, 5}, {17, 4, 16},
                {2, 3, 4, 5}, {3, 18, 1, 40}, {2, 33, 20, 3}, {1, 1, 1, 2}}) {
            orders(dims.length, new ArrayList<>()).forEach(axes -> cases.add(new Case(dims, axes)));
        }
        for (int rows = 2; rows <= 33; rows++) {
            for (int cols = 2; cols <= 33; cols++) {
                cases.add(new Case(new int[] {cols, rows}, new int[] {1, 0}));
            }
        }
        cases.add(new Case(new int[] {2, 3, 2, 3, 2, 5}, new int[] {4, 1, 5, 0, 3, 2}));
        cases.add(new Case(new int[] {2, 3, 4, 5, 6}, new int[] {2, 3, 4, 0, 1}));
        return cases.stream();
    }

    private static List<int[]> orders(int n, List<Integer> begun) {
        if (begun.size() == n) {
            return List.of(begun.stream().mapToInt(Integer::intValue).toArray());
        }
        List<int[]> all = new ArrayList<>();
        for (int axis = 0; axis < n; axis++) {
            if (!begun.contains(axis)) {
                List<Integer> more = new ArrayList<>(begun);
                more.add(axis);
                all.addAll(orders(n, more));
            }
        }
        return all;
    }

    private static float[] expected(Case c, float[] x) {
        float[] y = new float[x.length];
        int[] place = new int[c.dims.length];
        for (int i = 0; i < x.length; i++) {
            for (int axis = place.length - 1, rest = i; axis >= 0; axis--) {
                place[axis] = rest % c.dims[axis];
                rest /= c.dims[axis];
            }
            int to = 0;
            for (int axis : c.axes) {
                to = to * c.dims[axis] + place[axis];
            }
            y[to] = x[i];
        }
        return y;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyElementInItsPlace(Case c) {
        Permutation there = Permutation.of(c.dims, c.axes);
        Guarded x = Guarded.of(Data.reals(1, there.length()));
        float[] expected = expected(c, x.original());
        Guarded y = Guarded.ofNaN(there.length());
        there.run(x.array(), x.offset(), y.array(), y.offset(), WriteMode.OVERWRITE);
        assertArrayEquals(expected, y.values());
        x.assertUntouched(c);
        y.assertCanaries(c);

        there.run(x.array(), x.offset(), y.array(), y.offset(), WriteMode.ACCUMULATE);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(2 * expected[i], y.get(i), 0, c::toString);
        }
        y.assertCanaries(c);

        Guarded back = Guarded.ofNaN(there.length());
        there.inverse().run(expected, 0, back.array(), back.offset(), WriteMode.OVERWRITE);
        assertArrayEquals(x.original(), back.values());
    }

    @Test
    void refusals() {
        Refused.argument(() -> Permutation.of(new int[] {2, 3}, new int[] {0, 0}), "[0, 0]", "[2, 3]");
        Refused.argument(() -> Permutation.of(new int[] {2, 3}, new int[] {0, 2}), "[0, 2]");
        Refused.argument(() -> Permutation.of(new int[] {2, 3}, new int[] {-1, 0}), "[-1, 0]");
        Refused.argument(() -> Permutation.of(new int[] {2, 3}, new int[] {0}), "[0]");
        Refused.argument(() -> Permutation.of(new int[] {2, 0}, new int[] {1, 0}), "size is 0");
        Refused.argument(() -> Permutation.of(new int[] {1 << 20, 1 << 20}, new int[] {1, 0}), "2147483647");
        Permutation p = Permutation.of(new int[] {2, 3}, new int[] {1, 0});
        Refused.bounds(() -> p.run(new float[5], 0, new float[6], 0, WriteMode.OVERWRITE), "x needs 6", "5");
        Refused.bounds(() -> p.run(new float[6], 0, new float[6], 1, WriteMode.OVERWRITE), "y needs 6");
        float[] both = new float[11];
        Refused.argument(() -> p.run(both, 0, both, 5, WriteMode.OVERWRITE), "overlap");
        Refused.isNull(() -> p.run(new float[6], 0, new float[6], 0, null), "mode");
        Refused.isNull(() -> Permutation.of(null, new int[1]), "dims");
        Refused.isNull(() -> Permutation.of(new int[] {1}, null), "axes");
    }
}
