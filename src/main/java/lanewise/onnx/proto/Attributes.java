package lanewise.onnx.proto;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The attributes of one node by name and type, and which of them nobody asked for. Whoever translates a node reads every attribute
 * that it obeys and then looks at {@link #unread()}: what is left there would be silently ignored.
 *
 * <p>Each method that takes a default returns it if the attribute is not there, and throws an {@link IllegalArgumentException} if
 * it is of another type. Not thread-safe.
 */
public final class Attributes {

    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int TENSOR = 4;
    private static final int FLOATS = 6;
    private static final int INTS = 7;
    private static final String[] TYPES = {"undefined", "a float", "an integer", "a string", "a tensor", "a graph", "floats",
        "integers", "strings", "tensors", "graphs", "a sparse tensor", "sparse tensors", "a type", "types"};

    private final Map<String, AttributeProto> attributes;
    private final Set<String> unread;

    /** The attributes of {@code node}, all unread. */
    public Attributes(NodeProto node) {
        attributes = node.attributes();
        unread = new TreeSet<>(attributes.keySet());
    }

    /** Whether the node has this attribute, of whatever type; asking does not count as reading. */
    public boolean has(String name) {
        return attributes.containsKey(name);
    }

    /** An integer. */
    public long getInt(String name, long absent) {
        AttributeProto attribute = read(name, INT);
        return attribute == null ? absent : attribute.i();
    }

    /**
     * An integer that must be there.
     *
     * @throws IllegalArgumentException if it is not
     */
    public long requireInt(String name) {
        AttributeProto attribute = read(name, INT);
        if (attribute == null) {
            throw new IllegalArgumentException("attribute " + name + " is missing, must be an integer");
        }
        return attribute.i();
    }

    /** A float. */
    public float getFloat(String name, float absent) {
        AttributeProto attribute = read(name, FLOAT);
        return attribute == null ? absent : attribute.f();
    }

    /** A string. */
    public String getString(String name, String absent) {
        AttributeProto attribute = read(name, STRING);
        return attribute == null ? absent : attribute.s();
    }

    /**
     * Integers, for all that counts or names axes.
     *
     * @throws IllegalArgumentException if one is outside the range of {@code int}
     */
    public int[] getInts(String name, int[] absent) {
        long[] values = getLongs(name, null);
        if (values == null) {
            return absent;
        }
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) values[i];
            if (ints[i] != values[i]) {
                throw new IllegalArgumentException(
                        "attribute " + name + " has " + values[i] + " at " + i + ", must be in the range of int");
            }
        }
        return ints;
    }

    /** Integers of any size: an end of a slice may be the largest long. A copy. */
    public long[] getLongs(String name, long[] absent) {
        AttributeProto attribute = read(name, INTS);
        return attribute == null ? absent : attribute.ints().clone();
    }

    /** Floats, a copy. */
    public float[] getFloats(String name, float[] absent) {
        AttributeProto attribute = read(name, FLOATS);
        return attribute == null ? absent : attribute.floats().clone();
    }

    /** A tensor, or null if the attribute is not there. */
    public TensorProto getTensor(String name) {
        AttributeProto attribute = read(name, TENSOR);
        if (attribute != null && attribute.t() == null) {
            throw new IllegalArgumentException("attribute " + name + " is empty, must be a tensor");
        }
        return attribute == null ? null : attribute.t();
    }

    /** The names that no method was asked for, in alphabetical order, a copy. */
    public Set<String> unread() {
        return new TreeSet<>(unread);
    }

    private AttributeProto read(String name, int type) {
        AttributeProto attribute = attributes.get(name);
        unread.remove(name);
        if (attribute != null && attribute.type() != type) {
            throw new IllegalArgumentException(
                    "attribute " + name + " is " + typeName(attribute.type()) + ", must be " + typeName(type));
        }
        return attribute;
    }

    private static String typeName(int type) {
        return type >= 0 && type < TYPES.length ? TYPES[type] : "of unknown type " + type;
    }
}
