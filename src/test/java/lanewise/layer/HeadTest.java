package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Other layers behind a trained network. */
class HeadTest {

    private static final Shape INPUT = Shape.of(6, 5, 2);

    private static Network trained() {
        Graph graph = new Graph();
        Node x = graph.input(INPUT).then("stem", Conv2d.of(4, 3).same()).then("norm", new BatchNorm());
        Node sum = graph.join("sum", new Add(), x, x.then("branch", Conv2d.of(4, 3).same()));
        return graph.network(3, sum.then("pool", new GlobalAveragePool()).then("classes", Dense.of(7)));
    }

    @Test
    void keepsNamesAndNumbersUpToTheNode() {
        Network before = trained();
        Network after = before.withHead("pool", 9, Dense.of(3));
        assertEquals(Shape.of(3), after.outputShape());
        for (Parameter view : after.parameters().views()) {
            if (!view.name().startsWith("head")) {
                assertArrayEquals(before.parameters().get(view.name()), after.parameters().get(view.name()), view.name());
            }
        }
        assertEquals(before.parameters().views().size(), after.parameters().views().size());
        float first = before.parameters().get("stem.weight")[0];
        after.parameters().set("stem.weight", new float[3 * 3 * 2 * 4]);
        assertEquals(first, before.parameters().get("stem.weight")[0], "the first network keeps its own arrays");
    }

    @Test
    void severalLayersAreNumbered() {
        Network after = trained().withHead("pool", 9, Dense.of(8).relu(), Dense.of(2));
        assertEquals(Shape.of(8), after.node("head/1").shape());
        assertEquals(Shape.of(2), after.node("head/2").shape());
    }

    @Test
    void trainsTheHeadAlone() {
        Network network = trained().withHead("pool", 9, Dense.of(3));
        network.parameters().freezeAllBut("head");
        for (Parameter view : network.parameters().views()) {
            assertEquals(view.name().startsWith("head"), network.parameters().isTrained(view), view.name());
        }
        network.parameters().unfreeze();
        assertTrue(network.parameters().isTrained(network.parameters().view("stem.weight")));
    }

    @Test
    void refusesWhatIsNotThere() {
        String message = assertThrows(IllegalArgumentException.class, () -> trained().withHead("fc", 1, Dense.of(2))).getMessage();
        assertTrue(message.contains("fc") && message.contains("pool"), message);
        message = assertThrows(IllegalArgumentException.class, () -> trained().parameters().freezeAllBut("head")).getMessage();
        assertTrue(message.contains("head") && message.contains("stem.weight"), message);
    }
}
