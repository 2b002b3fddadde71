package lanewise.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.kernel.WriteMode;

/**
 * What a context does in what order, and which buffer each activation and each gradient lives in meanwhile. Sizes are per example.
 *
 * <p>An array lives from the call that writes it to the last that reads it, backward reading only what {@link Layer#backwardReads} says.
 * Where a layer works in place and nothing reads its input afterwards, input and output are one array, and so are their gradients. A
 * network can be cut into segments: then an activation that is read within its segment alone dies with its last reader in the forward
 * pass, and is computed again, into another array, just before the segment's backward pass.
 */
final class Memory {

    /** What is called of a layer: forward for the first time, once more, or backward. */
    enum Pass {
        FORWARD, AGAIN, BACKWARD
    }

    /** An array from its first writer to its last reader. */
    static final class Life {
        private final long size;
        private final int birth;
        private final boolean held;
        private int death;
        private int buffer;

        private Life(long size, int birth, int death, boolean held) {
            this.size = size;
            this.birth = birth;
            this.death = death;
            this.held = held;
        }

        int buffer() {
            return buffer;
        }
    }

    /** One layer's turn, with what it reads and writes; the rest is null. */
    record Call(Pass pass, int node, Life[] x, Life y, Life dy, Life[] dx, WriteMode[] dxModes) {}

    private static final int FOREVER = Integer.MAX_VALUE;

    private final List<Node> nodes;
    private final Map<Node, Integer> indexOf;
    private final List<Node> outputs;
    private final boolean[] wants;
    private final Keep keep;
    private final int[] segmentOf;
    /** Whether a node is computed by the next one, see {@link Pairs}. */
    private final boolean[] paired;
    private final boolean[] again;
    private final int[] firstDeath;
    private final int[] secondDeath;
    private final int[] gradientDeath;
    private final boolean[] written;
    private final Life[] first;
    private final Life[] second;
    private final Life[] gradients;
    private final List<Life> lives = new ArrayList<>();

    /** The layers' turns in a forward pass: the number of the node is the time. */
    final List<Call> forward = new ArrayList<>();
    /** The layers' turns in a backward pass, which follow at times of their own. */
    final List<Call> backward = new ArrayList<>();
    /** For each buffer, its size in floats per example. */
    final long[] sizes;

    private Memory(List<Node> nodes, List<Node> outputs, boolean[] wants, Keep keep, int[] segmentOf) {
        this.nodes = nodes;
        this.indexOf = indices(nodes);
        this.outputs = outputs;
        this.wants = wants;
        this.keep = keep;
        this.segmentOf = segmentOf;
        this.paired = Pairs.of(nodes, outputs, wants);
        this.again = again();
        this.firstDeath = new int[nodes.size()];
        this.secondDeath = new int[nodes.size()];
        this.gradientDeath = new int[nodes.size()];
        this.written = new boolean[nodes.size()];
        this.first = new Life[nodes.size()];
        this.second = new Life[nodes.size()];
        this.gradients = new Life[nodes.size()];
        List<int[]> turns = backwardTurns();
        findDeaths(turns);
        holdGradients();
        for (int i = 0; i < nodes.size(); i++) {
            if (isCalled(i)) {
                forward.add(forwardCall(Pass.FORWARD, i, i));
            } else if (nodes.get(i).layer() == null) {
                forwardCall(Pass.FORWARD, i, i); // an input has a place, but nothing to do
            }
        }
        for (int k = 0; k < turns.size(); k++) {
            Pass pass = Pass.values()[turns.get(k)[0]];
            int node = turns.get(k)[1];
            backward.add(pass == Pass.AGAIN ? forwardCall(pass, node, time(k)) : backwardCall(node, time(k)));
        }
        this.sizes = settle();
    }

    /** To predict. */
    static Memory predicting(List<Node> nodes, List<Node> outputs, Keep keep) {
        return new Memory(nodes, outputs, new boolean[nodes.size()], keep, new int[nodes.size()]);
    }

    /** To train: {@code wants} marks the nodes whose gradients are computed. */
    static Memory training(List<Node> nodes, List<Node> outputs, boolean[] wants, Keep keep) {
        Memory least = new Memory(nodes, outputs, wants, keep, new int[nodes.size()]);
        int most = keep == Keep.LEAST ? 2 * (int) Math.ceil(Math.sqrt(nodes.size())) : 1;
        for (int count = 2; count <= most; count++) {
            Memory cut = new Memory(nodes, outputs, wants, keep, Segments.cut(nodes, count));
            least = cut.total() < least.total() ? cut : least;
        }
        return least;
    }

