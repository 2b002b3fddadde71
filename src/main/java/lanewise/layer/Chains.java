package lanewise.layer;

import java.util.List;

/**
 * Which calls of a pass go on range by range: an array that is larger than the caches is then read and written once for all of them, not
 * once for each.
 *
 * <pre>
 * forward    BatchNorm, Add, Relu       y = relu(norm(x) + shortcut), after the moments of x
 * backward   Relu, Add, BatchNorm       block by block before the sums of BatchNorm
 * </pre>
 *
 * <p>Only calls that follow each other in time are joined, each reading what the one before wrote. Of every array they touch they read and
 * write the same range at a time. So it does not matter which arrays share memory, and every element is made by the same operations.
 */
final class Chains {

    /** For each call the number of calls in the chain that begins there; what stands inside a chain is not looked at. */
    private final int[] lengths;
    private final List<Memory.Call> calls;

    /** @param runs of all nodes; whether one is a {@link SharedRun} does not depend on the batch */
    Chains(List<Memory.Call> calls, List<Node> nodes, LayerRun[] runs) {
        this.calls = calls;
        this.lengths = new int[calls.size()];
        for (int k = 0; k < lengths.length; k += lengths[k]) {
            lengths[k] = 1;
            while (k + lengths[k] < lengths.length && joins(calls.get(k + lengths[k] - 1), calls.get(k + lengths[k]), nodes, runs)) {
                lengths[k]++;
            }
        }
    }

    private static boolean joins(Memory.Call one, Memory.Call next, List<Node> nodes, LayerRun[] runs) {
        if (one.pass() != next.pass() || !(runs[one.node()] instanceof SharedRun first) || !(runs[next.node()] instanceof SharedRun then)) {
            return false;
        }
        Node node = nodes.get(one.node());
        Node other = nodes.get(next.node());
        return one.pass() == Memory.Pass.BACKWARD ? node.inputs().contains(other) && !first.needsAll()
                : other.inputs().contains(node) && !then.needsAll();
    }

    /** The number of calls in the chain that begins with call {@code k}. */
    int length(int k) {
        return lengths[k];
    }

    /** Links the chain from call {@code k} on; its last run, called with its frame, then does the work of all. */
    void link(int k, LayerRun[] runs, Frame[] frames) {
        SharedRun before = null;
        for (int i = k; i < k + lengths[k] && runs[calls.get(i).node()] instanceof SharedRun run; i++) {
            run.follow(before, frames[i]);
            before = run;
        }
    }
}
