package lanewise.layer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which buffer each node's activation and gradient lives in. Predicting, an activation is dropped after its last reader; training
 * keeps all of them, and drops a gradient as soon as the layer that made the activation has used it. Sizes are per example.
 */
final class Memory {

    /** For each node, the number of its buffer, or -1 for none. */
    final int[] bufferOf;
    /** For each buffer, its size in floats per example. */
    final long[] sizes;

    private Memory(int[] bufferOf, long[] sizes) {
        this.bufferOf = bufferOf;
        this.sizes = sizes;
    }

    /** All buffers together, in floats per example. */
    long total() {
        return Arrays.stream(sizes).sum();
    }

    /** Activations, each in a buffer of its own if {@code keepAll}; inputs and outputs always are, since the caller holds them. */
    static Memory activations(List<Node> nodes, List<Node> outputs, boolean keepAll) {
        int steps = nodes.size();
        int[] lastUse = lastUses(nodes);
        Set<Node> callers = new HashSet<>(outputs);
        BufferPlan plan = new BufferPlan();
        int[] bufferOf = new int[steps];
        Arrays.fill(bufferOf, -1);
        for (int i = 0; i < steps; i++) {
            if (keepAll || nodes.get(i).layer() == null || callers.contains(nodes.get(i))) {
                bufferOf[i] = plan.place(nodes.get(i).shape().size(), 0, steps);
            }
        }
        for (int i = 0; i < steps; i++) {
            if (bufferOf[i] < 0) {
                bufferOf[i] = plan.place(nodes.get(i).shape().size(), i, lastUse[i]);
            }
        }
        return new Memory(bufferOf, plan.sizes());
    }

    /** Gradients of the nodes that {@code wants} marks: alive from the first consumer that writes them to the node itself. */
    static Memory gradients(List<Node> nodes, List<Node> outputs, boolean[] wants) {
        int steps = nodes.size();
        int[] lastUse = lastUses(nodes);
        BufferPlan plan = new BufferPlan();
        int[] bufferOf = new int[steps];
        Arrays.fill(bufferOf, -1);
        // Backward visits nodes from the last to the first: step t is node steps - 1 - t. The caller holds outputs and inputs.
        for (int i = 0; i < steps; i++) {
            if (wants[i] && outputs.contains(nodes.get(i))) {
                bufferOf[i] = plan.place(nodes.get(i).shape().size(), 0, steps);
            }
        }
        int[] byBirth = IntStream.range(0, steps).boxed().sorted(Comparator.comparing(i -> -lastUse[i])).mapToInt(i -> i).toArray();
        for (int i : byBirth) {
            if (wants[i] && bufferOf[i] < 0) {
                int death = nodes.get(i).layer() == null ? steps : steps - 1 - i;
                bufferOf[i] = plan.place(nodes.get(i).shape().size(), steps - 1 - lastUse[i], death);
            }
        }
        return new Memory(bufferOf, plan.sizes());
    }

    /** For each node, the step of the last node that reads it. */
    private static int[] lastUses(List<Node> nodes) {
        Map<Node, Integer> indexOf = indices(nodes);
        int[] lastUse = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            lastUse[i] = i;
            for (Node input : nodes.get(i).inputs()) {
                lastUse[indexOf.get(input)] = i;
            }
        }
        return lastUse;
    }

    static Map<Node, Integer> indices(List<Node> nodes) {
        Map<Node, Integer> indexOf = new HashMap<>(); // nodes have identity, no equals of their own
        for (int i = 0; i < nodes.size(); i++) {
            indexOf.put(nodes.get(i), i);
        }
        return indexOf;
    }
}
