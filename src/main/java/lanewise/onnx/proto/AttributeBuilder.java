package lanewise.onnx.proto;

import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;

/** Reads an {@code AttributeProto}, and checks that it holds the value that its type announces and no other. */
final class AttributeBuilder {

    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int TENSOR = 4;
    private static final int GRAPH = 5;
    private static final int FLOATS = 6;
    private static final int INTS = 7;
    private static final int STRINGS = 8;
    private static final int TENSORS = 9;
    private static final int GRAPHS = 10;
    private static final int SPARSE_TENSOR = 11;
    private static final int SPARSE_TENSORS = 12;
    private static final int TYPE_PROTO = 13;
    private static final int TYPE_PROTOS = 14;

    private String name = "";
    private int type;
    private int found;
    private float f;
    private long i;
    private String s = "";
    private TensorBuilder t;
    private final FixedList floats = new FixedList();
    private final LongList ints = new LongList();
    private List<String> strings = List.of();

    private AttributeBuilder() {}

    static AttributeProto read(WireReader in) throws FormatException {
        long start = in.start();
        var attribute = new AttributeBuilder();
        attribute.merge(in);
        return attribute.build(in, start);
    }

    private void merge(WireReader in) throws FormatException {
        long outer = in.enter("NodeProto.attribute");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text("AttributeProto.name");
                case 2 -> {
                    f = in.real("AttributeProto.f");
                    found(FLOAT, in);
                }
                case 3 -> {
                    i = in.number("AttributeProto.i");
                    found(INT, in);
                }
                case 4 -> {
                    s = in.bytesAsText("AttributeProto.s");
                    found(STRING, in);
                }
                case 5 -> {
                    t = t == null ? new TensorBuilder() : t;
                    t.merge(in, "AttributeProto.t");
                    found(TENSOR, in);
                }
                case 6 -> skip(in, GRAPH);
                case 7 -> {
                    in.floats(floats, "AttributeProto.floats");
                    found(FLOATS, in);
                }
                case 8 -> {
                    in.numbers(ints, "AttributeProto.ints");
                    found(INTS, in);
                }
                case 9 -> {
                    strings = strings.isEmpty() ? new ArrayList<>(1) : strings;
                    strings.add(in.bytesAsText("AttributeProto.strings"));
                    found(STRINGS, in);
                }
                case 10 -> skip(in, TENSORS);
                case 11 -> skip(in, GRAPHS);
                case 14 -> skip(in, TYPE_PROTO);
                case 15 -> skip(in, TYPE_PROTOS);
                case 20 -> type = in.integer("AttributeProto.type");
                case 21 -> reference(in);
                case 22 -> skip(in, SPARSE_TENSOR);
                case 23 -> skip(in, SPARSE_TENSORS);
                default -> in.skip();
            }
        }
        in.leave(outer);
    }

    private void skip(WireReader in, int value) throws FormatException {
        in.bytes("a value of AttributeProto");
        found(value, in);
    }

    private void found(int value, WireReader in) throws FormatException {
        if (found != 0 && found != value) {
            throw in.malformed(in.start(), "attribute " + Quoted.text(name) + " has values of the types " + found + " and " + value
                    + ", expected one");
        }
        found = value;
    }

    /** Its value would be that of an attribute of the function around it, and a graph is in none. */
    private void reference(WireReader in) throws FormatException {
        String reference = in.text("AttributeProto.ref_attr_name");
        if (!reference.isEmpty()) {
            throw in.malformed(in.start(), "attribute " + Quoted.text(name) + " refers to the attribute " + Quoted.text(reference)
                    + " of a function, expected a value outside of functions");
        }
    }

    /** Old files have no type, and some writers leave out a value that is 0 or an empty list. */
    private AttributeProto build(WireReader in, long start) throws FormatException {
        int meant = type == 0 ? found : type;
        if (meant == 0 || found != 0 && found != meant || found == 0 && meant == TENSOR) {
            throw in.malformed(start, "attribute " + Quoted.text(name) + " is said to be of type " + type
                    + (found == 0 ? " and has no value" : " and has a value of type " + found) + ", expected one of its type");
        }
        return new AttributeProto(name, meant, f, i, s, t == null ? null : t.build(in, start), floats.floats(), ints.toArray(),
                List.copyOf(strings));
    }
}