    /** Whether what this node does is done by the call of the next one. */
    boolean isPaired(int node) {
        return paired[node];
    }

    /** Whether a node has calls: one that is paired has none but, where all is kept, a forward call to show its output. */
    boolean isCalled(int node) {
        return nodes.get(node).layer() != null && (!paired[node] || keep == Keep.ALL);
    }

    /** What the call of a node reads: the inputs of the first of a pair. */
    private List<Node> inputs(int node) {
        return nodes.get(isSecond(node) ? node - 1 : node).inputs();
    }

    private boolean isSecond(int node) {
        return node > 0 && paired[node - 1];
    }

    private BackwardReads backwardReads(int node) {
        return isSecond(node) ? BackwardReads.BOTH : nodes.get(node).layer().backwardReads();
    }

    /** All buffers together, in floats per example. */
    long total() {
        return Arrays.stream(sizes).sum();
    }

    /** Where the activation of a node is after a forward pass, or null if something else may be there by then. */
    Life activation(int node) {
        Life life = first[node];
        return life != null && (life.held || firstDeath[node] >= nodes.size()) ? life : null;
    }

    /** Whether a gradient of a node is computed, if only within the call of a pair. */
    boolean hasGradient(int node) {
        return gradients[node] != null || paired[node];
    }

    /** The gradient of a node that the caller holds, or null. */
    Life heldGradient(int node) {
        return gradients[node] != null && gradients[node].held ? gradients[node] : null;
    }

    private boolean isHeld(int node) {
        return nodes.get(node).layer() == null || outputs.contains(nodes.get(node));
    }

    /** Which nodes are computed again: those that live within their segment, and that its backward pass needs. */
    private boolean[] again() {
        boolean[] made = new boolean[nodes.size()];
        boolean[] needed = new boolean[nodes.size()];
        boolean[] leaves = new boolean[nodes.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (paired[i]) {
                continue;
            }
            boolean goesBack = wants[i] && nodes.get(i).layer() != null;
            needed[i] |= goesBack && backwardReads(i).output();
            made[i] = needed[i] && !leaves[i] && !isHeld(i) && segmentOf[i] < segmentOf[nodes.size() - 1];
            for (Node input : inputs(i)) {
                int j = indexOf.get(input);
                needed[j] |= made[i] || goesBack && backwardReads(i).inputs();
                leaves[j] |= segmentOf[j] != segmentOf[i];
            }
        }
        return made;
    }

    /** Pass and node, segment by segment from the last. */
    private List<int[]> backwardTurns() {
        List<int[]> turns = new ArrayList<>();
        int to = nodes.size();
        while (to > 0) {
            int from = to - 1;
            while (from > 0 && segmentOf[from - 1] == segmentOf[to - 1]) {
                from--;
            }
            for (int i = from; i < to; i++) {
                if (again[i]) {
                    turns.add(new int[] {Pass.AGAIN.ordinal(), i});
                }
            }
            for (int i = to - 1; i >= from; i--) {
                if (wants[i] && nodes.get(i).layer() != null && !paired[i]) {
                    turns.add(new int[] {Pass.BACKWARD.ordinal(), i});
                }
            }
            to = from;
        }
        return turns;
    }

    /** Between the passes is the caller's turn. */
    private int time(int backwardTurn) {
        return nodes.size() + 1 + backwardTurn;
    }

    /** When each activation is read for the last time, as it was made first and as it was made again, and each gradient. */
    private void findDeaths(List<int[]> turns) {
        for (int i = 0; i < nodes.size(); i++) {
            firstDeath[i] = i;
            for (Node input : inputs(i)) {
                firstDeath[indexOf.get(input)] = i;
            }
        }
        for (int k = 0; k < turns.size(); k++) {
            int i = turns.get(k)[1];
            boolean goesBack = turns.get(k)[0] == Pass.BACKWARD.ordinal();
            BackwardReads reads = backwardReads(i);
            gradientDeath[i] = time(k);
            if (goesBack && reads.output()) {
                (again[i] ? secondDeath : firstDeath)[i] = time(k);
            }
            for (Node input : inputs(i)) {
                int j = indexOf.get(input);
                if (!goesBack || reads.inputs()) {
                    (again[j] ? secondDeath : firstDeath)[j] = time(k);
                }
            }
        }
    }

    /** Those of outputs are the caller's before a backward pass, those of inputs after it. */
    private void holdGradients() {
        for (int i = 0; i < nodes.size(); i++) {
            if (wants[i] && isHeld(i)) {
                gradients[i] = live(nodes.get(i), -1, FOREVER, true);
                written[i] = outputs.contains(nodes.get(i));
            }
        }
    }

