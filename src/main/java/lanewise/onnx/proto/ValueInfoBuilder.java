package lanewise.onnx.proto;

import java.util.ArrayList;
import java.util.List;
import lanewise.io.FormatException;
import lanewise.onnx.proto.ValueInfoProto.Dim;

/** Reads a {@code ValueInfoProto}. A size below zero, which some exporters write, is an unknown one. */
final class ValueInfoBuilder {

    private static final Dim UNKNOWN = new Dim(-1, "");

    private String name = "";
    private int elementType;
    private List<Dim> dims;

    private ValueInfoBuilder() {}

    static ValueInfoProto read(WireReader in, String holder) throws FormatException {
        long start = in.start();
        var value = new ValueInfoBuilder();
        long outer = in.enter(holder);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> value.name = in.text("ValueInfoProto.name");
                case 2 -> value.type(in);
                default -> in.skip();
            }
        }
        in.leave(outer);
        if (value.name.isEmpty()) {
            throw in.malformed(start, holder + " has no name, expected one");
        }
        return new ValueInfoProto(value.name, value.elementType, value.dims == null ? null : List.copyOf(value.dims));
    }

    /** A tensor, or a sequence (4), map (5), opaque (7), sparse (8) or optional (9) value; the last counts. */
    private void type(WireReader in) throws FormatException {
        long outer = in.enter("ValueInfoProto.type");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> tensor(in);
                case 4, 5, 7, 8, 9 -> {
                    in.bytes("a type of TypeProto");
                    elementType = 0;
                    dims = null;
                }
                default -> in.skip();
            }
        }
        in.leave(outer);
    }

    private void tensor(WireReader in) throws FormatException {
        long outer = in.enter("TypeProto.tensor_type");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> elementType = in.integer("TypeProto.Tensor.elem_type");
                case 2 -> shape(in);
                default -> in.skip();
            }
        }
        in.leave(outer);
    }

    private void shape(WireReader in) throws FormatException {
        dims = dims == null ? new ArrayList<>() : dims;
        long outer = in.enter("TypeProto.Tensor.shape");
        while (in.next()) {
            if (in.field() == 1) {
                dims.add(dim(in));
            } else {
                in.skip();
            }
        }
        in.leave(outer);
    }

    private static Dim dim(WireReader in) throws FormatException {
        Dim dim = UNKNOWN;
        long outer = in.enter("TensorShapeProto.dim");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> dim = new Dim(Math.max(-1, in.number("TensorShapeProto.Dimension.dim_value")), "");
                case 2 -> dim = new Dim(-1, in.text("TensorShapeProto.Dimension.dim_param"));
                default -> in.skip();
            }
        }
        in.leave(outer);
        return dim;
    }
}
