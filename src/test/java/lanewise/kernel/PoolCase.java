package lanewise.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.PoolOracle;
import lanewise.oracle.Sums;

/** One pooling to test: a shape and what is taken of its windows. */
record PoolCase(PoolShape shape, PoolKind kind, boolean countPadding, float p) {

    /** Every option at every shape. */
    static Stream<PoolCase> all() {
        return shapes().stream().flatMap(PoolCase::kindsOf);
    }

    /** Every kind, every way to count, every kernel of the norm. */
    static Stream<PoolCase> kindsOf(PoolShape shape) {
        return Stream.of(
                new PoolCase(shape, PoolKind.MAX, false, 0),
                new PoolCase(shape, PoolKind.AVERAGE, false, 0),
                new PoolCase(shape, PoolKind.AVERAGE, true, 0),
                new PoolCase(shape, PoolKind.LP, false, 1),
                new PoolCase(shape, PoolKind.LP, false, 2),
                new PoolCase(shape, PoolKind.LP, false, 1.5f),
                new PoolCase(shape, PoolKind.LP, false, 3));
    }

    private static List<PoolShape> shapes() {
        var shapes = new ArrayList<PoolShape>();
        for (int c : new int[] {1, 3, 16, 37}) {
            shapes.add(PoolShape.of(2, 6, 8, c, 2, 2).withStride(2, 2));
            shapes.add(PoolShape.of(1, 9, 8, c, 3, 3).withStride(2, 2).withPadding(1, 1));
            shapes.add(PoolShape.of(1, 3, 39, c, 3, 3).withStride(2, 2)); // several blocks of windows
            shapes.add(PoolShape.global(2, 5, 3, c));
        }
        for (int c : new int[] {4 * Simd.LANES, 6 * Simd.LANES - 3}) { // vectors by fours, and some that are left
            shapes.add(PoolShape.of(1, 9, 8, c, 3, 3).withStride(2, 2).withPadding(1, 1));
            shapes.add(PoolShape.of(1, 3, 39, c, 3, 3).withStride(2, 2));
        }
        for (int c : new int[] {5, 16, 37, 4 * Simd.LANES}) { // more rows than columns, or fewer, side by side or at every column
            shapes.add(PoolShape.of(1, 5, 23, c, 3, 2));
            shapes.add(PoolShape.of(1, 6, 23, c, 5, 2).withPadding(2, 0));
            shapes.add(PoolShape.of(1, 5, 23, c, 2, 3).withStride(1, 2));
            shapes.add(PoolShape.of(1, 4, 20, c, 1, 3).withStride(1, 2));
            shapes.add(PoolShape.of(1, 6, 9, c, 3, 1));
        }
        shapes.add(PoolShape.of(1, 5, 5, 4, 1, 1));
        shapes.add(PoolShape.of(1, 7, 6, 4, 3, 3).withPadding(2, 2));
        shapes.add(PoolShape.of(2, 9, 23, 5, 2, 2)); // windows that share columns
        shapes.add(PoolShape.of(3, 11, 24, 13, 5, 2).withPadding(1, 0).withDilation(1, 3)); // the same, at times two rows of it
        shapes.add(PoolShape.of(2, 7, 9, 5, 2, 3).withStride(1, 3).withPadding(1, 0, 0, 2));
        shapes.add(PoolShape.of(1, 5, 7, 3, 2, 2).withStride(3, 4)); // gaps: some of x in no window
        shapes.add(PoolShape.of(1, 6, 7, 3, 5, 4).withPadding(4, 3, 4, 3)); // windows with a single element
        shapes.add(PoolShape.of(1, 8, 11, 4, 3, 2).withDilation(2, 3));
        shapes.add(PoolShape.of(2, 7, 9, 3, 3, 3).withDilation(3, 2).withStride(2, 2).withPadding(3, 2));
        shapes.add(new PoolShape(1, 7, 7, 3, 3, 3, 1, 1, 5, 5, 5, 5, 5, 5, false)); // taps farther apart than bands of rows
        shapes.add(new PoolShape(2, 1, 1, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, false)); // a window larger than the input
        shapes.add(PoolShape.of(1, 6, 7, 4, 3, 3).withStride(2, 2).withCeilMode(true));
        shapes.add(PoolShape.of(1, 7, 8, 4, 3, 3).withStride(3, 3).withPadding(1, 1).withCeilMode(true));
        shapes.add(new PoolShape(1, 2, 2, 4, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, true)); // drops a window
        shapes.add(new PoolShape(1, 2, 1, 4, 3, 3, 4, 4, 0, 0, 0, 0, 1, 1, true)); // only ceil mode has a window here
        shapes.add(PoolShape.of(1, 9, 7, 3, 2, 3).withDilation(3, 2).withStride(4, 3).withPadding(1, 2, 0, 1).withCeilMode(true));
        shapes.add(PoolShape.of(1, 7, 7, 3, 3, 3).withStride(2, 2).withSamePadding());
        shapes.add(PoolShape.of(1, 8, 8, 3, 3, 3).withStride(2, 2).withSamePadding());
        shapes.add(PoolShape.of1d(2, 23, 5, 3).withStride(1, 2).withPadding(0, 1));
        shapes.add(PoolShape.of1d(1, 23, 5, 4).withDilation(1, 3).withStride(1, 5).withCeilMode(true));
        shapes.add(PoolShape.of(1, 9, 1, 6, 4, 1).withStride(2, 1).withPadding(1, 0)); // a column
        return shapes;
    }

    PoolPlan plan() {
        return switch (kind) {
            case MAX -> PoolPlan.max(shape);
            case AVERAGE -> PoolPlan.average(shape, countPadding);
            case LP -> PoolPlan.lp(shape, p);
        };
    }

    Sums forward(double[] x) {
        return switch (kind) {
            case MAX -> PoolOracle.max(shape, x);
            case AVERAGE -> PoolOracle.average(shape, countPadding, x);
            case LP -> PoolOracle.lp(shape, p, x);
        };
    }

    /** The gradient; {@code y} is a float, which the norm's gradient reads. */
    Sums gradInput(double[] x, float[] y, float[] dy) {
        return switch (kind) {
            case MAX -> PoolOracle.maxGradInput(shape, x, dy);
            case AVERAGE -> PoolOracle.averageGradInput(shape, countPadding, dy);
            case LP -> PoolOracle.lpGradInput(shape, p, x, y, dy);
        };
    }

    static double[] doubles(float[] x) {
        double[] doubles = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            doubles[i] = x[i];
        }
        return doubles;
    }

    @Override
    public String toString() {
        String name = switch (kind) {
            case MAX -> "max";
            case AVERAGE -> countPadding ? "averagePadded" : "average";
            case LP -> "lp" + p;
        };
        return name + "_" + shape;
    }
}
