package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.MatrixRows;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.simd.Lanes;
import lanewise.kernel.ConvShape;

/**
 * {@code gradInput} into few channels as a matrix product and a sum over what overlaps (col2im):
 *
 * <pre>
 * columns[pq][(r, s, c)] = sum over k of dy[pq][k] w[r, s, c][k]
 * dx[p u + r d][q v + s][c] (+)= columns[pq][(r, s, c)]
 * </pre>
 *
 * <p>The paths that gather patches of dy have C columns in their product, a fraction of a vector; this one has R S C. The part of
 * {@code columns} that belongs to one row of the filter is a run of S C floats, and so is its place in dx: the sum takes a load, an
 * addition and a store for each vector of it. {@code columns} is made for a block of pixels at a time and stays in the L2 cache.
 *
 * <p>A task is an image: its sums are taken in the order of the pixels.
 */
final class ColumnsConv implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** More channels than these fill a vector well enough. */
    private static final int MOST_CHANNELS = 12;

    /** The largest scratch image: 64 MB. */
    static final int MOST_FLOATS = 1 << 24;

    /** Floats of a block of columns, about. */
    private static final int BLOCK_FLOATS = 1 << 15;

    private final ConvShape shape;
    /** Columns of the product, R S C, and in whole vectors. */
    private final int depth;
    private final int padded;
    private final int blockRows;
    private final int width;
    private final int height;
    private final MatrixRows dyRows;
    private final String layout;

    private ColumnsConv(ConvShape shape) {
        this.shape = shape;
        depth = shape.r() * shape.s() * shape.c();
        padded = Panels.paddedColumns(depth);
        int most = Math.min(BLOCK_FLOATS / padded, RowGemm.blockRows(Panels.blocks(shape.k()), depth));
        blockRows = Math.max(1, most / Panels.ROWS) * Panels.ROWS;
        // All that taps reach, and all of dx: with strides or padding, neither need contain the other.
        width = Math.max((shape.q() - 1) * shape.strideW() + shape.s(), shape.padLeft() + shape.w());
        height = Math.max((shape.p() - 1) * shape.strideH() + (shape.r() - 1) * shape.dilationH() + 1, shape.padTop() + shape.h());
        dyRows = new MatrixRows(shape.k(), false);
        layout = "columns " + FilterPanels.sizes(shape, shape.k()) + " transposed";
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.c() > MOST_CHANNELS) {
            return shape.c() + " input channels: only 1 to " + MOST_CHANNELS;
        }
        String refusal = PatchStrip.refusal(shape);
        if (refusal != null) {
            return refusal;
        }
        double rows = Math.max((shape.p() - 1.0) * shape.strideH() + (shape.r() - 1.0) * shape.dilationH() + 1,
                (double) shape.padTop() + shape.h());
        double columns = Math.max((shape.q() - 1.0) * shape.strideW() + shape.s(), (double) shape.padLeft() + shape.w());
        double floats = rows * columns * shape.c()
                + Panels.ROWS * ((double) shape.r() * shape.s() * shape.c() + shape.k() + 2 * Panels.WIDTH);
        return floats <= MOST_FLOATS ? null : "a scratch image of " + (long) floats + " floats: more than " + MOST_FLOATS;
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new ColumnsConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return Panels.columnPanelFloats(shape.k(), depth);
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        Panels.packColumnsTransposed(w, wOffset, shape.k(), shape.k(), depth, 1, packed, 0, Panels.blocks(shape.k()) * Panels.DEPTH);
    }

    private int imageFloats() {
        return height * width * shape.c();
    }

    @Override
    public int workFloats() {
        return RowBlocks.biasFloats(padded) + imageFloats() + LANES + blockRows * padded
                + RowGemm.workFloats(blockRows, Panels.blocks(shape.k()));
    }

    @Override
    public int tasks(int workers) {
        return shape.n();
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int zeros = workOffset;
        int image = zeros + RowBlocks.biasFloats(padded);
        int columns = image + imageFloats() + LANES;
        int product = columns + blockRows * padded;
        int pixels = shape.p() * shape.q();
        Arrays.fill(work, zeros, image, 0);
        start(args, work, image);
        for (int pixel = 0; pixel < pixels; pixel += blockRows) {
            int count = Math.min(blockRows, pixels - pixel);
            RowGemm.run(dyRows, args.source, args.sourceOffset, shape.k(), task * pixels + pixel, count, 0, shape.k(),
                    args.filter, args.filterOffset, padded, work, zeros, false, work, columns, padded, work, product);
            add(pixel, count, work, columns, image);
        }
        finish(args, task, work, image);
    }

    /** The bias, or zeros, at every pixel of the scratch image. */
    private void start(ConvArgs args, float[] work, int image) {
        int c = shape.c();
        Arrays.fill(work, image, image + imageFloats() + LANES, 0);
        for (int i = 0; args.bias != null && i < imageFloats(); i += c) {
            System.arraycopy(args.bias, args.biasOffset, work, image + i, c);
        }
    }

    /**
     * Adds a block of columns. Neighbouring pixels overlap, and a load that meets two stores on their way to the cache has to wait
     * for both; so pixels side by side follow each other, and what overlaps them later.
     */
    private void add(int pixel, int count, float[] work, int columns, int image) {
        int q = shape.q();
        int line = width * shape.c();
        int apart = (shape.s() - 1) / shape.strideW() + 1;
        for (int phase = 0; phase < apart; phase++) {
            for (int p = pixel / q; p * q < pixel + count; p++) {
                int first = Math.max(0, pixel - p * q);
                int end = Math.min(q, pixel + count - p * q);
                first += Math.floorMod(phase - first, apart);
                int to = image + p * shape.strideH() * line + first * shape.strideW() * shape.c();
                addRuns((end - first + apart - 1) / apart, work, columns + (p * q + first - pixel) * padded, apart * padded,
                        to, apart * shape.strideW() * shape.c(), shape.r(), shape.s() * shape.c(), shape.dilationH() * line);
            }
        }
    }

    /** {@code to[j toStep + r line + i] += from[j fromStep + r run + i]} for {@code j < pixels, r < runs, i < run}. */
    private static void addRuns(int pixels, float[] work, int from, int fromStep, int to, int toStep, int runs, int run, int line) {
        int whole = S.loopBound(run);
        VectorMask<Float> tail = Lanes.INDEX.compare(VectorOperators.LT, run - whole);
        for (int j = 0; j < pixels; j++) {
            int at = from + j * fromStep;
            int sum = to + j * toStep;
            for (int r = 0; r < runs; r++) {
                for (int i = 0; i < whole; i += LANES) {
                    FloatVector.fromArray(S, work, sum + i).add(FloatVector.fromArray(S, work, at + i)).intoArray(work, sum + i);
                }
                FloatVector old = FloatVector.fromArray(S, work, sum + whole);
                old.add(FloatVector.fromArray(S, work, at + whole), tail).intoArray(work, sum + whole);
                at += run;
                sum += line;
            }
        }
    }

    /** Writes the part of the scratch image that is no padding. */
    private void finish(ConvArgs args, int task, float[] work, int image) {
        int row = shape.w() * shape.c();
        int first = args.outOffset + task * shape.h() * row;
        for (int h = 0; h < shape.h(); h++) {
            int out = first + h * row;
            int from = image + ((h + shape.padTop()) * width + shape.padLeft()) * shape.c();
            if (args.plus) {
                for (int i = 0; i < row; i++) {
                    args.out[out + i] += work[from + i];
                }
            } else {
                System.arraycopy(work, from, args.out, out, row);
            }
        }
        RowBlocks.activateAny(args, first, shape.h() * row);
    }
}
