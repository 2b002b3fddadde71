package lanewise.layer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lanewise.internal.Checks;

/**
 * The arrays that a context and its network take, in bytes, as far as they grow with the network: predicted from shapes and plans, before
 * any of them is made. It holds for one batch size: each further one (the rest at the end of an epoch) has sums of its own, and filters,
 * too, in a context that only predicts or where they are laid out in another way.
 *
 * @param parameters the network's, once for all its contexts
 * @param gradients of the parameters
 * @param activations with their gradients
 * @param layers what layers keep of their own: packed filters above all
 * @param workspace of all threads
 * @param optimizer what an optimiser remembers
 */
public record MemoryUse(long parameters, long gradients, long activations, long layers, long workspace, long optimizer) {

    static MemoryUse of(Network network, ContextOptions options) {
        Parameters parameters = network.parameters();
        List<Node> nodes = network.nodes();
        Set<Parameter> trained = Context.trained(network, options);
        boolean[] wants = Context.wantsGradient(network, options);
        Memory memory = Context.memory(network, options, wants);
        long layers = 0;
        Set<String> filters = new HashSet<>();
        int need = 0;
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (memory.isCalled(i)) {
                LayerRun run = Context.newRun(network, options, trained, memory, i, options.batch());
                boolean backward = wants[i] && node.inputs().stream().anyMatch(input -> wants[nodes.indexOf(input)]);
                layers += run.ownBytes(backward);
                layers -= options.training() && run instanceof FilterRun filter ? filter.sharedBytes(backward, filters) : 0;
                need = Math.max(need, run.workspaceFloats());
            }
        }
        long workspace = Context.workspaceFloats(need, options);
        return new MemoryUse(bytes(parameters.values().length), options.training() ? bytes(parameters.trainableLength()) : 0,
                bytes(memory.total() * options.batch()), layers, bytes(workspace * options.threads().count()), 0);
    }

    private static long bytes(long floats) {
        return Float.BYTES * floats;
    }

    /**
     * The same with an optimiser's arrays.
     *
     * @param arrays for each trained parameter: 0 for plain descent, 1 with momentum, 2 for Adam
     */
    public MemoryUse withOptimizer(int arrays) {
        return new MemoryUse(parameters, gradients, activations, layers, workspace, Checks.atLeast(arrays, 0, "arrays") * gradients);
    }

    /** All of it. */
    public long total() {
        return parameters + gradients + activations + layers + workspace + optimizer;
    }

    /** The total and its parts. */
    @Override
    public String toString() {
        return Summary.bytes(total()) + ": " + Summary.bytes(parameters) + " parameters, " + Summary.bytes(gradients) + " gradients, "
                + Summary.bytes(optimizer) + " optimiser, " + Summary.bytes(activations) + " activations with their gradients, "
                + Summary.bytes(layers) + " packed filters and the like, " + Summary.bytes(workspace) + " workspace";
    }
}
