package lanewise.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the header of a {@link Safetensors} file. Its bytes are in memory, so whatever goes wrong is a FormatException. */
final class SafetensorsParser {

    private static final int MOST_PRINTED = 16;

    private final Path path;
    private final JsonReader json;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private SafetensorsParser(Path path, byte[] header) {
        this.path = path;
        // A new decoder reports malformed UTF-8; a reader that is made with the charset would replace it.
        json = new JsonReader(new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder()));
        json.setStrictness(Strictness.STRICT);
    }

    static SafetensorsHeader parse(Path path, byte[] header, long dataBytes) throws FormatException {
        if (header.length == 0 || header[0] != '{') {
            String found = header.length == 0 ? "is empty" : "starts with 0x%02x".formatted(header[0]);
            throw new FormatException(path, "the header " + found + ", expected 0x7b, a brace");
        }
        var parser = new SafetensorsParser(path, header);
        try {
            parser.readObject();
        } catch (FormatException e) {
            throw e;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            String place = FormatException.quote(parser.json.getPath());
            throw new FormatException(path, "the header is not strict JSON in UTF-8, near " + place, e);
        }
        return new SafetensorsHeader(Collections.unmodifiableMap(parser.metadata), parser.inOrderOfData(dataBytes));
    }

    private void readObject() throws IOException {
        boolean hasMetadata = false;
        json.beginObject();
        while (json.hasNext()) {
            String name = text(json.nextName());
            if (!name.equals(SafetensorsHeader.METADATA)) {
                if (tensors.put(name, tensor(FormatException.quote(name))) != null) {
                    throw twice("tensor " + FormatException.quote(name));
                }
            } else if (hasMetadata) {
                throw twice(SafetensorsHeader.METADATA);
            } else {
                readMetadata();
                hasMetadata = true;
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw malformed("the header goes on after its object with " + json.peek());
        }
    }

    private void readMetadata() throws IOException {
        expect(JsonToken.BEGIN_OBJECT, SafetensorsHeader.METADATA);
        json.beginObject();
        while (json.hasNext()) {
            String key = text(json.nextName());
            String name = "metadata " + FormatException.quote(key);
            expect(JsonToken.STRING, name);
            if (metadata.put(key, text(json.nextString())) != null) {
                throw twice(name);
            }
        }
        json.endObject();
    }

    private TensorInfo tensor(String name) throws IOException {
        Dtype dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        expect(JsonToken.BEGIN_OBJECT, "tensor " + name);
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            boolean again = switch (field) {
                case "dtype" -> dtype != null;
                case "shape" -> shape != null;
                case "data_offsets" -> offsets != null;
                default -> throw malformed("tensor " + name + " has the field " + FormatException.quote(field)
                        + ", expected dtype, shape and data_offsets");
            };
            if (again) {
                throw twice(field + " of tensor " + name);
            }
            switch (field) {
                case "dtype" -> dtype = dtype(name);
                case "shape" -> shape = integers("shape of tensor " + name, Integer.MAX_VALUE);
                default -> offsets = integers("data_offsets of tensor " + name, Long.MAX_VALUE);
            }
        }
        json.endObject();
        if (dtype == null || shape == null || offsets == null) {
            throw malformed("tensor " + name + " has no " + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (offsets.size() != 2) {
            throw malformed("data_offsets of tensor " + name + " has " + offsets.size() + " numbers, expected 2");
        }
        requireSize(name, dtype, shape, offsets.get(0), offsets.get(1));
        List<Integer> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add((int) size);
        }
        return new TensorInfo(dtype.name(), sizes, offsets.get(0), offsets.get(1));
    }

    private Dtype dtype(String name) throws IOException {
        expect(JsonToken.STRING, "dtype of tensor " + name);
        String found = json.nextString();
        Dtype dtype = Dtype.named(found);
        if (dtype == null) {
            throw malformed("tensor " + name + " has the type " + FormatException.quote(found) + ", expected one of "
                    + List.of(Dtype.values()));
        }
        return dtype;
    }

    private List<Long> integers(String name, long most) throws IOException {
        List<Long> numbers = new ArrayList<>();
        expect(JsonToken.BEGIN_ARRAY, name);
        json.beginArray();
        while (json.hasNext()) {
            expect(JsonToken.NUMBER, name);
            String digits = json.nextString(); // nextLong would take 1.0 and 1e3
            long number;
            try {
                number = Long.parseLong(digits);
            } catch (NumberFormatException e) {
                number = -1;
            }
            if (number < 0 || number > most || digits.startsWith("-")) {
                throw malformed(name + " holds " + FormatException.quote(digits) + ", expected an integer from 0 to " + most);
            }
            numbers.add(number);
        }
        json.endArray();
        return numbers;
    }

    /** The product of the shape and its size in bits must fit, in the order of the shape, as in the reference implementation. */
    private void requireSize(String name, Dtype dtype, List<Long> shape, long begin, long end) throws FormatException {
        String what = "tensor " + name + " has the type " + dtype + " and the shape "
                + (shape.size() <= MOST_PRINTED ? shape : shape.subList(0, MOST_PRINTED) + "...");
        long bits = 1;
        try {
            for (long dimension : shape) {
                bits = Math.multiplyExact(bits, dimension);
            }
            bits = Math.multiplyExact(bits, (long) dtype.bits());
        } catch (ArithmeticException e) {
            throw new FormatException(path, what + ", more than 2^63 - 1 bits", e);
        }
        if (bits % Byte.SIZE != 0) {
            throw malformed(what + ", " + bits + " bits, expected a multiple of 8");
        }
        if (end < begin || end - begin != bits / Byte.SIZE) {
            throw malformed(what + ", " + bits / Byte.SIZE + " bytes, its data_offsets are [" + begin + ", " + end + "]");
        }
    }

    private Map<String, TensorInfo> inOrderOfData(long dataBytes) throws FormatException {
        List<Map.Entry<String, TensorInfo>> entries = new ArrayList<>(tensors.entrySet());
        entries.sort((a, b) -> {
            int byBegin = Long.compare(a.getValue().begin(), b.getValue().begin());
            return byBegin != 0 ? byBegin : Long.compare(a.getValue().end(), b.getValue().end());
        });
        Map<String, TensorInfo> ordered = new LinkedHashMap<>();
        long covered = 0;
        for (Map.Entry<String, TensorInfo> entry : entries) {
            TensorInfo info = entry.getValue();
            if (info.begin() != covered) {
                throw malformed("the data of tensor " + FormatException.quote(entry.getKey()) + " begins at " + info.begin()
                        + ", the tensors before it end at " + covered);
            }
            covered = info.end();
            ordered.put(entry.getKey(), info);
        }
        if (covered != dataBytes) {
            throw malformed("the tensors end at " + covered + ", the file has " + dataBytes + " bytes of data");
        }
        return Collections.unmodifiableMap(ordered);
    }

    private void expect(JsonToken token, String name) throws IOException {
        if (json.peek() != token) {
            throw malformed(name + " is " + json.peek() + ", expected " + token);
        }
    }

    /** Half a surrogate pair can be written with an escape, but is no Unicode. */
    private String text(String found) throws FormatException {
        if (!SafetensorsHeader.isText(found)) {
            throw malformed("the text " + FormatException.quote(found) + " has half of a surrogate pair, expected Unicode");
        }
        return found;
    }

    private FormatException twice(String name) {
        return malformed(name + " is there twice, expected once");
    }

    private FormatException malformed(String reason) {
        return new FormatException(path, reason);
    }
}
