package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * A band of an image of few channels, copied with its padding, so that the patch of every output is made of whole runs of floats:
 * its <em>segments</em>, a run of S C for each row of the filter.
 *
 * <pre>strip[row][column][c]            R segments of S C floats, rows as in the image
 * folded[output row][column][r][c]   1 segment of S R C floats: for runs so short that most lanes would idle</pre>
 *
 * <p>Columns are those of the padded image. Folding copies each row R times, less what the stride skips.
 */
final class PatchStrip {

    /** Floats of a strip and of the outputs it belongs to, about: 128 KB, which every tile reads again. */
    private static final int FLOATS = 1 << 15;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** What whole vectors may read past the last run. */
    private static final int SPARE = Panels.WIDTH;

    private final ConvShape shape;
    private final boolean folded;
    private final int columns;
    private final int lineFloats;

    /** Rows of the output in a band. */
    final int rows;
    /** Runs of which a patch is made, how long they are, and how far apart. */
    final int segments;
    final int segmentFloats;
    final int segmentStep;
    /** Where the patch of each output of a band begins. */
    final int[] places;

    private static int columns(ConvShape shape) {
        return (shape.q() - 1) * shape.strideW() + shape.s();
    }

    /** From the patch of an output to that of the next. */
    static int pixelStep(ConvShape shape, boolean folded) {
        return shape.strideW() * (folded ? shape.r() : 1) * shape.c();
    }

    /** From the patch of an output to that of the one below. */
    static int rowStep(ConvShape shape, boolean folded) {
        return columns(shape) * shape.c() * (folded ? shape.r() : shape.strideH());
    }

    /** Whether folding saves a third of the lanes, which is worth its copies. */
    static boolean savesByFolding(ConvShape shape) {
        int run = shape.s() * shape.c();
        return shape.dilationH() == 1
                && Simd.roundUp(run, Panels.WIDTH) * shape.r() > 3 * Simd.roundUp(run * shape.r(), Panels.WIDTH) / 2;
    }

    /** A band of at most {@code mostPixels} outputs, though a whole row. */
    PatchStrip(ConvShape shape, boolean folded, int mostPixels) {
        this.shape = shape;
        this.folded = folded;
        columns = columns(shape);
        int copies = folded ? shape.r() : 1;
        lineFloats = columns * copies * shape.c();
        segments = folded ? 1 : shape.r();
        segmentFloats = shape.s() * copies * shape.c();
        segmentStep = folded ? 0 : shape.dilationH() * lineFloats;
        int pixelStep = pixelStep(shape, folded);
        int rowStep = rowStep(shape, folded);
        int most = Math.clamp(mostPixels / shape.q(), 1, shape.p());
        rows = Math.clamp(FLOATS / (Math.abs((long) rowStep) + (long) shape.q() * shape.k()), 1, most);
        places = new int[rows * shape.q()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i / shape.q() * rowStep + i % shape.q() * pixelStep;
        }
    }

    /** Floats of the largest band, and some that may be read past its end. */
    int floats() {
        int transposed = folded ? LANES + sourceLines(rows) * columns * shape.c() : 0;
        return lines(rows) * lineFloats + transposed + SPARE;
    }

    /** The same for any shape, without overflow. */
    static double floats(ConvShape shape) {
        double columns = (shape.q() - 1.0) * shape.strideW() + shape.s();
        double lines = Math.max(shape.r(), (shape.r() - 1.0) * shape.dilationH() + 1) + shape.strideH();
        return Math.max(2.0 * FLOATS, columns * shape.c() * lines) + 2.0 * FLOATS * shape.r();
    }

    /** Null, or why a patch of this shape is no run of floats. */
    static String refusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (shape.dilationW() != 1 && shape.s() != 1) {
            return "dilation " + shape.dilationW() + " along rows: only 1";
        }
        return null;
    }

    /** Rows of the image that {@code rows} rows of the output see. */
    private int sourceLines(int rows) {
        return (rows - 1) * shape.strideH() + (shape.r() - 1) * shape.dilationH() + 1;
    }

    private int lines(int rows) {
        return folded ? rows : sourceLines(rows);
    }

    /**
     * Copies what {@code rows} rows of outputs from {@code first} see of {@code image}. If {@code fresh} is false, {@code work} is as
     * the last call for these rows has left it.
     */
    void fill(ConvArgs args, int image, int first, int rows, boolean fresh, float[] work, int at) {
        int from = args.sourceOffset + image * shape.h() * shape.w() * shape.c();
        if (folded) {
            int transposed = at + lines(rows) * lineFloats + LANES;
            transpose(args.source, from, first, sourceLines(rows), fresh || this.rows < shape.p(), work, transposed);
            fold(rows, work, transposed, at);
            return;
        }
        for (int line = 0; line < lines(rows); line++) {
            copy(args.source, from, first * shape.strideH() + line - shape.padTop(), work, at + line * lineFloats);
        }
    }

    /** Columns of the strip that lie before the image's first, and where its last ends. */
    private int begin() {
        return Math.min(columns, shape.padLeft());
    }

    private int end() {
        return (int) Math.min(columns, (long) shape.padLeft() + shape.w());
    }

    private void copy(float[] x, int from, int y, float[] work, int to) {
        int c = shape.c();
        if (y < 0 || y >= shape.h()) {
            Arrays.fill(work, to, to + lineFloats, 0);
            return;
        }
        Arrays.fill(work, to, to + begin() * c, 0);
        System.arraycopy(x, from + y * shape.w() * c, work, to + begin() * c, (end() - begin()) * c);
        Arrays.fill(work, to + end() * c, to + lineFloats, 0);
    }

    /** Copies the band transposed, {@code [column][row][c]}: there each column of a patch is a run. */
    private void transpose(float[] x, int from, int first, int lines, boolean fresh, float[] work, int to) {
        int c = shape.c();
        int columnFloats = lines * c;
        if (fresh) {
            Arrays.fill(work, to, to + columns * columnFloats, 0);
        }
        int begin = begin();
        int count = end() - begin;
        int top = first * shape.strideH() - shape.padTop();
        for (int line = Math.max(0, -top); line < Math.min(lines, shape.h() - top); line++) {
            int row = from + (top + line) * shape.w() * c;
            for (int e = 0; e < c; e++) {
                int at = to + begin * columnFloats + line * c + e;
                for (int column = 0; column < count; column++) {
                    work[at + column * columnFloats] = x[row + column * c + e];
                }
            }
        }
    }

    /** Copies the runs of R C floats in whole vectors: what is too much is overwritten by the next run. */
    private void fold(int rows, float[] work, int transposed, int at) {
        int run = shape.r() * shape.c();
        int columnFloats = sourceLines(rows) * shape.c();
        for (int row = 0, to = at; row < rows; row++, to += lineFloats) {
            int from = transposed + row * shape.strideH() * shape.c();
            if (run <= LANES) {
                foldFew(columns, run, columnFloats, work, from, to);
            } else {
                foldMany(columns, run, columnFloats, work, from, to);
            }
        }
    }

    /** A loop of one turn inside would cost several times its work. */
    private static void foldFew(int columns, int run, int columnFloats, float[] work, int from, int to) {
        for (int column = 0; column < columns; column++) {
            FloatVector.fromArray(S, work, from + column * columnFloats).intoArray(work, to + column * run);
        }
    }

    private static void foldMany(int columns, int run, int columnFloats, float[] work, int from, int to) {
        for (int column = 0; column < columns; column++) {
            for (int i = 0; i < run; i += LANES) {
                FloatVector.fromArray(S, work, from + column * columnFloats + i).intoArray(work, to + column * run + i);
            }
        }
    }
}
