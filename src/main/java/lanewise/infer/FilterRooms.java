package lanewise.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;

/**
 * Room for the packed filters of a program. Small ones share an array ({@link ConvPlan#newFilters}), which is made when the first of
 * them is packed; those that are large by themselves do not.
 */
final class FilterRooms {

    /** Floats of a filter that needs no company: 16 MB, half of the largest region that G1 takes by itself. */
    private static final int LARGE = 1 << 22;

    private final List<ConvPlan> plans = new ArrayList<>();
    private List<PackedFilter> filters;

    /** Where the filter of {@code plan} will be, or null if it had better be alone. To be asked for all plans before any is used. */
    Supplier<PackedFilter> room(ConvPlan plan) {
        if (plan.filterFloats(Pass.FORWARD) >= LARGE) {
            return null;
        }
        int number = plans.size();
        plans.add(plan);
        return () -> get(number);
    }

    private synchronized PackedFilter get(int number) {
        if (filters == null) {
            filters = ConvPlan.newFilters(plans);
        }
        return filters.get(number);
    }
}
