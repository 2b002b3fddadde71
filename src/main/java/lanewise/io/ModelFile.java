package lanewise.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.internal.Checks;
import lanewise.layer.Graph;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.ParameterSpec;
import lanewise.layer.Parameters;

/**
 * A network in a file: a safetensors file with one tensor for each parameter, {@code conv1.weight}, which Python's
 * {@code safetensors} reads as well, and the graph of layers in its metadata under {@value #ARCHITECTURE}, so that the network comes
 * back whole, bit for bit.
 *
 * <p>Saving writes a temporary file and moves it into place: whoever reads meanwhile sees the old file or the new one. Loading trusts
 * nothing: layers come from a list of known ones, and no array is made before its size is found in the file.
 */
public final class ModelFile {

    /** The key of the graph in the file's metadata. */
    public static final String ARCHITECTURE = "lanewise.architecture";

    private ModelFile() {}

    /**
     * Saves a network.
     *
     * @throws IllegalArgumentException if it has a layer that is no record
     * @throws IOException if the file cannot be written; what was there before is untouched
     */
    public static void save(Network network, Path path) throws IOException {
        save(network, Map.of(), path);
    }

    /**
     * Saves a network with remarks of the caller's own, for instance class names.
     *
     * @param metadata texts by keys that do not begin with {@code lanewise.}
     */
    public static void save(Network network, Map<String, String> metadata, Path path) throws IOException {
        Checks.notNull(network, "network");
        Map<String, String> all = new LinkedHashMap<>();
        all.put(ARCHITECTURE, Architecture.write(network));
        for (Map.Entry<String, String> remark : metadata.entrySet()) {
            if (remark.getKey().startsWith("lanewise.")) {
                throw new IllegalArgumentException("key is " + remark.getKey() + ": those that begin with lanewise. are the library's");
            }
            all.put(remark.getKey(), remark.getValue());
        }
        Parameters parameters = network.parameters();
        List<TensorSlice> slices = new ArrayList<>();
        for (Parameter view : parameters.views()) {
            slices.add(new TensorSlice(view.name(), view.shape().dims(), parameters.values(), view.offset()));
        }
        Safetensors.write(path, all, slices);
    }

    /**
     * Loads a network of the library's own layers.
     *
     * @throws FormatException if the file is damaged, or no network was saved in it
     * @throws IOException if it cannot be read
     */
    public static Network load(Path path) throws IOException {
        return load(path, List.of());
    }

    /**
     * Loads a network with layers of the caller's own.
     *
     * @param more public records that implement {@link Layer}, found by their simple names
     * @throws IllegalArgumentException if one is no record, or its name is another layer's
     */
    public static Network load(Path path, List<Class<? extends Layer>> more) throws IOException {
        LayerKinds kinds = new LayerKinds(more);
        try (Safetensors file = Safetensors.open(path)) {
            String text = file.metadata().get(ARCHITECTURE);
            if (text == null) {
                throw new FormatException(path, "its metadata has no " + ARCHITECTURE + ": these are weights without a network; "
                        + "build the network and call loadWeights");
            }
            Network network;
            try {
                Architecture architecture = Architecture.read(text, kinds);
                Graph graph = architecture.graph();
                Node[] outputs = architecture.outputs().toArray(Node[]::new);
                checkTensors(file, path, graph.parameters(outputs));
                network = graph.emptyNetwork(outputs);
            } catch (IllegalArgumentException e) {
                throw new FormatException(path, "its " + ARCHITECTURE + " is not valid: " + e.getMessage(), e);
            }
            readTensors(file, network.parameters(), network.parameters().values());
            network.parameters().changed();
            return network;
        }
    }

    /**
     * Overwrites the parameters of a network that exists by those of the same names in a file, whether it was saved here or elsewhere.
     *
     * @throws FormatException if names or shapes differ; the network is unchanged then
     */
    public static void loadWeights(Network network, Path path) throws IOException {
        Parameters parameters = Checks.notNull(network, "network").parameters();
        try (Safetensors file = Safetensors.open(path)) {
            Map<String, ParameterSpec> wishes = new LinkedHashMap<>();
            parameters.views().forEach(view -> wishes.put(view.name(), view.spec()));
            checkTensors(file, path, wishes);
            float[] values = new float[parameters.values().length];
            readTensors(file, parameters, values);
            System.arraycopy(values, 0, parameters.values(), 0, values.length);
            parameters.changed();
        }
    }

    /** The remarks that were saved with a network. */
    public static Map<String, String> metadata(Path path) throws IOException {
        try (Safetensors file = Safetensors.open(path)) {
            Map<String, String> remarks = new LinkedHashMap<>(file.metadata());
            remarks.keySet().removeIf(key -> key.startsWith("lanewise."));
            return remarks;
        }
    }

    private static void checkTensors(Safetensors file, Path path, Map<String, ParameterSpec> wishes) throws FormatException {
        for (Map.Entry<String, ParameterSpec> wish : wishes.entrySet()) {
            TensorInfo tensor = file.tensors().get(wish.getKey());
            if (tensor == null) {
                throw new FormatException(path, "it has no tensor " + wish.getKey() + ", only " + abbreviated(file.tensors().keySet()));
            }
            if (!tensor.shape().equals(wish.getValue().shape().dims())) {
                throw new FormatException(path, "tensor " + wish.getKey() + " is " + tensor.shape() + ", the network's is "
                        + wish.getValue().shape().dims());
            }
        }
        for (String name : file.tensors().keySet()) {
            if (!wishes.containsKey(name)) {
                throw new FormatException(path, "tensor " + FormatException.quote(name) + " is no parameter of the network");
            }
        }
    }

    private static String abbreviated(java.util.Set<String> names) {
        return names.stream().limit(10).map(FormatException::quote).toList() + (names.size() > 10 ? " and more" : "");
    }

    private static void readTensors(Safetensors file, Parameters parameters, float[] values) throws IOException {
        for (Parameter view : parameters.views()) {
            file.read(view.name(), values, view.offset());
        }
    }
}
