package lanewise.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;

/** Reads a {@code TensorProto}. Texts as elements are read past, since nothing computes with them. */
final class TensorBuilder {

    private static final int EXTERNAL = 1;

    private String name = "";
    private int elementType;
    private int location;
    private MemorySegment raw;
    private final LongList dims = new LongList();
    private final FixedList floats = new FixedList();
    private final LongList ints = new LongList();
    private final LongList longs = new LongList();
    private final FixedList doubles = new FixedList();
    private final LongList unsigned = new LongList();
    private Map<String, String> external = Map.of();

    static TensorProto read(WireReader in, String holder) throws FormatException {
        long start = in.start();
        var tensor = new TensorBuilder();
        tensor.merge(in, holder);
        return tensor.build(in, start);
    }

    /** The current field is a tensor. */
    void merge(WireReader in, String holder) throws FormatException {
        long outer = in.enter(holder);
        mergeRest(in);
        in.leave(outer);
    }

    /** All that follows is the tensor. */
    void mergeRest(WireReader in) throws FormatException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> in.numbers(dims, "TensorProto.dims");
                case 2 -> elementType = in.integer("TensorProto.data_type");
                case 3 -> throw in.malformed(in.start(), "a tensor is stored in segments, expected a whole one");
                case 4 -> in.floats(floats, "TensorProto.float_data");
                case 5 -> in.numbers(ints, "TensorProto.int32_data");
                case 7 -> in.numbers(longs, "TensorProto.int64_data");
                case 8 -> name = in.text("TensorProto.name");
                case 9 -> raw = in.bytes("TensorProto.raw_data");
                case 10 -> in.doubles(doubles, "TensorProto.double_data");
                case 11 -> in.numbers(unsigned, "TensorProto.uint64_data");
                case 13 -> external(in);
                case 14 -> location = in.integer("TensorProto.data_location");
                default -> in.skip();
            }
        }
    }

    private void external(WireReader in) throws FormatException {
        String key = "";
        String value = "";
        long outer = in.enter("TensorProto.external_data");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text("StringStringEntryProto.key");
                case 2 -> value = in.text("StringStringEntryProto.value");
                default -> in.skip();
            }
        }
        in.leave(outer);
        external = external.isEmpty() ? new LinkedHashMap<>() : external;
        external.put(key, value);
    }

    TensorProto build(WireReader in, long start) throws FormatException {
        if (location != 0 && location != EXTERNAL) {
            throw in.malformed(start, "tensor " + Quoted.text(name) + " has the data_location " + location + ", expected 0 or 1");
        }
        if (location == EXTERNAL && !external.containsKey("location")) {
            throw in.malformed(start, "tensor " + Quoted.text(name) + " is stored in another file, expected its location");
        }
        return new TensorProto(name, elementType, dims.toArray(), raw, floats.floats(), ints.toArray(), longs.toArray(),
                doubles.doubles(), unsigned.toArray(), location == EXTERNAL ? external : Map.of());
    }
}
