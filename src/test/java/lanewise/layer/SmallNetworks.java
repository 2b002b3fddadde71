package lanewise.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;

/** Networks of every form that a graph can have, each small enough for differences by every parameter. */
final class SmallNetworks {

    private SmallNetworks() {}

    /** By name. */
    static Map<String, Network> all() {
        Map<String, Network> networks = new LinkedHashMap<>();
        networks.put("chain", Network.chain(Shape.of(10, 10, 1), 1, Conv2d.of(3, 3).relu(), AveragePool2d.of(2), Conv2d.of(4, 3),
                new Relu(), new Flatten(), Dense.of(6).relu(), Dense.of(3)));
        networks.put("pooled", Network.chain(Shape.of(10, 11, 1), 1, Conv2d.of(3, 3).padding(1).relu(), MaxPool2d.of(2), Conv2d.of(4, 3).relu(),
                MaxPool2d.of(2), new Flatten(), Dense.of(3)));
        networks.put("residual", residual());
        networks.put("inception", inception());
        networks.put("two inputs", twoInputs());
        networks.put("two outputs", twoOutputs());
        networks.put("same node twice", sameNodeTwice());
        networks.put("words", words());
        networks.put("up and down", upAndDown());
        networks.put("moved", moved());
        networks.put("attention", attention());
        return networks;
    }

    /** A block with a strided 1 x 1 convolution beside it, and one with nothing beside it. */
    private static Network residual() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 6, 3));
        Node a = x.then("a1", Conv2d.of(4, 3).same().stride(2).relu()).then("a2", Conv2d.of(4, 3).same());
        Node sum = graph.join("sum", new Add(), a, x.then("shortcut", Conv2d.of(4, 1).stride(2).withoutBias())).then("join", new Relu());
        Node b = sum.then("b1", Conv2d.of(4, 3).same().relu()).then("b2", DepthwiseConv2d.of(3).padding(1));
        return graph.network(2, graph.join("sum2", new Add(), sum, b).then(new Relu()).then(new GlobalAveragePool()).then(Dense.of(3)));
    }

    /** Up and down in size, and axes in other orders. */
    private static Network moved() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(2, 4, 3)).then(Permute.of(1, 2, 0)).then("first", Conv2d.of(3, 1));
        Node large = x.then(Resize.nearest(x.shape(), 2, 1)).then(Resize.linear(Shape.of(8, 3, 3), 5, 4));
        Node part = large.then(new Pad(PadMode.WRAP, List.of(0, 1, 0), List.of(0, 2, 0), 0))
                .then(new Slice(List.of(4, 0, 0), List.of(2, 7, 3), List.of(-3, 1, 1))).then(new Take(1, List.of(6, 0, 6, 2)));
        Node wide = part.then(new GlobalAveragePool()).then(Expand.to(5, 4, 1));
        Node rows = graph.join("rows", new Concat(0), large, part, wide);
        return graph.network(6, rows.then(new Flatten()).then(Dense.of(2)));
    }

    private static Network inception() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 5, 3));
        Node one = x.then("one", Conv2d.of(2, 1).relu());
        Node three = x.then("reduce", Conv2d.of(2, 1).relu()).then("three", Conv2d.of(3, 3).same().relu());
        Node pool = x.then("pool", MaxPool2d.of(3).stride(1).same()).then("project", Conv2d.of(2, 1));
        Node all = graph.join("all", new Concat(), one, three, pool);
        return graph.network(3, all.then(AveragePool2d.of(2)).then(new Flatten()).then(Dense.of(4)));
    }

    private static Network twoInputs() {
        Graph graph = new Graph();
        Node picture = graph.input("picture", Shape.of(4, 4, 2)).then(Conv2d.of(3, 3).relu()).then(new Flatten());
        Node signal = graph.input("signal", Shape.of(7, 2)).then(Conv1d.ofRadius(3, 1).relu()).then(new GlobalAveragePool());
        return graph.network(4, graph.join("both", new Concat(), picture, signal).then(Dense.of(5).relu()).then(Dense.of(2)));
    }

    /** One of the outputs is read by the other's branch, too. */
    private static Network twoOutputs() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(5, 5, 2));
        Node trunk = x.then("trunk", Conv2d.of(4, 3).relu());
        Node inner = trunk.then("inner", Conv2d.of(3, 2));
        Node outer = inner.then(new Flatten()).then("outer", Dense.of(3));
        return graph.network(5, outer, inner);
    }

    private static Network sameNodeTwice() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6)).then(Dense.of(5).relu());
        Node twice = graph.join("twice", new Add(), x, x).then("middle", Dense.of(4));
        Node beside = graph.join("beside", new Concat(), twice, x, twice).then("top", Dense.of(3).relu());
        return graph.network(6, graph.join("end", new Add(), beside, beside, beside));
    }

    private static Network words() {
        Graph graph = new Graph();
        Node words = graph.input("words", Shape.of(8)).then(Embedding.of(12, 4));
        return graph.network(7, words.then(Conv1d.of(5, 3).relu()).then(new GlobalAveragePool()).then(Dense.of(2)));
    }

    /** Channels scaled by what is in them, and places that look at each other. */
    private static Network attention() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(2, 2, 3)).then("mix", Dense.of(3));
        Node gate = x.then(new Reduction(ReduceFunction.MEAN, List.of(0, 1), true)).then("gate", Dense.of(3));
        Node places = graph.join("scaled", new Binary(BinaryFunction.MULTIPLY), x, gate)
                .then("shift", new BinaryParameter(BinaryFunction.ADD, Shape.of(3), false)).then(Reshape.to(4, 3));
        Node scores = graph.join("scores", new MatMul(false, true), places, x.then(Reshape.to(4, 3)));
        return graph.network(9, scores.then("each", new Each(1, Dense.of(2))));
    }

    /** An hourglass: down by a stride, up by a transposed convolution, and the input beside the result. */
    private static Network upAndDown() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 6, 2));
        Node down = x.then("down", Conv2d.of(3, 2).stride(2).relu());
        Node up = down.then("up", ConvTranspose2d.of(3, 2).stride(2));
        return graph.network(8, graph.join("skip", new Concat(), x, up).then("out", Conv2d.of(1, 1)).then(new Dropout(0)));
    }
}
