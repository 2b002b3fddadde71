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

/**
 * Records as JSON objects, one member for each component: numbers, booleans, texts, enums by name, lists of numbers, and records
 * within; an infinity or NaN is a text. What is read is what the components' types say, never what the file says: no class is named
 * by a file, and nothing nests deeper than the types do.
 */
final class RecordJson {

    private RecordJson() {}

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
            case Record inner -> write(json, inner);
            case List<?> list -> {
                json.beginArray();
                for (Object element : list) {
                    writeValue(json, element);
                }
                json.endArray();
            }
            default -> throw new IllegalArgumentException("a component is a " + value.getClass().getName()
                    + ": only int, float, boolean, String, enums, lists and records of these can be saved");
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
     * @param absent the value of each component that files of older versions do not have
     * @throws IllegalArgumentException if a member is missing, unknown, twice there or of the wrong type, or the record refuses it
     */
    static <T> T read(JsonReader json, Class<T> type, Map<String, Object> absent) throws IOException {
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
                values[i] = absent.get(components[i].getName());
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

    private static Object readValue(JsonReader json, Type type) throws IOException {
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
            return read(json, raw, Map.of());
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

    private static <T> T construct(Class<T> type, RecordComponent[] components, Object[] values) {
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
