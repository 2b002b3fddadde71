package lanewise.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.layer.Graph;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * The graph of a network as JSON:
 *
 * <pre>
 * {"version":1,
 *  "nodes":[{"name":"input","shape":[28,28,1]},
 *           {"name":"conv1","layer":"Conv2d","inputs":["input"],"config":{"filters":6, ...}}],
 *  "outputs":["conv1"]}
 * </pre>
 *
 * <p>The members of a node stand in this order.
 *
 * @param graph the graph
 * @param outputs its outputs
 */
record Architecture(Graph graph, List<Node> outputs) {

    private static final int VERSION = 1;

    static String write(Network network) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject().name("version").value(VERSION).name("nodes").beginArray();
            for (Node node : network.nodes()) {
                writeNode(json, node);
            }
            json.endArray().name("outputs");
            writeNames(json, network.outputs());
            json.endObject();
        }
        return text.toString();
    }

    private static void writeNode(JsonWriter json, Node node) throws IOException {
        json.beginObject().name("name").value(node.name());
        if (node.layer() == null) {
            json.name("shape").beginArray();
            for (int size : node.shape().dims()) {
                json.value(size);
            }
            json.endArray();
        } else {
            if (!(node.layer() instanceof Record layer)) {
                throw new IllegalArgumentException("layer " + node.name() + " is a " + node.layer().getClass().getName()
                        + ": only layers that are records can be saved");
            }
            json.name("layer").value(LayerKinds.nameOf(node.layer())).name("inputs");
            writeNames(json, node.inputs());
            json.name("config");
            RecordJson.write(json, layer);
        }
        json.endObject();
    }

    private static void writeNames(JsonWriter json, List<Node> nodes) throws IOException {
        json.beginArray();
        for (Node node : nodes) {
            json.value(node.name());
        }
        json.endArray();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param kinds the layers that may occur, by their names
     * @throws IllegalArgumentException if the text is anything else, or the layers do not fit together
     */
    static Architecture read(String text, LayerKinds kinds) {
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            RecordJson.expectName(json, "version");
            int version = json.nextInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("version is " + version + ", this library reads " + VERSION);
            }
            Graph graph = new Graph();
            Map<String, Node> nodes = new HashMap<>();
            RecordJson.expectName(json, "nodes");
            json.beginArray();
            while (json.hasNext()) {
                Node node = readNode(json, graph, nodes, kinds);
                nodes.put(node.name(), node);
            }
            json.endArray();
            RecordJson.expectName(json, "outputs");
            List<Node> outputs = readNames(json, nodes);
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("something follows the end: " + json.peek());
            }
            return new Architecture(graph, outputs);
        } catch (IOException | IllegalStateException e) { // gson: not JSON, or another token than expected
            throw new IllegalArgumentException(e.getMessage().lines().findFirst().orElse("no JSON"), e); // the rest is a link
        }
    }

    private static Node readNode(JsonReader json, Graph graph, Map<String, Node> nodes, LayerKinds kinds)
            throws IOException {
        json.beginObject();
        RecordJson.expectName(json, "name");
        String name = json.nextString();
        Node node;
        String next = json.nextName();
        if (next.equals("shape")) {
            List<Integer> dims = new ArrayList<>();
            json.beginArray();
            while (json.hasNext()) {
                dims.add(json.nextInt());
            }
            json.endArray();
            node = graph.input(name, new Shape(dims));
        } else if (next.equals("layer")) {
            String kind = json.nextString();
            Class<? extends Layer> type = kinds.named(kind);
            if (type == null) {
                throw new IllegalArgumentException("layer " + FormatException.quote(name) + " is of the kind "
                        + FormatException.quote(kind) + ", which is not among " + kinds.names());
            }
            RecordJson.expectName(json, "inputs");
            Node[] inputs = readNames(json, nodes).toArray(Node[]::new);
            RecordJson.expectName(json, "config");
            node = graph.join(name, new RecordJson(kinds).read(json, type), inputs);
        } else {
            throw new IllegalArgumentException("found " + FormatException.quote(next) + ", expected shape or layer");
        }
        json.endObject();
        return node;
    }

    private static List<Node> readNames(JsonReader json, Map<String, Node> nodes) throws IOException {
        List<Node> named = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            String name = json.nextString();
            Node node = nodes.get(name);
            if (node == null) {
                throw new IllegalArgumentException("node " + FormatException.quote(name) + " is used before it is made");
            }
            named.add(node);
        }
        json.endArray();
        return named;
    }
}
