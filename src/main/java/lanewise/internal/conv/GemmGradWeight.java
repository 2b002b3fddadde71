package lanewise.internal.conv;

import lanewise.internal.gemm.ColumnGemm;
import lanewise.internal.gemm.Panels;

/**
 * The weight gradient as a matrix product over all pixels,
 *
 * <pre>dw[(r, s, c)][k] (+)= sum over npq of patch(x)[npq][rsc] dy[npq][k]</pre>
 *
 * <p>Both sides are copied in grains from channels-last rows; neither is transposed. A task is a range of dw's rows, so that each
 * weight is summed by one worker in the order of the pixels.
 *
 * <pre>
 * loop 4  chunks of pixels       dy is packed here: K x 256 floats, in L2 or L3
 * loop 3  blocks of dw rows      patches are packed here, 16 rows x 256 pixels each
 * loop 2  column panels of dy    32 KB, stays in L1
 * loop 1  16-row blocks
 * </pre>
 */
final class GemmGradWeight implements ConvKernel {

    /** Pixels of a chunk. */
    private static final int CHUNK = 256;

    /** 16-row blocks packed together: 16 x 16 x 256 floats are 256 KB of a 1 MB L2. */
    private static final int BLOCKS = 16;

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
        return chunk() * Panels.paddedColumns(outside);
    }

    private int blocksTogether() {
        return Math.min(BLOCKS, grid.blocks());
    }

    @Override
    public int workFloats() {
        int patches = blocksTogether() * Panels.blockStride(chunk());
        int spare = blocksTogether() * Panels.DEPTH;
        return Panels.WIDTH + ColumnGemm.TILE_FLOATS + packedDy() + patches + spare;
    }

    /** One worker packs dy once; several divide the rows of each group. */
    @Override
    public int tasks(int workers) {
        return groups * parts(workers);
    }

    private int parts(int workers) {
        return workers == 1 || groups >= 4 * workers ? 1 : Math.min(grid.blocks(), 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = parts(workers);
        int group = task / parts;
        int part = task % parts;
        int firstBlock = (int) ((long) grid.blocks() * part / parts);
        int endBlock = (int) ((long) grid.blocks() * (part + 1) / parts);
        int tile = workOffset + Panels.WIDTH;
        int dy = tile + ColumnGemm.TILE_FLOATS;
        int patches = dy + packedDy();
        int spare = patches + blocksTogether() * Panels.blockStride(chunk());
        int k = groups * outside;
        java.util.Arrays.fill(work, workOffset, tile, 0);
        for (int pixel = 0; pixel < grid.rows(); pixel += chunk()) { // loop 4
            int pixels = Math.min(chunk(), grid.rows() - pixel);
            Panels.packColumns(args.dy, args.dyOffset + pixel * k + group * outside, k, pixels, outside, 1, work, dy, pixels);
            boolean first = pixel == 0 && !args.plus;
            for (int block = firstBlock; block < endBlock; block += BLOCKS) { // loop 3
                int end = Math.min(endBlock, block + BLOCKS);
                grid.pack(args.source, args.sourceOffset, group * grid.channels, pixel, pixels, block, end,
                        work, patches, Panels.DEPTH, Panels.DEPTH, Panels.blockStride(pixels), spare);
                multiply(args, group, block, end, pixels, first, work, workOffset, tile, dy, patches);
            }
        }
    }

    /** Loops 2 and 1. */
    private void multiply(ConvArgs args, int group, int block, int end, int pixels, boolean first,
                          float[] work, int zeros, int tile, int dy, int patches) {
        int k = groups * outside;
        for (int column = 0; column < outside; column += Panels.WIDTH) {
            int columns = Math.min(Panels.WIDTH, outside - column);
            for (int b = block; b < end; b++) {
                int row = b * Panels.DEPTH;
                ColumnGemm.tile(Math.min(Panels.DEPTH, grid.depth() - row), columns,
                        work, patches + (b - block) * Panels.blockStride(pixels), 0, 1, pixels, work, dy + column * pixels, first,
                        args.out, args.outOffset + row * k + group * outside + column, k, work, zeros, tile);
            }
        }
    }
}
