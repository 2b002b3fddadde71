package lanewise.infer;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.kernel.ConvShape;

/**
 * A block of MobileNet's kind: a depthwise 3x3 convolution, a 1x1 convolution behind it and, mostly, one before it, which run by
 * bands of rows. What lies between them has several times the channels of the block's input and output; by bands it stays in the
 * second cache, where by layers it goes through the third or through memory (NOTES 86).
 */
final class BandOp extends Op {

    /** Floats of one image's values between the layers from which on it pays: 2 MB. */
    private static final long LEAST_FLOATS = 1 << 19;

    /** Null if there is none. */
    private final ConvOp expand;
    private final ConvOp depthwise;
    private final ConvOp project;

    private BandOp(ConvOp expand, ConvOp depthwise, ConvOp project) {
        super(List.of(), project.output);
        this.expand = expand;
        this.depthwise = depthwise;
        this.project = project;
    }

    /**
     * Replaces the layers of each such block in {@code ops}, which run one after the other.
     *
     * @param readOnce whether a value has one reader
     */
    static void join(List<Op> ops, Predicate<Value> readOnce) {
        for (int i = 1; i < ops.size(); i++) {
            if (ops.get(i - 1) instanceof ConvOp depthwise && ops.get(i) instanceof ConvOp project && fits(depthwise, project)
                    && feeds(depthwise, project, readOnce)) {
                ConvOp expand = i > 1 && ops.get(i - 2) instanceof ConvOp before && isPointwise(before)
                        && feeds(before, depthwise, readOnce) ? before : null;
                ops.set(i, new BandOp(expand, depthwise, project));
                ops.subList(i - (expand == null ? 1 : 2), i).clear();
                i -= expand == null ? 1 : 2;
            }
        }
    }

    private static boolean fits(ConvOp depthwise, ConvOp project) {
        ConvShape shape = depthwise.plan().shape();
        boolean window = depthwise.algorithm().equals("SlidingDepthwiseConv") && shape.padTop() <= 1 && shape.padBottom() <= 1;
        long floats = ((long) shape.xLength() + shape.yLength()) / shape.n();
        return window && floats >= LEAST_FLOATS && isPointwise(project) && !project.pools() && project.output.isDense();
    }

    private static boolean isPointwise(ConvOp op) {
        return op.algorithm().equals("PointwiseConv");
    }

    /** Whether {@code from} makes nothing but the input of {@code to}, which nothing else reads, nor that one in another shape. */
    private static boolean feeds(ConvOp from, ConvOp to, Predicate<Value> readOnce) {
        ConvShape made = from.plan().shape();
        ConvShape read = to.plan().shape();
        boolean same = made.p() == read.h() && made.q() == read.w() && made.k() == read.c();
        return same && from.output == to.x && readOnce.test(from.output) && from.output.kind() == Value.Kind.ARENA
                && from.output.isRoot() && from.reads().size() == 1 && !from.pools();
    }

    /** The layers in their order. */
    List<ConvOp> layers() {
        return Stream.of(expand, depthwise, project).filter(Objects::nonNull).toList();
    }

    /** What the layers read, what lies between them too. */
    @Override
    List<Value> reads() {
        return layers().stream().flatMap(layer -> layer.reads().stream()).distinct().toList();
    }

    /**
     * A row of the residual is read when it is written over. If it is a row of the block's input, it has been expanded by then, as long as
     * rows of both are as many and as long; without an expansion the next band's windows still need it.
     */
    @Override
    boolean mayOverwrite(Value input) {
        ConvShape shape = depthwise.plan().shape();
        boolean rowByRow = expand != null && shape.p() == shape.h() && shape.q() == shape.w();
        return project.mayOverwrite(input) && (rowByRow || input != layers().getFirst().x);
    }

    @Override
    long filterFloats() {
        return layers().stream().mapToLong(Op::filterFloats).sum();
    }

    @Override
    int tiles() {
        int tiles = 0;
        for (ConvOp layer : layers()) {
            tiles |= layer.tiles();
        }
        return tiles;
    }

    @Override
    Stream<Supplier<Rehearsal>> rehearsals() {
        return layers().stream().flatMap(Op::rehearsals);
    }

    @Override
    Step toPlainStep(Arena arena) {
        List<Step> steps = layers().stream().map(layer -> layer.toPlainStep(arena)).toList();
        return Step.of(steps.toString(), context -> steps.forEach(step -> step.run(context, null)));
    }

    @Override
    Step toStep(Arena arena) {
        return new BandStep(expand, depthwise, project, arena);
    }
}
