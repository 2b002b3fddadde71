package lanewise.bench;

import java.util.concurrent.TimeUnit;
import lanewise.signal.Convolution2d;
import lanewise.signal.Mode;
import lanewise.signal.Plane;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The textbook convolution of a picture, by each method that does not need its matrix, in microseconds. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SignalBenchmark {

    @Param({"28", "256", "1024"})
    int side;

    @Param({"3", "5", "31"})
    int filter;

    private Plane picture;
    private Plane kernel;

    /** Makes a picture and compares all methods with the plain loops. */
    @Setup
    public void prepare() {
        picture = new Plane(side, side, Data.uniform(1, side * side));
        kernel = new Plane(filter, filter, Data.uniform(2, filter * filter));
        float[] expected = naive();
        requireClose(expected, translateAndScale());
        requireClose(expected, flipAndFilter());
    }

    private void requireClose(float[] expected, float[] actual) {
        double bound = 2.0 * filter * filter * Math.ulp(1f) * filter * filter;
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= bound)) {
                throw new IllegalStateException("[" + i + "] is " + actual[i] + ", must be " + expected[i] + " within " + bound);
            }
        }
    }

    @Benchmark
    public float[] translateAndScale() {
        return Convolution2d.translateAndScale(picture, kernel, Mode.SAME).values();
    }

    @Benchmark
    public float[] flipAndFilter() {
        return Convolution2d.flipAndFilter(picture, kernel, Mode.SAME).values();
    }

    /** The definition's four loops. */
    @Benchmark
    public float[] naive() {
        float[] y = new float[side * side];
        int centre = (filter - 1) / 2;
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                float sum = 0;
                for (int r = 0; r < filter; r++) {
                    for (int s = 0; s < filter; s++) {
                        int row = i + centre - r;
                        int column = j + centre - s;
                        if (row >= 0 && row < side && column >= 0 && column < side) {
                            sum += picture.at(row, column) * kernel.at(r, s);
                        }
                    }
                }
                y[i * side + j] = sum;
            }
        }
        return y;
    }
}
