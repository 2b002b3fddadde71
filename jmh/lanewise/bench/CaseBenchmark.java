package lanewise.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What the benchmarks of products have in common. A subclass has one method per algorithm, each of which runs what was prepared
 * for the method's name: {@code gemmConv} the algorithm {@code GemmConv}, {@code naive} the plain loops.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public abstract class CaseBenchmark {

    private static final String NAIVE = "naive";

    private Runnable call;
    private float[] out;
    private double gflop;
    private double peak;

    /**
     * Makes ready the algorithm that the running method is named after, and compares its result with that of other loops.
     *
     * @throws NotApplicable if it refuses the shape
     * @throws IllegalStateException if the result is wrong
     */
    final void prepare(Case work, BenchmarkParams params) {
        String benchmark = params.getBenchmark();
        String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
        out = Data.unwritten(work.length());
        float[] expected = Data.unwritten(work.length());
        Runnable other;
        if (method.equals(NAIVE)) {
            call = work.naive(out);
            other = work.algorithm(work.algorithms().getFirst(), expected);
        } else {
            call = algorithm(work, method);
            other = work.naive(expected);
        }
        call.run();
        other.run();
        Data.requireEqual(work, method, out, expected);
        gflop = 2e-9 * work.multiplyAdds();
        peak = FmaPeak.gflops();
    }

    private Runnable algorithm(Case work, String method) {
        String name = Character.toUpperCase(method.charAt(0)) + method.substring(1);
        try {
            return work.algorithm(name, out);
        } catch (IllegalArgumentException refusal) {
            throw new NotApplicable(refusal.getMessage());
        }
    }

    /** One operation: what was prepared. */
    final float[] run(Rate rate) {
        call.run();
        rate.add(gflop, peak);
        return out;
    }
}
