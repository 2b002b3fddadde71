package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Schedules at their edges. */
class LearningRateTest {

    private static final double ULPS = 0x1p-50;

    private static void check(LearningRate schedule, long step, double expected) {
        assertEquals(expected, schedule.at(step), ULPS * expected, "step " + step);
    }

    @Test
    void constant() {
        check(LearningRate.constant(0.25), 0, 0.25);
        check(LearningRate.constant(0.25), Long.MAX_VALUE, 0.25);
    }

    @Test
    void stepDecay() {
        LearningRate schedule = LearningRate.stepDecay(0.8, 10, 0.5);
        check(schedule, 0, 0.8);
        check(schedule, 9, 0.8);
        check(schedule, 10, 0.4);
        check(schedule, 19, 0.4);
        check(schedule, 20, 0.2);
        check(schedule, 100_000, 0);
    }

    @Test
    void multiStep() {
        LearningRate schedule = LearningRate.multiStep(1, 0.1, 5, 8);
        check(schedule, 0, 1);
        check(schedule, 4, 1);
        check(schedule, 5, 0.1);
        check(schedule, 7, 0.1);
        check(schedule, 8, 0.01);
        check(schedule, 1_000_000, 0.01);
        check(LearningRate.multiStep(1, 0.1), 10, 1);
        long[] steps = {5};
        LearningRate copied = LearningRate.multiStep(1, 0.5, steps);
        steps[0] = 1;
        check(copied, 4, 1);
    }

    @Test
    void cosine() {
        LearningRate schedule = LearningRate.cosine(0.3, 0.1, 100);
        assertEquals(0.3, schedule.at(0));
        check(schedule, 50, 0.2);
        check(schedule, 25, 0.1 + 0.2 * (1 + Math.sqrt(0.5)) / 2);
        assertEquals(0.1, schedule.at(100));
        assertEquals(0.1, schedule.at(101));
        assertEquals(0.1, schedule.at(Long.MAX_VALUE));
        for (int step = 0; step < 100; step++) {
            assertTrue(schedule.at(step) > schedule.at(step + 1), "falls at " + step);
        }
        assertEquals(0.5, LearningRate.cosine(0.5, 0, 1).at(0));
        assertEquals(0, LearningRate.cosine(0.5, 0, 1).at(1));
    }

    @Test
    void exponential() {
        LearningRate schedule = LearningRate.exponential(2, 0.5);
        check(schedule, 0, 2);
        check(schedule, 3, 0.25);
        check(LearningRate.exponential(1e-6, 10), 4, 1e-2);
    }

    @Test
    void warmUp() {
        LearningRate schedule = LearningRate.constant(0.8).warmUp(4);
        check(schedule, 0, 0.2);
        check(schedule, 1, 0.4);
        check(schedule, 2, 0.6);
        assertEquals(0.8, schedule.at(3));
        assertEquals(0.8, schedule.at(4));
        LearningRate base = LearningRate.cosine(1, 0, 10);
        for (long steps : new long[] {0, 1}) {
            for (int step = 0; step < 12; step++) {
                assertEquals(base.at(step), base.warmUp(steps).at(step));
            }
        }
        check(base.warmUp(5), 1, base.at(1) * 2 / 5);
        assertEquals(base.at(7), base.warmUp(5).at(7), "no step is moved");
        assertEquals(0, base.warmUp(5).at(10));
    }

    @Test
    void refused() {
        List<LearningRate> all = List.of(LearningRate.constant(1), LearningRate.stepDecay(1, 1, 0.5), LearningRate.multiStep(1, 0.5, 1),
                LearningRate.cosine(1, 0, 1), LearningRate.exponential(1, 0.5), LearningRate.constant(1).warmUp(3));
        for (LearningRate schedule : all) {
            Refused.argument(() -> schedule.at(-1), "step", -1);
        }
        Refused.argument(() -> LearningRate.constant(-0.5), "rate", -0.5);
        Refused.argument(() -> LearningRate.constant(Double.NaN), "rate", "NaN");
        Refused.argument(() -> LearningRate.stepDecay(1, 0, 0.5), "every", 0);
        Refused.argument(() -> LearningRate.stepDecay(1, 1, 0), "gamma", 0.0);
        Refused.argument(() -> LearningRate.multiStep(1, 0.5, 0), "steps[0]", 0, 1);
        Refused.argument(() -> LearningRate.multiStep(1, 0.5, 3, 3), "steps[1]", 3, 4);
        Refused.isNull(() -> LearningRate.multiStep(1, 0.5, (long[]) null), "steps");
        Refused.argument(() -> LearningRate.cosine(1, -1, 1), "to", -1.0);
        Refused.argument(() -> LearningRate.cosine(Double.POSITIVE_INFINITY, 1, 1), "from", "Infinity");
        Refused.argument(() -> LearningRate.cosine(1, 0, 0), "totalSteps", 0);
        Refused.argument(() -> LearningRate.exponential(1, -2), "gamma", -2.0);
        Refused.argument(() -> LearningRate.constant(1).warmUp(-1), "steps", -1);
    }
}
