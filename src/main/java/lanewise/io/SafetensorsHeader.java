package lanewise.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.internal.Checks;

/** The JSON of a {@link Safetensors} file: what was read, in unmodifiable maps, the tensors in the order of their data. */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {

    static final String METADATA = "__metadata__";

    private static final int ALIGNMENT = 8; // of the data in the file, in bytes

    /** The header's bytes, padded with spaces so that the data is aligned. */
    static byte[] compose(Map<String, String> metadata, List<TensorSlice> tensors) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var json = new JsonWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            if (!metadata.isEmpty()) {
                json.name(METADATA).beginObject();
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.name(requireText(entry.getKey(), "key of metadata"));
                    json.value(requireText(entry.getValue(), "value of metadata"));
                }
                json.endObject();
            }
            Set<String> names = new HashSet<>();
            long begin = 0;
            for (TensorSlice tensor : tensors) {
                if (!names.add(Checks.notNull(tensor, "tensor").name())) {
                    throw new IllegalArgumentException("two tensors have the name " + FormatException.quote(tensor.name()));
                }
                long end = begin + (long) Float.BYTES * tensor.size();
                json.name(tensor.name()).beginObject().name("dtype").value(Dtype.F32.name()).name("shape").beginArray();
                for (int dimension : tensor.shape()) {
                    json.value(dimension);
                }
                json.endArray().name("data_offsets").beginArray().value(begin).value(end).endArray().endObject();
                begin = end;
            }
            json.endObject();
        }
        while ((Long.BYTES + bytes.size()) % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        if (bytes.size() > Safetensors.MOST_HEADER_BYTES) {
            throw new IllegalArgumentException("names, shapes and metadata need a header of " + bytes.size()
                    + " bytes, the format has at most " + Safetensors.MOST_HEADER_BYTES);
        }
        return bytes.toByteArray();
    }

    /** Half a surrogate pair has no form in UTF-8. */
    static String requireText(String text, String name) {
        if (!isText(Checks.notNull(text, name))) {
            throw new IllegalArgumentException(name + " is " + FormatException.quote(text) + ", with half of a surrogate pair");
        }
        return text;
    }

    static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
