package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lanewise.kernel.Interpolation.Taps;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any number of taps on any axes, of rows of any length; small integers, so that all sums are exact. */
class InterpolationTest {

    private static final float FILL = -7;

    record Case(int[] dims, Taps[] taps) {
        @Override
        public String toString() {
            return Arrays.toString(dims) + " taps " + Arrays.stream(taps).map(t -> t == null ? "all" : Arrays.toString(t.starts())).toList();
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int inner = 1; inner <= 35; inner++) {
            cases.add(new Case(new int[] {2, 5, inner}, new Taps[] {null, taps(random, 5, 8), null}));
        }
        for (int[] dims : new int[][] {{7}, {4, 5}, {3, 4, 5}, {2, 4, 3, 9}, {3, 2, 4, 17}}) {
            for (int mask = 0; mask < 1 << dims.length; mask++) {
                Taps[] taps = new Taps[dims.length];
                for (int axis = 0; axis < dims.length; axis++) {
                    taps[axis] = (mask >> axis & 1) == 0 ? null : taps(random, dims[axis], 1 + random.nextInt(6));
                }
                cases.add(new Case(dims, taps));
            }
        }
        return cases.stream();
    }

    /** From none to seven taps a place, a single one of weight 1 among them. */
    private static Taps taps(SplittableRandom random, int size, int places) {
        int[] starts = new int[places + 1];
        List<Integer> indices = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            int count = random.nextInt(8);
            for (int tap = 0; tap < count; tap++) {
                indices.add(random.nextInt(size));
                weights.add(count == 1 ? 1 + i % 2 : random.nextInt(-3, 4));
            }
            starts[i + 1] = indices.size();
        }
        float[] w = new float[weights.size()];
        for (int i = 0; i < w.length; i++) {
            w[i] = weights.get(i);
        }
        return new Taps(starts, indices.stream().mapToInt(Integer::intValue).toArray(), w);
    }

    /** The weight of each element of x in each of y, axis by axis; a row of NaN where y is filled. */
    private static double[][] matrix(Case c) {
        double[][] matrix = {{1}};
        for (int axis = 0; axis < c.dims.length; axis++) {
            Taps t = c.taps[axis];
            int size = c.dims[axis];
            int places = t == null ? size : t.places();
            double[][] more = new double[matrix.length * places][matrix[0].length * size];
            for (int i = 0; i < more.length; i++) {
                int place = i % places;
                double[] before = matrix[i / places];
                for (int j = 0; j < before.length; j++) {
                    for (int tap = t == null ? 0 : t.starts()[place]; t != null && tap < t.starts()[place + 1]; tap++) {
                        more[i][j * size + t.indices()[tap]] += before[j] * t.weights()[tap];
                    }
                    if (t == null) {
                        more[i][j * size + place] += before[j];
                    }
                }
                if (Double.isNaN(before[0]) || t != null && t.starts()[place] == t.starts()[place + 1]) {
                    Arrays.fill(more[i], Double.NaN);
                }
            }
            matrix = more;
        }
        return matrix;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBack(Case c) {
        Interpolation plan = Interpolation.of(c.dims, c.taps, FILL);
        Workspace workspace = Workspace.ofFloats(plan.workspaceFloats());
        Arrays.fill(workspace.floats(), Float.NaN);
        double[][] matrix = matrix(c);
        assertEquals(matrix.length, plan.outputLength());
        Guarded x = Guarded.of(Data.integers(1, plan.inputLength()));
        Guarded y = Guarded.ofNaN(matrix.length);
        plan.forward(x.array(), x.offset(), y.array(), y.offset(), workspace);
        float[] dy = Data.integers(2, matrix.length);
        double[] expected = new double[plan.inputLength()];
        for (int i = 0; i < matrix.length; i++) {
            boolean filled = Double.isNaN(matrix[i][0]);
            double sum = 0;
            for (int j = 0; j < expected.length && !filled; j++) {
                sum += matrix[i][j] * x.original()[j];
                expected[j] += matrix[i][j] * dy[i];
            }
            assertEquals(filled ? FILL : sum, y.get(i), 0, c::toString);
        }
        x.assertUntouched(c);
        y.assertCanaries(c);

        Guarded dx = Guarded.ofNaN(plan.inputLength());
        Arrays.fill(workspace.floats(), Float.NaN);
        for (WriteMode mode : WriteMode.values()) {
            plan.gradInput(dy, 0, dx.array(), dx.offset(), mode, workspace);
            for (int j = 0; j < expected.length; j++) {
                assertEquals((mode == WriteMode.OVERWRITE ? 1 : 2) * expected[j], dx.get(j), 0, c::toString);
            }
        }
        dx.assertCanaries(c);
    }

    @Test
    void refusals() {
        Taps two = new Taps(new int[] {0, 1, 2}, new int[] {0, 1}, new float[] {1, 2});
        Refused.argument(() -> new Taps(new int[] {0, 1}, new int[] {0, 1}, new float[2]), "starts end at 1", "2 indices");
        Refused.argument(() -> new Taps(new int[] {0, 2, 1}, new int[1], new float[1]), "start of place 2 is 1", "at least 2");
        Refused.argument(() -> new Taps(new int[] {0}, new int[0], new float[0]), "length of starts is 1");
        Refused.argument(() -> Interpolation.of(new int[] {2, 3}, new Taps[1], 0), "1 taps for 2 axes");
        Refused.argument(() -> Interpolation.of(new int[] {1}, new Taps[] {two}, 0), "tap of axis 0 reads 1", "0 to 0");
        Refused.argument(() -> Interpolation.of(new int[] {0}, new Taps[1], 0), "size is 0");
        Refused.isNull(() -> Interpolation.of(null, new Taps[1], 0), "dims");
        Refused.isNull(() -> Interpolation.of(new int[] {1}, null, 0), "taps");
        Interpolation plan = Interpolation.of(new int[] {2, 3}, new Taps[] {two, two}, 0);
        Refused.isNull(() -> plan.forward(new float[6], 0, new float[4], 0, null), "workspace");
        Refused.isNull(() -> plan.gradInput(new float[4], 0, new float[6], 0, WriteMode.OVERWRITE, null), "workspace");
        Workspace workspace = Workspace.ofFloats(plan.workspaceFloats());
        Refused.bounds(() -> plan.forward(new float[5], 0, new float[4], 0, workspace), "x needs 6", "5");
        Refused.bounds(() -> plan.forward(new float[6], 0, new float[4], 1, workspace), "y needs 4");
        Refused.bounds(() -> plan.gradInput(new float[3], 0, new float[6], 0, WriteMode.OVERWRITE, workspace), "dy needs 4");
        float[] both = new float[9];
        Refused.argument(() -> plan.forward(both, 0, both, 5, workspace), "overlap");
        Refused.argument(() -> plan.forward(new float[6], 0, new float[4], 0, Workspace.ofFloats(2)), "has 2 floats", "needs 3");
    }
}
