package lanewise.peers;

import java.util.List;
import java.util.SplittableRandom;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import lanewise.kernel.Threads;

/**
 * The gradient of one convolution. No peer on the JVM computes it by itself, so it is compared with plain loops in double, for a
 * sample of its elements.
 */
record GradientWork(String name, ConvShape shape, Pass pass) implements Work {

    static final String INPUT_PREFIX = "gradInput:";
    static final String WEIGHT_PREFIX = "gradWeight:";

    private static final int SAMPLE = 500;

    @Override
    public int usualBatch() {
        return 16;
    }

    @Override
    public Match prepare(int batch, int threads) {
        ConvShape batched = shape.withBatch(batch);
        float[] dy = Operands.uniform(3, batched.yLength());
        boolean input = pass == Pass.GRAD_INPUT;
        float[] other = input ? Operands.uniform(2, batched.wLength()) : Operands.uniform(1, batched.xLength());
        Ours ours = input ? Ours.gradInput(batched, other, dy, Threads.of(threads))
                : Ours.gradWeight(batched, other, dy, Threads.of(threads));
        ours.call();
        check(ours.result(), other, dy, new PlainGradient(batched));
        return new Match(batched.multiplyAdds(), ours, List.of());
    }

    /**
     * Compares some elements, drawn at random.
     *
     * @param other the filter or the input, whichever the pass reads
     * @throws IllegalStateException if one differs
     */
    void check(float[] gradient, float[] other, float[] dy, PlainGradient plain) {
        var actual = new float[SAMPLE];
        var expected = new float[SAMPLE];
        var random = new SplittableRandom(SAMPLE);
        for (int i = 0; i < SAMPLE; i++) {
            int element = random.nextInt(gradient.length);
            actual[i] = gradient[element];
            expected[i] = (float) (pass == Pass.GRAD_INPUT ? plain.input(element, other, dy) : plain.weight(element, other, dy));
        }
        double error = Agreement.require(name + " by Lanewise and by plain loops", actual, expected);
        System.err.printf("%s: the largest difference from plain loops is %.1g of the root mean square%n", name, error);
    }
}
