package lanewise.layer;

import lanewise.kernel.Activation;
import lanewise.kernel.Conv3dPlan;
import lanewise.kernel.Conv3dShape;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTranspose3dPlan;
import lanewise.kernel.ConvTransposePlan;
import lanewise.kernel.Eltwise;
import lanewise.kernel.FilterPlan;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.WriteMode;

/**
 * A layer with a shared filter at work: convolutions of every kind, transposed ones, and the dense layer, which is one of 1 x 1 taps.
 * Parameter 0 is the filter, parameter 1 the bias.
 *
 * <p>The filter stays packed for as long as the weights stay the same. Backward undoes the activation in place in dy, then the three
 * products are the plan's.
 */
final class FilterRun implements LayerRun {

    private final Binding binding;
    private final FilterPlan plan;
    private final Activation activation;
    private final boolean hasBias;
    private PackedFilter forwardFilter;
    private PackedFilter backwardFilter;
    private long forwardVersion = -1;
    private long backwardVersion = -1;

    private FilterRun(FilterPlan plan, Activation activation, boolean hasBias, Binding binding) {
        this.binding = binding;
        this.plan = plan;
        this.activation = activation;
        this.hasBias = hasBias;
    }

    static FilterRun convolution(ConvShape shape, Activation activation, boolean hasBias, Binding binding) {
        ConvPlan plan = ConvPlan.of(shape);
        return new FilterRun((binding.winograd() ? plan : plan.withoutWinograd()).withActivation(activation), activation, hasBias, binding);
    }

    static FilterRun transposed(ConvShape mirror, Activation activation, boolean hasBias, Binding binding) {
        ConvTransposePlan plan = ConvTransposePlan.of(mirror);
        return new FilterRun((binding.winograd() ? plan : plan.withoutWinograd()).withActivation(activation), activation, hasBias, binding);
    }

    static FilterRun convolution(Conv3dShape shape, boolean hasBias, Binding binding) {
        Conv3dPlan plan = Conv3dPlan.of(shape);
        return new FilterRun(binding.winograd() ? plan : plan.withoutWinograd(), Activation.NONE, hasBias, binding);
    }

    static FilterRun transposed(Conv3dShape mirror, boolean hasBias, Binding binding) {
        ConvTranspose3dPlan plan = ConvTranspose3dPlan.of(mirror);
        return new FilterRun(binding.winograd() ? plan : plan.withoutWinograd(), Activation.NONE, hasBias, binding);
    }

    /**
     * Refuses to fuse an activation whose gradient is no function of its output, since its input is not kept.
     *
     * @throws IllegalArgumentException if it is of that kind
     */
    static void checkFusable(Activation activation) {
        if (!activation.gradInputReadsOutput()) {
            throw new IllegalArgumentException("activation is " + activation + ", whose gradient needs the value before it: "
                    + "add it as a layer of its own");
        }
    }

    @Override
    public int workspaceFloats() {
        return plan.workspaceFloats();
    }

    @Override
    public long ownBytes(boolean backward) {
        return Float.BYTES * ((long) plan.filterFloats(Pass.FORWARD) + (backward ? plan.filterFloats(Pass.GRAD_INPUT) : 0));
    }

    @Override
    public void forward(Frame frame) {
        if (forwardFilter == null) {
            forwardFilter = plan.newFilter(Pass.FORWARD);
        }
        if (forwardVersion != frame.parametersVersion()) {
            forwardVersion = frame.parametersVersion();
            plan.repack(Pass.FORWARD, frame.parameters(), binding.offset(0), forwardFilter);
        }
        plan.forward(frame.x(0), frame.xOffset(0), forwardFilter, hasBias ? frame.parameters() : null, hasBias ? binding.offset(1) : 0,
                frame.y(), frame.yOffset(), frame.workspace());
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
            packForBackward(frame);
            plan.gradInput(frame.dy(), 0, backwardFilter, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
        }
    }

    private void packForBackward(Frame frame) {
        if (backwardFilter == null) {
            backwardFilter = plan.newFilter(Pass.GRAD_INPUT);
        }
        if (backwardVersion != frame.parametersVersion()) {
            backwardVersion = frame.parametersVersion();
            plan.repack(Pass.GRAD_INPUT, frame.parameters(), binding.offset(0), backwardFilter);
        }
    }
}
