package lanewise.infer;

import java.util.List;
import lanewise.internal.eltwise.Replication;
import lanewise.layer.Node;
import lanewise.layer.Resize;
import lanewise.layer.ResizeCoordinates;
import lanewise.layer.ResizeMode;
import lanewise.layer.ResizeRounding;
import lanewise.layer.Shape;

/** A picture whose pixels are repeated a whole number of times, written where a concatenation wants it. */
final class ReplicationOp extends Op {

    private final Node node;
    private final int batch;

    ReplicationOp(Node node, int batch, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
        this.batch = batch;
    }

    /** Whether the layer repeats the pixels of {@code height x width x channels} and does nothing else. */
    static boolean does(Resize resize, Shape in) {
        boolean repeats = in.rank() == 3 && resize.mode() == ResizeMode.NEAREST && resize.coordinates() == ResizeCoordinates.ASYMMETRIC
                && resize.rounding() == ResizeRounding.FLOOR && resize.sizes().get(2) == in.channels();
        for (int axis = 0; repeats && axis < 3; axis++) {
            float scale = resize.scales().get(axis);
            repeats = scale == Math.rint(scale) && resize.sizes().get(axis) == (long) scale * in.dim(axis);
        }
        return repeats;
    }

    @Override
    boolean writesParts() {
        return true;
    }

    @Override
    Step toStep(Arena arena) {
        Shape in = node.inputShapes().getFirst();
        int factorH = node.shape().dim(0) / in.dim(0);
        int factorW = node.shape().dim(1) / in.dim(1);
        int stride = output.stride();
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        return Step.of(node.name() + ": every pixel of " + in + " " + factorH + "x" + factorW + " times", context ->
                Replication.run(context.array(from), context.offset(from), batch * in.dim(0), in.dim(1), in.channels(), factorH, factorW,
                        context.array(to), context.offset(to), stride));
    }
}
