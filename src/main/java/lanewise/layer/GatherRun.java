package lanewise.layer;

import java.util.List;
import lanewise.kernel.GatherPlan;

/** A layer that chooses elements by a table for each axis, at work. */
final class GatherRun {

    private GatherRun() {}

    /** Bound to a batch; {@code tables} are those of one example. */
    static LayerRun of(Binding binding, int[][] tables, float fill) {
        int[][] all = new int[tables.length + 1][];
        System.arraycopy(tables, 0, all, 1, tables.length);
        return of(GatherPlan.of(dims(binding), all, fill));
    }

    static LayerRun of(GatherPlan plan) {
        return CodeRun.ofInput(0,
                frame -> plan.forward(frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset()),
                frame -> plan.gradInput(frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0)));
    }

    /** The sizes of a whole batch of the only input. */
    static int[] dims(Binding binding) {
        List<Integer> sizes = binding.input().dims();
        int[] dims = new int[sizes.size() + 1];
        dims[0] = binding.batch();
        for (int i = 0; i < sizes.size(); i++) {
            dims[i + 1] = sizes.get(i);
        }
        return dims;
    }
}
