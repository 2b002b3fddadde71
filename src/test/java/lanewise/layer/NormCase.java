package lanewise.layer;

import java.util.Arrays;
import java.util.stream.Stream;
import lanewise.kernel.WriteMode;
import lanewise.oracle.Data;

/** A normalising layer on one input, with numbers of both signs. */
record NormCase(Layer layer, int batch, Shape shape) {

    static final float EPSILON = 1e-3f;
    static final float MOMENTUM = 0.25f;
    private static final int[] CHANNELS = {1, 3, 17};
    private static final int[] BATCHES = {1, 3};

    static Stream<NormCase> all() {
        return Stream.concat(batchNorm(), withoutBatch());
    }

    static Stream<NormCase> batchNorm() {
        return of(new BatchNorm(EPSILON, MOMENTUM));
    }

    /** Those whose examples know nothing of each other. */
    static Stream<NormCase> withoutBatch() {
        Stream<NormCase> some = Stream.of(
                new NormCase(new LayerNorm(EPSILON, 2), 3, Shape.of(5, 3)), new NormCase(new LayerNorm(EPSILON, 2), 1, Shape.of(3, 4, 17)),
                new NormCase(new LayerNorm(EPSILON, 3), 3, Shape.of(3, 4, 3)), new NormCase(new LayerNorm(EPSILON, 3), 1, Shape.of(2, 3, 17)),
                new NormCase(new GroupNorm(1, EPSILON), 3, Shape.of(3, 4, 3)), new NormCase(new GroupNorm(1, EPSILON), 1, Shape.of(2, 17)),
                new NormCase(new GroupNorm(2, EPSILON), 3, Shape.of(6)), new NormCase(new GroupNorm(2, EPSILON), 1, Shape.of(5, 2)),
                new NormCase(new GroupNorm(4, EPSILON), 3, Shape.of(5, 12)), new NormCase(new GroupNorm(3, EPSILON), 1, Shape.of(2, 3, 33)),
                new NormCase(new GroupNorm(2, EPSILON), 1, Shape.of(2, 2, 3, 6)), new NormCase(new GroupNorm(5, EPSILON), 3, Shape.of(7, 40)));
        return Stream.of(of(new LayerNorm(EPSILON)), of(new InstanceNorm(EPSILON)), some).flatMap(cases -> cases);
    }

    private static Stream<NormCase> of(Layer layer) {
        return Arrays.stream(CHANNELS).boxed().flatMap(c -> Stream.of(Shape.of(c), Shape.of(5, c), Shape.of(3, 4, c)))
                .flatMap(shape -> Arrays.stream(BATCHES).mapToObj(batch -> new NormCase(layer, batch, shape)));
    }

    boolean isBatchNorm() {
        return layer instanceof BatchNorm;
    }

    /** Whether every element has moments of its own: it is its mean, and no input counts. */
    boolean isAlone() {
        return switch (layer) {
            case BatchNorm _ -> batch * shape.positions() == 1;
            case LayerNorm _ -> parameters() == 1;
            case GroupNorm norm -> shape.size() == norm.groups();
            case InstanceNorm _ -> shape.positions() == 1;
            default -> throw new AssertionError(layer);
        };
    }

    /** The elements of weight and bias each. */
    int parameters() {
        return layer instanceof LayerNorm norm ? new Shape(shape.dims().subList(shape.rank() - norm.axes(), shape.rank())).size()
                : shape.channels();
    }

    private NormOracle.Sharing sharing() {
        return switch (layer) {
            case BatchNorm _ -> NormOracle.Sharing.perChannel(shape.channels());
            case LayerNorm _ -> NormOracle.Sharing.perBlock(parameters());
            case GroupNorm norm -> NormOracle.Sharing.perGroup(shape, norm.groups());
            case InstanceNorm _ -> NormOracle.Sharing.perGroup(shape, shape.channels());
            default -> throw new AssertionError(layer);
        };
    }

    /** The layer {@code copies} times on the same input {@code x}, as {@code norm0, norm1, ...}, all with the same parameters. */
    Network network(int copies) {
        Graph graph = new Graph();
        Node x = graph.input("x", shape);
        Node[] out = new Node[copies];
        for (int i = 0; i < copies; i++) {
            out[i] = graph.join("norm" + i, layer, x);
        }
        Network network = graph.network(3, out);
        for (Parameter view : network.parameters().views()) {
            String own = view.spec().name();
            float[] values = Data.reals(own.hashCode(), view.length());
            for (int i = 0; own.equals("running_var") && i < values.length; i++) {
                values[i] = 0.5f + Math.abs(values[i]);
            }
            network.parameters().set(view.name(), values);
        }
        return network;
    }

    /** As training sees it, by the input's own moments. */
    NormOracle own(Network network) {
        Parameters parameters = network.parameters();
        return NormOracle.ofOwnMoments(sharing(), EPSILON, parameters.get("norm0.weight"), parameters.get("norm0.bias"));
    }

    /** As prediction sees batch normalisation. */
    NormOracle running(Network network) {
        Parameters parameters = network.parameters();
        return NormOracle.ofMoments(EPSILON, parameters.get("norm0.weight"), parameters.get("norm0.bias"),
                parameters.get("norm0.running_mean"), parameters.get("norm0.running_var"));
    }

    /** The input, in every channel with another mean. */
    float[] x() {
        float[] x = Data.reals(11, batch * shape.size());
        for (int i = 0; i < x.length; i++) {
            x[i] += (i % shape.channels() % 3 - 1) * 0.5f;
        }
        return x;
    }

    float[] dy() {
        return Data.reals(12, batch * shape.size());
    }

    /** Examples {@code from} to {@code to} of such an array. */
    float[] examples(float[] all, int from, int to) {
        return Arrays.copyOfRange(all, from * shape.size(), to * shape.size());
    }

    static void forward(Context context, float[] x, boolean training) {
        System.arraycopy(x, 0, context.input(), 0, x.length);
        context.forward(x.length / context.network().inputShape().size(), training);
    }

    /** A training step, with the same gradient for every output. */
    static void step(Context context, float[] x, float[] dy, WriteMode mode) {
        forward(context, x, true);
        for (Node output : context.network().outputs()) {
            System.arraycopy(dy, 0, context.gradient(output.name()), 0, dy.length);
        }
        context.backward(x.length / context.network().inputShape().size(), mode);
    }
}
