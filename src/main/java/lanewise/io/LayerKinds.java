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
                throw new IllegalArgumentException(type.getName() + " is no record, or its simple name is taken");
            }
        }
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
