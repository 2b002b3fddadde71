package lanewise.bench;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolShape;

/**
 * What is measured: layers of well-known networks (ResNet-50, MobileNetV2, LeNet-5), some that are none, poolings, and the
 * matrix products that some layers amount to. Shapes have batch 1; {@code withBatch} makes the rest.
 */
public final class Workloads {

    /**
     * One layer.
     *
     * @param id its name in every table
     * @param shape at batch 1
     * @param backward whether training needs it fast, so that its gradients are measured too
     * @param batched whether it is measured at larger batches too
     */
    public record Layer(String id, ConvShape shape, boolean backward, boolean batched) {}

    /** {@code C = A B} with {@code A: m x k} and {@code B: k x n}. */
    record Product(String id, int m, int n, int k) {

        @Override
        public String toString() {
            return m + "x" + n + "x" + k;
        }
    }

    /** A pooling: the maximum of each window, or its mean. */
    public record Pooling(String id, PoolShape shape, boolean max) {}

    public static final List<Layer> CONV = List.of(
            trained("L1", ConvShape.of(1, 224, 224, 3, 64, 7, 7).withStride(2, 2).withPadding(3, 3)),
            trained("L2", ConvShape.of(1, 56, 56, 64, 64, 3, 3).withPadding(1, 1)),
            trained("L3", ConvShape.of(1, 28, 28, 128, 128, 3, 3).withPadding(1, 1)),
            trained("L4", ConvShape.of(1, 14, 14, 256, 256, 3, 3).withPadding(1, 1)),
            trained("L5", ConvShape.of(1, 7, 7, 512, 512, 3, 3).withPadding(1, 1)),
            trained("L6", ConvShape.of(1, 56, 56, 256, 64, 1, 1)),
            applied("L7", ConvShape.of(1, 56, 56, 64, 256, 1, 1)),
            applied("L8", ConvShape.of(1, 28, 28, 512, 128, 1, 1)),
            applied("L9", ConvShape.of(1, 14, 14, 1024, 256, 1, 1)),
            applied("L9b", ConvShape.of(1, 7, 7, 2048, 512, 1, 1)),
            trained("L10", ConvShape.of(1, 56, 56, 128, 128, 3, 3).withStride(2, 2).withPadding(1, 1)),
            applied("L11", ConvShape.of(1, 28, 28, 512, 1024, 1, 1).withStride(2, 2)),
            trained("L12", ConvShape.depthwise(1, 56, 56, 144, 3, 3).withPadding(1, 1)),
            applied("L13", ConvShape.depthwise(1, 14, 14, 576, 3, 3).withPadding(1, 1)),
            trained("L14", ConvShape.of(1, 28, 28, 1, 6, 5, 5).withPadding(2, 2)),
            trained("L15", ConvShape.of(1, 14, 14, 6, 16, 5, 5)),
            new Layer("L16", ConvShape.of(1, 224, 224, 64, 64, 3, 3).withPadding(1, 1), false, false),
            trained("L17", ConvShape.of1d(1, 16_000, 64, 128, 9).withPadding(0, 4)),
            applied("L18", ConvShape.of(1, 56, 56, 32, 64, 5, 5).withPadding(2, 2)));

    /** Fully connected layers: a convolution of one pixel. */
    public static final List<Layer> DENSE = List.of(
            applied("D1", ConvShape.of(1, 1, 1, 2048, 1000, 1, 1)),
            applied("D2", ConvShape.of(1, 1, 1, 25_088, 4096, 1, 1)));

    /** The last one takes the mean of the whole image. */
    public static final List<Pooling> POOL = List.of(
            new Pooling("P1", PoolShape.of(1, 112, 112, 64, 3, 3).withStride(2, 2).withPadding(1, 1), true),
            new Pooling("P2", PoolShape.of(1, 56, 56, 64, 2, 2).withStride(2, 2), true),
            new Pooling("P3", PoolShape.global(1, 7, 7, 2048), false));

    /** A large square one, and L2, L4, L5 and L3 with their patches as a matrix. */
    static final List<Product> GEMM = List.of(
            new Product("G1", 1024, 1024, 1024),
            new Product("G2", 64, 3136, 576),
            new Product("G3", 256, 196, 2304),
            new Product("G4", 512, 49, 4608),
            new Product("G5", 128, 784, 1152));

    private Workloads() {}

    private static Layer trained(String id, ConvShape shape) {
        return new Layer(id, shape, true, true);
    }

    private static Layer applied(String id, ConvShape shape) {
        return new Layer(id, shape, false, true);
    }

    /** The layer of that id. */
    static Layer layer(String id) {
        return find(id, Stream.concat(CONV.stream(), DENSE.stream()).toList(), Layer::id);
    }

    /** The product of that size, {@code 64x3136x576} for instance. */
    static Product product(String size) {
        return find(size, GEMM, Product::toString);
    }

    private static <T> T find(String name, List<T> all, Function<T, String> nameOf) {
        return all.stream().filter(one -> nameOf.apply(one).equals(name)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("no workload " + name + ", there are " + all.stream().map(nameOf).toList()));
    }
}
