package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters of several plans in one array: each reads its own and nothing beside it. */
class PackedFilterTest {

    private static final ConvPlan NEIGHBOUR = ConvPlan.of(ConvShape.of(1, 4, 4, 3, 5, 1, 1));

    static Stream<ConvCase> forwardCases() {
        return ConvCase.small().filter(c -> c.pass() == Pass.FORWARD);
    }

    @Test
    void reachEveryAlgorithm() {
        List<String> reached = forwardCases().map(ConvCase::algorithm).distinct().sorted().toList();
        assertEquals(ConvPlan.algorithms(Pass.FORWARD).stream().sorted().toList(), reached);
    }

    @ParameterizedTest
    @MethodSource("forwardCases")
    void sharesAnArrayWithoutSeeingItsNeighbours(ConvCase c) {
        ConvPlan plan = c.plan();
        float[] w = random(c.shape().wLength(), 1);
        float[] x = random(c.shape().xLength(), 2);
        float[] nans = filled(NEIGHBOUR.shape().wLength(), Float.NaN);
        List<PackedFilter> shared = ConvPlan.newFilters(List.of(NEIGHBOUR, plan, NEIGHBOUR));
        plan.repack(Pass.FORWARD, w, 0, shared.get(1));
        NEIGHBOUR.repack(Pass.FORWARD, nans, 0, shared.get(0));
        NEIGHBOUR.repack(Pass.FORWARD, nans, 0, shared.get(2), workspace(NEIGHBOUR));
        assertEquals(plan.filterFloats(Pass.FORWARD), shared.get(1).length());
        assertArrayEquals(forward(plan, x, plan.pack(Pass.FORWARD, w)), forward(plan, x, shared.get(1)));
    }

    @Test
    void shareOneArrayInOrder() {
        List<PackedFilter> filters = ConvPlan.newFilters(Collections.nCopies(3, NEIGHBOUR));
        assertEquals(0, filters.get(0).offset());
        assertTrue(filters.get(1).offset() >= NEIGHBOUR.filterFloats(Pass.FORWARD) && filters.get(1).offset() % 16 == 0);
        assertEquals(2 * filters.get(1).offset(), filters.get(2).offset());
    }

    @Test
    void refusesAPlanOfAnotherLayout() {
        PackedFilter filter = ConvPlan.newFilters(List.of(NEIGHBOUR, NEIGHBOUR)).get(1);
        ConvPlan other = ConvPlan.of(ConvShape.of(1, 4, 4, 3, 6, 3, 3));
        var e = assertThrows(IllegalArgumentException.class, () -> other.repack(Pass.FORWARD, new float[162], 0, filter));
        assertTrue(e.getMessage().contains(filter.toString()), e.getMessage());
    }

    private static float[] forward(ConvPlan plan, float[] x, PackedFilter filter) {
        float[] y = new float[plan.shape().yLength()];
        plan.forward(x, filter, null, y, workspace(plan));
        return y;
    }

    private static Workspace workspace(ConvPlan plan) {
        return new Workspace(plan.workspaceFloats(Pass.FORWARD), Threads.one());
    }

    private static float[] random(int length, int seed) {
        var random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }
}
