package lanewise.train;

import lanewise.internal.Checks;

/**
 * The learning rate of each step. Steps are counted from 0: the first update uses {@code at(0)}.
 *
 * <pre>LearningRate.cosine(0.1, 0, 20_000).warmUp(500)</pre>
 *
 * <p>A schedule is a function of the step alone, so a resumed run goes on where it stopped.
 */
@FunctionalInterface
public interface LearningRate {

    /**
     * The rate of one step.
     *
     * @param step from 0; those made here refuse a negative one with {@link IllegalArgumentException}
     */
    double at(long step);

    /**
     * Always the same.
     *
     * @throws IllegalArgumentException if {@code rate} is negative or not finite
     */
    static LearningRate constant(double rate) {
        Hyper.notNegative(rate, "rate");
        return step -> {
            checkStep(step);
            return rate;
        };
    }

    /**
     * {@code rate gamma^floor(step / every)}: the first change is at step {@code every}.
     *
     * @param every steps, at least 1
     * @param gamma greater than 0, often 0.1
     * @throws IllegalArgumentException if a number is out of range
     */
    static LearningRate stepDecay(double rate, long every, double gamma) {
        Hyper.notNegative(rate, "rate");
        Hyper.atLeast(every, 1, "every");
        Hyper.positive(gamma, "gamma");
        return step -> rate * Math.pow(gamma, checkStep(step) / every);
    }

    /**
     * {@code rate gamma^k}, where k of the {@code steps} are reached: the change is at the step that is named.
     *
     * @param gamma greater than 0, often 0.1
     * @param steps each at least 1, in ascending order. Copied
     * @throws IllegalArgumentException if a number is out of range or the order is wrong
     */
    static LearningRate multiStep(double rate, double gamma, long... steps) {
        Hyper.notNegative(rate, "rate");
        Hyper.positive(gamma, "gamma");
        long[] changes = Checks.notNull(steps, "steps").clone();
        for (int i = 0; i < changes.length; i++) {
            Hyper.atLeast(changes[i], i == 0 ? 1 : changes[i - 1] + 1, "steps[" + i + "]");
        }
        return step -> {
            checkStep(step);
            int reached = 0;
            while (reached < changes.length && changes[reached] <= step) {
                reached++;
            }
            return rate * Math.pow(gamma, reached);
        };
    }

    /**
     * Half a cosine from {@code from} at step 0 to {@code to} at step {@code totalSteps}, where it stays:
     * {@code to + (from - to) (1 + cos(pi step / totalSteps)) / 2}.
     *
     * <p><i>Source:</i> I. Loshchilov, F. Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, arXiv:1608.03983.
     *
     * @param totalSteps at least 1
     * @throws IllegalArgumentException if a number is out of range
     */
    static LearningRate cosine(double from, double to, long totalSteps) {
        Hyper.notNegative(from, "from");
        Hyper.notNegative(to, "to");
        Hyper.atLeast(totalSteps, 1, "totalSteps");
        return step -> {
            double rest = checkStep(step) >= totalSteps ? 0 : (1 + Math.cos(Math.PI * step / totalSteps)) / 2;
            return from * rest + to * (1 - rest);
        };
    }

    /**
     * {@code rate gamma^step}.
     *
     * @param gamma greater than 0; greater than 1 to look for the largest rate that works
     * @throws IllegalArgumentException if a number is out of range
     */
    static LearningRate exponential(double rate, double gamma) {
        Hyper.notNegative(rate, "rate");
        Hyper.positive(gamma, "gamma");
        return step -> rate * Math.pow(gamma, checkStep(step));
    }

    /**
     * This schedule with a start on a ramp: {@code at(step) (step + 1) / steps} for the first {@code steps}, then as it is. So the first
     * step is not 0, the last of the ramp has the full rate, and no step moves: a cosine ends where it would without.
     *
     * @param steps at least 0; 0 and 1 change nothing
     * @throws IllegalArgumentException if it is negative
     */
    default LearningRate warmUp(long steps) {
        Hyper.atLeast(steps, 0, "steps");
        return step -> checkStep(step) < steps ? at(step) * ((step + 1.0) / steps) : at(step);
    }

    private static long checkStep(long step) {
        return Hyper.atLeast(step, 0, "step");
    }
}
