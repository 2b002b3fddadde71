package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lanewise.oracle.Shapes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An algorithm either computes a shape or says in one sentence why not; the last of each list computes all. */
class ConvRefusalTest {

    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void refusesInOneSentenceWithTheNumber(ConvShape shape) {
        ConvPlan plan = ConvPlan.of(shape);
        for (Pass pass : Pass.values()) {
            for (String name : ConvPlan.algorithms(pass)) {
                String refusal = plan.refusal(pass, name);
                if (refusal == null) {
                    assertEquals(name, plan.withAlgorithm(pass, name).algorithm(pass));
                    continue;
                }
                String what = name + " refuses " + shape + ": \"" + refusal + "\"";
                assertTrue(refusal.matches(".*\\d.*"), () -> what + " names no number");
                assertTrue(refusal.length() > 8 && refusal.length() < 120, what);
                assertTrue(!refusal.contains("\n") && refusal.strip().equals(refusal), what);
                var e = assertThrows(IllegalArgumentException.class, () -> plan.withAlgorithm(pass, name), what);
                for (String part : List.of(refusal, name, shape.toString())) {
                    assertTrue(e.getMessage().contains(part), () -> e.getMessage() + " does not contain " + part);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void lastAcceptsEverything(Pass pass) {
        List<String> names = ConvPlan.algorithms(pass);
        for (ConvShape shape : Shapes.all()) {
            assertNull(ConvPlan.of(shape).refusal(pass, names.getLast()), shape::toString);
        }
        for (ConvShape shape : Shapes.random(7, 500)) {
            assertNull(ConvPlan.of(shape).refusal(pass, names.getLast()), shape::toString);
        }
    }

    /** A refusal that no shape ever meets, or an algorithm behind one that accepts everything, would be dead. */
    @ParameterizedTest
    @EnumSource
    void everyOtherRefusesSomething(Pass pass) {
        List<String> names = ConvPlan.algorithms(pass);
        Set<String> refusing = new HashSet<>();
        for (ConvShape shape : Shapes.all()) {
            ConvPlan plan = ConvPlan.of(shape);
            names.stream().filter(name -> plan.refusal(pass, name) != null).forEach(refusing::add);
        }
        assertEquals(Set.copyOf(names.subList(0, names.size() - 1)), refusing);
        assertEquals(names.size(), Set.copyOf(names).size(), () -> "a name stands twice in " + names);
    }

    @ParameterizedTest
    @EnumSource
    void choosesTheFirstThatDoesNotRefuse(Pass pass) {
        for (ConvShape shape : Shapes.all()) {
            ConvPlan plan = ConvPlan.of(shape);
            String first = ConvPlan.algorithms(pass).stream().filter(name -> plan.refusal(pass, name) == null)
                    .findFirst().orElseThrow();
            assertEquals(first, plan.algorithm(pass), shape::toString);
        }
    }

    @Test
    void unknownNames() {
        ConvPlan plan = ConvPlan.of(ConvShape.of(1, 4, 4, 4, 4, 3, 3));
        var e = assertThrows(IllegalArgumentException.class, () -> plan.withAlgorithm(Pass.FORWARD, "NoConv"));
        String all = ConvPlan.algorithms(Pass.FORWARD).toString();
        assertTrue(e.getMessage().contains("NoConv") && e.getMessage().contains(all), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> plan.refusal(Pass.GRAD_WEIGHT, "gemmconv"));
        assertThrows(IllegalArgumentException.class, () -> plan.withAlgorithm(Pass.FORWARD, null));
        assertThrows(NullPointerException.class, () -> plan.withAlgorithm(null, "GemmConv"));
        assertThrows(NullPointerException.class, () -> ConvPlan.algorithms(null));
    }

    @Test
    void withAlgorithmChangesOnePassOfACopy() {
        ConvShape shape = ConvShape.of(1, 4, 4, 16, 16, 1, 1);
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU);
        String before = plan.toString();
        for (ConvCase c : ConvCase.of(shape)) {
            ConvPlan changed = plan.withAlgorithm(c.pass(), c.algorithm());
            assertEquals(Activation.RELU, changed.activation());
            assertEquals(shape, changed.shape());
            for (Pass pass : Pass.values()) {
                assertEquals(pass == c.pass() ? c.algorithm() : plan.algorithm(pass), changed.algorithm(pass));
            }
        }
        assertEquals(before, plan.toString());
    }
}
