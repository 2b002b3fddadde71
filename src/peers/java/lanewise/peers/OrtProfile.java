package lanewise.peers;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;

/**
 * What ONNX Runtime wrote about its own times: a JSON array of events, those of the nodes before that of the call they belong to.
 * Read here are
 *
 * <pre>
 * {"dur": 905, "name": "conv_kernel_time", "args": {"op_name": "Conv", ...}, ...}
 * {"dur": 1290, "name": "model_run", "args": {}, ...}
 * </pre>
 */
final class OrtProfile {

    /** Durations are cut off to whole microseconds. */
    private static final double CUT_OFF = 0.5;

    private OrtProfile() {}

    private record Event(String name, double micros, String operator) {

        boolean isCall() {
            return name.equals("model_run");
        }

        boolean isKernel() {
            return name.endsWith("_kernel_time") && !operator.startsWith("Reorder");
        }
    }

    /** For each call the time of its nodes in ns, without those that reorder the layout. */
    static double[] callNanos(Path file) throws IOException {
        DoubleStream.Builder calls = DoubleStream.builder();
        double micros = 0;
        try (var reader = new JsonReader(Files.newBufferedReader(file))) {
            for (reader.beginArray(); reader.hasNext(); ) {
                Event event = readEvent(reader);
                if (event.isCall()) {
                    calls.add(1e3 * micros);
                    micros = 0;
                } else if (event.isKernel()) {
                    micros += event.micros + CUT_OFF;
                }
            }
        }
        return calls.build().toArray();
    }

    private static Event readEvent(JsonReader reader) throws IOException {
        String name = "";
        double micros = 0;
        String operator = "";
        for (reader.beginObject(); reader.hasNext(); ) {
            switch (reader.nextName()) {
                case "name" -> name = reader.nextString();
                case "dur" -> micros = reader.nextDouble();
                case "args" -> operator = readOperator(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
        return new Event(name, micros, operator);
    }

    private static String readOperator(JsonReader reader) throws IOException {
        String operator = "";
        for (reader.beginObject(); reader.hasNext(); ) {
            if (reader.nextName().equals("op_name")) {
                operator = reader.nextString();
            } else {
                reader.skipValue();
            }
        }
        reader.endObject();
        return operator;
    }
}
