package lanewise.bench;

import org.openjdk.jmh.annotations.Benchmark;

/** The algorithms of a convolution, one method for each; the subclasses are the passes. */
public abstract class ConvBenchmark extends CaseBenchmark {

    @Benchmark
    public float[] gemmConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] denseConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] pointwiseConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] directConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] winogradConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] fourTileWinogradConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] stridedWinogradConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] slidingDepthwiseConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] tiledDepthwiseConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] depthwiseConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] groupedConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] fewChannelConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] fewChannelWinogradConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] filterRowConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] planarConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] scatterConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] rowColumnsConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] phaseConv(Rate rate) {
        return run(rate);
    }

    @Benchmark
    public float[] columnsConv(Rate rate) {
        return run(rate);
    }

    /** The textbook's seven loops. */
    @Benchmark
    public float[] naive(Rate rate) {
        return run(rate);
    }
}
