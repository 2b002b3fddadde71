package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.simd.Lanes;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * {@code gradInput} into few channels, with the sum over the rows of the filter inside the product and the one over its columns behind:
 *
 * <pre>
 * columns[h][q][(s, c)] = sum over r, k of dy[h + padTop - r d][q][k] w[r, s, c][k]
 * dx[h][q v + s - padLeft][c] (+)= columns[h][q][(s, c)]
 * </pre>
 *
 * <p>{@link ColumnsConv} has a product as deep as K, and adds R runs of S C floats for each pixel of dy in memory. This one is R times as
 * deep, so that most of these sums stay in registers, and adds one run for each pixel. It needs runs that fill their vectors, since every
 * row of the filter is padded to whole ones by itself.
 *
 * <p>Zeros between the runs let every vector of dx be the sum of whole vectors, whatever their offset: nothing is added in memory, where
 * the overlapping stores of neighbours would have to be waited for.
 *
 * <p>The rows of dy that a band of dx sees are copied into 16-channel blocks, those outside as zeros, and pixels follow each other without
 * a gap: a tile of 14 reaches over the end of a row, and multiplies by every row of the filter that one of its pixels sees.
 *
 * <p>A task is a band of an image. Where a band is cut follows from the shape.
 */
final class RowColumnsConv implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Floats of a band's dy and columns, about: with the filter they stay in L2. */
    private static final int BAND_FLOATS = 1 << 15;

    private final ConvShape shape;
    /** S C, the columns of the product, in whole vectors, and with the zeros behind them. */
    private final int run;
    private final int padded;
    private final int runStep;
    /** Blocks of 16 channels of dy. */
    private final int blocks;
    private final int bandRows;
    /** Floats of one block of a band's dy. */
    private final int plane;
    /** For each vector of a row of dx, the first pixel of dy whose run reaches it, and the last. */
    private final int[] firstRun;
    private final int[] lastRun;
    /** For the rows {@code first} to {@code last} of the filter: {@code taps[first * R + last - first]}. */
    private final int[][] taps;
    private final String layout;

    private RowColumnsConv(ConvShape shape) {
        this.shape = shape;
        run = shape.s() * shape.c();
        padded = Panels.paddedColumns(run);
        runStep = padded + LANES;
        blocks = Panels.blocks(shape.k());
        bandRows = Math.clamp(BAND_FLOATS / (shape.q() * (long) (blocks * Panels.DEPTH + runStep)), 1, shape.h());
        plane = Math.multiplyExact(sourceRows(bandRows) * shape.q(), Panels.DEPTH);
        int step = shape.strideW() * shape.c();
        firstRun = new int[(shape.w() * shape.c() - 1) / LANES + 1];
        lastRun = new int[firstRun.length];
        for (int i = 0; i < firstRun.length; i++) {
            int place = shape.padLeft() * shape.c() + i * LANES;
            firstRun[i] = Math.max(0, Math.ceilDiv(place - run + 1, step));
            lastRun[i] = Math.min(shape.q() - 1, (place + LANES - 1) / step);
        }
        taps = new int[shape.r() * shape.r()][];
        for (int first = 0; first < shape.r(); first++) {
            for (int last = first; last < shape.r(); last++) {
                taps[first * shape.r() + last - first] = taps(first, last);
            }
        }
        layout = "row columns " + FilterPanels.sizes(shape, shape.k()) + " transposed";
    }

    private int[] taps(int first, int last) {
        int[] made = new int[(last - first + 1) * blocks];
        for (int i = 0; i < made.length; i++) {
            int row = (shape.r() - 1 - first - i / blocks) * shape.dilationH();
            made[i] = i % blocks * plane + row * shape.q() * Panels.DEPTH;
        }
        return made;
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.strideH() != 1) {
            return "stride " + shape.strideH() + " from row to row: only 1";
        }
        if (shape.r() == 1) {
            return "1x" + shape.s() + " filter: there is no sum over rows";
        }
        long run = (long) shape.s() * shape.c();
        if (run > 1 << 12) {
            return "runs of " + run + " floats: more than " + (1 << 12);
        }
        if (4 * run < 3L * Panels.paddedColumns((int) run)) {
            return "runs of " + run + " floats: less than three quarters of " + Panels.paddedColumns((int) run) + " lanes";
        }
        if (4L * shape.k() < 3L * Panels.blocks(shape.k()) * Panels.DEPTH) {
            return shape.k() + " output channels: less than three quarters of " + Panels.blocks(shape.k()) * Panels.DEPTH;
        }
        String refusal = ColumnsConv.refusal(shape);
        if (refusal != null) {
            return refusal;
        }
        double sourceRows = (shape.r() - 1.0) * shape.dilationH() + 1;
        double floats = shape.q() * (sourceRows * (shape.k() + Panels.DEPTH) + run + Panels.WIDTH);
        return floats <= ColumnsConv.MOST_FLOATS ? null : "a band of " + (long) floats + " floats: more than " + ColumnsConv.MOST_FLOATS;
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new RowColumnsConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    /** Depths of a column panel. */
    private int depth() {
        return shape.r() * blocks * Panels.DEPTH;
    }

    @Override
    public int packedFloats() {
        return Panels.columnPanelFloats(depth(), run);
    }

    /** Column panels over {@code (s, c)}, in each {@code [r][k][lane]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        int rowDepth = blocks * Panels.DEPTH;
        for (int column = 0; column < run; column += Panels.WIDTH) {
            int columns = Math.min(Panels.WIDTH, run - column);
            for (int r = 0; r < shape.r(); r++) {
                Panels.packColumnsTransposed(w, wOffset + (r * run + column) * shape.k(), shape.k(), shape.k(), columns, 1, packed,
                        column * depth() + r * rowDepth * Panels.paddedColumns(columns), rowDepth);
            }
        }
    }

    /** Rows of dy that {@code rows} rows of dx see, the missing ones too. */
    private int sourceRows(int rows) {
        return rows + (shape.r() - 1) * shape.dilationH();
    }

    /** Floats of a row of dx, in whole vectors. */
    private int lineFloats() {
        return Simd.roundUp(shape.w() * shape.c(), LANES);
    }

    @Override
    public int workFloats() {
        return RowBlocks.biasFloats(padded) + RowGemm.TILE_FLOATS + blocks * plane + LANES + bandRows * shape.q() * runStep + lineFloats();
    }

    private int bands() {
        return (shape.h() - 1) / bandRows + 1;
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * bands();
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int image = task / bands();
        int first = task % bands() * bandRows;
        int rows = Math.min(bandRows, shape.h() - first);
        int tile = workOffset + RowBlocks.biasFloats(padded);
        int source = tile + RowGemm.TILE_FLOATS;
        int columns = source + blocks * plane + LANES;
        int line = columns + bandRows * shape.q() * runStep;
        Arrays.fill(work, workOffset, tile, 0);
        fill(args, image, first, rows, work, source);
        multiply(args, first, rows, work, tile, source, columns);
        separate(rows * shape.q(), work, columns + run, runStep, runStep - run);
        start(args, work, line);
        int length = shape.w() * shape.c();
        int out = args.outOffset + (image * shape.h() + first) * length;
        for (int h = 0; h < rows; h++) {
            int at = out + h * length;
            boolean whole = args.plus && args.out.length - at >= lineFloats();
            if (args.plus && !whole) {
                System.arraycopy(args.out, at, work, line, length);
            }
            sum(length, work, columns + h * shape.q() * runStep + shape.padLeft() * shape.c(), runStep - shape.strideW() * shape.c(),
                    firstRun, lastRun, whole ? args.out : work, whole ? at : line, args.out, at);
        }
        RowBlocks.activateAny(args, out, rows * length);
    }

    /** Copies the rows of dy in blocks. */
    private void fill(ConvArgs args, int image, int first, int rows, float[] work, int to) {
        int q = shape.q();
        int k = shape.k();
        int top = first + shape.padTop() - (shape.r() - 1) * shape.dilationH();
        for (int block = 0; block < blocks; block++) {
            int channels = Math.min(Panels.DEPTH, k - block * Panels.DEPTH);
            for (int row = 0; row < sourceRows(rows); row++) {
                int at = to + block * plane + row * q * Panels.DEPTH;
                int from = args.sourceOffset + (image * shape.p() + top + row) * q * k + block * Panels.DEPTH;
                if (top + row < 0 || top + row >= shape.p()) {
                    Arrays.fill(work, at, at + q * Panels.DEPTH, 0);
                } else if (k == Panels.DEPTH) {
                    System.arraycopy(args.source, from, work, at, q * Panels.DEPTH);
                } else {
                    for (int i = 0; i < q; i++) {
                        Panels.copyPart(args.source, from + i * k, channels, work, at + i * Panels.DEPTH);
                    }
                }
            }
        }
    }

    private void multiply(ConvArgs args, int first, int rows, float[] work, int tile, int source, int columns) {
        int pixels = rows * shape.q();
        for (int column = 0; column < run; column += Panels.WIDTH) {
            int width = Math.min(Panels.WIDTH, padded - column);
            for (int i = 0; i < pixels; i += Panels.ROWS) {
                int count = Math.min(Panels.ROWS, pixels - i);
                int top = first + shape.padTop() + i / shape.q();
                int bottom = first + shape.padTop() + (i + count - 1) / shape.q();
                // Rows of the filter that fall on a row of dy for the first pixel or the last.
                int from = Math.max(0, Math.ceilDiv(top - shape.p() + 1, shape.dilationH()));
                int last = Math.min(shape.r() - 1, bottom / shape.dilationH());
                if (from > last) { // a pixel that no output sees: times zeros
                    from = 0;
                    last = 0;
                }
                int b = args.filterOffset + column * depth() + from * blocks * Panels.DEPTH * width;
                int[] runs = taps[from * shape.r() + last - from];
                RowGemm.tile(count, width, work, source + i * Panels.DEPTH, runs, Panels.DEPTH, runs.length * Panels.DEPTH,
                        args.filter, b, b, 0, 0, null, 0, null, 0, 0, 0, work, columns + i * runStep + column, runStep, work, tile);
            }
        }
    }

    /** Writes {@code count} zeros, one to two vectors, behind each run, and a vector before the first. */
    private static void separate(int runs, float[] work, int at, int step, int count) {
        FloatVector.zero(S).intoArray(work, at + count - step - LANES);
        for (int i = 0; i < runs; i++) {
            FloatVector.zero(S).intoArray(work, at + i * step);
            FloatVector.zero(S).intoArray(work, at + i * step + count - LANES);
        }
    }

    /** The bias, or zeros, at every pixel of a row of dx. */
    private void start(ConvArgs args, float[] work, int line) {
        Arrays.fill(work, line, line + lineFloats(), 0);
        for (int i = 0; args.bias != null && i < shape.w() * shape.c(); i += shape.c()) {
            System.arraycopy(args.bias, args.biasOffset, work, line + i, shape.c());
        }
    }

    /**
     * {@code out[i] = init[i] + sum over q from first to last of i's vector, of work[at + q step + i]} for {@code i < length}, of which
     * whole vectors can be read.
     */
    private static void sum(int length, float[] work, int at, int step, int[] first, int[] last, float[] init, int initAt,
                            float[] out, int outAt) {
        int whole = S.loopBound(length);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector sum = FloatVector.fromArray(S, init, initAt + i);
            int end = last[i / LANES];
            for (int q = first[i / LANES]; q <= end; q++) {
                sum = FloatVector.fromArray(S, work, at + i + q * step).add(sum);
            }
            sum.intoArray(out, outAt + i);
        }
        if (whole < length) {
            VectorMask<Float> mask = Lanes.INDEX.compare(VectorOperators.LT, length - whole);
            FloatVector sum = FloatVector.fromArray(S, init, initAt + whole);
            int end = last[whole / LANES];
            for (int q = first[whole / LANES]; q <= end; q++) {
                sum = FloatVector.fromArray(S, work, at + whole + q * step).add(sum);
            }
            sum.intoArray(out, outAt + whole, mask);
        }
    }
}
