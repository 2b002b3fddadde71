package lanewise.layer;

import java.util.Set;
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
import lanewise.kernel.Reduce;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;

/**
 * A layer with a shared filter at work: convolutions of every kind, transposed ones, and the dense layer, which is one of 1 x 1 taps.
 * Parameter 0 is the filter, parameter 1 the bias.
 *
 * <p>The filter stays packed for as long as the weights stay the same, in a context that trains until another layer needs its array
 * ({@link SharedFilters}). Backward undoes the activation in place in dy and sums it for the
 * bias, by blocks of rows that threads take; the blocks' sums are added in their order, in double. The two products are the plan's.
 */
final class FilterRun implements LayerRun {

    /** A block of rows stays in the second cache while the activation is undone and dbias summed; its border must not depend on the threads. */
    private static final int BLOCK_FLOATS = 1 << 14;
    private static final int MOST_BLOCKS = 16;

    private final Binding binding;
    private final FilterPlan plan;
    /** The plan, if a max-pooling is part of this run, or null; and the places of the maxima, if the filter is trained. */
    private final ConvPlan pooling;
    private final int[] places;
    private final Activation activation;
    private final boolean hasBias;
    private final int channels;
    private final int outputLength;
    private final int blockRows;
    private final int blocks;
    private final float[] blockSums;
    private final Threads.Task undoing = (block, worker) -> undo(block);
    private Frame frame;
    private SharedFilters.Slot forwardFilter;
    private SharedFilters.Slot backwardFilter;

    private FilterRun(FilterPlan plan, Activation activation, boolean hasBias, Binding binding) {
        this(plan, null, binding.outputLength(), activation, hasBias, binding);
    }

    private FilterRun(FilterPlan plan, ConvPlan pooling, int outputLength, Activation activation, boolean hasBias, Binding binding) {
        this.binding = binding;
        this.plan = plan;
        this.pooling = pooling;
        this.places = pooling != null && binding.trains(0) ? new int[outputLength] : null;
        this.outputLength = outputLength;
        this.activation = activation;
        this.hasBias = hasBias;
        this.channels = binding.output().channels();
        int rows = outputLength / channels;
        this.blockRows = Math.ceilDiv(rows, Math.clamp(outputLength / BLOCK_FLOATS, 1, MOST_BLOCKS));
        this.blocks = Math.ceilDiv(rows, blockRows);
        this.blockSums = new float[binding.trains(1) ? blocks * channels : 0];
    }

    static FilterRun convolution(ConvShape shape, Activation activation, boolean hasBias, Binding binding) {
        ConvPlan plan = ConvPlan.of(shape);
        return new FilterRun((binding.winograd() ? plan : plan.withoutWinograd()).withActivation(activation), activation, hasBias, binding);
    }

    /**
     * With ReLU and a max-pooling of 2x2 behind it, which this run does, too: y and dy of its frame are the pooling's, and dx is not wanted
     * ({@link Pairs}).
     */
    static FilterRun pooled(ConvShape shape, boolean hasBias, Binding binding) {
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU).withMaxPool();
        return new FilterRun(plan, plan, plan.pooledLength(), Activation.RELU, hasBias, binding);
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
        long bytes = (long) Float.BYTES * blockSums.length + plan.filterBytes(Pass.FORWARD);
        if (pooling != null) {
            return bytes + (places == null ? 0 : (long) Integer.BYTES * places.length);
        }
        return bytes + (backward ? plan.filterBytes(Pass.GRAD_INPUT) : 0);
    }

    /** The part of {@link #ownBytes} that is shared with a run that put the keys of its filters into {@code seen}; its own are added. */
    long sharedBytes(boolean backward, Set<String> seen) {
        long bytes = seen.add(SharedFilters.key(plan, Pass.FORWARD)) ? 0 : plan.filterBytes(Pass.FORWARD);
        boolean again = backward && pooling == null && !seen.add(SharedFilters.key(plan, Pass.GRAD_INPUT));
        return bytes + (again ? plan.filterBytes(Pass.GRAD_INPUT) : 0);
    }

    @Override
    public void forward(Frame frame) {
        if (forwardFilter == null) {
            forwardFilter = slot(Pass.FORWARD, frame);
        }
        PackedFilter filter = forwardFilter.packed(this, plan, Pass.FORWARD, frame, binding.offset(0));
        float[] bias = hasBias ? frame.parameters() : null;
        int biasOffset = hasBias ? binding.offset(1) : 0;
        if (places != null) {
            pooling.forward(frame.x(0), frame.xOffset(0), filter, bias, biasOffset, frame.y(), frame.yOffset(), places,
                    frame.workspace());
        } else {
            plan.forward(frame.x(0), frame.xOffset(0), filter, bias, biasOffset, frame.y(), frame.yOffset(), frame.workspace());
        }
    }

    @Override
    public void backward(Frame frame) {
        if (activation != Activation.NONE || binding.trains(1)) {
            this.frame = frame;
            frame.workspace().threads().run(blocks, undoing);
        }
        if (binding.trains(1)) {
            gradBias(frame);
        }
        if (places != null) {
            pooling.gradWeight(frame.x(0), 0, places, frame.dy(), 0, frame.gradients(), binding.offset(0), frame.gradientMode(),
                    frame.workspace());
        } else if (binding.trains(0)) {
            plan.gradWeight(frame.x(0), 0, frame.dy(), 0, frame.gradients(), binding.offset(0), frame.gradientMode(),
                    frame.workspace());
        }
        if (frame.dx(0) != null) {
            if (backwardFilter == null) {
                backwardFilter = slot(Pass.GRAD_INPUT, frame);
            }
            PackedFilter filter = backwardFilter.packed(this, plan, Pass.GRAD_INPUT, frame, binding.offset(0));
            plan.gradInput(frame.dy(), 0, filter, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
        }
    }

    /** Undoes the activation in dy, and sums what comes out while it is in the cache. */
    private void undo(int block) {
        int from = block * blockRows * channels;
        int rows = Math.min(blockRows, outputLength / channels - block * blockRows);
        if (activation != Activation.NONE) {
            Eltwise.gradInput(activation, frame.y(), from, frame.dy(), from, frame.dy(), from, rows * channels, WriteMode.OVERWRITE);
        }
        if (binding.trains(1)) {
            Reduce.sumPerChannel(frame.dy(), from, rows, channels, blockSums, block * channels, WriteMode.OVERWRITE);
        }
    }

    private void gradBias(Frame frame) {
        float[] dbias = frame.gradients();
        int at = binding.offset(1);
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int block = 0; block < blocks; block++) {
                sum += blockSums[block * channels + c];
            }
            dbias[at + c] = (float) (frame.gradientMode() == WriteMode.ACCUMULATE ? dbias[at + c] + sum : sum);
        }
    }

    private SharedFilters.Slot slot(Pass pass, Frame frame) {
        return frame.filters == null ? new SharedFilters.Slot(plan.newFilter(pass)) : frame.filters.slot(plan, pass);
    }
}
