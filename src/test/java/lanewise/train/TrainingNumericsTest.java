package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import lanewise.kernel.Threads;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Keep;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.model.LeNet;
import lanewise.model.ResNet20;
import lanewise.oracle.ChildJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The losses of the first 50 steps in float and in double ({@link DoubleTraining}).
 *
 * <p>The bound: 32 times what the same steps in double differ by if each stored number is rounded to a float, at most so far and at least
 * 2^-23. That is what storing costs any training, carried on by the very steps it is about; kernels round within their sums, too. A sum of n
 * products is off by about sqrt(n) / 2 roundings of its size, n is at most 577 here, so 12, and Winograd's forms are off by up to two to
 * three times as much as direct sums (NOTES, Precision).
 */
class TrainingNumericsTest {

    private static final int STEPS = 50;
    private static final int N = 4;
    private static final double MOMENTUM = 0.9;
    private static final double RATE = 0.01;
    private static final double ROUNDINGS = 32;

    /** Beyond it the bound would say nothing. It was found to be 4e-5. */
    private static final double MOST_TOLERANCE = 2e-4;

    /** A bright square, whose place is its class, in noise. */
    private static float[] batch(Shape shape, int[] labels, SplittableRandom random) {
        float[] x = new float[N * shape.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (0.5 * random.nextGaussian());
        }
        for (int i = 0; i < N; i++) {
            labels[i] = random.nextInt(10);
            int row = labels[i] / 5 * shape.dim(0) / 2;
            int column = labels[i] % 5 * shape.dim(1) / 5;
            for (int j = 0; j < 9; j++) {
                x[i * shape.size() + ((row + j / 3) * shape.dim(1) + Math.min(column + j % 3, shape.dim(1) - 1)) * shape.channels()] += 2;
            }
        }
        return x;
    }

    private static void check(Network network, boolean winograd) {
        Shape output = network.outputShape();
        ContextOptions options = new ContextOptions(N, Threads.one(), true, false, 1).keeping(Keep.ALL);
        Context context = network.newContext(winograd ? options : options.withoutWinograd());
        DoubleTraining exact = new DoubleTraining(network, context, N, false);
        DoubleTraining rounded = new DoubleTraining(network, context, N, true);
        Sgd sgd = Sgd.of().momentum(MOMENTUM);
        SplittableRandom random = new SplittableRandom(1);
        int[] labels = new int[N];
        float[] targets = new float[N];
        double envelope = 0x1p-23;
        double first = Double.NaN;
        double last = 0;
        for (int t = 0; t < STEPS; t++) {
            float[] x = batch(network.inputShape(), labels, random);
            for (int i = 0; i < N; i++) {
                targets[i] = labels[i];
            }
            System.arraycopy(x, 0, context.input(), 0, x.length);
            context.forward(N, true);
            double loss = new SoftmaxCrossEntropy().forward(context.output(), targets, N, output, context.outputGradient());
            context.backward(N);
            sgd.step(network.parameters(), context.gradients(), RATE);
            double expected = exact.step(x, labels, RATE, MOMENTUM);
            envelope = Math.max(envelope, Math.abs(rounded.step(x, labels, RATE, MOMENTUM) - expected));
            double tolerance = ROUNDINGS * envelope;
            assertTrue(Math.abs(loss - expected) <= tolerance, "step " + t + ": loss " + loss + ", in double " + expected + " +- " + tolerance);
            assertTrue(tolerance < MOST_TOLERANCE, "step " + t + ": the tolerance is " + tolerance);
            first = t == 0 ? loss : first;
            last += t >= STEPS - 5 ? loss / 5 : 0;
        }
        assertTrue(last < first / 2, "nothing is learnt: " + first + " to " + last);
        assertTrue(exact.farthest() < MOST_TOLERANCE, "a decision " + exact.farthest() + " away from its kink");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leNet(boolean winograd) {
        check(LeNet.network(1), winograd);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resNet20(boolean winograd) {
        assumeTrue(ChildJvm.isWidthPreferred(), "takes long: runs at the preferred width only");
        ConvPlan plan = ConvPlan.of(ConvShape.of(N, 12, 12, 16, 16, 3, 3, 1, 1)); // the first stage
        for (Pass pass : Pass.values()) {
            assertTrue(plan.describe().contains(pass + ": WinogradConv"), plan.describe());
        }
        check(ResNet20.network(Shape.of(12, 12, 3), 10, 1), winograd);
    }
}
