package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import lanewise.kernel.ReduceFunction;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Names, ownership, and which nodes a network takes. */
class GraphTest {

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(Node::name).toList();
    }

    @Test
    void namesAreMadeFromTheKind() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(8, 8, 3));
        assertEquals("input", x.name());
        Node taken = x.then("conv2d_2", Conv2d.of(3, 1));
        assertEquals("conv2d_1", taken.then(Conv2d.of(3, 1)).name());
        assertEquals("conv2d_3", taken.then(Conv2d.of(3, 1)).name(), "2 is taken");
        assertEquals("relu_1", taken.then(new Relu()).name());
        assertEquals("add_1", graph.join(new Add(), x, taken).name());
        assertEquals("block-1/Conv_0", x.then("block-1/Conv_0", Conv2d.of(2, 1)).name());
    }

    @Test
    void nullsAreNamed() {
        Refused.isNull(() -> Network.chain(Shape.of(3), 1, (Layer[]) null), "layers");
        Refused.isNull(() -> Shape.of((int[]) null), "dims");
        Refused.isNull(() -> new Shape(null), "dims");
        Refused.isNull(() -> new Permute(null), "axes");
        Refused.isNull(() -> new Reduction(ReduceFunction.SUM, null, true), "axes");
        Refused.isNull(() -> new Take(0, null), "indices");
        Refused.isNull(() -> new Slice(List.of(0), null, List.of(1)), "sizes");
        Refused.isNull(() -> new Pad(null, List.of(1), 0), "before");
        Network network = Network.chain(Shape.of(3), 1, Dense.of(2));
        Refused.isNull(() -> network.parameters().freeze(null), "prefix");
        Refused.isNull(() -> network.parameters().freezeAllBut(null), "prefix");
        Refused.isNull(() -> network.summary(null, 1), "options");
    }

    @Test
    void sizesThatOverflow() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(1 << 30));
        Refused.argument(() -> graph.join(new Concat(), x, x), "axis 0", 1L << 31, Integer.MAX_VALUE);
        Refused.argument(() -> Resize.nearest(Shape.of(4, 4, 2), 1 << 30, 1), "height", 1 << 30, Integer.MAX_VALUE);
    }

    @Test
    void wrongNames() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4));
        x.then("same", new Relu());
        Refused.argument(() -> x.then("same", new Tanh()), "name same is taken", "input 4", "same 4");
        Refused.argument(() -> graph.input(Shape.of(4)), "name input is taken");
        Refused.argument(() -> graph.input("same", Shape.of(4)), "name same is taken");
        Refused.argument(() -> graph.join("input", new Add(), x, x), "name input is taken");
        for (String name : List.of("", " ", "a.b", "a b", "\u00e4", "a\n", "conv:1")) {
            Refused.argument(() -> x.then(name, new Relu()), "name is \"" + name + "\"", "must consist of letters");
            Refused.argument(() -> graph.input(name, Shape.of(1)), "name is \"" + name + "\"");
        }
        Refused.isNull(() -> x.then(null, new Relu()), "name");
        Refused.isNull(() -> graph.input(null, Shape.of(1)), "name");
        Refused.isNull(() -> graph.input("b", null), "shape");
        Refused.isNull(() -> x.then("b", null), "layer");
        Refused.isNull(() -> x.then(null), "layer");
        assertThrows(NullPointerException.class, () -> graph.join(new Add(), x, null));
        assertEquals("b", graph.input("b", Shape.of(1)).name(), "what was refused left its name behind");
    }

    @Test
    void foreignNodes() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4));
        Node y = x.then(new Relu());
        Graph other = new Graph();
        Node foreign = other.input("stranger", Shape.of(4)).then("alien", new Relu());
        Refused.argument(() -> graph.join(new Add(), x, foreign), "alien 4", "another graph");
        Refused.argument(() -> graph.network(1, y, foreign), "alien 4", "another graph");
        Refused.argument(() -> graph.summary(foreign), "alien 4", "another graph");
    }

    @Test
    void outputs() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4));
        Node y = x.then(new Relu());
        Refused.argument(() -> graph.network(1), "at least one output");
        Refused.argument(() -> graph.summary(), "at least one output");
        Refused.argument(() -> graph.network(1, x), "input 4", "nothing is computed");
        Refused.argument(() -> graph.network(1, y, x), "input 4", "nothing is computed");
        Node z = x.then(new Tanh());
        Network network = graph.network(1, z, y);
        assertEquals(List.of(z, y), network.outputs(), "in the order asked for");
        assertSame(y, network.node("relu_1"));
    }

    /** What the outputs do not depend on is left out: layers, their parameters, inputs. */
    @Test
    void unusedNodesAreTrimmed() {
        Graph graph = new Graph();
        Node a = graph.input("a", Shape.of(4));
        Node b = graph.input("b", Shape.of(4));
        Node used = a.then("used", Dense.of(3));
        used.then("after", Dense.of(5));
        b.then("beside", Dense.of(6));
        Node join = graph.join("join", new Concat(), used, a);
        Network network = graph.network(1, join);
        assertEquals(List.of("a", "used", "join"), names(network.nodes()));
        assertEquals(List.of("a"), names(network.inputs()));
        assertEquals(List.of("used.weight", "used.bias"), network.parameters().views().stream().map(Parameter::name).toList());
        assertEquals(3, graph.summary(join).rows().size());
        Network both = graph.network(1, graph.join("sum", new Add(), b, a), used);
        assertEquals(List.of("a", "b", "used", "sum"), names(both.nodes()), "in the order in which they were made");
    }

    /** One graph, two networks: each has parameters of its own. */
    @Test
    void networksOfOneGraphAreIndependent() {
        Graph graph = new Graph();
        Node y = graph.input(Shape.of(4)).then("dense", Dense.of(3));
        Network one = graph.network(1, y);
        Network two = graph.network(1, y);
        one.parameters().set("dense.bias", new float[] {1, 2, 3});
        assertEquals(0, two.parameters().get("dense.bias")[1]);
    }

    @Test
    void nodesTellWhatTheyAre() {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(8, 6, 3));
        Layer layer = Conv2d.of(4, 3);
        Node y = x.then("y", layer);
        assertEquals("y 6x4x4", y.toString());
        assertSame(layer, y.layer());
        assertEquals(null, x.layer());
        assertEquals(List.of(x), y.inputs());
        assertEquals(List.of(Shape.of(8, 6, 3)), y.inputShapes());
        assertEquals(List.of(), x.inputs());
    }
}
