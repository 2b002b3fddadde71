package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The steps of optimisers against the same operations on one float: the same bits at every width, length and offset, and cut. */
class UpdateTest {

    private static final int LONGEST = 4 * Simd.LANES + 3;
    private static final float[] SPECIAL = {0, -0f, 1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.MIN_VALUE,
        Float.MAX_VALUE, 1e30f, 1e-30f};

    /** g, w and up to two moments; those that a step does not have stay as they are. */
    private record Step(String name, Kernel kernel, Scalar scalar) {

        @Override
        public String toString() {
            return name;
        }
    }

    private interface Kernel {
        void run(float[] g, float[] m, float[] v, float[] w, int offset, int length);
    }

    /** One element: {@code {m, v, w}} from g, m, v, w. */
    private interface Scalar {
        float[] of(float g, float m, float v, float w);
    }

    private static final float RATE = 0.037f;
    private static final float MOMENTUM = 0.9f;
    private static final float DECAY = 0.013f;

    private static final List<Step> ALL = List.of(
            new Step("sgd", (g, m, v, w, offset, length) -> Update.sgd(RATE, DECAY, g, w, offset, length),
                    (g, m, v, w) -> new float[] {m, v, Math.fma(Math.fma(w, DECAY, g), -RATE, w)}),
            new Step("momentum", (g, m, v, w, offset, length) -> Update.momentum(RATE, MOMENTUM, DECAY, g, v, w, offset, length),
                    (g, m, v, w) -> {
                        float u = flushed(Math.fma(v, MOMENTUM, Math.fma(w, DECAY, g)));
                        return new float[] {m, u, Math.fma(u, -RATE, w)};
                    }),
            new Step("nesterov", (g, m, v, w, offset, length) -> Update.nesterov(RATE, MOMENTUM, DECAY, g, v, w, offset, length),
                    (g, m, v, w) -> {
                        float d = Math.fma(w, DECAY, g);
                        float u = flushed(Math.fma(v, MOMENTUM, d));
                        return new float[] {m, u, Math.fma(Math.fma(u, MOMENTUM, d), -RATE, w)};
                    }),
            adam(0.3f, 0.004f, 0, 0.1f, 0.001f),
            adam(0.3f, 0, 0.02f, 0.1f, 0.001f),
            adam(0.3f, 0, 0, 1, 1));

    private static Step adam(float rate, float decay, float l2, float a, float b) {
        float scale = 1.7f;
        float epsilon = 1e-8f;
        return new Step("adam l2=" + l2 + " a=" + a,
                (g, m, v, w, offset, length) -> Update.adam(rate, decay, l2, a, b, scale, epsilon, g, m, v, w, offset, length),
                (g, m, v, w) -> {
                    float d = Math.fma(w, l2, g);
                    float p = flushed(Math.fma(d, a, Math.fma(m, -a, m)));
                    float q = flushed(Math.fma(d * b, d, Math.fma(v, -b, v)));
                    float direction = p / Math.fma((float) Math.sqrt(q), scale, epsilon);
                    return new float[] {p, q, w - Math.fma(direction, rate, w * decay)};
                });
    }

    private static float flushed(float moment) {
        return Math.abs(moment) < Float.MIN_NORMAL ? 0 : moment;
    }

    /** Numbers with special ones among them, at places that meet in all combinations. */
    private static float[] data(long seed, int every, int length) {
        float[] data = Data.reals(seed, length);
        for (int i = 0; i < length; i += every) {
            data[i] = SPECIAL[(i / every + (int) seed) % SPECIAL.length];
        }
        return data;
    }

