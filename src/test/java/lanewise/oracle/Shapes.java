package lanewise.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/** The one list of shapes that every test of the convolutions walks; a shape's name is its string. */
public final class Shapes {

    /** Multiply-adds of a scaled-down workload, at most. */
    private static final long SMALL = 3_000_000;

    private Shapes() {}

    /** The layers of well-known networks that the benchmarks measure, at their full size and batch 1, by name. */
    public static Map<String, ConvShape> workloads() {
        var shapes = new LinkedHashMap<String, ConvShape>();
        shapes.put("L1", ConvShape.of(1, 224, 224, 3, 64, 7, 7).withStride(2, 2).withPadding(3, 3));
        shapes.put("L2", ConvShape.of(1, 56, 56, 64, 64, 3, 3).withPadding(1, 1));
        shapes.put("L3", ConvShape.of(1, 28, 28, 128, 128, 3, 3).withPadding(1, 1));
        shapes.put("L4", ConvShape.of(1, 14, 14, 256, 256, 3, 3).withPadding(1, 1));
        shapes.put("L5", ConvShape.of(1, 7, 7, 512, 512, 3, 3).withPadding(1, 1));
        shapes.put("L6", ConvShape.of(1, 56, 56, 256, 64, 1, 1));
        shapes.put("L7", ConvShape.of(1, 56, 56, 64, 256, 1, 1));
        shapes.put("L8", ConvShape.of(1, 28, 28, 512, 128, 1, 1));
        shapes.put("L9", ConvShape.of(1, 14, 14, 1024, 256, 1, 1));
        shapes.put("L9b", ConvShape.of(1, 7, 7, 2048, 512, 1, 1));
        shapes.put("L10", ConvShape.of(1, 56, 56, 128, 128, 3, 3).withStride(2, 2).withPadding(1, 1));
        shapes.put("L11", ConvShape.of(1, 28, 28, 512, 1024, 1, 1).withStride(2, 2));
        shapes.put("L12", ConvShape.depthwise(1, 56, 56, 144, 3, 3).withPadding(1, 1));
        shapes.put("L13", ConvShape.depthwise(1, 14, 14, 576, 3, 3).withPadding(1, 1));
        shapes.put("L14", ConvShape.of(1, 28, 28, 1, 6, 5, 5).withPadding(2, 2));
        shapes.put("L15", ConvShape.of(1, 14, 14, 6, 16, 5, 5));
        shapes.put("L16", ConvShape.of(1, 224, 224, 64, 64, 3, 3).withPadding(1, 1));
        shapes.put("L17", ConvShape.of1d(1, 16000, 64, 128, 9).withPadding(0, 4));
        shapes.put("L18", ConvShape.of(1, 56, 56, 32, 64, 5, 5).withPadding(2, 2));
        shapes.put("D1", ConvShape.of(1, 1, 1, 2048, 1000, 1, 1));
        shapes.put("D2", ConvShape.of(1, 1, 1, 25088, 4096, 1, 1));
        return shapes;
    }

    /** A convolution whose filter may be larger than the input without its padding. */
    public static ConvShape padded(int n, int h, int w, int c, int k, int r, int s, int stride, int padH, int padW) {
        return new ConvShape(n, h, w, c, k, r, s, stride, stride, padH, padW, padH, padW, 1, 1, 1);
    }

    /** Every kind of shape, each small enough for an oracle. */
    public static List<ConvShape> all() {
        var shapes = new ArrayList<ConvShape>();
        shapes.addAll(fewChannels());
        shapes.addAll(manyChannels());
        shapes.addAll(wideMaps());
        shapes.addAll(squareFilters());
        shapes.addAll(sideBySide());
        shapes.addAll(winogradForms());
        shapes.addAll(winogradAlongRows());
        shapes.addAll(winogradFourTiles());
        shapes.addAll(winogradStrided());
        shapes.addAll(winogradGradients());
        shapes.addAll(partedBatches());
        shapes.addAll(oneDimensional());
        shapes.addAll(strided());
        shapes.addAll(padded());
        shapes.addAll(dilated());
        shapes.addAll(grouped());
        workloads().values().forEach(shape -> shapes.add(scaledDown(shape)));
        return shapes.stream().distinct().toList(); // scaled down, some workloads are the same
    }

