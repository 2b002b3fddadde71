package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lanewise.layer.Dense;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Fifty steps of each optimiser against the papers' formulas in double, and what all promise. */
class OptimizerTest {

    private static final int STEPS = 50;
    private static final double EPS = Sums.EPS;

    /** An optimiser and its rule for one element, with the error that floats may have made by then. */
    private record Case(String name, Supplier<Optimizer> optimizer, Rule rule) {

        @Override
        public String toString() {
            return name;
        }
    }

    private interface Rule {
        void step(Element e, double g, double rate, boolean decayed, int t);
    }

    /** Weight and moments in double, each with a bound on how far the float may lie from it: a running error analysis. */
    private static final class Element {
        private double w;
        private double errW;
        private double m;
        private double errM;
        private double v;
        private double errV;
    }

    private static final List<Case> ALL = List.of(
            new Case("sgd", Sgd::of, sgd(0, false, 0)),
            new Case("sgd decay", () -> Sgd.of().weightDecay(0.05), sgd(0, false, 0.05)),
            new Case("momentum", () -> Sgd.of().momentum(0.9), sgd(0.9, false, 0)),
            new Case("momentum decay", () -> Sgd.of().weightDecay(0.05).momentum(0.7f), sgd(0.7f, false, 0.05)),
            new Case("nesterov", () -> Sgd.of().momentum(0.9f).nesterov().weightDecay(5e-2f), sgd(0.9f, true, 5e-2f)),
            new Case("adam", Adam::of, adam(0.9, 0.999, 1e-8, 0, false)),
            new Case("adam l2", () -> Adam.of().weightDecay(0.05), adam(0.9, 0.999, 1e-8, 0.05, false)),
            new Case("adamw", () -> Adam.decoupled(0.05), adam(0.9, 0.999, 1e-8, 0.05, true)),
            new Case("adamw, other numbers", () -> Adam.decoupled(1).weightDecay(0.5).beta1(0.5).beta2(0.9).epsilon(0.25),
                    adam(0.5, 0.9, 0.25, 0.5, true)),
            new Case("rmsprop", () -> Adam.of().beta1(0), adam(0, 0.999, 1e-8, 0, false)));

    private static Rule sgd(double momentum, boolean nesterov, double weightDecay) {
        return (e, g, rate, decayed, t) -> {
            double decay = decayed ? weightDecay : 0;
            double d = g + decay * e.w;
            double errD = decay * e.errW + EPS * (Math.abs(d) + Math.abs(decay * e.w));
            e.v = momentum * e.v + d;
            e.errV = momentum * e.errV + errD + EPS * (Math.abs(e.v) + Math.abs(d));
            double step = nesterov ? d + momentum * e.v : e.v;
            double errStep = (nesterov ? errD + momentum * e.errV : e.errV) + EPS * (Math.abs(step) + Math.abs(e.v));
            e.w -= rate * step;
            e.errW += rate * errStep + EPS * (Math.abs(e.w) + rate * Math.abs(step));
        };
    }

