package lanewise.internal.conv;

import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.PixelGemm;
import lanewise.kernel.ConvShape;

/**
 * {@code forward} for images of fewer than 16 channels, the first layers of most networks: there the channels do not fill the 16
 * floats in which the other paths copy.
 *
 * <p>The rows that a strip of outputs sees are copied once, with their padding, split by phase:
 *
 * <pre>strip[e % (strideW C)][row][e / (strideW C)],   e = column C + channel</pre>
 *
 * <p>so that one tap of neighbouring pixels is a run of neighbouring floats, whatever the stride, and the depth of the product is
 * exactly R S C.
 */
public final class FewChannelConv implements ConvKernel {

    private static final int MOST_CHANNELS = Panels.DEPTH - 1;

    /** Rows of the output in one strip, at least: the rows between two strips are copied twice. */
    private static final int STRIP_ROWS = 8;

    /** Floats of a strip of more rows: 64 KB of L2; what one row of outputs sees of it is a part of L1. */
    private static final int STRIP_FLOATS = 1 << 14;

    /** Floats of rows that are copied as one, at most: a part of L1, as every phase passes over them again. */
    private static final int RUN_FLOATS = 1 << 12;

    /** Floats of the filter that serve a row of outputs at a time, so that its pixels are written whole: most of L1. */
    private static final int FILTER_FLOATS = 10_000;

    /** The largest strip: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    private final ConvShape shape;
    private final int p;
    private final int q;
    /** Floats from one pixel's window to the next in a source row. */
    private final int step;
    private final int slots;
    /** Floats of one phase of a strip. */
    private final int plane;
    private final int[] taps;
    private final int stripRows;
    /** For each phase, the slots that hold pixels of the image; those before and after are padding. */
    private final int[] begin;
    private final int[] end;
    private final String layout;

    private FewChannelConv(ConvShape shape) {
        this.shape = shape;
        layout = "columns " + FilterPanels.sizes(shape, shape.k());
        p = shape.p();
        q = shape.q();
        step = shape.strideW() * shape.c();
        int span = ((q - 1) * shape.strideW() + (shape.s() - 1) * shape.dilationW() + 1) * shape.c();
        slots = (span + step - 1) / step;
        stripRows = Math.clamp(STRIP_FLOATS / ((long) shape.strideH() * step * slots), Math.min(STRIP_ROWS, p), p);
        plane = Math.multiplyExact(sourceRows(stripRows), slots);
        begin = new int[step];
        end = new int[step];
        for (int phase = 0; phase < step; phase++) {
            long left = (long) shape.padLeft() * shape.c() - phase + step - 1;
            begin[phase] = Math.clamp(left / step, 0, slots);
            end[phase] = Math.clamp((left + shape.w() * shape.c()) / step, begin[phase], slots);
        }
        taps = new int[shape.r() * shape.s() * shape.c()];
        for (int t = 0; t < taps.length; t++) {
            int c = t % shape.c();
            int s = t / shape.c() % shape.s();
            int r = t / shape.c() / shape.s();
            int e = s * shape.dilationW() * shape.c() + c;
            taps[t] = e % step * plane + r * shape.dilationH() * slots + e / step;
        }
    }

