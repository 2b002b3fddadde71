package lanewise.infer;

import java.util.List;
import java.util.Locale;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.PoolKind;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.layer.Node;

/** A convolution, {@code y = act(scale conv(x, w) + shift + residual)}. */
final class ConvOp extends FilterOp {

    private final ConvPlan plan;
    private Value residual;
    private boolean pools;

    ConvOp(Node node, ConvPlan plan, Weights weights, Activation activation, Value x, Value y) {
        super(node, weights, activation, plan.shape().k(), x, y);
        this.plan = plan;
    }

    /** Whether another value can be added to its sums. */
    boolean takesResidual() {
        return plan.fuses() && residual == null && !pools && activation() == Activation.NONE;
    }

    void addResidual(Value value) {
        residual = value;
        text.append(" + ").append(value.node.name());
    }

    /** Takes a max-pooling of 2x2 in, if the kernel can and nothing stands between that would not give the same bits. */
    boolean pool(PoolPlan pool) {
        PoolShape of = pool.shape();
        boolean sideBySide = pool.kind() == PoolKind.MAX && of.r() == 2 && of.s() == 2 && of.strideH() == 2 && of.strideW() == 2
                && of.h() == plan.shape().p() && of.w() == plan.shape().q() && of.p() == of.h() / 2 && of.q() == of.w() / 2
                && of.padTop() == 0 && of.padLeft() == 0 && of.dilationH() == 1 && of.dilationW() == 1;
        if (pools || residual != null || !sideBySide || !plan.withActivation(activation()).pools()) {
            return false;
        }
        pools = true;
        text.append(" + max pool");
        return true;
    }

    @Override
    boolean fold(ChannelMap next) {
        return residual == null && !pools && super.fold(next);
    }

    /** ReLU and the maximum may change places; others may not. */
    @Override
    boolean activate(Activation next) {
        return (!pools || next == Activation.RELU) && super.activate(next);
    }

    @Override
    List<Value> reads() {
        return residual == null ? inputs : List.of(x, residual);
    }

    @Override
    boolean writesParts() {
        return plan.fuses() && !pools && output.channels == plan.shape().k();
    }

    @Override
    boolean mayOverwrite(Value input) {
        return input == residual && input != x;
    }

    @Override
    Rehearsal rehearsal() {
        return Rehearsal.of(plan.withActivation(activation()), residual != null);
    }

    private PackedFilter pack(ConvPlan plan) {
        PackedFilter filter = plan.newFilter(Pass.FORWARD);
        if (map() == null) {
            plan.repack(Pass.FORWARD, weights.values(), weights.offset(), filter);
        } else {
            int k = plan.shape().k();
            plan.repack(Pass.FORWARD, weights.scaledFilter(map(), i -> i % k), 0, filter);
        }
        return filter;
    }

    @Override
    Step toStep(Arena arena) {
        ConvPlan dense = plan.withActivation(activation());
        ConvPlan fused = pools ? dense.withMaxPool() : output.isDense() ? dense : dense.withOutputStride(output.stride());
        PackedFilter filter = pack(fused);
        float[] bias = bias();
        Place from = arena.place(x);
        Place plus = residual == null ? null : arena.place(residual);
        Place to = arena.place(output);
        String act = activation() == Activation.NONE ? "" : ", " + activation().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Step(text + act + ": " + fused.shape() + " " + fused.algorithm(Pass.FORWARD)) {
            @Override
            void run(PredictorContext context, Object state) {
                fused.forward(context.array(from), from.offset(), filter, bias, 0, plus == null ? null : context.array(plus),
                        plus == null ? 0 : plus.offset(), context.array(to), to.offset(), context.workspace());
            }

            @Override
            int workspaceFloats() {
                return fused.workspaceFloats(Pass.FORWARD);
            }

            @Override
            long weightFloats() {
                return filter.length() + (bias == null ? 0 : bias.length);
            }
        };
    }
}
