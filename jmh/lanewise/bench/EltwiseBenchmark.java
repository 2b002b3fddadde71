package lanewise.bench;

import java.util.concurrent.TimeUnit;
import lanewise.kernel.Eltwise;
import lanewise.kernel.Reduce;
import lanewise.kernel.Softmax;
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

/**
 * Element-wise functions, softmax and reductions, each with the plain loop beside it.
 *
 * <p>A call handles {@code length} elements: {@code 4 length / time} bytes per second of each array that is read or written, two
 * for a function, three for an addition or a gradient, one for a reduction. The lengths are a feature map in the second-level
 * cache, and one of 64 x 112 x 112 that is not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class EltwiseBenchmark {

    private static final int CHANNELS = 64;
    private static final int CLASSES = 1024;

    @Param({"16384", "802816"})
    public int length;

    private float[] x;
    private float[] z;
    private float[] y;

    /** Makes the operands. */
    @Setup
    public void setUp() {
        x = Data.uniform(1, length);
        z = Data.uniform(2, length);
        y = Data.unwritten(length);
        Eltwise.scale(4, x, 0, x, 0, length);
    }

    private interface Scalar {
        float of(float x);
    }

    private float[] naive(Scalar f) {
        for (int i = 0; i < length; i++) {
            y[i] = f.of(x[i]);
        }
        return y;
    }

    @Benchmark
    public float[] relu() {
        Eltwise.relu(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] reluNaive() {
        return naive(v -> v < 0 ? 0 : v);
    }

    @Benchmark
    public float[] reluGradInput() {
        Eltwise.reluGradInput(x, 0, z, 0, y, 0, length, WriteMode.OVERWRITE);
        return y;
    }

    @Benchmark
    public float[] reluGradInputNaive() {
        for (int i = 0; i < length; i++) {
            y[i] = x[i] <= 0 ? 0 : z[i];
        }
        return y;
    }

    @Benchmark
    public float[] add() {
        Eltwise.add(x, 0, z, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] addNaive() {
        for (int i = 0; i < length; i++) {
            y[i] = x[i] + z[i];
        }
        return y;
    }

    @Benchmark
    public float[] exp() {
        Eltwise.exp(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] expNaive() {
        return naive(v -> (float) Math.exp(v));
    }

    @Benchmark
    public float[] sigmoid() {
        Eltwise.sigmoid(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] sigmoidNaive() {
        return naive(v -> (float) (1 / (1 + Math.exp(-v))));
    }

    @Benchmark
    public float[] tanh() {
        Eltwise.tanh(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] tanhNaive() {
        return naive(v -> (float) Math.tanh(v));
    }

    @Benchmark
    public float[] silu() {
        Eltwise.silu(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] siluNaive() {
        return naive(v -> (float) (v / (1 + Math.exp(-v))));
    }

    @Benchmark
    public float[] gelu() {
        Eltwise.gelu(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] geluTanh() {
        Eltwise.geluTanh(x, 0, y, 0, length);
        return y;
    }

    @Benchmark
    public float[] geluTanhNaive() {
        return naive(v -> (float) (v / 2 * (1 + Math.tanh(0.7978845608 * (v + 0.044715 * v * v * v)))));
    }

    @Benchmark
    public float[] geluGradInput() {
        Eltwise.geluGradInput(x, 0, z, 0, y, 0, length, WriteMode.OVERWRITE);
        return y;
    }

    @Benchmark
    public float[] softmax() {
        Softmax.forward(x, 0, y, 0, length / CLASSES, CLASSES);
        return y;
    }

    @Benchmark
    public float[] softmaxNaive() {
        for (int at = 0; at < length; at += CLASSES) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = at; i < at + CLASSES; i++) {
                max = Math.max(max, x[i]);
            }
            float sum = 0;
            for (int i = at; i < at + CLASSES; i++) {
                y[i] = (float) Math.exp(x[i] - max);
                sum += y[i];
            }
            for (int i = at; i < at + CLASSES; i++) {
                y[i] /= sum;
            }
        }
        return y;
    }

    @Benchmark
    public float sum() {
        return Reduce.sum(x, 0, length);
    }

    @Benchmark
    public float sumNaive() {
        float sum = 0;
        for (int i = 0; i < length; i++) {
            sum += x[i];
        }
        return sum;
    }

    @Benchmark
    public float max() {
        return Reduce.max(x, 0, length);
    }

    @Benchmark
    public float maxNaive() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    @Benchmark
    public float[] sumPerChannel() {
        Reduce.sumPerChannel(x, 0, length / CHANNELS, CHANNELS, y, 0, WriteMode.OVERWRITE);
        return y;
    }

    @Benchmark
    public float[] sumPerChannelNaive() {
        for (int c = 0; c < CHANNELS; c++) {
            y[c] = 0;
        }
        for (int at = 0; at < length; at += CHANNELS) {
            for (int c = 0; c < CHANNELS; c++) {
                y[c] += x[at + c];
            }
        }
        return y;
    }
}
