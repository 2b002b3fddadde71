package lanewise.peers;

import java.util.ArrayList;
import java.util.List;
import lanewise.bench.Workloads;
import lanewise.bench.Workloads.Layer;
import lanewise.bench.Workloads.Pooling;
import lanewise.kernel.Pass;
import lanewise.layer.Shape;

/** Everything that can be asked for by name. */
final class Works {

    private static final String RELU = "R1";

    private Works() {}

    /** The names of all forward passes that are done at this batch, in the order of the table. */
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

    /** The names of what belongs to training: whole steps, and the gradients of every convolution. */
    static List<String> trainingNames() {
        List<String> names = new ArrayList<>();
        TrainWork.NETWORKS.stream().map(TrainWork.PREFIX::concat).forEach(names::add);
        for (String prefix : List.of(GradientWork.INPUT_PREFIX, GradientWork.WEIGHT_PREFIX)) {
            Workloads.CONV.stream().map(layer -> prefix + layer.id()).forEach(names::add);
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
        if (trainingNames().contains(name)) {
            return name.startsWith(TrainWork.PREFIX) ? new TrainWork(name) : gradient(name);
        }
        throw new IllegalArgumentException("no work is called " + name + ", there are " + names(1) + " and " + trainingNames());
    }

    private static Work gradient(String name) {
        String id = name.substring(name.indexOf(':') + 1);
        Layer layer = Workloads.CONV.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        return new GradientWork(name, layer.shape(),
                name.startsWith(GradientWork.INPUT_PREFIX) ? Pass.GRAD_INPUT : Pass.GRAD_WEIGHT);
    }
}