    private static float[] squares(float[] x) {
        float[] squares = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            squares[i] = x[i] * x[i];
        }
        return squares;
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void everyLength(Step step) {
        for (int length = 0; length <= LONGEST; length++) {
            check(step, Data.reals(1, length), Data.reals(2, length), squares(Data.reals(3, length)), Data.reals(4, length));
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void specialValues(Step step) {
        int length = 4001;
        check(step, data(1, 2, length), data(2, 3, length), squares(data(3, 5, length)), data(4, 7, length));
    }

    private static void check(Step step, float[] g, float[] m, float[] v, float[] w) {
        String what = step + " of " + g.length;
        float[] newM = m.clone();
        float[] newV = v.clone();
        float[] newW = w.clone();
        for (int i = 0; i < g.length; i++) {
            float[] next = step.scalar().of(g[i], m[i], v[i], w[i]);
            newM[i] = next[0];
            newV[i] = next[1];
            newW[i] = next[2];
        }
        Guarded gradients = Guarded.of(g);
        Guarded mean = Guarded.of(m);
        Guarded square = Guarded.of(v);
        Guarded weights = Guarded.of(w);
        step.kernel().run(gradients.array(), mean.array(), square.array(), weights.array(), weights.offset(), g.length);
        gradients.assertUntouched(what);
        assertSame(newM, mean, what + ", m");
        assertSame(newV, square, what + ", v");
        assertSame(newW, weights, what + ", w");
    }

    /** Bit for bit, and one NaN is like another. */
    private static void assertSame(float[] expected, Guarded actual, String what) {
        assertArrayEquals(expected, actual.values(), what);
        actual.assertCanaries(what);
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void cutAnywhere(Step step) {
        float[] g = Data.reals(5, LONGEST);
        float[] m = Data.reals(6, LONGEST);
        float[] v = squares(Data.reals(7, LONGEST));
        float[] w = Data.reals(8, LONGEST);
        float[][] whole = {m.clone(), v.clone(), w.clone()};
        step.kernel().run(g, whole[0], whole[1], whole[2], 0, LONGEST);
        for (int cut = 0; cut <= LONGEST; cut++) {
            float[][] parts = {m.clone(), v.clone(), w.clone()};
            step.kernel().run(g, parts[0], parts[1], parts[2], cut, LONGEST - cut);
            step.kernel().run(g, parts[0], parts[1], parts[2], 0, cut);
            for (int i = 0; i < parts.length; i++) {
                assertArrayEquals(whole[i], parts[i], step + " cut at " + cut);
            }
        }
    }

    /** The moments of a dead unit reach 0 and do not stay subnormal. */
    @Test
    void momentsDieOut() {
        float[] zero = new float[3];
        float[] w = new float[3];
        float[] m = {1, -1, 0};
        float[] v = {1, 1, 0};
        float[] velocity = {1, -1, 0};
        for (int step = 0; step < 1000; step++) {
            Update.adam(0, 0, 0, 0.1f, 0.1f, 1, 1e-8f, zero, m, v, w, 0, 3);
            Update.momentum(0, 0.9f, 0, zero, velocity, w, 0, 3);
        }
        assertArrayEquals(new float[3], m);
        assertArrayEquals(new float[3], v);
        assertArrayEquals(new float[3], velocity);
    }

    /** What a 1 in the gradient does, by hand. */
    @Test
    void byHand() {
        float[] g = {1};
        float[] w = {4};
        Update.sgd(0.5f, 0.25f, g, w, 0, 1);
        assertEquals(3, w[0]); // 4 - 0.5 (1 + 1)
        float[] v = {2};
        Update.momentum(0.5f, 0.5f, 0, g, v, w, 0, 1);
        assertEquals(2, v[0]); // 1 + 1
        assertEquals(2, w[0]); // 3 - 0.5 * 2
        Update.nesterov(0.5f, 0.5f, 0, g, v, w, 0, 1);
        assertEquals(2, v[0]);
        assertEquals(1, w[0]); // 2 - 0.5 (1 + 0.5 * 2)
        float[] m = {0};
        float[] q = {0};
        Update.adam(0.25f, 0.5f, 0, 0.5f, 0.25f, 2, 1, g, m, q, w, 0, 1);
        assertEquals(0.5f, m[0]);
        assertEquals(0.25f, q[0]);
        assertEquals(0.4375f, w[0]); // 1 - 0.25 * 0.5 / (2 * 0.5 + 1) - 0.5
    }

    @Test
    void wrongArguments() {
        float[] g = Data.reals(1, 10);
        float[] m = Data.reals(2, 10);
        float[] v = squares(Data.reals(3, 10));
        float[] w = Data.reals(4, 10);
        List<float[]> before = List.of(g.clone(), m.clone(), v.clone(), w.clone());
        Refused.isNull(() -> Update.sgd(1, 0, null, w, 0, 5), "g");
        Refused.isNull(() -> Update.sgd(1, 0, g, null, 0, 5), "w");
        Refused.isNull(() -> Update.momentum(1, 0, 0, g, null, w, 0, 5), "v");
        Refused.isNull(() -> Update.adam(1, 0, 0, 1, 1, 1, 1, g, null, v, w, 0, 5), "m");
        Refused.argument(() -> Update.sgd(1, 0, g, w, 0, -5), "length", -5);
        Refused.bounds(() -> Update.sgd(1, 0, g, w, -1, 5), "offset", -1);
        Refused.bounds(() -> Update.sgd(1, 0, g, new float[9], 5, 5), "w", 5, 9);
        Refused.bounds(() -> Update.nesterov(1, 0, 0, g, new float[9], w, 5, 5), "v", 5, 9);
        Refused.bounds(() -> Update.adam(1, 0, 0, 1, 1, 1, 1, g, new float[9], v, w, 5, 5), "m", 5, 9);
        Refused.argument(() -> Update.sgd(1, 0, w, w, 0, 5), "g and w", "same");
        Refused.argument(() -> Update.momentum(1, 0, 0, g, g, w, 0, 5), "v and g", "same");
        Refused.argument(() -> Update.nesterov(1, 0, 0, g, w, w, 0, 5), "v and w", "same");
        Refused.argument(() -> Update.adam(1, 0, 0, 1, 1, 1, 1, g, m, m, w, 0, 5), "m and v", "same");
        List<float[]> after = List.of(g, m, v, w);
        for (int i = 0; i < after.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i), "something was written");
        }
    }
}
