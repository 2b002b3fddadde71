package lanewise.train;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * A record of numbers as a line of text, {@code step=120 loss=0.25}, in the order of its components. Doubles come back with the same
 * bits, but for those of a NaN.
 */
final class NumberLine {

    private NumberLine() {}

    static String write(Record record) {
        StringBuilder line = new StringBuilder();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            line.append(line.isEmpty() ? "" : " ").append(component.getName()).append('=');
            try {
                line.append(component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return line.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if the line is not exactly that, or the record refuses it
     */
    static <T extends Record> T read(String line, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        String[] words = line.split(" ", components.length + 1);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            String prefix = components[i].getName() + "=";
            if (words.length != values.length || !words[i].startsWith(prefix)) {
                throw new IllegalArgumentException("no line of " + Arrays.stream(components).map(RecordComponent::getName).toList());
            }
            values[i] = parse(words[i].substring(prefix.length()), components[i].getType());
        }
        T record = construct(type, components, values);
        if (!write(record).equals(line)) {
            throw new IllegalArgumentException("a number is not written as it is here");
        }
        return record;
    }

    private static Object parse(String number, Class<?> type) {
        if (type == int.class) {
            return Integer.parseInt(number);
        }
        return type == long.class ? (Object) Long.parseLong(number) : (Object) Double.parseDouble(number);
    }

    private static <T> T construct(Class<T> type, RecordComponent[] components, Object[] values) {
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                throw refusal;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
