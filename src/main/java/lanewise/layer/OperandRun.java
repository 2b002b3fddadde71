package lanewise.layer;

import lanewise.kernel.BinaryFunction;
import lanewise.kernel.BroadcastPlan;

/** A function of an input and a parameter that all examples share. */
final class OperandRun implements LayerRun {

    private final boolean operandFirst;
    private final Binding binding;
    private final BroadcastPlan plan;

    OperandRun(BinaryFunction function, boolean operandFirst, Binding binding) {
        this.operandFirst = operandFirst;
        this.binding = binding;
        int[] x = Shapes.batched(binding.batch(), binding.input(), binding.output().rank());
        int[] operand = Shapes.sizes(binding.parameters().getFirst().shape());
        plan = operandFirst ? BroadcastPlan.of(function, operand, x) : BroadcastPlan.of(function, x, operand);
    }

    @Override
    public int workspaceFloats() {
        return plan.workspaceFloats();
    }

    @Override
    public void forward(Frame frame) {
        if (operandFirst) {
            plan.forward(frame.parameters(), binding.offset(0), frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset(),
                    frame.workspace());
        } else {
            plan.forward(frame.x(0), frame.xOffset(0), frame.parameters(), binding.offset(0), frame.y(), frame.yOffset(),
                    frame.workspace());
        }
    }

    @Override
    public void backward(Frame frame) {
        float[] a = operandFirst ? frame.parameters() : frame.x(0);
        float[] b = operandFirst ? frame.x(0) : frame.parameters();
        int aOffset = operandFirst ? binding.offset(0) : 0;
        int bOffset = operandFirst ? 0 : binding.offset(0);
        if (binding.trains(0)) {
            if (operandFirst) {
                plan.gradA(a, aOffset, b, bOffset, frame.dy(), 0, frame.gradients(), aOffset, frame.gradientMode(), frame.workspace());
            } else {
                plan.gradB(a, aOffset, b, bOffset, frame.dy(), 0, frame.gradients(), bOffset, frame.gradientMode(), frame.workspace());
            }
        }
        if (frame.dx(0) != null) {
            if (operandFirst) {
                plan.gradB(a, aOffset, b, bOffset, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
            } else {
                plan.gradA(a, aOffset, b, bOffset, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
            }
        }
    }
}