    /** The same channels, filter, strides and padding over a smaller map; if that has no room left, with fewer filters. */
    private static ConvShape scaledDown(ConvShape shape) {
        ConvShape small = shape;
        while (small.multiplyAdds() > SMALL) {
            int h = small.h();
            int w = small.w();
            int k = small.k();
            if (w > 2 && w >= h) {
                w = w / 2 + 1;
            } else if (h > 2) {
                h = h / 2 + 1;
            } else {
                k = k / 2 + 1;
            }
            small = new ConvShape(small.n(), h, w, small.c(), k, small.r(), small.s(), small.strideH(), small.strideW(),
                    small.padTop(), small.padLeft(), small.padBottom(), small.padRight(), 1, 1, small.groups());
        }
        return small;
    }

    private static List<ConvShape> fewChannels() {
        return List.of(
                ConvShape.of(1, 1, 1, 1, 1, 1, 1),
                ConvShape.of(1, 3, 3, 1, 1, 3, 3),
                ConvShape.of(1, 9, 10, 1, 1, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 23, 25, 1, 8, 7, 7).withStride(2, 2).withPadding(3, 3),
                ConvShape.of(2, 23, 25, 3, 16, 7, 7).withStride(2, 2).withPadding(3, 3),
                ConvShape.of(1, 23, 22, 4, 33, 7, 7).withStride(2, 2).withPadding(3, 3),
                ConvShape.of(2, 32, 32, 3, 32, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 17, 19, 3, 24, 3, 3).withStride(2, 2).withPadding(0, 0, 1, 1),
                ConvShape.of(1, 11, 40, 2, 5, 5, 5).withPadding(2, 2),
                ConvShape.of(2, 28, 28, 1, 6, 5, 5).withPadding(2, 2),
                ConvShape.of(2, 14, 14, 6, 16, 5, 5),
                ConvShape.of(1, 100, 40, 1, 6, 5, 5).withPadding(2, 2), // several strips, bands and blocks, as the next two
                ConvShape.of(1, 70, 200, 3, 20, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 150, 150, 3, 32, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(2, 12, 19, 4, 11, 3, 5).withDilation(2, 3).withPadding(1, 4, 3, 2),
                ConvShape.of(1, 13, 17, 2, 7, 5, 3).withStride(2, 3).withPadding(2, 0, 1, 4),
                ConvShape.of(1, 12, 10, 12, 10, 3, 3).withDilation(2, 1).withPadding(0, 1),
                ConvShape.of(1, 40, 45, 5, 30, 3, 3).withPadding(1, 1), // runs of 15 floats, two blocks, several bands
                ConvShape.of(2, 13, 17, 3, 14, 3, 5).withStride(1, 2).withPadding(3, 0, 1, 4),
                ConvShape.of(1, 9, 20, 10, 48, 4, 3).withPadding(2, 1).withDilation(3, 1),
                ConvShape.of(1, 6, 7, 5, 3, 1, 1),
                ConvShape.of(1, 6, 7, 1, 40, 1, 1),
                ConvShape.of(2, 5, 5, 40, 1, 3, 3).withPadding(1, 1));
    }

    /** Windows side by side whose columns of all rows are multiplied together, and padded would reach into another wide panel. */
    private static List<ConvShape> sideBySide() {
        int c = Simd.LANES / 2;
        return List.of(
                ConvShape.of(1, 15, 2, c, 64, 15, 1).withStride(15, 1),
                ConvShape.of(2, 46, 3, c, 40, 23, 1).withStride(23, 1),
                ConvShape.of(1, 17, 2, c, 16, 17, 1).withStride(17, 1),
                ConvShape.of(1, 20, 4, 1, 33, 10, 2).withStride(10, 2));
    }

    private static List<ConvShape> manyChannels() {
        return List.of(
                ConvShape.of(3, 7, 7, 16, 32, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 7, 7, 160, 37, 3, 3).withPadding(1, 1),
                ConvShape.of(2, 7, 7, 33, 65, 1, 1),
                ConvShape.of(1, 20, 21, 48, 96, 1, 1),
                ConvShape.of(1, 33, 32, 75, 60, 1, 1), // so many pixels that the next are read ahead, as the next two
                ConvShape.of(3, 19, 20, 70, 61, 1, 1),
                ConvShape.of(25, 1, 1, 600, 220, 1, 1), // dense, a filter from far away: slices of 512, tiles of 12
                ConvShape.of(1, 16, 24, 295, 55, 1, 1),
                ConvShape.of(1, 14, 14, 31, 29, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 6, 30, 17, 16, 3, 3),
                ConvShape.of(5, 4, 4, 32, 18, 2, 2),
                ConvShape.of(4, 1, 1, 70, 45, 1, 1),
                ConvShape.of(2, 5, 4, 24, 20, 5, 4), // the filter covers the input: output 1 x 1
                ConvShape.of(1, 4, 6, 16, 48, 4, 3),
                ConvShape.of(1, 12, 9, 32, 32, 1, 5).withPadding(0, 2),
                ConvShape.of(1, 12, 9, 32, 32, 5, 1).withPadding(2, 0),
                ConvShape.of(1, 8, 8, 20, 12, 4, 4).withPadding(1, 1, 2, 2));
    }

    /** Rows of at least one whole tile of pixels, and channels in whole grains on one side or both. */
    private static List<ConvShape> wideMaps() {
        return List.of(
                ConvShape.of(1, 5, 15, 32, 48, 3, 3).withPadding(1, 1),
                ConvShape.of(2, 4, 29, 16, 33, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 5, 17, 21, 32, 3, 3).withPadding(1, 1),
                padded(1, 4, 30, 64, 20, 5, 5, 1, 2, 2),
                ConvShape.of(2, 5, 29, 64, 128, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 9, 31, 16, 48, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 7, 45, 32, 16, 3, 3).withStride(3, 3),
                ConvShape.of(2, 6, 32, 16, 32, 2, 2).withStride(2, 2),
                ConvShape.of(2, 12, 15, 3, 3, 3, 3).withStride(3, 3).withPadding(1, 1, 0, 0), // side by side, but not from the edge
                ConvShape.of(1, 3, 14, 512, 16, 3, 3).withPadding(1, 1),
                padded(1, 2, 14, 16, 512, 3, 3, 1, 1, 1),
                ConvShape.of(1, 7, 20, 48, 16, 3, 3).withDilation(2, 3).withPadding(2, 3),
                ConvShape.of(1, 5, 16, 16, 64, 4, 3).withPadding(2, 0, 1, 3),
                padded(1, 2, 16, 32, 32, 3, 3, 1, 4, 4));
    }

    /** 3x3, stride 1, channels enough for Winograd's algorithm: maps that its tiles fill or hang over, any padding. */
    private static List<ConvShape> squareFilters() {
        return List.of(
                ConvShape.of(1, 12, 12, 16, 16, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 11, 11, 16, 16, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 4, 4, 16, 70, 3, 3).withPadding(1, 1), // more workers than blocks of tiles
                ConvShape.of(2, 6, 5, 20, 16, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 11, 13, 33, 47, 3, 3).withPadding(1, 1),
                ConvShape.of(2, 10, 19, 20, 40, 3, 3),
                ConvShape.of(5, 9, 9, 16, 48, 3, 3).withPadding(1, 1), // images share a block of tiles
                ConvShape.of(3, 6, 7, 64, 16, 3, 3).withPadding(1, 1),
                ConvShape.of(4, 4, 5, 32, 50, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 12, 10, 24, 35, 3, 3).withPadding(2, 0, 3, 4),
                ConvShape.of(1, 8, 9, 40, 32, 3, 3).withPadding(6, 7), // some tiles see padding alone
                ConvShape.of(1, 9, 75, 16, 32, 3, 3).withPadding(1, 1), // more tiles in a row than in a strip
                ConvShape.of(3, 8, 7, 64, 48, 3, 3).withPadding(1, 0, 0, 2),
                ConvShape.of(2, 5, 9, 48, 32, 3, 3).withPadding(6, 7), // strips of padding alone
                ConvShape.of(1, 9, 75, 16, 16, 3, 3).withPadding(1, 1), // the same by rows of points, and the next
                ConvShape.of(2, 5, 9, 16, 16, 3, 3).withPadding(6, 7),
                ConvShape.of(7, 11, 12, 16, 16, 3, 3).withPadding(1, 1), // 16 tiles reach over images, the last 15
                ConvShape.of(1, 13, 23, 16, 16, 3, 3).withPadding(1, 1), // 8 tiles at the end
                ConvShape.of(1, 10, 10, 36, 132, 3, 3).withPadding(0, 2, 1, 0));
    }

    /** 3x3 over maps whose outputs are four tiles of 4x4. */
    private static List<ConvShape> winogradFourTiles() {
        return List.of(
                ConvShape.of(1, 8, 8, 16, 17, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 7, 7, 65, 35, 3, 3).withPadding(1, 1), // three slices, the last of one channel
                ConvShape.of(1, 8, 9, 33, 16, 3, 3), // 6x7 outputs, the fewest
                ConvShape.of(2, 8, 9, 31, 20, 3, 3).withPadding(0, 1, 1, 0),
                ConvShape.of(1, 4, 13, 20, 33, 3, 3).withPadding(1, 1), // side by side
                new ConvShape(1, 1, 2, 36, 48, 3, 3, 1, 1, 4, 3, 3, 5, 1, 1, 1)); // more padding than image
    }

    /** 3x3 with stride 2. */
    private static List<ConvShape> winogradStrided() {
        return List.of(
                ConvShape.of(4, 9, 9, 32, 32, 3, 3).withStride(2, 2),
                ConvShape.of(2, 22, 24, 64, 35, 3, 3).withStride(2, 2).withPadding(0, 1, 2, 0),
                ConvShape.of(1, 19, 21, 37, 64, 3, 3).withStride(2, 2).withPadding(1, 1), // several blocks, channels that fill no grain
                ConvShape.of(5, 9, 9, 80, 33, 3, 3).withStride(2, 2),
                ConvShape.of(2, 15, 16, 32, 260, 3, 3).withStride(2, 2).withPadding(1, 1), // two ranges of columns
                ConvShape.of(4, 8, 8, 32, 32, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(3, 9, 8, 32, 32, 3, 3).withStride(2, 2).withPadding(1, 0, 0, 1),
                ConvShape.of(6, 13, 15, 48, 64, 3, 3).withStride(2, 2).withPadding(0, 1)); // several chunks of tiles
    }

    /** First layers: 7 or 8 columns with stride 2, rows of at least 25 outputs. */
    private static List<ConvShape> winogradAlongRows() {
        return List.of(
                ConvShape.of(1, 15, 59, 3, 64, 7, 7).withStride(2, 2).withPadding(3, 3), // half a tile hangs over
                ConvShape.of(2, 55, 56, 3, 32, 7, 7).withStride(2, 2).withPadding(3, 3), // several bands
                ConvShape.of(1, 12, 250, 4, 32, 6, 8).withStride(3, 2).withPadding(1, 5, 0, 2), // several groups of tiles
                ConvShape.of(1, 9, 63, 2, 30, 8, 7).withStride(1, 2).withPadding(4, 0, 3, 1),
                padded(1, 3, 53, 15, 32, 5, 8, 2, 2, 0),
                ConvShape.of(1, 2, 57, 6, 30, 2, 7).withStride(2, 2),
                ConvShape.of(1, 1, 6055, 12, 32, 1, 7).withStride(1, 2), // 757 tiles: one more than whole groups
                ConvShape.of(3, 4, 55, 13, 93, 1, 7).withStride(1, 2).withPadding(0, 2));
    }

    /** Stride 1 and channels enough for the other forms of Winograd's algorithm: 5x5, and lines, of one part and of several. */
    private static List<ConvShape> winogradForms() {
        return List.of(
                ConvShape.of(1, 8, 9, 34, 32, 5, 5).withPadding(2, 2),
                ConvShape.of(2, 8, 8, 32, 33, 5, 5),
                ConvShape.of(2, 5, 37, 32, 17, 5, 5).withPadding(2, 2), // several strips of tiles in a row, and in two images
                ConvShape.of(1, 11, 35, 48, 16, 5, 4).withPadding(0, 3, 2, 1),
                ConvShape.of(1, 6, 8, 40, 35, 5, 5).withPadding(3, 0, 1, 4),
                padded(1, 4, 5, 32, 32, 5, 5, 1, 6, 5), // some tiles see padding alone
                ConvShape.of(1, 6, 6, 96, 60, 4, 5).withPadding(2, 2),
                ConvShape.of1d(2, 50, 16, 20, 3).withPadding(0, 1),
                ConvShape.of(3, 3, 19, 17, 35, 1, 3),
                ConvShape.of1d(1, 15, 16, 16, 3).withPadding(0, 3, 0, 0), // causal
                ConvShape.of(1, 5, 26, 32, 33, 1, 7).withPadding(1, 3),
                ConvShape.of1d(1, 61, 32, 40, 9).withPadding(0, 4),
                ConvShape.of1d(2, 48, 52, 64, 5).withPadding(0, 2),
                ConvShape.of1d(3, 40, 35, 32, 8),
                ConvShape.of(2, 3, 24, 32, 33, 1, 9).withPadding(1, 4), // some rows see padding alone
                ConvShape.of1d(1, 72, 40, 40, 13).withPadding(0, 6),
                ConvShape.of1d(1, 70, 32, 32, 11).withPadding(0, 5),
                ConvShape.of1d(1, 80, 33, 24, 27).withPadding(0, 26, 0, 0));
    }

    /** Batches whose weight gradient is summed by parts: of 2, 4 and 8, of equal and of unequal numbers of images. */
    private static List<ConvShape> partedBatches() {
        return List.of(ConvShape.of(2, 32, 33, 16, 16, 3, 3).withPadding(1, 1),
                ConvShape.of(5, 21, 22, 17, 18, 3, 3).withPadding(1, 1),
                ConvShape.of(9, 24, 22, 3, 5, 3, 3).withPadding(1, 1),
                ConvShape.of(7, 50, 50, 1, 6, 5, 5).withStride(2, 2).withPadding(2, 2),
                ConvShape.of(19, 22, 21, 16, 4, 1, 1),
                ConvShape.of(6, 20, 20, 4, 6, 3, 3).withPadding(1, 1).withGroups(2));
    }

    /** Places enough for Winograd's weight gradient: chunks of tiles, groups of channels, ragged ends of all. */
    private static List<ConvShape> winogradGradients() {
        return List.of(
                ConvShape.of(1, 16, 16, 20, 36, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 19, 18, 33, 40, 3, 3),
                ConvShape.of(5, 15, 16, 17, 18, 3, 3).withPadding(1, 1), // two chunks
                ConvShape.of(9, 7, 6, 32, 33, 3, 3).withPadding(2, 0, 1, 3),
                ConvShape.of(1, 16, 14, 40, 33, 5, 5).withPadding(2, 2),
                ConvShape.of(3, 9, 10, 36, 32, 4, 5).withPadding(2, 2),
                ConvShape.of(1, 3, 159, 48, 50, 1, 3).withPadding(0, 1),
                ConvShape.of1d(1, 158, 24, 30, 9).withPadding(0, 8, 0, 0),
                ConvShape.of1d(1, 300, 20, 40, 8),
                ConvShape.of1d(1, 756, 33, 20, 20).withPadding(0, 10, 0, 9)); // three parts, three groups
    }

    private static List<ConvShape> oneDimensional() {
        return List.of(
                ConvShape.of1d(2, 50, 16, 32, 9).withPadding(0, 4),
                ConvShape.of1d(1, 61, 1, 7, 9),
                ConvShape.of1d(1, 40, 12, 20, 3).withStride(1, 2),
                ConvShape.of1d(1, 33, 8, 8, 4).withDilation(1, 3).withPadding(0, 9, 0, 0), // causal
                ConvShape.of1d(2, 30, 64, 10, 1),
                ConvShape.of1d(1, 37, 24, 24, 5).withGroups(24).withPadding(0, 2));
    }

    private static List<ConvShape> strided() {
        return List.of(
                ConvShape.of(2, 15, 13, 16, 24, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(2, 6, 16, 32, 48, 3, 3).withStride(2, 2).withPadding(1, 1), // pixels of four phases together
                ConvShape.of(1, 4, 8, 16, 16, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 14, 16, 9, 33, 3, 3).withStride(3, 3).withPadding(1, 1),
                ConvShape.of(1, 13, 17, 10, 12, 3, 3).withStride(1, 2).withPadding(1, 1),
                ConvShape.of(1, 13, 17, 10, 12, 3, 2).withStride(3, 1).withPadding(0, 1),
                ConvShape.of(2, 12, 11, 32, 64, 1, 1).withStride(2, 2),
                ConvShape.of(1, 12, 11, 16, 16, 1, 1).withStride(1, 3),
                ConvShape.of(1, 16, 17, 8, 20, 2, 2).withStride(3, 4), // some pixels are never seen
                ConvShape.of(1, 16, 16, 32, 48, 4, 4).withStride(4, 4), // patches side by side, as the next three
                ConvShape.of(2, 6, 42, 24, 24, 2, 2).withStride(2, 2),
                ConvShape.of(2, 6, 400, 1, 24, 2, 2).withStride(2, 2),
                ConvShape.of(1, 9, 8, 2, 17, 3, 2).withStride(3, 2),
                ConvShape.of(2, 12, 15, 3, 17, 3, 3).withStride(3, 3).withPadding(1, 1), // patches that hang over by as much as they leave
                ConvShape.of(1, 9, 9, 8, 8, 3, 3).withStride(20, 20),
                ConvShape.of(1, 12, 12, 6, 7, 5, 5).withStride(2, 3).withPadding(2, 1, 0, 3));
    }

    private static List<ConvShape> padded() {
        return List.of(
                ConvShape.of(1, 6, 5, 16, 16, 3, 3).withPadding(2, 0, 1, 3),
                ConvShape.of(1, 5, 6, 7, 18, 2, 3).withPadding(0, 1, 1, 0),
                ConvShape.of(1, 3, 4, 16, 8, 3, 3).withPadding(5, 4), // some outputs see padding alone
                ConvShape.of(2, 4, 3, 5, 34, 1, 1).withPadding(2, 3),
                padded(1, 1, 1, 12, 20, 3, 3, 1, 1, 1), // the filter is larger than the input
                padded(1, 2, 2, 9, 9, 5, 5, 1, 4, 4),
                ConvShape.of(1, 4, 5, 16, 16, 3, 3).withStride(2, 2).withPadding(0, 6, 7, 0),
                ConvShape.of(1, 3, 3, 4, 6, 2, 2).withStride(3, 3).withPadding(5, 5));
    }

    private static List<ConvShape> dilated() {
        return List.of(
                ConvShape.of(1, 12, 13, 16, 32, 3, 3).withDilation(2, 2).withPadding(2, 2),
                ConvShape.of(2, 10, 11, 7, 9, 3, 2).withDilation(3, 4),
                ConvShape.of(1, 14, 14, 8, 24, 3, 3).withStride(2, 2).withDilation(2, 3).withPadding(2, 3),
                ConvShape.of(1, 15, 9, 5, 6, 3, 3).withStride(2, 3).withDilation(3, 2).withPadding(3, 1, 0, 4),
                ConvShape.of(1, 13, 13, 20, 20, 3, 3).withGroups(20).withDilation(2, 2).withPadding(2, 2));
    }

    private static List<ConvShape> grouped() {
        return List.of(
                ConvShape.of(1, 9, 10, 64, 64, 3, 3).withGroups(2).withPadding(1, 1),
                ConvShape.of(2, 7, 6, 12, 18, 3, 3).withGroups(3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 6, 8, 48, 32, 1, 1).withGroups(4),
                ConvShape.of(1, 6, 8, 10, 70, 2, 3).withGroups(2),
                ConvShape.of(1, 7, 7, 128, 128, 3, 3).withGroups(32).withPadding(1, 1),
                ConvShape.depthwise(2, 9, 11, 16, 3, 3).withPadding(1, 1),
                ConvShape.depthwise(1, 9, 30, 33, 3, 3),
                ConvShape.depthwise(1, 15, 14, 37, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.depthwise(1, 14, 15, 24, 5, 5).withStride(2, 2).withPadding(1, 2, 2, 1),
                ConvShape.depthwise(3, 7, 7, 80, 5, 5).withPadding(2, 2),
                ConvShape.depthwise(1, 20, 41, 20, 5, 5).withPadding(2, 2),
                ConvShape.depthwise(2, 11, 17, 32, 5, 5).withStride(2, 1).withPadding(2, 2),
                ConvShape.depthwise(1, 6, 37, 16, 5, 5).withStride(1, 2).withPadding(4, 7), // some tiles see padding alone
                ConvShape.depthwise(1, 3, 40, 17, 1, 5),
                ConvShape.depthwise(1, 12, 19, 35, 3, 3).withStride(2, 1).withPadding(1, 1),
                ConvShape.depthwise(2, 7, 36, 24, 3, 3).withStride(1, 2).withPadding(1, 1),
                ConvShape.depthwise(1, 8, 8, 3, 7, 7).withPadding(3, 3),
                ConvShape.depthwise(1, 7, 7, 48, 7, 7),
                ConvShape.depthwise(2, 6, 5, 19, 1, 1),
                ConvShape.depthwise(1, 5, 6, 32, 2, 2).withStride(3, 3).withPadding(4, 4),
                ConvShape.of(1, 8, 9, 16, 32, 3, 3).withGroups(16).withPadding(1, 1), // depthwise, two filters for each channel
                ConvShape.of(1, 8, 9, 5, 15, 3, 3).withGroups(5).withStride(2, 1).withPadding(1, 1),
                ConvShape.of(1, 7, 6, 40, 20, 3, 3).withGroups(20).withPadding(1, 1)); // two channels for each filter
    }

    /** Random small shapes of every kind, the same for the same seed. */
    public static List<ConvShape> random(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            if (random.nextInt(8) == 0) { // few channels, which have ways of their own
                int pad = random.nextInt(3);
                shapes.add(padded(random.nextInt(1, 3), random.nextInt(3, 30), random.nextInt(3, 90), random.nextInt(1, 8),
                        random.nextInt(1, 14), random.nextInt(2, 4), random.nextInt(2, 4), 1, pad, pad));
                continue;
            }
            int groups = random.nextInt(3) == 0 ? random.nextInt(1, 40) : 1;
            int mostChannels = Math.max(2, 40 / groups);
            boolean grains = groups == 1 && random.nextInt(3) == 0; // many paths take whole grains of 16 channels only
            int c = grains ? 16 * random.nextInt(1, 4) : groups * random.nextInt(1, mostChannels);
            int k = grains ? 16 * random.nextInt(1, 4) : groups * random.nextInt(1, mostChannels);
            int r = random.nextInt(1, 6);
            int s = random.nextInt(1, 6);
            if (random.nextInt(10) == 0) {
                int n = random.nextInt(1, 4);
                shapes.add(ConvShape.of(n, random.nextInt(1, 16), random.nextInt(1, 36), c, k, 1, 1).withGroups(groups));
                continue;
            }
            int[] pads = random.ints(4, 0, random.nextInt(1, 5)).toArray();
            int dilationH = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 1;
            int dilationW = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 1;
            int h = random.nextInt(Math.max(1, dilationH * (r - 1) + 1 - pads[0] - pads[2]), 16);
            int w = random.nextInt(Math.max(1, dilationW * (s - 1) + 1 - pads[1] - pads[3]), 36);
            shapes.add(new ConvShape(random.nextInt(1, 4), h, w, c, k, r, s, random.nextInt(1, 4), random.nextInt(1, 4),
                    pads[0], pads[1], pads[2], pads[3], dilationH, dilationW, groups));
        }
        return shapes;
    }

    /** Random filters of one row or 5x5 with stride 1 over channels enough for Winograd's algorithm. */
    public static List<ConvShape> randomForms(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            boolean square = random.nextInt(3) == 0;
            int r = square ? 5 : 1;
            int s = square ? random.nextInt(4, 6) : random.nextInt(3, 24);
            int[] pads = random.ints(4, 0, random.nextInt(2, s + 3)).toArray();
            int h = square ? random.nextInt(5, 10) : random.nextInt(1, 3);
            int w = square ? random.nextInt(5, 10) : random.nextInt(s, 60);
            int padH = square ? 1 : 0;
            shapes.add(ConvShape.of(1, h, w, random.nextInt(28, 40), random.nextInt(28, 50), r, s)
                    .withPadding(padH * pads[0], pads[1], padH * pads[2], pads[3]));
        }
        return shapes;
    }

    /** Random shapes of 3x3 filters with stride 1 over 16 channels and more: too rare among {@link #random}. */
    public static List<ConvShape> randomSquare(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            int[] pads = random.ints(4, 0, random.nextInt(2, 5)).toArray();
            int h = random.nextInt(3, 14);
            int w = random.nextInt(3, 14);
            int n = random.nextInt(1, h * w < 50 ? 5 : 2);
            shapes.add(ConvShape.of(n, h, w, random.nextInt(16, 40), random.nextInt(16, 67), 3, 3)
                    .withPadding(pads[0], pads[1], pads[2], pads[3]));
        }
        return shapes;
    }

    /** Random depthwise shapes of 3x3 filters at stride 1 and 2 with little padding: too rare among {@link #random}. */
    public static List<ConvShape> randomDepthwise(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            int[] pads = {random.nextInt(0, 4), random.nextInt(0, 2), random.nextInt(0, 4), random.nextInt(0, 2)};
            int h = random.nextInt(3, 14);
            int w = random.nextInt(Math.max(1, 3 - pads[1] - pads[3]), 14);
            int stride = random.nextInt(1, 3);
            int c = random.nextInt(4, 70);
            shapes.add(new ConvShape(random.nextInt(1, 3), h, w, c, c, 3, 3, stride, stride, pads[0], pads[1], pads[2], pads[3],
                    1, 1, c));
        }
        return shapes;
    }

