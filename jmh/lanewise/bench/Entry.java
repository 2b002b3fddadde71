package lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import lanewise.bench.Workloads.Layer;
import lanewise.bench.Workloads.Pooling;
import lanewise.bench.Workloads.Product;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;

/**
 * A line to be measured. Its operands are made when it comes to it: all of them together might not fit into memory.
 *
 * @param id name of the workload
 * @param make makes the operands
 */
record Entry(String id, Supplier<Case> make) {

    /**
     * What the names {@code rows} stand for, in the order in which they are given.
     *
     * @throws IllegalArgumentException if one stands for nothing
     */
    static List<Entry> select(List<String> rows, int batch) {
        var entries = new ArrayList<Entry>();
        for (String name : rows) {
            int before = entries.size();
            Workloads.CONV.stream()
                    .filter(layer -> name.equals("conv") ? batch == 1 || layer.batched() : name.equals(layer.id()))
                    .forEach(layer -> addPasses(entries, layer, batch));
            Workloads.DENSE.stream()
                    .filter(layer -> name.equals("dense") || name.equals(layer.id()))
                    .forEach(layer -> addPasses(entries, layer, batch));
            Workloads.POOL.stream()
                    .filter(pool -> name.equals("pool") || name.equals(pool.id()))
                    .forEach(pool -> entries.add(new Entry(pool.id(),
                            () -> new PoolCase(pool.shape().withBatch(batch), pool.max()))));
            Workloads.GEMM.stream()
                    .filter(product -> name.equals("gemm") || name.equals(product.id()))
                    .forEach(product -> entries.add(new Entry(product.id(), () -> new GemmCase(product))));
            if (entries.size() == before) {
                throw new IllegalArgumentException("no workload is called " + name + ", there are conv "
                        + Workloads.CONV.stream().map(Layer::id).toList() + ", dense "
                        + Workloads.DENSE.stream().map(Layer::id).toList() + ", pool "
                        + Workloads.POOL.stream().map(Pooling::id).toList() + " and gemm "
                        + Workloads.GEMM.stream().map(Product::id).toList());
            }
        }
        return entries;
    }

    private static void addPasses(List<Entry> entries, Layer layer, int batch) {
        ConvShape shape = layer.shape().withBatch(batch);
        for (Pass pass : layer.backward() ? Pass.values() : new Pass[] {Pass.FORWARD}) {
            entries.add(new Entry(layer.id(), () -> new ConvCase(shape, pass)));
        }
    }
}