    private Life live(Node node, int birth, int death, boolean held) {
        Life life = new Life(node.shape().size(), birth, death, held);
        lives.add(life);
        return life;
    }

    private Call forwardCall(Pass pass, int i, int time) {
        Node node = nodes.get(i);
        List<Node> inputs = inputs(i);
        Life[] x = new Life[inputs.size()];
        Arrays.setAll(x, k -> activation(pass, inputs.get(k)));
        boolean held = isHeld(i) || keep == Keep.ALL;
        int death = (pass == Pass.AGAIN ? secondDeath : firstDeath)[i];
        Life y = held ? null : sameAsInput(node, x, time);
        if (y == null) {
            y = live(node, held ? -1 : time, held ? FOREVER : death, held);
        }
        y.death = Math.max(y.death, death);
        (pass == Pass.AGAIN ? second : first)[i] = y;
        return new Call(pass, i, x, y, null, new Life[x.length], new WriteMode[x.length]);
    }

    private Life activation(Pass pass, Node node) {
        int i = indexOf.get(node);
        return pass != Pass.FORWARD && again[i] ? second[i] : first[i];
    }

    /** The input that the output can take the place of, or null. */
    private static Life sameAsInput(Node node, Life[] x, int time) {
        for (int k = 0; k < x.length; k++) {
            boolean free = x[k].death == time || node.layer() instanceof ReshapingLayer; // which changes nothing
            if (free && !x[k].held && node.layer().worksInPlace(k) && isOnce(Arrays.asList(x), x[k])) {
                return x[k];
            }
        }
        return null;
    }

    private Call backwardCall(int i, int time) {
        Node node = nodes.get(i);
        List<Node> inputs = inputs(i);
        BackwardReads reads = backwardReads(i);
        Life[] x = new Life[inputs.size()];
        Life[] dx = new Life[x.length];
        WriteMode[] modes = new WriteMode[x.length];
        Life dy = gradients[i];
        for (int k = 0; k < x.length; k++) {
            Node input = inputs.get(k);
            int j = indexOf.get(input);
            x[k] = reads.inputs() ? activation(Pass.BACKWARD, input) : null;
            if (wants[j]) {
                if (gradients[j] == null && dy.death == time && node.layer().worksInPlace(k) && isOnce(inputs, input)) {
                    gradients[j] = dy;
                    dy.death = gradientDeath[j];
                } else if (gradients[j] == null && k == 1 && dx[0] == dy && isOnce(inputs, input) && isPassedTwice(i)) {
                    gradients[j] = dy;
                    dy.death = Math.max(dy.death, gradientDeath[j]);
                } else if (gradients[j] == null) {
                    gradients[j] = live(input, time, gradientDeath[j], false);
                }
                dx[k] = gradients[j];
                modes[k] = written[j] ? WriteMode.ACCUMULATE : WriteMode.OVERWRITE;
                written[j] = true;
            }
        }
        return new Call(Pass.BACKWARD, i, x, reads.output() ? activation(Pass.BACKWARD, node) : null, dy, dx, modes);
    }

    /**
     * Whether dy of a sum is the gradient of both its first inputs without a copy: the one whose turn is first has to leave it as it is, as
     * {@link BatchNorm} does, and nobody may add to either before that turn is over.
     */
    private boolean isPassedTwice(int sum) {
        List<Node> inputs = nodes.get(sum).inputs();
        int one = indexOf.get(inputs.get(0));
        int other = indexOf.get(inputs.get(1));
        int next = Math.max(one, other);
        if (one == other || !(nodes.get(sum).layer() instanceof Add) || !(nodes.get(next).layer() instanceof BatchNorm)) {
            return false;
        }
        return nodes.subList(next, sum).stream().noneMatch(node -> node.inputs().contains(inputs.get(0))
                || node.inputs().contains(inputs.get(1)));
    }

    private static <T> boolean isOnce(List<T> all, T one) {
        return all.indexOf(one) == all.lastIndexOf(one);
    }

    /** From the largest to the smallest: so each buffer is as large as its first tenant. */
    private long[] settle() {
        lives.sort(Comparator.comparingLong((Life life) -> -life.size).thenComparingInt(life -> life.birth));
        BufferPlan plan = new BufferPlan();
        for (Life life : lives) {
            life.buffer = plan.place(life.size, life.birth, life.death);
        }
        return plan.sizes();
    }

    static Map<Node, Integer> indices(List<Node> nodes) {
        Map<Node, Integer> indexOf = new HashMap<>(); // nodes have identity, no equals of their own
        for (int i = 0; i < nodes.size(); i++) {
            indexOf.put(nodes.get(i), i);
        }
        return indexOf;
    }
}