    /** Random shapes of many channels, 3x3 with stride 2. */
    public static List<ConvShape> randomStrided(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            shapes.add(new ConvShape(random.nextInt(2, 6), random.nextInt(7, 17), random.nextInt(7, 17), random.nextInt(32, 80),
                    random.nextInt(32, 70), 3, 3, 2, 2, random.nextInt(0, 3), random.nextInt(0, 3), random.nextInt(0, 3),
                    random.nextInt(0, 3), 1, 1, 1));
        }
        return shapes;
    }

    /** Random 3x3 shapes of stride 1 whose outputs are four tiles of 4x4. */
    public static List<ConvShape> randomFourTiles(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            int[][] forms = {{6, 9, 7, 9}, {4, 5, 13, 17}, {13, 17, 4, 5}}; // P and Q
            int[] form = forms[random.nextInt(forms.length)];
            int top = random.nextInt(0, 3);
            int left = random.nextInt(0, 3);
            int h = random.nextInt(form[0], form[1]) + 2 - top;
            int w = random.nextInt(form[2], form[3]) + 2 - left;
            int bottom = random.nextInt(0, Math.min(3, h));
            int right = random.nextInt(0, Math.min(3, w));
            shapes.add(new ConvShape(random.nextInt(1, 3), h - bottom, w - right, random.nextInt(16, 70), random.nextInt(16, 50),
                    3, 3, 1, 1, top, left, bottom, right, 1, 1, 1));
        }
        return shapes;
    }

    /** Random shapes of few channels, seven or eight columns of the filter with stride 2 and rows of tens of outputs. */
    public static List<ConvShape> randomFirstLayers(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            int r = random.nextInt(2, 9);
            int top = random.nextInt(0, 4);
            shapes.add(new ConvShape(random.nextInt(1, 3), random.nextInt(r, r + 8), random.nextInt(55, 250), random.nextInt(2, 5),
                    32 * random.nextInt(1, 3) - random.nextInt(0, 4), r, random.nextInt(7, 9), random.nextInt(1, 4), 2,
                    top, random.nextInt(0, 8), random.nextInt(0, 4), random.nextInt(0, 8), 1, 1, 1));
        }
        return shapes;
    }

    /** Random shapes of 3x3 filters that stride by 2 over two pixels for each output, of whole blocks of channels. */
    public static List<ConvShape> randomPhases(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        for (int i = 0; i < count; i++) {
            shapes.add(new ConvShape(random.nextInt(1, 4), 2 * random.nextInt(1, 7), 8 * random.nextInt(1, 7),
                    16 * random.nextInt(1, 4), 16 * random.nextInt(1, 6), 3, 3, 2, 2,
                    1, 1, random.nextInt(0, 2), random.nextInt(0, 2), 1, 1, 1));
        }
        return shapes;
    }

    /** Random shapes of few channels, five columns of the filter and rows of tens of outputs: too rare among {@link #random}. */
    public static List<ConvShape> randomFiveColumns(long seed, int count) {
        var random = new SplittableRandom(seed);
        var shapes = new ArrayList<ConvShape>();
        while (shapes.size() < count) {
            int left = random.nextInt(0, 7);
            int right = random.nextInt(0, 7);
            int w = 10 * random.nextInt(1, 4) + 4 - left - right;
            int r = random.nextInt(1, 6);
            int dilation = random.nextInt(1, 3);
            int top = random.nextInt(0, 6);
            int h = random.nextInt(Math.max(1, (r - 1) * dilation + 1 - top), 14);
            if (w > 0) {
                shapes.add(new ConvShape(random.nextInt(1, 4), h, w, random.nextInt(1, 17), 16 * random.nextInt(1, 4), r, 5,
                        random.nextInt(1, 3), 1, top, left, random.nextInt(0, 6), right, dilation, 1, 1));
            }
        }
        return shapes;
    }
}
