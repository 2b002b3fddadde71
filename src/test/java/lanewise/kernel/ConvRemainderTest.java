package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.internal.gemm.DenseGemm;
import lanewise.internal.gemm.OuterTile4;
import lanewise.internal.gemm.Panels;
import lanewise.oracle.Guarded;
import lanewise.oracle.Shapes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every size from 1 to twice the tile and one more, in each direction that a tile cuts, with exact integers. */
@Tag("tile")
class ConvRemainderTest {

    /** Twice the widest tile over channels, and one more. */
    private static final int MOST_CHANNELS = 2 * Panels.WIDTH + 1;

    /** Twice the tallest tile over pixels, and one more. */
    private static final int MOST_PIXELS = 2 * Panels.ROWS + 1;

    /** Depths of a slice where all outputs are four of Winograd's tiles. */
    private static final int FOUR_TILE_DEPTHS = 32;

    /** Columns of a panel of the widest tiles of weight gradients. */
    private static final int WIDE = OuterTile4.WIDTH;

    /** A row of shapes that differ in one size. */
    record Sweep(String name, int most, IntFunction<ConvShape> shape) {
        Stream<ConvShape> shapes() {
            return IntStream.rangeClosed(1, most).mapToObj(shape);
        }

        @Override
        public String toString() {
            return name + " 1.." + most;
        }
    }

