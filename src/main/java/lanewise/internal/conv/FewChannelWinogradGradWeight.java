package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.gemm.AdjacentOuterTile2;
import lanewise.internal.gemm.AdjacentTile2;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of {@link FewChannelWinogradConv} by the transposed transforms,
 *
 * <pre>
 * u[i][p][tile][k]  = sum over q of A'[q][i] dy[p][4 tile + q][k]
 * m[i][r][f][k]     = sum over p, tile of v[i][strideH p + r][f][tile] u[i][p][tile][k]      v of {@link PairedColumns}
 * dw[r][tap][f][k]  = sum over i of G[i][tap] m[i][r][f][k]                                 once, at the end
 * </pre>
 *
 * <p>for a band of rows after the other, so that v and u stay in L2. A task is a range of K, so that each weight is summed by one worker
 * in the order of the pixels; each transforms x again.
 */
final class FewChannelWinogradGradWeight implements ConvKernel {

    private static final int POINTS = WinogradF44.POINTS;
    private static final int OUTPUTS = WinogradF44.OUTPUTS;
    private static final int WIDTH = Panels.WIDTH;

    /** Floats of transformed rows, about: 128 KB; and rows of outputs of a band, at least. */
    private static final int MOST_FLOATS = 1 << 15;
    private static final int LEAST_ROWS = 4;

    private final ConvShape shape;
    private final PairedColumns columns;
    private final int p;
    private final int q;
    private final int k;
    private final int bandRows;
    private final int panels;
    /** The depth, and what fills its last tile. */
    private final int rows;

    private FewChannelWinogradGradWeight(ConvShape shape) {
        this.shape = shape;
        columns = new PairedColumns(shape);
        p = shape.p();
        q = shape.q();
        k = shape.k();
        bandRows = columns.bandRows(MOST_FLOATS, LEAST_ROWS);
        panels = Math.ceilDiv(k, WIDTH);
        rows = AdjacentTile2.computed(columns.depth);
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    static ConvKernel gradWeight(ConvShape shape) {
        return new FewChannelWinogradGradWeight(shape);
    }

    /** Distance of two points of the transformed rows, with what a last tile reads behind them. */
    private int vPoint() {
        return columns.sourceRows(bandRows) * columns.rowFloats + (rows - columns.depth) * AdjacentTile2.PITCH;
    }

    /** Distance of two rows, and of two points, of the transformed gradients of one panel. */
    private int uRow() {
        return columns.groupTiles * WIDTH;
    }

    private int uPoint() {
        return bandRows * uRow();
    }

    /** Distance of two points of the sums of one panel. */
    private int mPoint() {
        return rows * WIDTH;
    }

    @Override
    public int workFloats() {
        int fixed = columns.scratchFloats() + columns.groupTiles * OUTPUTS * WIDTH;
        return Math.addExact(Math.addExact(fixed, Math.multiplyExact(POINTS, vPoint() + uPoint())),
                Math.multiplyExact(panels * POINTS, mPoint()));
    }

    @Override
    public int tasks(int workers) {
        return Math.min(panels, workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int firstPanel = panels * task / tasks;
        int endPanel = panels * (task + 1) / tasks;
        int edge = workOffset + columns.scratchFloats();
        int v = edge + columns.groupTiles * OUTPUTS * WIDTH;
        int u = v + POINTS * vPoint();
        int m = u + POINTS * uPoint();
        Arrays.fill(work, m + firstPanel * POINTS * mPoint(), m + endPanel * POINTS * mPoint(), 0);
        for (int image = 0; image < shape.n(); image++) {
            for (int first = 0; first < p; first += bandRows) {
                int count = Math.min(bandRows, p - first);
                for (int group = 0; group < columns.groups; group++) {
                    int tile = columns.firstTile(group);
                    int tiles = columns.firstTile(group + 1) - tile;
                    columns.transform(args, image, first, count, tile, tiles, work, v, vPoint(), workOffset);
                    for (int panel = firstPanel; panel < endPanel; panel++) {
                        gradients(args, (image * p + first) * q + OUTPUTS * tile, count, tile, tiles, panel * WIDTH, work, u, edge);
                        multiply(count, tiles, work, v, u, m + panel * POINTS * mPoint());
                    }
                }
            }
        }
        for (int panel = firstPanel; panel < endPanel; panel++) {
            weights(args, panel * WIDTH, work, m + panel * POINTS * mPoint());
        }
    }

    /** Transforms one panel of dy; what hangs over an edge goes through scratch. */
    private void gradients(ConvArgs args, int pixel, int count, int tile, int tiles, int column, float[] work, int u, int edge) {
        int width = Math.min(WIDTH, k - column);
        int pixels = Math.min(OUTPUTS * tiles, q - OUTPUTS * tile);
        int whole = width == WIDTH ? pixels / OUTPUTS : 0;
        int rest = pixels - whole * OUTPUTS;
        for (int row = 0; row < count; row++) {
            int from = args.dyOffset + (pixel + row * q) * k + column;
            int to = u + row * uRow();
            transform(args.dy, from, k, whole, work, to);
            if (rest > 0) {
                Arrays.fill(work, edge, edge + (tiles - whole) * OUTPUTS * WIDTH, 0);
                Tiles.copy(rest, width, args.dy, from + whole * OUTPUTS * k, k, work, edge, WIDTH);
                transform(work, edge, WIDTH, tiles - whole, work, to + whole * WIDTH);
            }
        }
    }

    private void transform(float[] dy, int from, int stride, int tiles, float[] work, int to) {
        for (int i = 0; i < WIDTH; i += Simd.LANES) {
            WinogradF44.outputTransposed(dy, from + i, stride, tiles, work, to + i, uPoint());
        }
    }

    private void multiply(int count, int tiles, float[] work, int v, int u, int m) {
        for (int point = 0; point < POINTS; point++) {
            AdjacentOuterTile2.run(columns.depth, work, v + point * vPoint(), shape.strideH() * columns.rowFloats, count, tiles,
                    work, u + point * uPoint(), uRow(), work, m + point * mPoint());
        }
    }

    /** Transforms the sums of one panel back and writes the taps that the filter has. */
    private void weights(ConvArgs args, int column, float[] work, int m) {
        int width = Math.min(WIDTH, k - column);
        int c = shape.c();
        for (int d = 0; d < columns.depth; d++) {
            int at = m + d * WIDTH;
            WinogradF44.filterTransposed(work, at, mPoint());
            int f = d % columns.step;
            for (int tap = 0; tap < WinogradF44.TAPS; tap++) {
                int s = PairedColumns.STRIDE * tap + f / c;
                if (s < shape.s()) {
                    int out = args.outOffset + ((d / columns.step * shape.s() + s) * c + f % c) * k + column;
                    write(args, out, width, work, at + tap * mPoint());
                }
            }
        }
    }

    private static void write(ConvArgs args, int out, int width, float[] work, int from) {
        if (args.plus) {
            Arithmetic.add(args.out, out, work, from, args.out, out, width);
        } else {
            System.arraycopy(work, from, args.out, out, width);
        }
    }
}
