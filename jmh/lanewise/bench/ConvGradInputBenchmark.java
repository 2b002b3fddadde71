package lanewise.bench;

import lanewise.kernel.Pass;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** {@code dx = conv^T(dy, w)}, by default for a batch as in training. */
public class ConvGradInputBenchmark extends ConvBenchmark {

    @Param({"L1", "L2", "L3", "L4", "L5", "L6", "L10", "L12", "L14", "L15", "L17"})
    String workload;

    @Param("16")
    int batch;

    @Setup
    public void prepare(BenchmarkParams params) {
        prepare(new ConvCase(Workloads.layer(workload).shape().withBatch(batch), Pass.GRAD_INPUT), params);
    }
}
