package lanewise.layer;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.Eltwise;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.Reduce;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;

/**
 * A convolution with ReLU and the 2x2 max-pooling behind it, trained as one, where nobody else reads the convolution's output and nobody
 * wants the gradient of its input: the first layers of a small network.
 *
 * <p>The convolution computes the pooled outputs, and remembers the places of the maxima. Three of four gradients before the pooling are
 * 0; so {@code dw} is a sum over the pooled outputs, and no gradient of the convolution's output is ever written. Two runs share this
 * work, since the network has two nodes: of the array between them the first quarter is used, forward for the pooled outputs and backward
 * for their gradient after ReLU.
 *
 * <p>A context that keeps all shows the convolution's output, too, and computes it for that alone: the bits of a step are the same.
 */
final class PooledConv {

    /** A block of pooled outputs, at most; its border must not depend on the threads. */
    private static final int BLOCK_FLOATS = 1 << 14;
    private static final int MOST_BLOCKS = 16;

    private final Binding binding;
    private final ConvPlan plan;
    private final boolean hasBias;
    /** Of the pooled outputs. */
    private final int length;
    private final int channels;
    private final int blockRows;
    private final int blocks;
    private final int[] places;
    private final float[] blockSums;
    /** The whole output in a context that keeps all, and then where the pooled one goes instead; else null. */
    private final ConvPlan whole;
    private final float[] pooled;
    private final Threads.Task undoing = (block, worker) -> undo(block);
    private Frame frame;
    private PackedFilter filter;
    private long version = -1;

    PooledConv(ConvolutionLayer layer, Binding binding, Shape output, boolean showsAll) {
        this.binding = binding;
        ConvPlan conv = ConvPlan.of(layer.convolution(binding.batch(), binding.input())).withActivation(layer.activation());
        plan = conv.withMaxPool();
        hasBias = layer.bias();
        length = Math.multiplyExact(binding.batch(), output.size());
        channels = output.channels();
        int rows = length / channels;
        blockRows = Math.ceilDiv(rows, Math.clamp(length / BLOCK_FLOATS, 1, MOST_BLOCKS));
        blocks = Math.ceilDiv(rows, blockRows);
        places = new int[plan.placesLength()];
        blockSums = new float[binding.trains(1) ? blocks * channels : 0];
        whole = showsAll ? conv : null;
        pooled = showsAll ? new float[length] : null;
    }

    /**
     * Whether {@code pool} and the convolution it reads are trained as one.
     *
     * @param wants for each node whether its gradient is computed
     */
    static boolean fits(Network network, boolean[] wants, Node pool) {
        if (!(pool.layer() instanceof MaxPool2d max) || !max.window().equals(Window.of(2, 2).withStride(2, 2))) {
            return false;
        }
        Node conv = pool.inputs().getFirst();
        List<Node> nodes = network.nodes();
        if (!(conv.layer() instanceof ConvolutionLayer layer) || layer.activation() != Activation.RELU || !wants[nodes.indexOf(conv)]
                || wants[nodes.indexOf(conv.inputs().getFirst())] || network.outputs().contains(conv)
                || nodes.stream().filter(node -> node.inputs().contains(conv)).count() > 1
                || !network.parameters().isTrained(network.parametersOf(conv).getFirst())) {
            return false;
        }
        Area area = Area.of(conv.shape());
        if (max.ceilMode() && (area.h() % 2 != 0 || area.w() % 2 != 0)) {
            return false;
        }
        ConvPlan plan = ConvPlan.of(layer.convolution(1, conv.inputs().getFirst().shape())).withActivation(Activation.RELU);
        return plan.pools() && plan.withMaxPool().trainsPooled();
    }

    /** The convolution's part. */
    LayerRun conv() {
        return new LayerRun() {
            @Override
            public int workspaceFloats() {
                return plan.workspaceFloats();
            }

            @Override
            public long ownBytes(boolean backward) {
                return Float.BYTES * ((long) places.length + blockSums.length + plan.filterFloats(Pass.FORWARD)
                        + (pooled == null ? 0 : pooled.length));
            }

            @Override
            public void forward(Frame frame) {
                convolve(frame);
            }

            @Override
            public void backward(Frame frame) {
                gradients(frame);
            }
        };
    }

    /** The pooling's part. */
    LayerRun pool() {
        return new LayerRun() {
            @Override
            public void forward(Frame frame) {
                System.arraycopy(pooled == null ? frame.x(0) : pooled, 0, frame.y(), 0, length);
            }

            @Override
            public void backward(Frame frame) {
                PooledConv.this.frame = frame;
                frame.workspace().threads().run(blocks, undoing);
            }
        };
    }

    private void convolve(Frame frame) {
        if (filter == null) {
            filter = plan.newFilter(Pass.FORWARD);
        }
        if (version != frame.parametersVersion()) {
            version = frame.parametersVersion();
            plan.repack(Pass.FORWARD, frame.parameters(), binding.offset(0), filter, frame.workspace());
        }
        float[] bias = hasBias ? frame.parameters() : null;
        int biasOffset = hasBias ? binding.offset(1) : 0;
        if (whole != null) {
            whole.forward(frame.x(0), 0, filter, bias, biasOffset, frame.y(), 0, frame.workspace());
        }
        plan.forwardWithPlaces(frame.x(0), 0, filter, bias, biasOffset, pooled == null ? frame.y() : pooled, 0, places, 0,
                frame.workspace());
    }

    /** Undoes ReLU for the pooled outputs, and sums what comes out while it is in the cache. */
    private void undo(int block) {
        int from = block * blockRows * channels;
        int rows = Math.min(blockRows, length / channels - block * blockRows);
        Eltwise.gradInput(Activation.RELU, frame.y(), from, frame.dy(), from, frame.dx(0), from, rows * channels, WriteMode.OVERWRITE);
        if (binding.trains(1)) {
            Reduce.sumPerChannel(frame.dx(0), from, rows, channels, blockSums, block * channels, WriteMode.OVERWRITE);
        }
    }

    private void gradients(Frame frame) {
        if (binding.trains(1)) {
            BlockSums.add(blockSums, blocks, channels, frame.gradients(), binding.offset(1), frame.gradientMode());
        }
        plan.gradWeightByPlaces(frame.x(0), 0, places, 0, frame.dy(), 0, frame.gradients(), binding.offset(0), frame.gradientMode(),
                frame.workspace());
    }
}
