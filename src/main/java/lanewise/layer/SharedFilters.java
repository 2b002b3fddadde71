package lanewise.layer;

import java.util.HashMap;
import java.util.Map;
import lanewise.kernel.FilterPlan;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;

/**
 * The packed filters of a context that trains. Every step packs every filter anew, just before it is used: so filters of one layout take
 * turns in one array, which is still in a cache, where one array for each layer would come from memory each time.
 */
final class SharedFilters {

    private final Map<String, Slot> slots = new HashMap<>();

    /** A packed filter, and whose weights of which version it holds. */
    static final class Slot {
        private final PackedFilter filter;
        private FilterRun owner;
        private long version;

        Slot(PackedFilter filter) {
            this.filter = filter;
        }

        /** The filter, packed from the weights of {@code run} at {@code offset}, unless it holds them as they are. */
        PackedFilter packed(FilterRun run, FilterPlan plan, Pass pass, Frame frame, int offset) {
            if (owner != run || version != frame.parametersVersion()) {
                owner = null; // nobody's before it is packed: a call that failed is made again
                long packed = frame.parametersVersion(); // before: what changes meanwhile is packed again
                plan.repack(pass, frame.parameters(), offset, filter, frame.workspace());
                owner = run;
                version = packed;
            }
            return filter;
        }
    }

    /** What equal filters have in common. */
    static String key(FilterPlan plan, Pass pass) {
        return plan.filterFloats(pass) + " floats of " + plan.filterLayout(pass);
    }

    /** Where a plan's filter is packed; made at the first call. */
    Slot slot(FilterPlan plan, Pass pass) {
        return slots.computeIfAbsent(key(plan, pass), key -> new Slot(plan.newFilter(pass)));
    }
}
