package lanewise.internal.conv;

import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * Which shapes Winograd's algorithm does, and in which form; the measurements are in the notes. The choice sees the batch: at batch 1 a
 * large filter is read for a few tiles, and reading it is most of the time.
 */
final class WinogradChoice {

    /** The largest packed filter: 1 GB. */
    private static final int MOST_FILTER_FLOATS = 1 << 28;

    /** Parts of a filter, at most: their transformed inputs lie side by side. */
    private static final int MOST_PARTS = 16;

    /** With fewer channels the transforms cost more than the products save. */
    private static final int LEAST_CHANNELS = 16;

    /** In a line, with fewer tiles than one for so many pairs of channels, the time goes into reading the larger filter. */
    private static final int PAIRS_PER_TILE = 1 << 13;

    /** Tiles, at least. */
    private static final int LEAST_SMALL_TILES = 4;

    /** To read a value of the filter takes as long as so many multiplications, from memory and from the cache. */
    private static final int READ = 20;
    private static final int READ_CACHED = 4;

    /** Floats of a filter that stays in the cache from call to call: 1 MB. */
    private static final int CACHED_FLOATS = 1 << 18;

    /** To transform a value and back takes as long as so many multiplications. */
    private static final int TRANSFORM = 20;

    /** In a weight gradient, a value of a tile, and a sum that is transformed back. */
    private static final int TRANSFORM_TILE = 15;
    private static final int TRANSFORM_SUM = 14;

    /** The same with stride 2, where transforms only add. */
    private static final int STRIDED_TILE = 6;
    private static final int STRIDED_SUM = 8;

    /** The most sums of a weight gradient: 256 MB. */
    private static final int MOST_SUM_FLOATS = 1 << 26;

    private WinogradChoice() {}

    /** The form for {@code outH x outW} outputs of a filter that {@link #filterRefusal} lets pass. */
    static WinogradForm form(ConvShape shape, int outH, int outW) {
        if (shape.r() == 1) {
            return shape.s() == 3 ? WinogradForm.LINE4 : WinogradForm.LINE12;
        }
        if (shape.r() > 3 || shape.s() > 3) {
            return WinogradForm.SQUARE2OF5;
        }
        // 4x4 takes fewer multiplications of tiles, but more than twice the filter to read; 2x2 suits few or badly filled tiles.
        return cost(WinogradForm.SQUARE4, shape, outH, outW) <= 0.9 * cost(WinogradForm.SQUARE2, shape, outH, outW)
                ? WinogradForm.SQUARE4 : WinogradForm.SQUARE2;
    }

    private static long cost(WinogradForm form, ConvShape shape, int outH, int outW) {
        return cost(shape, form.multiplications(outH, outW, shape.s()), form.points);
    }

    /** Multiplications for each pair of channels, and those that it takes to read one pair's {@code values} of the filter. */
    private static long cost(ConvShape shape, long multiplications, int values) {
        boolean cached = (long) values * shape.c() * shape.k() <= CACHED_FLOATS;
        return shape.n() * multiplications + (long) values * (cached ? READ_CACHED : READ);
    }

    private static long leastTiles(ConvShape shape) {
        return (long) shape.c() * shape.k() / PAIRS_PER_TILE;
    }

    /** Null, or why {@code outH x outW} outputs of this shape are left to others. */
    static String refusal(ConvShape shape, int outH, int outW) {
        String refusal = filterRefusal(shape);
        if (refusal != null) {
            return refusal;
        }
        WinogradForm form = form(shape, outH, outW);
        long tiles = form.tiles(outH, outW);
        if (tiles < LEAST_SMALL_TILES || form.line && tiles < leastTiles(shape)) {
            return tiles + " tiles of outputs: too few to repay the larger filter";
        }
        long direct = (long) shape.r() * shape.s() * outH * outW;
        long multiplications = form.multiplications(outH, outW, shape.s());
        if (!saves(form, shape, multiplications, direct)) {
            return doesNotRepay(outH, outW, multiplications, direct);
        }
        return filterRefusal(WinogradFilter.panelFloats(form, shape, shape.c(), shape.k()));
    }

    private static String doesNotRepay(int outH, int outW, long multiplications, long direct) {
        return outH + "x" + outW + " outputs: " + multiplications + " multiplications for " + direct
                + " do not repay the transforms and the larger filter";
    }

    private static String filterRefusal(long floats) {
        return floats <= MOST_FILTER_FLOATS ? null
                : "a transformed filter of " + floats + " floats: more than " + MOST_FILTER_FLOATS;
    }

    /** Null, or why 3x3 filters of stride 2, of which a pair of channels takes {@code values}, are left to others. */
    static String stridedRefusal(ConvShape shape, int values) {
        long tiles = ((shape.p() + 1L) / 2) * ((shape.q() + 1L) / 2);
        long multiplications = tiles * values;
        long direct = 9L * shape.p() * shape.q();
        if (cost(shape, multiplications, values) > 0.85 * cost(shape, direct, 9)) {
            return doesNotRepay(shape.p(), shape.q(), multiplications, direct);
        }
        return filterRefusal((long) values * Simd.roundUp(shape.c(), Panels.DEPTH) * Panels.paddedColumns(shape.k()));
    }

