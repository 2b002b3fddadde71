package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.internal.simd.Simd;
import lanewise.layer.Shape;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Losses and their gradients against double, and what all losses promise. */
class LossTest {

    private static final List<LossOracle> ALL = LossOracle.ALL;
    private static final float CANARY = 77;

    /** Every number of channels up to some vectors and a tail, one beyond a block of sums, and dense predictions. */
    private static List<Shape> shapes() {
        IntStream channels = IntStream.concat(IntStream.rangeClosed(1, 2 * Simd.LANES + 3), IntStream.of(1000, 5003));
        List<Shape> shapes = new ArrayList<>(channels.mapToObj(Shape::of).toList());
        shapes.add(Shape.of(4, 5, 3));
        shapes.add(Shape.of(7, 2));
        return shapes;
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void valueAndGradient(LossOracle oracle) {
        int n = 3;
        for (Shape output : shapes()) {
            String what = oracle + " of " + output;
            float[] y = Data.reals(1, n * output.size());
            for (int i = 0; i < y.length; i++) {
                y[i] = 8 * y[i] + (i % 2 == 0 ? 90 : 0); // e^y itself would overflow
            }
            Loss loss = oracle.loss();
            float[] targets = oracle.targets(Data.reals(2, n * loss.targetSize(output)), output);
            float[] dy = new float[y.length + 5];
            Arrays.fill(dy, 0, y.length, Float.NaN);
            Arrays.fill(dy, y.length, dy.length, CANARY);
            float[] original = y.clone();
            double value = loss.forward(y, targets, n, output, dy);
            assertArrayEquals(original, y, what);
            double[] exact = LossOracle.doubles(y);
            double expected = oracle.value().of(exact, targets, n, output);
            // A sum of exponentials has one sign; a term meets about 12 roundings of its own, and of additions at most 72.
            double roundings = 12 + Math.min(output.size(), 72);
            assertEquals(expected, value, Sums.EPS * roundings * (1 + Math.abs(expected)), what);
            assertEquals(expected, loss.forward(y, targets, n, output, null), Sums.EPS * roundings * (1 + Math.abs(expected)), what);
            for (int i = 0; i < y.length; i++) {
                double slope = oracle.slope().of(exact, targets, n, output, i);
                // Off by roundings of the probability, more for one far from the largest, and of the target, before they cancel.
                double scale = oracle.loss() instanceof MeanSquaredError ? 2 * Math.abs(y[i] - targets[i]) / y.length
                        : (oracle.loss() instanceof BinaryCrossEntropy ? 2.0 : 2.0 * output.channels()) / y.length;
                assertEquals(slope, dy[i], Sums.EPS * (roundings + 50) * scale, what + " at " + i);
            }
            for (int i = y.length; i < dy.length; i++) {
                assertEquals(CANARY, dy[i], what + " wrote beyond its end");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void centralDifferences(LossOracle oracle) {
        Shape output = Shape.of(3, 4);
        int n = 2;
        Loss loss = oracle.loss();
        float[] y = Data.reals(3, n * output.size());
        float[] targets = oracle.targets(Data.reals(4, n * loss.targetSize(output)), output);
        float[] dy = new float[y.length];
        double value = loss.forward(y, targets, n, output, dy);
        float h = 0x1p-5f;
        for (int i = 0; i < y.length; i++) {
            float[] above = y.clone();
            float[] below = y.clone();
            above[i] += h;
            below[i] -= h;
            double up = loss.forward(above, targets, n, output, null);
            double down = loss.forward(below, targets, n, output, null);
            double slope = (up - down) / ((double) above[i] - below[i]);
            // h^2/6 of a third derivative, which is below 1 per position, and the roundings of two values
            double tolerance = h * h / 6 / n + 24 * Sums.EPS * (1 + value) / h;
            assertEquals(slope, dy[i], tolerance, oracle + " at " + i);
            assertTrue(Math.abs(dy[i]) < 2, "a gradient of a mean");
        }
    }

    /** The mean over 2n equal examples is that over n, and the gradient of each is half. */
    @ParameterizedTest
    @FieldSource("ALL")
    void meanOverExamples(LossOracle oracle) {
        Shape output = Shape.of(5, 3);
        Loss loss = oracle.loss();
        float[] y = Data.integers(5, output.size());
        float[] targets = oracle.targets(Data.reals(6, loss.targetSize(output)), output);
        float[] one = new float[output.size()];
        double value = loss.forward(y, targets, 1, output, one);
        float[] two = new float[2 * output.size()];
        double same = loss.forward(twice(y), twice(targets), 2, output, two);
        assertEquals(value, same, 16 * Sums.EPS * value);
        for (int i = 0; i < two.length; i++) {
            assertEquals(one[i % one.length] / 2, two[i], 4 * Sums.EPS);
        }
    }

    private static float[] twice(float[] x) {
        float[] both = Arrays.copyOf(x, 2 * x.length);
        System.arraycopy(x, 0, both, x.length, x.length);
        return both;
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void wrongArguments(LossOracle oracle) {
        Loss loss = oracle.loss();
        Shape output = Shape.of(4);
        float[] y = new float[8];
        float[] targets = new float[2 * loss.targetSize(output)];
        float[] dy = new float[8];
        Refused.argument(() -> loss.forward(y, targets, 0, output, dy), "n is 0");
        Refused.isNull(() -> loss.forward(null, targets, 2, output, dy), "y");
        Refused.isNull(() -> loss.forward(y, null, 2, output, dy), "targets");
        Refused.isNull(() -> loss.forward(y, targets, 2, null, dy), "output");
        Refused.isNull(() -> loss.targetSize(null), "output");
        Refused.bounds(() -> loss.forward(new float[7], targets, 2, output, dy), "y", 8, 7);
        Refused.bounds(() -> loss.forward(y, new float[targets.length - 1], 2, output, dy), "targets", targets.length);
        Refused.bounds(() -> loss.forward(y, targets, 2, output, new float[7]), "dy", 8, 7);
        Refused.argument(() -> loss.forward(y, targets, 2, output, y), "dy", "y");
        Refused.argument(() -> loss.forward(y, targets, 1, Shape.of(1), targets), "dy", "targets");
        targets[targets.length - 1] = Float.NaN;
        Arrays.fill(dy, CANARY);
        Refused.argument(() -> loss.forward(y, targets, 2, output, dy), "of example 1", Float.NaN);
        assertEquals(CANARY, dy[0], "written before the check");
    }

    @Test
    void messagesShowTheTarget() {
        Loss softmax = new SoftmaxCrossEntropy();
        float[] y = new float[40];
        Refused.argument(() -> softmax.forward(y, new float[] {1, 2, 3, 12}, 4, Shape.of(10), null),
                "target of example 3 is 12.0, must be a class from 0 to 9");
        Refused.argument(() -> softmax.forward(y, new float[] {1, 2.5f}, 2, Shape.of(10), null), "example 1", 2.5f);
        Refused.argument(() -> softmax.forward(y, new float[] {-1}, 1, Shape.of(10), null), "example 0", -1.0f);
        Refused.argument(() -> softmax.forward(y, new float[] {1, 1, 1, 2}, 2, Shape.of(2, 2), null),
                "target 1 of example 1 is 2.0, must be a class from 0 to 1");
        Refused.argument(() -> new BinaryCrossEntropy().forward(y, new float[] {0, 1, 0, 1.5f}, 2, Shape.of(2), null),
                "target 1 of example 1 is 1.5, must be from 0 to 1");
        Refused.argument(() -> new MeanSquaredError().forward(y, new float[] {Float.NEGATIVE_INFINITY}, 1, Shape.of(1), null),
                "target of example 0 is -Infinity, must be finite");
        Refused.argument(() -> new SoftmaxCrossEntropy(1), "labelSmoothing", 1.0);
        Refused.argument(() -> new SoftmaxCrossEntropy(-0.1), "labelSmoothing", -0.1);
        Refused.argument(() -> new SoftmaxCrossEntropy(Double.NaN), "labelSmoothing", "NaN");
    }

    @Test
    void targetSizes() {
        Shape output = Shape.of(4, 5, 3);
        assertEquals(20, new SoftmaxCrossEntropy().targetSize(output));
        assertEquals(1, new SoftmaxCrossEntropy().targetSize(Shape.of(10)));
        assertEquals(60, new MeanSquaredError().targetSize(output));
        assertEquals(60, new BinaryCrossEntropy().targetSize(output));
    }

    @Test
    void byHand() {
        float[] dy = new float[4];
        assertEquals(Math.log(4), new SoftmaxCrossEntropy().forward(new float[4], new float[] {2}, 1, Shape.of(4), dy), Sums.EPS);
        assertArrayEquals(new float[] {0.25f, 0.25f, -0.75f, 0.25f}, dy);
        assertEquals(Math.log(2), new BinaryCrossEntropy().forward(new float[4], new float[] {0, 1, 0, 0.5f}, 1, Shape.of(4), dy),
                Sums.EPS);
        assertArrayEquals(new float[] {0.125f, -0.125f, 0.125f, 0}, dy);
        assertEquals(3.5, new MeanSquaredError().forward(new float[] {1, 2, 3, 4}, new float[] {1, 1, 1, 1}, 1, Shape.of(4), dy));
        assertArrayEquals(new float[] {0, 0.5f, 1, 1.5f}, dy);
    }

    /** Huge logits: the loss is their distance, and the gradient that of a step. */
    @Test
    void hugeLogits() {
        float big = 1e30f;
        for (double smoothing : new double[] {0, 0.25}) {
            Loss softmax = new SoftmaxCrossEntropy(smoothing);
            float[] dy = new float[4];
            double right = softmax.forward(new float[] {big, -big, -big, -big}, new float[] {0}, 1, Shape.of(4), dy);
            assertEquals(smoothing * 0.75 * 2e30, right, 1e-6 * 2e30 * smoothing);
            float share = (float) (smoothing / 4);
            assertArrayEquals(new float[] {3 * share, -share, -share, -share}, dy, (float) Sums.EPS);
            double wrong = softmax.forward(new float[] {big, -big, -big, -big}, new float[] {1}, 1, Shape.of(4), null);
            assertEquals((1 - smoothing) * 2e30 + smoothing * 1.5e30, wrong, 1e-6 * 2e30);
        }
        float max = Float.MAX_VALUE;
        double farthest = new SoftmaxCrossEntropy().forward(new float[] {max, -max}, new float[] {1}, 1, Shape.of(2), new float[2]);
        assertEquals(2.0 * max, farthest);
        float[] dy = new float[4];
        Loss binary = new BinaryCrossEntropy();
        assertEquals(big / 2.0, binary.forward(new float[] {big, -big, big, -big}, new float[] {1, 0, 0, 1}, 1, Shape.of(4), dy));
        assertArrayEquals(new float[] {0, 0, 0.25f, -0.25f}, dy);
    }

    @Test
    void specialLogits() {
        float inf = Float.POSITIVE_INFINITY;
        Loss softmax = new SoftmaxCrossEntropy();
        float[] dy = new float[4];
        assertEquals(Math.log(2), softmax.forward(new float[] {0, -inf, 0, -inf}, new float[] {0}, 1, Shape.of(4), dy), Sums.EPS);
        assertArrayEquals(new float[] {-0.5f, 0, 0.5f, 0}, dy, "a class that is ruled out");
        assertEquals(inf, softmax.forward(new float[] {0, -inf}, new float[] {1}, 1, Shape.of(2), dy));
        assertEquals(inf, new SoftmaxCrossEntropy(0.1).forward(new float[] {0, -inf}, new float[] {0}, 1, Shape.of(2), dy));
        for (float[] y : List.of(new float[] {0, Float.NaN}, new float[] {0, inf}, new float[] {-inf, -inf})) {
            float[] both = {y[0], y[1], 0, 0};
            float[] gradient = new float[4];
            assertTrue(Double.isNaN(softmax.forward(both, new float[] {0, 0}, 2, Shape.of(2), gradient)), Arrays.toString(y));
            assertTrue(Double.isNaN(softmax.forward(both, new float[] {0, 0}, 2, Shape.of(2), null)), Arrays.toString(y));
            assertArrayEquals(new float[] {-0.25f, 0.25f}, Arrays.copyOfRange(gradient, 2, 4), "the other example's own gradient");
        }
        for (Loss loss : List.of(new BinaryCrossEntropy(), new MeanSquaredError())) {
            assertTrue(Double.isNaN(loss.forward(new float[] {Float.NaN, 1}, new float[] {1, 1}, 1, Shape.of(2), dy)));
            assertTrue(Float.isNaN(dy[0]));
        }
    }

    /** With a common offset the logits' differences count, also with smoothing, where many are summed. */
    @Test
    void commonOffset() {
        int classes = 1000;
        float[] y = Data.integers(7, classes);
        float[] far = new float[classes];
        for (int i = 0; i < classes; i++) {
            far[i] = y[i] + 0x1p20f;
        }
        Loss loss = new SoftmaxCrossEntropy(0.5);
        double near = loss.forward(y, new float[] {3}, 1, Shape.of(classes), null);
        assertEquals(near, loss.forward(far, new float[] {3}, 1, Shape.of(classes), null));
    }
}
