package lanewise.peers;

import java.util.ArrayList;
import java.util.List;
import lanewise.bench.Workloads;
import lanewise.bench.Workloads.Layer;
import lanewise.bench.Workloads.Pooling;
import lanewise.layer.Shape;

/** Everything that can be asked for by name. */
final class Works {

    private static final String RELU = "R1";

    private Works() {}

    /** The names of all works that are done at this batch, in the order of the table. */
    static List<String> names(int batch) {
        List<String> names = new ArrayList<>();
        Workloads.CONV.stream().filter(layer -> batch == 1 || layer.batched()).map(Layer::id).forEach(names::add);
        Workloads.POOL.stream().map(Pooling::id).forEach(names::add);
        names.add(RELU);
        Workloads.DENSE.stream().map(Layer::id).forEach(names::add);
        Nets.NAMES.stream().map(NetWork.PREFIX::concat).forEach(names::add);
        if (batch == 1) {
            names.addAll(OnnxWork.NAMES);
        }
        return names;
    }

    /**
     * The work of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    static Work find(String name) {
        for (List<Layer> layers : List.of(Workloads.CONV, Workloads.DENSE)) {
            for (Layer layer : layers) {
                if (layer.id().equals(name)) {
                    return LayerWork.of(name, layer.shape());
                }
            }
        }
        for (Pooling pooling : Workloads.POOL) {
            if (pooling.id().equals(name)) {
                return LayerWork.of(pooling);
            }
        }
        if (name.equals(RELU)) {
            return LayerWork.relu(name, Shape.of(112, 112, 64));
        }
        if (name.startsWith(NetWork.PREFIX) && Nets.NAMES.contains(name.substring(NetWork.PREFIX.length()))) {
            return new NetWork(name);
        }
        if (name.startsWith(OnnxWork.PREFIX)) {
            return new OnnxWork(name);
        }
        throw new IllegalArgumentException("no work is called " + name + ", there are " + names(1));
    }
}
