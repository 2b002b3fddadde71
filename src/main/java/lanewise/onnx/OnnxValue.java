package lanewise.onnx;

import java.util.ArrayList;
import java.util.List;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * An input or output as a model declares it.
 *
 * @param name its name
 * @param type its element type, or null if the model does not say
 * @param dims its sizes in the order of the model's author, -1 where one is open; null if even their number is
 * @param symbols the names of open sizes, such as {@code batch}, and "" for the others
 */
public record OnnxValue(String name, ElementType type, List<Integer> dims, List<String> symbols) {

    /** An unmodifiable copy. */
    public OnnxValue {
        dims = dims == null ? null : List.copyOf(dims);
        symbols = List.copyOf(symbols);
    }

    static OnnxValue of(ValueInfoProto info) {
        List<Integer> dims = info.dims() == null ? null : new ArrayList<>();
        List<String> symbols = new ArrayList<>();
        for (int i = 0; dims != null && i < info.dims().size(); i++) {
            long size = info.dims().get(i).size();
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("size " + i + " of " + info.name() + " is " + size
                        + ", more than an array can hold");
            }
            dims.add(size < 0 ? -1 : (int) size);
            symbols.add(size < 0 ? info.dims().get(i).symbol() : "");
        }
        ElementType type = info.elementType() == 0 || !ElementType.isSupported(info.elementType()) ? null
                : ElementType.of(info.elementType());
        return new OnnxValue(info.name(), type, dims, symbols);
    }

    /** Whether a tensor of these sizes may be given. */
    boolean takes(int[] sizes) {
        if (dims == null) {
            return true;
        }
        boolean fits = dims.size() == sizes.length;
        for (int i = 0; fits && i < sizes.length; i++) {
            fits = dims.get(i) < 0 || dims.get(i) == sizes[i];
        }
        return fits;
    }

    /** Name, type and sizes: {@code image FLOAT[batch, 3, 224, 224]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append(' ').append(type == null ? "of any type" : type);
        for (int i = 0; dims != null && i < dims.size(); i++) {
            text.append(i == 0 ? "[" : ", ");
            text.append(dims.get(i) >= 0 ? dims.get(i).toString() : symbols.get(i).isEmpty() ? "?" : symbols.get(i));
        }
        return dims == null ? text.append("[...]").toString() : text.append(dims.isEmpty() ? "[]" : "]").toString();
    }
}