    private static Rule adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled) {
        return (e, g, rate, decayed, t) -> {
            double decay = decayed ? weightDecay : 0;
            double l2 = decoupled ? 0 : decay;
            double d = g + l2 * e.w;
            double errD = l2 * e.errW + EPS * (Math.abs(d) + Math.abs(l2 * e.w));
            double oldM = e.m;
            e.m = beta1 * e.m + (1 - beta1) * d;
            e.errM = beta1 * e.errM + (1 - beta1) * errD + EPS * (Math.abs(oldM) + (1 - beta1) * Math.abs(d) + Math.abs(e.m));
            double oldV = e.v;
            e.v = beta2 * e.v + (1 - beta2) * d * d;
            e.errV = beta2 * e.errV + (1 - beta2) * (2 * Math.abs(d) + errD) * errD + EPS * (oldV + 2 * e.v);
            double correction1 = 1 - Math.pow(beta1, t);
            double correction2 = 1 - Math.pow(beta2, t);
            double root = Math.sqrt(e.v / correction2);
            double step = e.m / correction1 / (root + epsilon);
            double relative = e.v == 0 ? 0 : e.errV / e.v; // of the root it is half, and more only if it is large
            double errStep = e.errM / correction1 / (root + epsilon) + Math.abs(step) * (relative + 4 * EPS);
            double change = rate * step + (decoupled ? rate * decay * e.w : 0);
            e.w -= change;
            e.errW += rate * errStep + EPS * (Math.abs(e.w) + 3 * Math.abs(rate * step) + 3 * rate * decay * Math.abs(e.w));
        };
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void fiftySteps(Case c) {
        TinyNetwork tiny = new TinyNetwork();
        int length = tiny.network.parameters().trainableLength();
        Element[] elements = new Element[length];
        float[] first = tiny.weights().clone();
        for (int i = 0; i < length; i++) {
            elements[i] = new Element();
            elements[i].w = first[i];
        }
        Optimizer optimizer = c.optimizer().get();
        int decayedOnes = 0;
        for (int t = 1; t <= STEPS; t++) {
            tiny.backward(t);
            double rate = 0.02 / (1 + t % 3);
            for (int i = 0; i < length; i++) {
                if (tiny.trained(i)) {
                    c.rule().step(elements[i], tiny.gradients()[i], rate, tiny.decayed(i), t);
                    decayedOnes += tiny.decayed(i) ? 1 : 0;
                }
            }
            long version = tiny.network.parameters().version();
            tiny.step(optimizer, rate);
            assertTrue(tiny.network.parameters().version() > version, "contexts are told");
            assertEquals(t, optimizer.steps());
            for (int i = 0; i < length; i++) {
                assertEquals(elements[i].w, tiny.weights()[i], elements[i].errW, c + ", step " + t + ", element " + i);
            }
        }
        assertTrue(decayedOnes > 0);
        double largest = 0;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, elements[i].errW);
        }
        assertTrue(largest < 2e-3, "the bound says something: " + largest);
    }

    /** Rows of a table that a batch does not use keep weights and moments to the bit, also with decay and momentum. */
    @ParameterizedTest
    @FieldSource("ALL")
    void unusedRowsRest(Case c) {
        TinyNetwork tiny = new TinyNetwork();
        Optimizer optimizer = c.optimizer().get();
        float[] start = tiny.weights().clone();
        int rested = 0;
        for (int t = 1; t <= 10; t++) {
            tiny.backward(t);
            float[] before = tiny.weights().clone();
            Map<String, float[]> stateBefore = copy(optimizer.state());
            tiny.step(optimizer, 0.1);
            for (int i = 0; i < before.length; i++) {
                if (!tiny.trained(i)) {
                    rested++;
                    assertEquals(before[i], tiny.weights()[i]);
                    for (Map.Entry<String, float[]> entry : stateBefore.entrySet()) {
                        assertEquals(entry.getValue()[i], optimizer.state().get(entry.getKey())[i]);
                    }
                }
            }
        }
        assertTrue(rested > 0);
        int lastRow = TinyNetwork.ROWS * TinyNetwork.DIM - 1;
        assertEquals(start[lastRow], tiny.weights()[lastRow], "no batch used it");
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void frozenParametersRest(Case c) {
        TinyNetwork tiny = new TinyNetwork("dense");
        Optimizer optimizer = c.optimizer().get();
        float[] start = tiny.weights().clone();
        tiny.backward(1);
        tiny.step(optimizer, 0.1);
        int table = TinyNetwork.ROWS * TinyNetwork.DIM;
        int changed = 0;
        for (int i = 0; i < start.length; i++) {
            changed += start[i] == tiny.weights()[i] ? 0 : 1;
            assertTrue(i < table || start[i] == tiny.weights()[i], "element " + i + " is frozen");
        }
        assertTrue(changed > 0);
    }

    private static Map<String, float[]> copy(Map<String, float[]> state) {
        Map<String, float[]> copy = new HashMap<>();
        state.forEach((name, values) -> copy.put(name, values.clone()));
        return copy;
    }

    /** Seven steps, save, seven more; then the same seven again from what was saved, in a new optimiser. */
    @ParameterizedTest
    @FieldSource("ALL")
    void restoredGoesOnWithTheSameBits(Case c) {
        TinyNetwork tiny = new TinyNetwork();
        Optimizer optimizer = c.optimizer().get();
        Map<String, float[]> fresh = copy(optimizer.state());
        assertEquals(Map.of(), fresh);
        run(tiny, optimizer, 1, 7);
        float[] weights = tiny.weights().clone();
        Map<String, float[]> state = copy(optimizer.state());
        long steps = optimizer.steps();
        run(tiny, optimizer, 8, 14);
        float[] expected = tiny.weights().clone();
        for (Optimizer other : List.of(c.optimizer().get(), optimizer)) {
            other.restore(state, steps);
            assertEquals(steps, other.steps());
            tiny.network.parameters().changed();
            System.arraycopy(weights, 0, tiny.weights(), 0, weights.length);
            run(tiny, other, 8, 14);
            assertArrayEquals(expected, tiny.weights(), c + " after restore");
        }
        System.arraycopy(new TinyNetwork().weights(), 0, tiny.weights(), 0, weights.length);
        optimizer.restore(fresh, 0);
        run(tiny, optimizer, 1, 7);
        assertArrayEquals(weights, tiny.weights(), c + " from its beginning");
    }

    private static void run(TinyNetwork tiny, Optimizer optimizer, int from, int to) {
        for (int t = from; t <= to; t++) {
            tiny.network.parameters().changed();
            tiny.backward(t);
            tiny.step(optimizer, 0.02);
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void stateIsLiveAndCopiedBack(Case c) {
        TinyNetwork tiny = new TinyNetwork();
        Optimizer optimizer = c.optimizer().get();
        run(tiny, optimizer, 1, 1);
        for (String name : List.copyOf(optimizer.state().keySet())) {
            float[] live = optimizer.state().get(name);
            assertEquals(tiny.network.parameters().trainableLength(), live.length);
            float before = live[live.length - 1];
            run(tiny, optimizer, 2, 2);
            assertSame(live, optimizer.state().get(name));
            assertNotEquals(before, live[live.length - 1], name);
            optimizer.restore(optimizer.state(), 2);
            assertNotEquals(System.identityHashCode(live), System.identityHashCode(optimizer.state().get(name)), "copied");
        }
        Refused.by(UnsupportedOperationException.class, () -> optimizer.state().put("x", new float[1]));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void wrongArguments(Case c) {
        TinyNetwork tiny = new TinyNetwork();
        Optimizer optimizer = c.optimizer().get();
        tiny.backward(1);
        float[] before = tiny.weights().clone();
        for (double rate : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            Refused.argument(() -> tiny.step(optimizer, rate), "learningRate", rate);
        }
        Network other = Network.chain(Shape.of(3), 1, Dense.of(2));
        Refused.argument(() -> optimizer.step(other.parameters(), tiny.context.gradients(), 0.1),
                tiny.network.parameters().trainableLength(), other.parameters().trainableLength());
        Refused.isNull(() -> optimizer.step(null, tiny.context.gradients(), 0.1), "parameters");
        Refused.isNull(() -> optimizer.step(tiny.network.parameters(), null, 0.1), "gradients");
        assertArrayEquals(before, tiny.weights());
        assertEquals(0, optimizer.steps());
        assertEquals(Map.of(), optimizer.state());
        tiny.step(optimizer, 0.1);
        Refused.by(IllegalStateException.class,
                () -> optimizer.step(other.parameters(), other.newTrainingContext(1, 1).gradients(), 0.1),
                tiny.network.parameters().trainableLength(), other.parameters().trainableLength());
        assertEquals(1, optimizer.steps());
        Refused.isNull(() -> optimizer.restore(null, 1), "state");
        Refused.argument(() -> optimizer.restore(optimizer.state(), -1), "steps", -1);
        Refused.argument(() -> optimizer.restore(Map.of("speed", new float[3]), 1), "speed");
        assertEquals(1, optimizer.steps());
        optimizer.restore(Map.of(), 0);
        assertEquals(0, optimizer.steps());
    }

    @Test
    void wrongState() {
        Optimizer adam = Adam.of();
        Refused.argument(() -> adam.restore(Map.of(), 3), "[]", "mean", "square");
        Refused.argument(() -> adam.restore(Map.of("mean", new float[3]), 3), "[mean]", "square");
        Refused.argument(() -> adam.restore(Map.of("mean", new float[3], "square", new float[4]), 3), 3, 4);
        adam.restore(Map.of("mean", new float[3], "square", new float[3]), 3);
        TinyNetwork tiny = new TinyNetwork();
        tiny.backward(1);
        Refused.by(IllegalStateException.class, () -> tiny.step(adam, 0.1), 3, tiny.network.parameters().trainableLength());
        assertEquals(3, adam.steps());
    }

    @Test
    void wrongNumbers() {
        Refused.argument(() -> Sgd.of().momentum(1), "momentum", 1.0);
        Refused.argument(() -> Sgd.of().momentum(-0.1), "momentum", -0.1);
        Refused.argument(() -> Sgd.of().momentum(Double.NaN), "momentum", "NaN");
        Refused.argument(() -> Sgd.of().weightDecay(-1), "weightDecay", -1.0);
        Refused.by(IllegalStateException.class, () -> Sgd.of().nesterov(), "momentum", 0.0);
        Refused.argument(() -> Sgd.of().momentum(0.9).nesterov().momentum(0), "momentum", 0.0);
        Refused.argument(() -> Adam.of().beta1(1), "beta1", 1.0);
        Refused.argument(() -> Adam.of().beta2(1.5), "beta2", 1.5);
        Refused.argument(() -> Adam.of().epsilon(0), "epsilon", 0.0);
        Refused.argument(() -> Adam.of().epsilon(1e-60), "epsilon", 0.0);
        Refused.argument(() -> Adam.of().weightDecay(Double.POSITIVE_INFINITY), "weightDecay", "Infinity");
        Refused.argument(() -> Adam.decoupled(-1), "weightDecay", -1.0);
    }

    /** Adam's first step is the learning rate, whatever the gradient: its bias is corrected. */
    @Test
    void firstStepOfAdam() {
        TinyNetwork tiny = new TinyNetwork();
        tiny.backward(1);
        float[] before = tiny.weights().clone();
        tiny.step(Adam.of(), 0x1p-6);
        int moved = 0;
        for (int i = 0; i < before.length; i++) {
            double g = tiny.gradients()[i];
            if (Math.abs(g) > 1e-2) {
                moved++;
                // epsilon takes off one millionth at most
                assertEquals(before[i] - Math.signum(g) * 0x1p-6, tiny.weights()[i], 0x1p-6 * 2e-6 + EPS * Math.abs(before[i]));
            }
        }
        assertTrue(moved > 10);
    }

    /** A new optimiser for each choice: the one before keeps its own. */
    @Test
    void choicesMakeNewOptimisers() {
        Sgd plain = Sgd.of();
        Sgd decayed = plain.weightDecay(0.5);
        assertEquals("Sgd[momentum=0.0, weightDecay=0.0]", plain.toString());
        assertEquals("Sgd[momentum=0.9, nesterov, weightDecay=0.5]", decayed.momentum(0.9).nesterov().toString());
        assertEquals("AdamW[beta1=0.8, beta2=0.99, epsilon=1.0E-6, weightDecay=0.01]",
                Adam.decoupled(0.01).beta1(0.8).beta2(0.99).epsilon(1e-6).toString());
        assertEquals("Adam[beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.0]", Adam.of().toString());
    }
}
