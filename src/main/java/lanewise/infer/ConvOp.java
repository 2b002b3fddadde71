package lanewise.infer;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import lanewise.internal.plain.PlainConv;
import lanewise.internal.plain.PlainPool;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import lanewise.kernel.PoolKind;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.layer.Node;

/** A convolution with maps of channels before and behind it, {@code y = scale act(conv(x, w) + bias + residual) + shift}. */
final class ConvOp extends FilterOp {

    private final ConvPlan plan;
    private Value residual;
    private boolean pools;
    /** What becomes of finished outputs. */
    private float scale = 1;
    private float shift;

    ConvOp(Node node, ConvPlan plan, Weights weights, Activation activation, Value x, Value y) {
        super(node, weights, activation, plan.shape().c(), plan.shape().k(), x, y);
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
    boolean fold(ChannelMap next, String what) {
        return residual == null && !pools && super.fold(next, what);
    }

    /** Padding is zeros of the mapped input, which a sum would change. */
    @Override
    boolean takesBefore(ChannelMap first) {
        ConvShape shape = plan.shape();
        return first.scalesOnly() || shape.padTop() == 0 && shape.padLeft() == 0 && shape.padBottom() == 0 && shape.padRight() == 0;
    }

    @Override
    boolean rescale(ChannelMap last) {
        if (last.channels() != channels() || pools || !last.isUniform() || !plan.withActivation(activation()).rescales()) {
            return false;
        }
        scale *= last.scale()[0];
        shift = last.scale()[0] * shift + last.shift()[0];
        return true;
    }

    @Override
    int inputOf(int weight) {
        ConvShape shape = plan.shape();
        return weight % shape.k() / shape.groupK() * shape.groupC() + weight / shape.k() % shape.groupC();
    }

    @Override
    int outputOf(int weight) {
        return weight % plan.shape().k();
    }

    @Override
    boolean outputsLast() {
        return true;
    }

    /** ReLU and the maximum may change places; others may not. */
    @Override
    boolean activate(Activation next) {
        return (!pools || next == Activation.RELU) && super.activate(next);
    }

    @Override
    List<Value> reads() {
        return residual == null ? List.of(x) : List.of(x, residual);
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
    long filterFloats() {
        return plan.filterFloats(Pass.FORWARD);
    }

    @Override
    int tiles() {
        return Rehearsal.tiles(plan);
    }

    @Override
    Supplier<Rehearsal> rehearsal() {
        ConvPlan activated = plan.withActivation(activation());
        boolean adds = residual != null;
        return () -> Rehearsal.of(activated, adds);
    }

    @Override
    Step toPlainStep(Arena arena) {
        PlainConv conv = PlainConv.of(plan.shape());
        PlainPool pool = pools ? PlainPool.of(PoolShape.of(plan.shape().n(), plan.shape().p(), plan.shape().q(), channels(), 2, 2)
                .withStride(2, 2), PoolKind.MAX, false) : null;
        Weights own = own();
        Activation act = activation();
        float scaleLast = scale;
        float shiftLast = shift;
        Place from = arena.place(x);
        Place plus = residual == null ? null : arena.place(residual);
        Place to = arena.place(output);
        int stride = output.isDense() ? channels() : output.stride(); // its pixels may have another name by now, and be other ones
        int sums = plan.shape().yLength();
        return Step.of(text + ": plain " + plan.shape(), context -> {
            PlainRun plain = context.plain();
            plain.input(context.array(from), context.offset(from), own);
            plain.residual(plus == null ? null : context.array(plus), plus == null ? 0 : context.offset(plus));
            plain.activation(act, scaleLast, shiftLast);
            if (pool == null) {
                plain.run(conv, context.array(to), context.offset(to), stride);
            } else {
                plain.run(conv, pool, sums, context.array(to), context.offset(to), stride);
            }
        });
    }

    ConvPlan plan() {
        return plan;
    }

    String algorithm() {
        return plan.algorithm(Pass.FORWARD);
    }

    boolean pools() {
        return pools;
    }

    /** What is added to the sums, or null. */
    Value residual() {
        return residual;
    }

    /** The same for another size of image, by the same algorithm: that of the packed filter. */
    ConvPlan sized(ConvShape shape) {
        return finished(ConvPlan.of(shape).withAlgorithm(Pass.FORWARD, algorithm()));
    }

    private ConvPlan finished(ConvPlan of) {
        boolean rescaled = scale != 1 || shift != 0;
        return rescaled ? of.withActivation(activation()).withRescaling(scale, shift) : of.withActivation(activation());
    }

    @Override
    FilterStep toStep(Arena arena) {
        boolean rescaled = scale != 1 || shift != 0;
        ConvPlan dense = finished(plan);
        ConvPlan fused = pools ? dense.withMaxPool() : output.isDense() ? dense : dense.withOutputStride(output.stride());
        Place from = arena.place(x);
        Place plus = residual == null ? null : arena.place(residual);
        Place to = arena.place(output);
        String act = activation() == Activation.NONE ? "" : ", " + activation().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (rescaled ? " rescaled" : "");
        return new FilterStep(text + act + ": " + fused.shape() + " " + fused.algorithm(Pass.FORWARD), fused,
                fused.workspaceFloats(Pass.FORWARD), this, (context, filter, bias) ->
                fused.forward(context.array(from), context.offset(from), filter, bias, 0, plus == null ? null : context.array(plus),
                        plus == null ? 0 : context.offset(plus), context.array(to), context.offset(to), context.workspace()));
    }
}
