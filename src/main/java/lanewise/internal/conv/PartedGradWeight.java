package lanewise.internal.conv;

import java.util.function.Function;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * A weight gradient as the sum of those of parts of the batch, each by another kernel:
 *
 * <pre>dw (+)= dw(images of part 0) + dw(images of part 1) + ...      added in this order</pre>
 *
 * <p>A kernel whose tasks divide the weights lets every task pack or transform dy, or x, again, and has few tasks where there are few
 * channels; parts of the batch share nothing. How many there are follows from the shape alone, so the bits do not depend on the workers.
 * Each has a gradient of its own, at the very beginning of the workspace; that of the first is dw itself.
 */
final class PartedGradWeight implements ConvKernel {

    /** Parts, at most; a power of two, so that two workers have the same to do. */
    static final int MOST_PARTS = ConvArgs.PARTS;

    /** Outputs of a part, at least: each part transforms or transposes its sums once. */
    private static final int LEAST_PIXELS = 1 << 10;

    /** Floats of all gradients, at most: 1 MB. */
    private static final int MOST_FLOATS = 1 << 18;

    private final ConvShape shape;
    private final int parts;
    private final ConvKernel fewer;
    private final ConvKernel more;
    private final int xImage;
    private final int yImage;
    private final int sharedFloats;

    private PartedGradWeight(ConvShape shape, int parts, ConvKernel fewer, ConvKernel more, int yImage) {
        this.shape = shape;
        this.parts = parts;
        this.fewer = fewer;
        this.more = more;
        this.yImage = yImage;
        xImage = shape.xLength() / shape.n();
        sharedFloats = Simd.roundUp((parts - 1) * shape.wLength(), 16);
    }

    /** The kernel for {@code shape}, of parts where they pay. */
    static ConvKernel of(ConvShape shape, Function<ConvShape, ConvKernel> prepare) {
        int parts = parts(shape);
        if (parts == 1) {
            return prepare.apply(shape);
        }
        ConvKernel fewer = prepare.apply(shape.withBatch(shape.n() / parts));
        ConvKernel more = shape.n() % parts == 0 ? fewer : prepare.apply(shape.withBatch(shape.n() / parts + 1));
        return new PartedGradWeight(shape, parts, fewer, more, shape.yLength() / shape.n());
    }

    @Override
    public ConvKernel pooling() {
        ConvKernel pooled = fewer.pooling();
        return pooled == null ? null : new PartedGradWeight(shape, parts, pooled, more == fewer ? pooled : more.pooling(),
                shape.p() / 2 * (shape.q() / 2) * shape.k());
    }

    /** How many parts: 1, 2, 4 or 8. */
    static int parts(ConvShape shape) {
        long pixels = (long) shape.n() * shape.p() * shape.q();
        int parts = 1;
        while (2 * parts <= Math.min(MOST_PARTS, shape.n()) && pixels >= 2L * parts * LEAST_PIXELS
                && 2L * parts * shape.wLength() <= MOST_FLOATS) {
            parts *= 2;
        }
        return parts;
    }

    private int firstImage(int part) {
        return (int) ((long) shape.n() * part / parts);
    }

    private ConvKernel kernel(int part) {
        return firstImage(part + 1) - firstImage(part) == shape.n() / parts ? fewer : more;
    }

    /** The workers that share one part. */
    private int workersOfPart(int workers) {
        return (workers - 1) / parts + 1;
    }

    private int tasksOfPart(int workers) {
        return Math.max(fewer.tasks(workersOfPart(workers)), more.tasks(workersOfPart(workers)));
    }

    @Override
    public int workFloats() {
        return Math.addExact(sharedFloats, Math.max(fewer.workFloats(), more.workFloats()));
    }

    @Override
    public int tasks(int workers) {
        return parts * tasksOfPart(workers);
    }

    @Override
    public void begin(ConvArgs args, float[] work) {
        for (int part = 0; part < parts; part++) {
            ConvArgs own = args.parts[part];
            own.source = args.source;
            own.sourceOffset = args.sourceOffset + firstImage(part) * xImage;
            own.dy = args.dy;
            own.dyOffset = args.dyOffset + firstImage(part) * yImage;
            own.places = args.places;
            own.placesOffset = args.placesOffset + firstImage(part) * yImage;
            own.plus = part == 0 && args.plus;
            own.out = part == 0 ? args.out : work;
            own.outOffset = part == 0 ? args.outOffset : (part - 1) * shape.wLength();
            own.outStride = args.outStride;
        }
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int part = task / tasksOfPart(workers);
        int taskOfPart = task % tasksOfPart(workers);
        ConvKernel kernel = kernel(part);
        if (taskOfPart < kernel.tasks(workersOfPart(workers))) {
            kernel.run(args.parts[part], taskOfPart, workersOfPart(workers), work, workOffset + sharedFloats);
        }
    }

    @Override
    public void end(ConvArgs args, float[] work) {
        int length = shape.wLength();
        for (int part = 1; part < parts; part++) {
            Arithmetic.add(args.out, args.outOffset, work, (part - 1) * length, args.out, args.outOffset, length);
        }
    }
}
