package lanewise.io;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lanewise.kernel.Activation;
import lanewise.layer.BatchNorm;
import lanewise.layer.Concat;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Gelu;
import lanewise.layer.HardSigmoid;
import lanewise.layer.Initializer;
import lanewise.layer.Layer;
import lanewise.layer.LayerNorm;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Silu;
import lanewise.layer.Softmax;
import lanewise.layer.Window;

/**
 * Records as JSON objects, one member for each component: numbers, booleans, texts, enums by name, lists of numbers, records within,
 * and a layer within as {@code {"layer":"Dense","config":{...}}}; an infinity or NaN is a text. What is read is what the components'
 * types say, never what the file says: a file names no class but a known layer's, and nothing nests deeper than the types do, since a
 * layer within holds no other.
 */
final class RecordJson {

    /** Components that layers got since the first files were written, and what stood for them before. */
    private static final Map<Class<?>, Map<String, Object>> ADDED = Map.of(
            Concat.class, Map.of("axis", -1),
            Gelu.class, Map.of("tanh", false),
            HardSigmoid.class, Map.of("alpha", 1 / 6f, "beta", 0.5f),
            LayerNorm.class, Map.of("axes", 1),
            Silu.class, Map.of("alpha", 1f),
            Softmax.class, Map.of("axis", -1));

    private final LayerKinds kinds;

    /** Reads records with these layers within, by their names. */
    RecordJson(LayerKinds kinds) {
        this.kinds = kinds;
    }

