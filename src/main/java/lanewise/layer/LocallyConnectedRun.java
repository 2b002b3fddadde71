package lanewise.layer;

import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Eltwise;
import lanewise.kernel.LocallyConnectedPlan;
import lanewise.kernel.WriteMode;

/** A locally connected layer at work. */
final class LocallyConnectedRun implements LayerRun {

    private final Binding binding;
    private final LocallyConnectedPlan plan;
    private final Activation activation;
    private final boolean hasBias;

    LocallyConnectedRun(ConvShape shape, Activation activation, boolean hasBias, Binding binding) {
        this.binding = binding;
        this.plan = LocallyConnectedPlan.of(shape);
        this.activation = activation;
        this.hasBias = hasBias;
    }

    @Override
    public int workspaceFloats() {
        return plan.workspaceFloats();
    }

    @Override
    public void forward(Frame frame) {
        float[] parameters = frame.parameters();
        plan.forward(frame.x(0), 0, parameters, binding.offset(0), hasBias ? parameters : null, hasBias ? binding.offset(1) : 0,
                frame.y(), 0, frame.workspace());
        if (activation != Activation.NONE) {
            Eltwise.forward(activation, frame.y(), 0, frame.y(), 0, binding.outputLength());
        }
    }

    @Override
    public void backward(Frame frame) {
        if (activation != Activation.NONE) {
            Eltwise.gradInput(activation, frame.y(), 0, frame.dy(), 0, frame.dy(), 0, binding.outputLength(), WriteMode.OVERWRITE);
        }
        if (binding.trains(1)) {
            plan.gradBias(frame.dy(), 0, frame.gradients(), binding.offset(1), frame.gradientMode());
        }
        if (binding.trains(0)) {
            plan.gradWeight(frame.x(0), 0, frame.dy(), 0, frame.gradients(), binding.offset(0), frame.gradientMode(),
                    frame.workspace());
        }
        if (frame.dx(0) != null) {
            plan.gradInput(frame.dy(), 0, frame.parameters(), binding.offset(0), frame.dx(0), 0, frame.dxMode(0), frame.workspace());
        }
    }
}
