package lanewise.internal.conv;

import lanewise.internal.gemm.OuterGemm;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;

/**
 * The weight gradient as a matrix product over all pixels,
 *
 * <pre>dw[(r, s, c)][k] (+)= sum over npq of patch(x)[npq][rsc] dy[npq][k]</pre>
 *
 * <p>Both sides are copied in pieces from channels-last rows; neither is transposed. A task is a range of dw's rows, so that each
 * weight is summed by one worker in the order of the pixels.
 *
 * <pre>
 * loop 4  chunks of pixels       dy is packed here: K x 128 floats, in L2 or L3
 * loop 3  blocks of dw rows      patches are packed here, outer panels of 128 pixels
 * loop 2  column panels of dy    16 KB, stays in L1
 * loop 1  outer panels
 * </pre>
 */
final class GemmGradWeight implements ConvKernel {

    /** Pixels of a chunk. */
    private static final int CHUNK = 128;

    /** Floats by which packed dy is moved to a cache line. */
    private static final int LINE = 16;

    /**
     * Outer panels packed together: 84 x 14 x 128 floats are 602 KB of a 1 MB L2. If all pixels are one chunk, the sums are written
     * once and never read: then 20, so that rows of dw are whole before they leave the cache.
     */
    private static final int PANELS = 84;
    private static final int PANELS_OF_ONE_CHUNK = 20;

    private final PatchGrid grid;
    private final int groups;
    private final int outside;

    GemmGradWeight(PatchGrid grid, int groups, int outside) {
        this.grid = grid;
        this.groups = groups;
        this.outside = outside;
    }

    private int chunk() {
        return Math.min(CHUNK, grid.rows());
    }

    private int packedDy() {
        return OuterGemm.paddedDepth(chunk()) * Panels.paddedColumns(outside);
    }

    private int panelsTogether() {
        return Math.min(panels(), grid.rows() > CHUNK ? PANELS : PANELS_OF_ONE_CHUNK);
    }

    private int panels() {
        return OuterGemm.panels(grid.depth());
    }

    @Override
    public int workFloats() {
        int patches = panelsTogether() * OuterGemm.panelStride(chunk());
        return Panels.WIDTH + OuterGemm.TILE_FLOATS + LINE + packedDy() + patches;
    }

    /** One worker packs dy once; several divide the rows of each group. */
    @Override
    public int tasks(int workers) {
        return groups * parts(workers);
    }

    private int parts(int workers) {
        return workers == 1 || groups >= 4 * workers ? 1 : Math.min(panels(), 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = parts(workers);
        int group = task / parts;
        int part = task % parts;
        int firstPanel = (int) ((long) panels() * part / parts);
        int endPanel = (int) ((long) panels() * (part + 1) / parts);
        int tile = workOffset + Panels.WIDTH;
        int dy = Simd.lineFrom(tile + OuterGemm.TILE_FLOATS);
        int patches = dy + packedDy();
        int k = groups * outside;
        java.util.Arrays.fill(work, workOffset, tile, 0);
        for (long at = 0; at < grid.rows(); at += chunk()) { // loop 4
            int pixel = (int) at;
            int pixels = Math.min(chunk(), grid.rows() - pixel);
            int panelStride = OuterGemm.panelStride(pixels);
            Panels.packColumns(args.dy, args.dyOffset + pixel * k + group * outside, k, pixels, outside, 1,
                    work, dy, OuterGemm.paddedDepth(pixels));
            boolean first = pixel == 0 && !args.plus;
            for (int panel = firstPanel; panel < endPanel; panel += panelsTogether()) { // loop 3
                int end = Math.min(endPanel, panel + panelsTogether());
                grid.packOuter(args.source, args.sourceOffset, group * grid.channels, pixel, pixels, panel, end,
                        work, patches, panelStride);
                OuterGemm.pad(end - panel, pixels, work, patches, panelStride);
                multiply(args, group, panel, end, pixels, first, work, workOffset, tile, dy, patches);
            }
        }
    }

    /** Loops 2 and 1. */
    private void multiply(ConvArgs args, int group, int panel, int end, int pixels, boolean first,
                          float[] work, int zeros, int tile, int dy, int patches) {
        int k = groups * outside;
        int depth = OuterGemm.paddedDepth(pixels);
        for (int column = 0; column < outside; column += Panels.WIDTH) {
            int columns = Math.min(Panels.WIDTH, outside - column);
            for (int p = panel; p < end; p++) {
                int row = p * OuterGemm.HEIGHT;
                OuterGemm.tile(Math.min(OuterGemm.HEIGHT, grid.depth() - row), columns,
                        work, patches + (p - panel) * OuterGemm.panelStride(pixels), depth, work, dy + column * depth, first,
                        args.out, args.outOffset + row * k + group * outside + column, k, work, zeros, tile);
            }
        }
    }
}
