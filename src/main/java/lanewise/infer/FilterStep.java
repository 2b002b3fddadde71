package lanewise.infer;

import java.util.function.Supplier;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.FilterPlan;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;

/** A step that multiplies by a packed filter. */
final class FilterStep extends Step {

    /** The product. */
    @FunctionalInterface
    interface Product {
        void run(PredictorContext context, PackedFilter filter, float[] bias);
    }

    private final Product product;
    private final FilterPlan plan;
    private final int channels;
    private final int workspaceFloats;
    /** Null once they are packed. */
    private Supplier<Weights> weights;
    /** Makes room for the packed filter. */
    private Supplier<PackedFilter> room;
    private PackedFilter filter;
    private float[] bias;
    private boolean hasBias;

    /** Of {@code op}, which is let go of when the weights are packed. */
    FilterStep(String text, FilterPlan plan, int workspaceFloats, FilterOp op, Product product) {
        super(text);
        this.product = product;
        this.plan = plan;
        this.workspaceFloats = workspaceFloats;
        channels = op.channels();
        weights = op::folded;
        room = () -> plan.newFilter(Pass.FORWARD);
        hasBias = op.hasBias();
    }

    /** Lets its filter be one of those of {@code rooms}. */
    @Override
    void share(FilterRooms rooms) {
        Supplier<PackedFilter> shared = plan instanceof ConvPlan conv ? rooms.room(conv) : null;
        room = shared == null ? room : shared;
    }

    @Override
    void prepare() {
        Weights folded = weights.get();
        PackedFilter packed = room.get();
        plan.repack(Pass.FORWARD, folded.values(), folded.offset(), packed);
        filter = packed;
        bias = folded.bias(channels);
        hasBias = bias != null;
        weights = null;
        room = null;
    }

    /** The packed filter, once it is. */
    PackedFilter filter() {
        return filter;
    }

    /** The bias, or null. */
    float[] bias() {
        return bias;
    }

    @Override
    void run(PredictorContext context, Object state) {
        product.run(context, filter, bias);
    }

    @Override
    int workspaceFloats() {
        return workspaceFloats;
    }

    @Override
    long weightFloats() {
        return plan.filterFloats(Pass.FORWARD) + (hasBias ? channels : 0L);
    }
}
