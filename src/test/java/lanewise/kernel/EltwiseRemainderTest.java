package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every length up to four vectors and a tail, between canaries: an element has the same bits wherever it lies, in place or not. */
class EltwiseRemainderTest {

    private static final List<EltwiseFunction> ALL = EltwiseFunction.ALL;
    private static final int LONGEST = 4 * Simd.LANES + 3;

    @ParameterizedTest
    @FieldSource("ALL")
    void forward(EltwiseFunction function) {
        float[] x = function.arguments(1, LONGEST);
        float[] expected = new float[LONGEST];
        for (int i = 0; i < LONGEST; i++) {
            function.map().run(x, i, expected, i, 1);
        }
        for (int length = 0; length <= LONGEST; length++) {
            String what = function + " of " + length;
            float[] right = Arrays.copyOf(expected, length);
            Guarded in = Guarded.of(Arrays.copyOf(x, length));
            Guarded out = Guarded.ofNaN(length);
            function.map().run(in.array(), in.offset(), out.array(), out.offset(), length);
            assertArrayEquals(right, out.values(), what);
            out.assertCanaries(what);
            in.assertUntouched(what);
            function.map().run(in.array(), in.offset(), in.array(), in.offset(), length);
            assertArrayEquals(right, in.values(), what + " in place");
            in.assertCanaries(what + " in place");
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void gradInput(EltwiseFunction function) {
        float[] v = function.gradientArguments(function.arguments(2, LONGEST));
        float[] dy = Data.reals(3, LONGEST);
        float[] old = Data.reals(4, LONGEST);
        for (WriteMode mode : WriteMode.values()) {
            float[] expected = old.clone();
            for (int i = 0; i < LONGEST; i++) {
                function.gradient().run(v, i, dy, i, expected, i, 1, mode);
            }
            for (int length = 0; length <= LONGEST; length++) {
                String what = function + " " + mode + " of " + length;
                float[] right = Arrays.copyOf(expected, length);
                Guarded in = Guarded.of(Arrays.copyOf(v, length));
                Guarded dOut = Guarded.of(Arrays.copyOf(dy, length));
                Guarded dIn = mode == WriteMode.OVERWRITE ? Guarded.ofNaN(length) : Guarded.of(Arrays.copyOf(old, length));
                run(function, in, dOut, dIn, length, mode);
                assertArrayEquals(right, dIn.values(), what);
                dIn.assertCanaries(what);
                in.assertUntouched(what);
                dOut.assertUntouched(what);
                if (mode == WriteMode.OVERWRITE) {
                    run(function, in, dOut, dOut, length, mode);
                    assertArrayEquals(right, dOut.values(), what + " over dy");
                    dOut.assertCanaries(what + " over dy");
                    run(function, in, Guarded.of(Arrays.copyOf(dy, length)), in, length, mode);
                    assertArrayEquals(right, in.values(), what + " over its argument");
                    in.assertCanaries(what + " over its argument");
                }
            }
        }
    }

    private static void run(EltwiseFunction function, Guarded v, Guarded dy, Guarded dx, int length, WriteMode mode) {
        function.gradient().run(v.array(), v.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(), length, mode);
    }

    private record Binary(String name, Operation operation, Scalar scalar) {

        interface Operation {
            void run(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length);
        }

        interface Scalar {
            float of(float a, float b);
        }
    }

    /** The four operations, which are exact to the bit. */
    @Test
    void binary() {
        var operations = List.of(
                new Binary("add", Eltwise::add, (a, b) -> a + b), new Binary("sub", Eltwise::sub, (a, b) -> a - b),
                new Binary("mul", Eltwise::mul, (a, b) -> a * b), new Binary("div", Eltwise::div, (a, b) -> a / b));
        float inf = Float.POSITIVE_INFINITY;
        float[] special = {0, -0f, 1, inf, -inf, Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE};
        for (Binary binary : operations) {
            for (int length = 0; length <= LONGEST; length++) {
                String what = binary.name() + " of " + length;
                float[] x = Data.reals(5, length);
                float[] z = Data.reals(6, length);
                float[] right = new float[length];
                for (int i = 0; i < length; i++) {
                    x[i] = i % 3 == 0 ? special[i / 3 % special.length] : x[i];
                    z[i] = i % 2 == 0 ? special[i / 2 % special.length] : z[i];
                    right[i] = binary.scalar().of(x[i], z[i]);
                }
                Guarded a = Guarded.of(x);
                Guarded b = Guarded.of(z);
                Guarded y = Guarded.ofNaN(length);
                binary.operation().run(a.array(), a.offset(), b.array(), b.offset(), y.array(), y.offset(), length);
                assertArrayEquals(right, y.values(), what);
                y.assertCanaries(what);
                binary.operation().run(a.array(), a.offset(), b.array(), b.offset(), a.array(), a.offset(), length);
                assertArrayEquals(right, a.values(), what + " over a");
                binary.operation().run(x, 0, b.array(), b.offset(), b.array(), b.offset(), length);
                assertArrayEquals(right, b.values(), what + " over b");
                b.assertCanaries(what);
                a.assertCanaries(what);
            }
        }
    }

    @Test
    void scaleAxpyAndFill() {
        for (int length = 0; length <= LONGEST; length++) {
            float[] x = Data.reals(7, length);
            Guarded y = Guarded.of(Data.reals(8, length));
            float[] scaled = new float[length];
            float[] sum = new float[length];
            float[] filled = new float[length];
            for (int i = 0; i < length; i++) {
                scaled[i] = 0.7f * x[i];
                sum[i] = Math.fma(0.7f, x[i], y.get(i));
                filled[i] = 0.7f;
            }
            Eltwise.axpy(0.7f, x, 0, y.array(), y.offset(), length);
            assertArrayEquals(sum, y.values(), "axpy of " + length);
            Eltwise.scale(0.7f, x, 0, y.array(), y.offset(), length);
            assertArrayEquals(scaled, y.values(), "scale of " + length);
            Eltwise.fill(0.7f, y.array(), y.offset(), length);
            assertArrayEquals(filled, y.values(), "fill of " + length);
            y.assertCanaries("length " + length);
        }
    }

    @Test
    void addBias() {
        int rows = 3;
        for (int channels = 0; channels <= LONGEST; channels++) {
            Guarded bias = Guarded.of(Data.reals(9, channels));
            Guarded y = Guarded.of(Data.reals(10, rows * channels));
            float[] right = y.values();
            for (int i = 0; i < right.length; i++) {
                right[i] += bias.get(i % channels);
            }
            Eltwise.addBias(bias.array(), bias.offset(), y.array(), y.offset(), rows, channels);
            assertArrayEquals(right, y.values(), channels + " channels");
            y.assertCanaries(channels + " channels");
            bias.assertUntouched(channels + " channels");
        }
    }
}
