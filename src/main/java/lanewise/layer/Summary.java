package lanewise.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The table of a network's layers: what comes out, how many parameters and multiply-adds it takes, what it sees of the input, and how
 * much memory. It is made from shapes alone, so that a network too large for this machine can be looked at, too.
 *
 * @param rows one for each node, inputs included
 * @param trained parameters that gradients train
 * @param states parameters that are kept, but not trained: running means
 * @param multiplyAdds of one example's forward pass
 * @param predictionFloats activations of one example when each is dropped after its last use, in floats, not bytes
 * @param trainingFloats activations and their gradients of one example in a training step, in floats, not bytes
 * @param memory the peak of a context, or null in a summary that was asked for none
 */
public record Summary(List<Row> rows, long trained, long states, long multiplyAdds, long predictionFloats, long trainingFloats,
                      MemoryUse memory) {

    /**
     * One node.
     *
     * @param name the node's name
     * @param layer the layer as text, or {@code input}
     * @param output the shape that comes out, per example
     * @param parameters how many it has
     * @param multiplyAdds of one example's forward pass
     * @param receptiveField what one output element sees of the input
     */
    public record Row(String name, String layer, Shape output, long parameters, long multiplyAdds, ReceptiveField receptiveField) {

        /** The output of one example, in bytes. */
        public long outputBytes() {
            return (long) Float.BYTES * output.size();
        }
    }

    static Summary of(List<Node> nodes, List<Node> outputs) {
        List<Row> rows = new ArrayList<>();
        long trained = 0;
        long states = 0;
        long work = 0;
        for (Node node : nodes) {
            long parameters = 0;
            for (ParameterSpec spec : Network.specs(node)) {
                parameters += spec.shape().size();
                if (spec.role() == ParameterSpec.Role.STATE) {
                    states += spec.shape().size();
                } else {
                    trained += spec.shape().size();
                }
            }
            long multiplyAdds = node.layer() == null ? 0 : node.layer().multiplyAdds(node.inputShapes());
            work += multiplyAdds;
            String layer = node.layer() == null ? "input" : node.layer().kind();
            rows.add(new Row(node.name(), layer, node.shape(), parameters, multiplyAdds, node.receptiveField()));
        }
        boolean[] wants = new boolean[nodes.size()];
        for (int i = 0; i < wants.length; i++) {
            wants[i] = nodes.get(i).layer() != null;
        }
        long prediction = Memory.predicting(nodes, outputs, Keep.NEEDED).total();
        long training = Memory.training(nodes, outputs, wants, Keep.NEEDED).total();
        return new Summary(List.copyOf(rows), trained, states, work, prediction, training, null);
    }

    Summary with(MemoryUse use) {
        return new Summary(rows, trained, states, multiplyAdds, predictionFloats, trainingFloats, use);
    }

    /** All parameters, trained or not. */
    public long parameters() {
        return trained + states;
    }

    /** The row of this name. */
    public Row row(String name) {
        return rows.stream().filter(row -> row.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node is called " + name + "; there are "
                        + rows.stream().map(Row::name).toList()));
    }

    /** The table as text, with totals below. */
    @Override
    public String toString() {
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"name", "layer", "output", "parameters", "multiply-adds", "sees", "memory"});
        for (Row row : rows) {
            cells.add(new String[] {row.name, row.layer, row.output.toString(), number(row.parameters), number(row.multiplyAdds),
                    row.receptiveField.toString(), bytes(row.outputBytes())});
        }
        int[] widths = new int[cells.getFirst().length];
        cells.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row[i].length())));
        StringBuilder text = new StringBuilder();
        for (String[] row : cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String padding = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? "" : "  ").append(i < 3 ? row[i] + padding : padding + row[i]);
            }
            text.append(line).append('\n');
            if (row == cells.getFirst()) {
                text.append("-".repeat(line.length())).append('\n');
            }
        }
        text.append(number(parameters())).append(" parameters (").append(bytes(Float.BYTES * parameters())).append("), ")
                .append(number(multiplyAdds)).append(" multiply-adds; activations of one example: ")
                .append(bytes(Float.BYTES * predictionFloats)).append(" to predict, ")
                .append(bytes(Float.BYTES * trainingFloats)).append(" to train, gradients included");
        if (memory != null) {
            text.append("\nat its peak ").append(memory);
        }
        return text.toString();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000 ? bytes / 1000 + " kB" : number(bytes / 1_000_000) + " MB";
    }
}
