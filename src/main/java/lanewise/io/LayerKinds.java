package lanewise.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.layer.Layer;
import lanewise.layer.Layers;

/** The layers that a file may name: those of the library, and the caller's own. */
final class LayerKinds {

    private final Map<String, Class<? extends Layer>> more = new LinkedHashMap<>();

    LayerKinds(List<Class<? extends Layer>> more) {
        for (Class<? extends Layer> type : more) {
            String name = type.getSimpleName();
            if (!type.isRecord() || Layers.names().contains(name) || this.more.putIfAbsent(name, type) != null) {
                throw new IllegalArgumentException(type.getName() + " is no record, or its simple name is another layer's");
            }
        }
    }

    /**
     * What a file calls a layer: its simple name.
     *
     * @throws IllegalArgumentException if that would be read as a layer of the library, which it is not
     */
    static String nameOf(Layer layer) {
        String name = layer.getClass().getSimpleName();
        if (Layers.names().contains(name) && Layers.named(name) != layer.getClass()) {
            throw new IllegalArgumentException("layer " + layer.getClass().getName() + " cannot be saved under its simple name, which is "
                    + Layers.named(name).getName() + "'s");
        }
        return name;
    }

    /** The layer of this name, or null. */
    Class<? extends Layer> named(String name) {
        return Layers.names().contains(name) ? Layers.named(name) : more.get(name);
    }

    /** All names, for a message. */
    List<String> names() {
        List<String> names = new ArrayList<>(Layers.names());
        names.addAll(more.keySet());
        return names;
    }
}