    static Stream<Sweep> sweeps() {
        return Stream.of(
                new Sweep("C, 1x1", MOST_CHANNELS, c -> ConvShape.of(1, 3, 5, c, 5, 1, 1)),
                new Sweep("C, 1x1, K fills panels", MOST_CHANNELS, c -> ConvShape.of(1, 12, 16, c, WIDE, 1, 1)),
                new Sweep("C, 3x3", MOST_CHANNELS, c -> Shapes.padded(1, 3, 4, c, 3, 3, 3, 1, 1, 1)),
                new Sweep("C, 3x3, stride 2", MOST_CHANNELS, c -> Shapes.padded(1, 5, 6, c, 17, 3, 3, 2, 1, 1)),
                new Sweep("C, K = 16", MOST_CHANNELS, c -> Shapes.padded(1, 2, 15, c, 16, 3, 3, 1, 1, 1)),
                new Sweep("C + 15, 3x3, K = 16, large map", Panels.DEPTH + 2, c -> Shapes.padded(1, 11, 11, c + 15, 16, 3, 3, 1, 1, 1)),
                new Sweep("C + 15, 3x3, K = 16, small map", Panels.DEPTH + 2, c -> Shapes.padded(1, 4, 4, c + 15, 16, 3, 3, 1, 1, 1)),
                new Sweep("C, 1-D", MOST_CHANNELS, c -> Shapes.padded(1, 1, 11, c, 4, 1, 9, 1, 0, 4)),
                new Sweep("C, depthwise", 2 * MOST_CHANNELS, c -> Shapes.padded(1, 4, 5, c, c, 3, 3, 1, 1, 1).withGroups(c)),
                new Sweep("C, depthwise, stride 2", MOST_CHANNELS,
                        c -> Shapes.padded(1, 5, 4, c, c, 5, 5, 2, 2, 2).withGroups(c)),
                new Sweep("C of a group", MOST_CHANNELS, c -> ConvShape.of(1, 3, 4, 2 * c, 6, 3, 3).withGroups(2)
                        .withPadding(1, 1)),
                new Sweep("K, 1x1", MOST_CHANNELS, k -> ConvShape.of(1, 3, 5, 7, k, 1, 1)),
                new Sweep("K, 1x1, C = 16", 2 * WIDE + 1, k -> ConvShape.of(1, 12, 16, 16, k, 1, 1)),
                new Sweep("C, 3x3, stride 2, K fills panels", 20, c -> Shapes.padded(1, 24, 32, c, WIDE, 3, 3, 2, 1, 1)),
                new Sweep("K, 3x3", MOST_CHANNELS, k -> Shapes.padded(1, 3, 4, 5, k, 3, 3, 1, 1, 1)),
                new Sweep("K, C = 2", MOST_CHANNELS, k -> Shapes.padded(1, 4, 9, 2, k, 3, 3, 1, 1, 1)),
                new Sweep("K, C = 16", MOST_CHANNELS, k -> Shapes.padded(1, 2, 15, 16, k, 3, 3, 1, 1, 1)),
                new Sweep("K + 15, 3x3, C = 16, large map", 2 * Panels.WIDTH, k -> Shapes.padded(1, 11, 11, 16, k + 15, 3, 3, 1, 1, 1)),
                new Sweep("K + 15, 3x3, C = 16, small map", 2 * Panels.WIDTH, k -> Shapes.padded(1, 4, 4, 16, k + 15, 3, 3, 1, 1, 1)),
                new Sweep("K, 5x5, stride 2, C = 32", MOST_CHANNELS, k -> Shapes.padded(1, 4, 29, 32, k, 5, 5, 2, 2, 2)),
                new Sweep("K, 7x7, stride 2", MOST_CHANNELS, k -> Shapes.padded(1, 9, 8, 3, k, 7, 7, 2, 3, 3)),
                new Sweep("K of a group", MOST_CHANNELS, k -> ConvShape.of(1, 3, 4, 6, 2 * k, 2, 2).withGroups(2)),
                new Sweep("K of a channel", MOST_CHANNELS, k -> ConvShape.of(1, 3, 4, 3, 3 * k, 3, 3).withGroups(3)
                        .withPadding(1, 1)),
                new Sweep("Q, 1x1", MOST_PIXELS, q -> ConvShape.of(1, 1, q, 16, 33, 1, 1)),
                new Sweep("Q + 190, 1x1, K fills panels", 68, q -> ConvShape.of(1, 1, q + 190, 17, WIDE, 1, 1)),
                new Sweep("Q, 3x3", MOST_PIXELS, q -> Shapes.padded(2, 3, q, 16, 20, 3, 3, 1, 1, 1)),
                new Sweep("Q, 3x3, C = 32", MOST_PIXELS, q -> Shapes.padded(1, 5, q, 32, 16, 3, 3, 1, 1, 1)),
                new Sweep("Q, 3x3, K = 32, no padding", MOST_PIXELS, q -> ConvShape.of(1, 10, q + 2, 16, 32, 3, 3)),
                new Sweep("Q, 3x3, no padding", MOST_PIXELS, q -> ConvShape.of(1, 4, q + 2, 5, 16, 3, 3)),
                new Sweep("Q, 3x3, stride 2", MOST_PIXELS, q -> Shapes.padded(1, 4, 2 * q, 16, 16, 3, 3, 2, 1, 1)),
                new Sweep("P, 3x3, stride 2, Q = 24", MOST_PIXELS, p -> Shapes.padded(1, 2 * p, 48, 16, 64, 3, 3, 2, 1, 1)),
                new Sweep("C / 16, 3x3, stride 2, Q = 4", 5, c -> Shapes.padded(1, 4, 8, 16 * c, 16, 3, 3, 2, 1, 1)),
                new Sweep("K / 16, 3x3, stride 2, Q = 8", 5, k -> Shapes.padded(2, 2, 16, 16, 16 * k, 3, 3, 2, 1, 1)),
                new Sweep("Q, 7x7, stride 2, C = 3", MOST_PIXELS,
                        q -> Shapes.padded(1, 9, 2 * q, 3, 16, 7, 7, 2, 3, 3)),
                new Sweep("Q + 24, 7x7, stride 2, C = 4", 200, q -> ConvShape.of(1, 8, 2 * q + 53, 4, 32, 7, 7).withStride(2, 2)),
                new Sweep("K + 23, 3x8, stride 2, C = 5", 2 * Panels.WIDTH,
                        k -> ConvShape.of(1, 4, 58, 5, k + 23, 3, 8).withStride(1, 2)),
                new Sweep("C, 7x7, stride 2, K = 32", Panels.DEPTH, c -> ConvShape.of(1, 7, 60, c, 32, 7, 7).withStride(2, 2)),
                new Sweep("C + 31, 3x3, stride 2, K = 32", Panels.RUN + 2, c -> ConvShape.of(4, 9, 9, c + 31, 32, 3, 3).withStride(2, 2)),
                new Sweep("K + 31, 3x3, stride 2, C = 32", 2 * Panels.WIDTH,
                        k -> ConvShape.of(4, 9, 9, 32, k + 31, 3, 3).withStride(2, 2)),
                new Sweep("Q, 3x3, stride 2, C = 32", MOST_PIXELS, q -> Shapes.padded(2, 7, 2 * q + 6, 32, 32, 3, 3, 2, 1, 1)),
                new Sweep("W + 9, 3x3, stride 2, C = 32, padding 0.2", MOST_PIXELS,
                        w -> ConvShape.of(3, 11, w + 9, 32, 33, 3, 3).withStride(2, 2).withPadding(0, 2, 1, 0)),
                new Sweep("N, 3x3, stride 2, C = 33", 9, n -> Shapes.padded(n, 16, 16, 33, 64, 3, 3, 2, 1, 1)),
                new Sweep("16 C + 16, 3x3, stride 2, K = 64", 5, c -> Shapes.padded(3, 12, 12, 16 * c + 16, WIDE, 3, 3, 2, 1, 1)),
                new Sweep("Q, 5x5, C = 1", 5 * MOST_PIXELS, q -> Shapes.padded(2, 3, q, 1, 6, 5, 5, 1, 2, 2)),
                new Sweep("Q, 5x5, C = 6", MOST_PIXELS, q -> ConvShape.of(2, 6, q + 4, 6, 16, 5, 5)),
                new Sweep("P, 5x5, Q = 10", 7, p -> ConvShape.of(2, p + 4, 14, 2, 16, 5, 5)),
                new Sweep("C, 5x5, Q = 10", Panels.DEPTH, c -> Shapes.padded(1, 5, 10, c, 16, 5, 5, 1, 2, 2)),
                new Sweep("K, 5x5, Q = 20", MOST_CHANNELS, k -> ConvShape.of(1, 7, 24, 3, k, 5, 5)),
                new Sweep("stride of rows, 5x5, Q = 10", 3, u -> ConvShape.of(1, 15, 14, 3, 16, 5, 5).withStride(u, 1)),
                new Sweep("dilation of rows, 5x5, Q = 10", 3, d -> ConvShape.of(1, 20, 14, 3, 16, 5, 5).withDilation(d, 1)),
                new Sweep("Q, 3x3, C = 3", MOST_PIXELS, q -> Shapes.padded(1, 5, q, 3, MOST_CHANNELS, 3, 3, 1, 1, 1)),
                new Sweep("K, 7x7, C = 15", MOST_CHANNELS, k -> Shapes.padded(1, 3, 5, 15, k, 7, 7, 1, 3, 3)),
                new Sweep("stride, C = 1", 13, u -> ConvShape.of(1, 3, 70, 1, 33, 1, 13).withStride(1, u)),
                new Sweep("stride, C = 3", 5, u -> Shapes.padded(1, 7, 40, 3, 33, 5, 5, u, 2, 2)),
                new Sweep("Q, 1-D", MOST_PIXELS, q -> Shapes.padded(1, 1, q, 16, 16, 1, 9, 1, 0, 4)),
                new Sweep("Q, depthwise", MOST_PIXELS, q -> Shapes.padded(1, 3, q, 19, 19, 3, 3, 1, 1, 1).withGroups(19)),
                new Sweep("Q, depthwise, stride 2", MOST_PIXELS,
                        q -> Shapes.padded(1, 4, 2 * q, 16, 16, 3, 3, 2, 1, 1).withGroups(16)),
                new Sweep("P, 3x3", MOST_PIXELS, p -> Shapes.padded(1, p, 14, 16, 16, 3, 3, 1, 1, 1)),
                new Sweep("P, 5x5, C = 1", MOST_PIXELS, p -> Shapes.padded(1, p, 14, 1, 6, 5, 5, 1, 2, 2)),
                new Sweep("P, 3x3, K = 32", MOST_PIXELS, p -> Shapes.padded(1, p, 11, 16, 32, 3, 3, 1, 1, 1)),
                new Sweep("S, 1-D", 33, s -> ConvShape.of1d(1, 33, 3, 5, s)),
                new Sweep("C, 1x3, K = 16", Panels.DEPTH + 2, c -> Shapes.padded(1, 1, 15, c + 15, 16, 1, 3, 1, 0, 1)),
                new Sweep("C + 31, 5x5", Panels.DEPTH + 2, c -> Shapes.padded(1, 6, 4, c + 31, 40, 5, 5, 1, 2, 2)),
                new Sweep("C + 31, 1x9", Panels.DEPTH + 2, c -> Shapes.padded(1, 1, 48, c + 31, 32, 1, 9, 1, 0, 4)),
                new Sweep("K + 31, 1x9", 2 * Panels.WIDTH, k -> Shapes.padded(1, 1, 37, 32, k + 31, 1, 9, 1, 0, 4)),
                new Sweep("Q + 36, 1x9", 25, q -> Shapes.padded(1, 1, q + 36, 32, 32, 1, 9, 1, 0, 4)),
                new Sweep("Q + 12, 1x3", 9, q -> Shapes.padded(1, 1, q + 12, 16, 20, 1, 3, 1, 0, 1)),
                new Sweep("S, 1x40, C = 32", 30, s -> ConvShape.of1d(1, 60 + s, 32, 32, s)),
                new Sweep("C, 3x3, four tiles", 2 * FOUR_TILE_DEPTHS + 1, c -> Shapes.padded(1, 7, 8, c, 17, 3, 3, 1, 1, 1)),
                new Sweep("K, 3x3, four tiles", MOST_CHANNELS, k -> Shapes.padded(1, 8, 7, 16, k, 3, 3, 1, 1, 1)),
                new Sweep("Q + 10, 3x3, four tiles in a row", 6, q -> Shapes.padded(1, 4, q + 10, 16, 20, 3, 3, 1, 1, 1)),
                new Sweep("N, 3x3", Panels.ROWS + 1, n -> Shapes.padded(n, 4, 4, 16, 33, 3, 3, 1, 1, 1)),
                new Sweep("N, 1x1", MOST_PIXELS, n -> ConvShape.of(n, 1, 1, 9, 10, 1, 1)),
                new Sweep("N, dense", DenseGemm.MOST_ROWS + 1, n -> ConvShape.of(n, 1, 1, 297, 135, 1, 1)), // several slices
                new Sweep("N, dense, large filter", DenseGemm.mostRows(1100, 121) + 1, // slices of 512
                        n -> ConvShape.of(n, 1, 1, 1100, 121, 1, 1)),
                new Sweep("K, dense, large filter", DenseGemm.BLOCK + 1, k -> ConvShape.of(14, 1, 1, 2111, k + 62, 1, 1)),
                new Sweep("C, dense, large filter, 7 rows", 20, c -> ConvShape.of(7, 1, 1, 4600 + c, 33, 1, 1)),
                new Sweep("C, dense", MOST_CHANNELS, c -> ConvShape.of(1, 1, 1, c, 117, 1, 1)),
                new Sweep("C, dense, 2 rows", MOST_CHANNELS, c -> ConvShape.of(2, 1, 1, c, 117, 1, 1)),
                new Sweep("K, dense", 2 * DenseGemm.BLOCK + 1, k -> ConvShape.of(1, 1, 1, 21, k, 1, 1)),
                new Sweep("K, dense, 3 rows", 2 * DenseGemm.BLOCK + 1, k -> ConvShape.of(1, 1, 3, 18, k, 1, 1)),
                new Sweep("K, dense, 11 rows", 2 * DenseGemm.BLOCK + 1, k -> ConvShape.of(11, 1, 1, 130, k, 1, 1)));
    }

    @Test
    void everyAlgorithmIsReached() {
        ConvCase.assertEveryAlgorithm(sweeps().flatMap(Sweep::shapes).flatMap(shape -> ConvCase.of(shape).stream()));
    }

    @ParameterizedTest
    @MethodSource("sweeps")
    void everySize(Sweep sweep) {
        int runs = 0;
        for (ConvShape shape : sweep.shapes().toList()) {
            ConvOperands in = ConvOperands.integers(shape);
            for (ConvCase c : ConvCase.of(shape)) {
                Guarded out = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE);
                c.integerOracle(in).assertExact(out, c);
                out.assertCanaries(c);
                runs++;
            }
        }
        assertTrue(runs >= 3 * sweep.most, sweep + " made only " + runs + " runs");
    }
}