    static void write(JsonWriter json, Record value) throws IOException {
        json.beginObject();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            json.name(component.getName());
            writeValue(json, get(component, value));
        }
        json.endObject();
    }

    private static void writeValue(JsonWriter json, Object value) throws IOException {
        switch (value) {
            case Integer number -> json.value(number);
            case Float number when Float.isFinite(number) -> json.value(number);
            case Float number -> json.value(number.toString()); // JSON has no infinity
            case Boolean flag -> json.value(flag);
            case String text -> json.value(text);
            case Enum<?> constant -> json.value(constant.name());
            case Record inner when inner instanceof Layer layer -> {
                json.beginObject().name("layer").value(LayerKinds.nameOf(layer)).name("config");
                write(json, inner);
                json.endObject();
            }
            case Record inner -> write(json, inner);
            case List<?> list -> {
                json.beginArray();
                for (Object element : list) {
                    writeValue(json, element);
                }
                json.endArray();
            }
            default -> throw new IllegalArgumentException("a component is a " + value.getClass().getName()
                    + ": only int, float, boolean, String, enums, lists, records of these and layers that are records can be saved");
        }
    }

    private static Object get(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("cannot read " + component + " of " + value.getClass().getName()
                    + ": it must be public and in an exported package", e);
        }
    }

    /**
     * Reads one record.
     *
     * @throws IllegalArgumentException if a member is missing, unknown, twice there or of the wrong type, or the record refuses it
     */
    <T> T read(JsonReader json, Class<T> type) throws IOException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            int i = indexOf(components, name, type);
            if (values[i] != null) {
                throw new IllegalArgumentException(type.getSimpleName() + " has the member " + name + " twice");
            }
            values[i] = readValue(json, components[i].getGenericType());
        }
        json.endObject();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                values[i] = ADDED.getOrDefault(type, Map.of()).get(components[i].getName());
            }
            if (values[i] == null) {
                throw new IllegalArgumentException(type.getSimpleName() + " has no member " + components[i].getName());
            }
        }
        return construct(type, components, values);
    }

    private static int indexOf(RecordComponent[] components, String name, Class<?> type) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(type.getSimpleName() + " has no component " + FormatException.quote(name) + ", only "
                + Arrays.stream(components).map(RecordComponent::getName).toList());
    }

    private Object readValue(JsonReader json, Type type) throws IOException {
        if (type == int.class || type == Integer.class) {
            return json.nextInt();
        }
        if (type == float.class || type == Float.class) {
            return readFloat(json);
        }
        if (type == boolean.class) {
            return json.nextBoolean();
        }
        if (type == String.class) {
            expect(json, JsonToken.STRING);
            return json.nextString();
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            List<Object> values = new ArrayList<>();
            json.beginArray();
            while (json.hasNext()) {
                values.add(readValue(json, list.getActualTypeArguments()[0]));
            }
            json.endArray();
            return values;
        }
        if (type instanceof Class<?> raw && raw.isEnum()) {
            expect(json, JsonToken.STRING);
            return constant(raw, json.nextString());
        }
        if (type instanceof Class<?> raw && raw.isRecord()) {
            return read(json, raw);
        }
        if (type == Layer.class) {
            return readLayer(json);
        }
        throw new IllegalArgumentException("a component of type " + type + " cannot be read");
    }

    private static float readFloat(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.STRING) {
            String text = json.nextString();
            return switch (text) {
                case "Infinity" -> Float.POSITIVE_INFINITY;
                case "-Infinity" -> Float.NEGATIVE_INFINITY;
                case "NaN" -> Float.NaN;
                default -> throw new IllegalArgumentException("found " + FormatException.quote(text) + " at " + json.getPath()
                        + ", expected NUMBER, Infinity, -Infinity or NaN");
            };
        }
        expect(json, JsonToken.NUMBER);
        return Float.parseFloat(json.nextString());
    }

    private Layer readLayer(JsonReader json) throws IOException {
        json.beginObject();
        expectName(json, "layer");
        String kind = json.nextString();
        Class<? extends Layer> type = kinds.named(kind);
        if (type == null) {
            throw new IllegalArgumentException("a layer within is of the kind " + FormatException.quote(kind) + ", which is not among "
                    + kinds.names());
        }
        if (Arrays.stream(type.getRecordComponents()).anyMatch(component -> component.getType() == Layer.class)) {
            throw new IllegalArgumentException("a layer within is of the kind " + kind + ", which holds a layer itself");
        }
        expectName(json, "config");
        Layer layer = read(json, type);
        json.endObject();
        return layer;
    }

    /** Reads the name of a member, which must be {@code expected}. */
    static void expectName(JsonReader json, String expected) throws IOException {
        String name = json.nextName();
        if (!name.equals(expected)) {
            throw new IllegalArgumentException("found " + FormatException.quote(name) + ", expected " + expected);
        }
    }

    private static void expect(JsonReader json, JsonToken token) throws IOException {
        if (json.peek() != token) {
            throw new IllegalArgumentException("found " + json.peek() + " at " + json.getPath() + ", expected " + token);
        }
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(type.getSimpleName() + " has no constant " + FormatException.quote(name) + ", only "
                + Arrays.toString(type.getEnumConstants()));
    }

    /**
     * What most networks consist of, or null: reflection makes half a dozen classes for each kind of constructor, which together are a
     * fifteenth of a small network's start.
     */
    private static Record common(Class<?> type, Object[] v) {
        if (type == Window.class) {
            return new Window((int) v[0], (int) v[1], (int) v[2], (int) v[3], (int) v[4], (int) v[5], (int) v[6], (int) v[7],
                    (boolean) v[8], (int) v[9], (int) v[10]);
        }
        if (type == Conv2d.class) {
            return new Conv2d((int) v[0], (Window) v[1], (int) v[2], (boolean) v[3], (Activation) v[4], (Initializer) v[5]);
        }
        if (type == Dense.class) {
            return new Dense((int) v[0], (boolean) v[1], (Activation) v[2], (Initializer) v[3]);
        }
        if (type == MaxPool2d.class) {
            return new MaxPool2d((Window) v[0], (boolean) v[1]);
        }
        return type == BatchNorm.class ? new BatchNorm((float) v[0], (float) v[1]) : null;
    }

    private static <T> T construct(Class<T> type, RecordComponent[] components, Object[] values) {
        Record common = common(type, values);
        if (common != null) {
            return type.cast(common);
        }
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalArgumentException("cannot make a " + type.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make a " + type.getName() + ": it must be public and in an exported package", e);
        }
    }
}
