package lanewise.layer;

import java.util.Arrays;
import java.util.List;

/** Cuts a network, in the order of its nodes, into segments of about equal activations. */
final class Segments {

    private Segments() {}

    /** For each node the number of its segment, from 0; fewer than {@code count} if there are not so many nodes. */
    static int[] cut(List<Node> nodes, int count) {
        long[] crossing = crossing(nodes);
        long all = nodes.stream().mapToLong(node -> node.shape().size()).sum();
        int[] segmentOf = new int[nodes.size()];
        long sum = 0;
        int best = -1;
        for (int i = 0, segment = 0; i < nodes.size() && segment < count - 1; i++) {
            sum += nodes.get(i).shape().size();
            boolean near = 2 * count * sum >= (2 * segment + 1) * all; // half a segment before the border, to half of one behind it
            if (near && (best < 0 || crossing[i] <= crossing[best])) {
                best = i;
            }
            if (2 * count * sum >= (2 * segment + 3) * all || near && i == nodes.size() - 1) {
                segment++;
                Arrays.fill(segmentOf, best + 1, segmentOf.length, segment);
                best = -1;
            }
        }
        return segmentOf;
    }

    /** The floats that nodes up to each hand over to later ones. */
    private static long[] crossing(List<Node> nodes) {
        int[] lastUse = new int[nodes.size()];
        for (int i = 0; i < lastUse.length; i++) {
            for (Node input : nodes.get(i).inputs()) {
                lastUse[nodes.indexOf(input)] = i;
            }
        }
        long[] crossing = new long[nodes.size()];
        for (int j = 0; j < lastUse.length; j++) {
            for (int i = j; i < lastUse[j]; i++) {
                crossing[i] += nodes.get(j).shape().size();
            }
        }
        return crossing;
    }
}
