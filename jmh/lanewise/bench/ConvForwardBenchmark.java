package lanewise.bench;

import lanewise.kernel.Pass;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** {@code y = conv(x, w)}, by default for a single image. */
public class ConvForwardBenchmark extends ConvBenchmark {

    @Param({"L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L9b",
        "L10", "L11", "L12", "L13", "L14", "L15", "L16", "L17", "L18"})
    String workload;

    @Param("1")
    int batch;

    @Setup
    public void prepare(BenchmarkParams params) {
        prepare(new ConvCase(Workloads.layer(workload).shape().withBatch(batch), Pass.FORWARD), params);
    }
}