    /** Null, or why {@code forward} does not do this shape. */
    public static String refusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (shape.c() > MOST_CHANNELS) {
            return shape.c() + " input channels: only 1 to " + MOST_CHANNELS;
        }
        if (shape.strideW() > shape.s()) {
            return "stride " + shape.strideW() + " over " + shape.s() + " columns: pixels that no tap sees would be copied";
        }
        double rows = (Math.min(STRIP_ROWS, shape.p()) - 1.0) * shape.strideH() + (shape.r() - 1.0) * shape.dilationH() + 1;
        double columns = (shape.q() - 1.0) * shape.strideW() + (shape.s() - 1.0) * shape.dilationW() + 1 + shape.strideW();
        double floats = rows * columns * shape.c() + (double) shape.q() * Panels.WIDTH + STRIP_FLOATS;
        return floats <= MOST_FLOATS ? null
                : "a strip of " + (long) floats + " floats: more than " + MOST_FLOATS;
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        return new FewChannelConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return Math.multiplyExact(taps.length, Panels.paddedColumns(shape.k()));
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        Panels.packColumns(w, wOffset, shape.k(), taps.length, shape.k(), 1, packed, 0, taps.length);
    }

    /** Fewer rows for several workers, so that one image feeds them all, unless there are images enough. */
    private int stripRows(int workers) {
        return RowBlocks.enough(shape.n(), workers) ? stripRows : Math.min(stripRows, STRIP_ROWS);
    }

    private int sourceRows(int rows) {
        return (rows - 1) * shape.strideH() + (shape.r() - 1) * shape.dilationH() + 1;
    }

    @Override
    public boolean fuses() {
        return true;
    }

    @Override
    public int workFloats() {
        int tile = q * Panels.WIDTH;
        return Math.addExact(RowBlocks.biasFloats(shape.k()) + tile, Math.multiplyExact(step, plane));
    }

    private int strips(int workers) {
        return (p + stripRows(workers) - 1) / stripRows(workers);
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * strips(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int strips = strips(workers);
        int image = task / strips;
        int first = task % strips * stripRows(workers);
        int rows = Math.min(stripRows(workers), p - first);
        int tile = workOffset + RowBlocks.biasFloats(shape.k());
        int strip = tile + q * Panels.WIDTH;
        RowBlocks.bias(args, 0, shape.k(), work, workOffset);
        fill(args, image, first, rows, work, strip);
        int pixel = (image * p + first) * q;
        int out = args.outOffset + pixel * args.outStride;
        if (args.residual != null) {
            startFromResidual(args, pixel, rows * q, work, workOffset);
        }
        boolean fresh = !args.plus && args.residual == null;
        int together = Math.max(1, FILTER_FLOATS / (taps.length * Panels.WIDTH)) * Panels.WIDTH;
        for (int columns = 0; columns < shape.k(); columns += together) {
            int end = Math.min(columns + together, shape.k());
            for (int i = 0; i < rows; i++) {
                int row = out + i * q * args.outStride;
                for (int column = columns; column < end; column += Panels.WIDTH) {
                    PixelGemm.run(q, Math.min(Panels.WIDTH, end - column), work, strip + i * shape.strideH() * slots, taps,
                            args.filter, args.filterOffset + column * taps.length, work, workOffset + column, fresh,
                            RowBlocks.reluInside(args),
                            args.out, row + column, args.outStride, work, tile);
                }
                if (end == shape.k()) {
                    RowBlocks.activateRow(args, row, q, shape.k()); // while it is in the cache
                }
            }
        }
    }

    /** Lays out residual and bias where the sums then go on. */
    private void startFromResidual(ConvArgs args, int pixel, int pixels, float[] bias, int biasOffset) {
        for (int i = pixel; i < pixel + pixels; i++) {
            Arithmetic.add(args.residual, args.residualOffset + i * shape.k(), bias, biasOffset,
                    args.out, args.outOffset + i * args.outStride, shape.k());
        }
    }

    private void fill(ConvArgs args, int image, int first, int rows, float[] work, int strip) {
        int rowLength = shape.w() * shape.c();
        int top = first * shape.strideH() - shape.padTop();
        int from = args.sourceOffset + (image * shape.h() + top) * rowLength - shape.padLeft() * shape.c();
        int sourceRows = sourceRows(rows);
        boolean noPadding = top >= 0 && top + sourceRows <= shape.h() && shape.padLeft() == 0 && slots * step == rowLength;
        if (noPadding && sourceRows * rowLength <= RUN_FLOATS) { // one row follows the other
            for (int phase = 0; phase < step; phase++) {
                StridedCopy.run(step, args.source, from + phase, work, strip + phase * plane, sourceRows * slots);
            }
            return;
        }
        for (int row = 0; row < sourceRows; row++) { // all phases of a row, while it is in L1
            boolean inside = top + row >= 0 && top + row < shape.h();
            for (int phase = 0; phase < step; phase++) {
                int to = strip + phase * plane + row * slots;
                int begin = inside ? this.begin[phase] : slots;
                int end = inside ? this.end[phase] : slots;
                for (int slot = 0; slot < begin; slot++) {
                    work[to + slot] = 0;
                }
                if (begin < end) {
                    StridedCopy.run(step, args.source, from + row * rowLength + begin * step + phase, work, to + begin,
                            end - begin);
                }
                for (int slot = end; slot < slots; slot++) {
                    work[to + slot] = 0;
                }
            }
        }
    }
}
