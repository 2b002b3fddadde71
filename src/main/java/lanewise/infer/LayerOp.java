package lanewise.infer;

import java.util.Arrays;
import java.util.List;
import lanewise.kernel.Workspace;
import lanewise.layer.Binding;
import lanewise.layer.Frame;
import lanewise.layer.LayerRun;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.OffsetLayer;
import lanewise.layer.Parameter;
import lanewise.layer.Parameters;

/**
 * A layer that has no operation of its own here, one of a user among them. An {@link OffsetLayer} runs where its values lie, any
 * other as in a network's context: on arrays of its own to and from which the values are copied. Its parameters are a copy, made
 * when the network is compiled.
 */
final class LayerOp extends Op {

    private final Node node;
    private final Parameters parameters;
    private final Binding binding;

    LayerOp(Node node, PredictorOptions options, Network network, List<Value> inputs, Value y) {
        super(inputs, y);
        this.node = node;
        List<Parameter> own = network.parametersOf(node);
        parameters = Parameters.copyOf(own, network.parameters());
        binding = new Binding(options.batch(), node.inputShapes(), node.shape(), parameters.views(),
                own.stream().map(p -> false).toList(), options.winograd());
    }

    @Override
    boolean mayOverwrite(Value input) {
        if (!(node.layer() instanceof OffsetLayer layer && layer.isAtOffsets())) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) == input && !layer.mayOverwrite(i)) {
                return false;
            }
        }
        return true;
    }

    /** A layer's arrays and scratch in one context. */
    private record Run(LayerRun layer, float[][] x, float[] y, Frame frame) {}

    @Override
    Step toStep(Arena arena) {
        Place[] from = inputs.stream().map(arena::place).toArray(Place[]::new);
        int[] lengths = inputs.stream().mapToInt(input -> input.length).toArray();
        int need = node.layer().newRun(binding).workspaceFloats();
        Place to = arena.place(output);
        int length = output.length;
        boolean copies = !(node.layer() instanceof OffsetLayer layer && layer.isAtOffsets());
        return new Step(node.name() + ": " + node.layer()) {
            @Override
            void run(PredictorContext context, Object state) {
                Run run = (Run) state;
                if (copies) {
                    copying(context, run);
                } else {
                    inPlace(context, run);
                }
            }

            private void copying(PredictorContext context, Run run) {
                for (int i = 0; i < from.length; i++) {
                    System.arraycopy(context.array(from[i]), context.offset(from[i]), run.x[i], 0, lengths[i]);
                }
                run.layer.forward(run.frame);
                System.arraycopy(run.y, 0, context.array(to), context.offset(to), length);
            }

            /** The caller's arrays are forgotten afterwards. */
            private void inPlace(PredictorContext context, Run run) {
                for (int i = 0; i < from.length; i++) {
                    run.frame.read(i, context.array(from[i]), context.offset(from[i]));
                }
                run.frame.write(context.array(to), context.offset(to));
                try {
                    run.layer.forward(run.frame);
                } finally {
                    Arrays.fill(run.x, null);
                    run.frame.write(null, 0);
                }
            }

            @Override
            Object newState(Workspace workspace) {
                float[][] x = Arrays.stream(lengths).mapToObj(n -> copies ? new float[n] : null).toArray(float[][]::new);
                float[] y = copies ? new float[length] : null;
                return new Run(node.layer().newRun(binding), x, y, Frame.predicting(parameters, x, y, workspace));
            }

            @Override
            int workspaceFloats() {
                return need;
            }

            @Override
            long weightFloats() {
                return parameters.values().length;
            }
        };
    }
}