    /** The form for {@code gradWeight}: which outputs a tile has follows from the filter alone. */
    static WinogradForm gradWeightForm(ConvShape shape) {
        if (shape.r() == 1) {
            return shape.s() == 3 ? WinogradForm.LINE4 : WinogradForm.LINE12;
        }
        return shape.r() > 3 || shape.s() > 3 ? WinogradForm.SQUARE2OF5 : WinogradForm.SQUARE4;
    }

    /**
     * Null, or why {@code gradWeight} of this shape is left to others. A value of a tile is transformed once for all channels of
     * the other side, a sum once for all tiles: {@code multiplications (1 + 15 (1/C + 1/K)) + 14 points parts <= 0.95 direct}.
     */
    static String gradWeightRefusal(ConvShape shape) {
        String refusal = filterRefusal(shape);
        if (refusal != null) {
            return refusal;
        }
        WinogradForm form = gradWeightForm(shape);
        long direct = (long) shape.n() * shape.p() * shape.q() * shape.r() * shape.s();
        long multiplications = shape.n() * form.multiplications(shape.p(), shape.q(), shape.s());
        double transforms = TRANSFORM_TILE * multiplications * (1.0 / shape.c() + 1.0 / shape.k())
                + (double) TRANSFORM_SUM * form.points * form.parts(shape.s());
        if (multiplications + transforms > 0.95 * direct) {
            return shape.n() + " x " + shape.p() + "x" + shape.q() + " places: " + multiplications + " multiplications for "
                    + direct + " do not repay the transforms";
        }
        long floats = (long) form.points * form.parts(shape.s()) * Simd.roundUp(shape.c(), Panels.DEPTH)
                * Simd.roundUp(shape.k(), Panels.WIDTH);
        return floats <= MOST_SUM_FLOATS ? null : "sums of " + floats + " floats: more than " + MOST_SUM_FLOATS;
    }

    private static String filterRefusal(ConvShape shape) {
        boolean line = shape.r() == 1 && shape.s() >= 3;
        boolean square = Math.min(shape.r(), shape.s()) >= 3 && Math.max(shape.r(), shape.s()) <= 5;
        if (!line && !square) {
            return shape.r() + "x" + shape.s() + " filter: only 3x3 to 5x5, and one row of 3 or more";
        }
        if (line && WinogradForm.LINE12.parts(shape.s()) > MOST_PARTS) {
            return shape.s() + " taps: more than " + MOST_PARTS + " parts of " + WinogradForm.LINE12.partWidth();
        }
        if (shape.strideH() != 1 || shape.strideW() != 1) {
            return "stride " + shape.strideH() + "x" + shape.strideW() + ": only 1x1";
        }
        if (shape.dilationH() != 1 || shape.dilationW() != 1) {
            return "dilation " + shape.dilationH() + "x" + shape.dilationW() + ": only 1x1";
        }
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        return Math.min(shape.c(), shape.k()) >= LEAST_CHANNELS ? null
                : shape.c() + " and " + shape.k() + " channels: fewer than " + LEAST_CHANNELS + " do not repay the transforms";
    }

    /**
     * Three taps must leave at most two thirds of the direct multiplications, and four fifths of the cost if reading the filter is
     * counted. Longer filters must, with their transforms, save a tenth: {@code multiplications (1 + 20 (1/C + 1/K)) <= 9/10 direct}.
     */
    private static boolean saves(WinogradForm form, ConvShape shape, long multiplications, long direct) {
        if (form != WinogradForm.LINE12 && form != WinogradForm.SQUARE2OF5) {
            return 3 * multiplications <= 2 * direct
                    && cost(shape, multiplications, form.points) <= 0.8 * cost(shape, direct, shape.r() * shape.s());
        }
        double transforms = TRANSFORM * (1.0 / shape.c() + 1.0 / shape.k());
        return multiplications * (1 + transforms) <= 0.9 * direct;
    }

    /**
     * Null, or why {@code gradInput} of 3x3 filters of stride 2 is left to others: of {@code tiles} an image, which take {@code products}
     * for a pair of channels, from {@code values} of the filter.
     */
    static String stridedGradInputRefusal(ConvShape shape, long tiles, int products, int values) {
        long multiplications = tiles * products;
        long direct = 9L * shape.p() * shape.q();
        if (cost(shape, multiplications, values) > 0.85 * cost(shape, direct, 9)) {
            return shape.h() + "x" + shape.w() + " pixels: " + multiplications + " multiplications for " + direct
                    + " do not repay the transforms and the larger filter";
        }
        return filterRefusal((long) values * Simd.roundUp(shape.k(), Panels.DEPTH) * Panels.paddedColumns(shape.c()));
    }

    /**
     * Null, or why {@code gradWeight} of 3x3 filters of stride 2 is left to others: a tile has so many {@code inputs} of x and
     * {@code outputs} of dy, {@code tiles (inputs + 6 (inputs / K + outputs / C)) + 8 sums <= 0.9 direct}.
     */
    static String stridedGradWeightRefusal(ConvShape shape, int inputs, int outputs, int sums) {
        long tiles = shape.n() * ((shape.p() + 1L) / 2) * ((shape.q() + 1L) / 2);
        long direct = 9L * shape.n() * shape.p() * shape.q();
        double transforms = tiles * STRIDED_TILE * ((double) inputs / shape.k() + (double) outputs / shape.c())
                + STRIDED_SUM * sums;
        return tiles * inputs + transforms <= 0.9 * direct ? null
                : shape.n() + " x " + shape.p() + "x" + shape.q() + " places: " + tiles * inputs + " multiplications for " + direct
                        + " do not repay the transforms";
    }
}
