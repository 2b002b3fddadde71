package lanewise.bench;

import java.util.concurrent.TimeUnit;
import lanewise.bench.Workloads.Pooling;
import lanewise.kernel.PoolKind;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.Workspace;
import lanewise.kernel.WriteMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** All passes of max and average pooling, in microseconds: memory bounds them, so there is no rate to tell. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class PoolBenchmark {

    @Param({"P1", "P2", "P3"})
    String workload;

    @Param({"1", "16"})
    int batch;

    private PoolPlan plan;
    private Workspace workspace;
    private Runnable naive;
    private float[] x;
    private float[] y;
    private int[] indices;
    private float[] dy;
    private float[] dx;

    /**
     * Makes the operands of all passes, and compares the forward pass with the plain loops.
     *
     * @throws NotApplicable if the method needs the indices of a maximum, and the workload is an average
     */
    @Setup
    public void prepare(BenchmarkParams params) {
        Pooling pooling = Workloads.POOL.stream().filter(pool -> pool.id().equals(workload)).findFirst().orElseThrow();
        PoolShape shape = pooling.shape().withBatch(batch);
        plan = pooling.max() ? PoolPlan.max(shape) : PoolPlan.average(shape, false);
        if (params.getBenchmark().contains("Indices") && plan.kind() != PoolKind.MAX) {
            throw new NotApplicable("an average has no indices");
        }
        workspace = Workspace.ofFloats(plan.workspaceFloats());
        x = Data.uniform(1, shape.xLength());
        y = Data.unwritten(shape.yLength());
        indices = new int[y.length];
        dy = Data.uniform(2, y.length);
        dx = Data.unwritten(x.length);
        var work = new PoolCase(shape, pooling.max());
        float[] expected = Data.unwritten(y.length);
        work.naive(expected).run();
        forward();
        Data.requireEqual(work, "forward", y, expected);
        if (plan.kind() == PoolKind.MAX) {
            forwardWithIndices();
            Data.requireEqual(work, "forwardWithIndices", y, expected);
        }
        naive = work.naive(expected);
    }

    @Benchmark
    public float[] forward() {
        plan.forward(x, y, workspace);
        return y;
    }

    @Benchmark
    public int[] forwardWithIndices() {
        plan.forwardWithIndices(x, y, indices, workspace);
        return indices;
    }

    /** The definition's six loops, forward. */
    @Benchmark
    public void naive() {
        naive.run();
    }

    @Benchmark
    public float[] gradInput() {
        plan.gradInput(x, y, dy, dx, WriteMode.OVERWRITE, workspace);
        return dx;
    }

    @Benchmark
    public float[] gradInputByIndices() {
        plan.gradInputByIndices(indices, dy, dx, WriteMode.OVERWRITE, workspace);
        return dx;
    }
}
