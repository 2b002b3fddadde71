package lanewise.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** {@code C = A B}, sizes as {@code m x n x k}. */
public class GemmBenchmark extends CaseBenchmark {

    @Param({"1024x1024x1024", "64x3136x576", "256x196x2304", "512x49x4608", "128x784x1152"})
    String size;

    @Setup
    public void prepare(BenchmarkParams params) {
        prepare(new GemmCase(Workloads.product(size)), params);
    }

    /** The blocked product; it packs both operands. */
    @Benchmark
    public float[] gemm(Rate rate) {
        return run(rate);
    }

    /** The definition's three loops. */
    @Benchmark
    public float[] naive(Rate rate) {
        return run(rate);
    }

    /** The same three loops in the order that suits memory. */
    @Benchmark
    public float[] naiveByRows(Rate rate) {
        return run(rate);
    }
}
