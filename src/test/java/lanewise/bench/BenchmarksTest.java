package lanewise.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import lanewise.bench.Workloads.Layer;
import lanewise.bench.Workloads.Product;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The benchmarks cover what there is, and would notice a wrong result. */
class BenchmarksTest {

    @ParameterizedTest
    @EnumSource
    void everyAlgorithmHasItsMethod(Pass pass) throws NoSuchMethodException {
        List<String> names = ConvPlan.algorithms(pass);
        assertFalse(names.isEmpty());
        for (String name : names) {
            String method = Character.toLowerCase(name.charAt(0)) + name.substring(1);
            assertNotNull(ConvBenchmark.class.getMethod(method, Rate.class).getAnnotation(Benchmark.class), method);
        }
    }

    @Test
    void everyWorkloadIsAParameter() throws NoSuchFieldException {
        List<String> all = Workloads.CONV.stream().map(Layer::id).toList();
        List<String> trained = Workloads.CONV.stream().filter(Layer::backward).map(Layer::id).toList();
        assertEquals(all, parameters(ConvForwardBenchmark.class, "workload"));
        assertEquals(trained, parameters(ConvGradInputBenchmark.class, "workload"));
        assertEquals(trained, parameters(ConvGradWeightBenchmark.class, "workload"));
        assertEquals(Workloads.GEMM.stream().map(Product::toString).toList(), parameters(GemmBenchmark.class, "size"));
    }

    private static List<String> parameters(Class<?> benchmark, String field) throws NoSuchFieldException {
        return List.of(benchmark.getDeclaredField(field).getAnnotation(Param.class).value());
    }

    /** Strides, uneven padding, dilation and groups: what no workload has all at once. */
    @ParameterizedTest
    @EnumSource
    void naiveLoopsAgreeWithThePlan(Pass pass) {
        var shape = new ConvShape(2, 9, 8, 6, 4, 3, 2, 2, 1, 2, 0, 1, 3, 1, 2, 2);
        var work = new ConvCase(shape, pass);
        float[] actual = Data.unwritten(work.length());
        float[] expected = Data.unwritten(work.length());
        work.algorithm(work.algorithms().getFirst(), actual).run();
        work.naive(expected).run();
        Data.requireEqual(work, "plan", actual, expected);
    }

    @Test
    void wrongResultIsNoticed() {
        var work = new ConvCase(ConvShape.of(1, 4, 4, 3, 5, 2, 2), Pass.FORWARD);
        float[] right = Data.unwritten(work.length());
        work.naive(right).run();
        for (float wrong : new float[] {right[7] + 0.001f, Float.NaN}) {
            float[] actual = right.clone();
            actual[7] = wrong;
            assertThrows(IllegalStateException.class, () -> Data.requireEqual(work, "test", actual, right));
        }
    }

    @Test
    void reportSurvivesItsText() {
        var row = new Row("L2", "n1c64h56w56_k64r3s3_p1", "forward", "GemmConv", 115_605_504, 1000.25, 900, 1e9);
        var report = new Report(248.5, List.of(row));
        assertEquals(report, Report.parse(report.format()));
        assertEquals(report, Report.medianOf(List.of(report, report, report)));
    }
}
