package lanewise.peers;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lanewise.layer.Network;
import lanewise.onnx.OnnxWriter;

/** Sessions of ONNX Runtime, set up as they are fastest: all optimisations, memory planned ahead, one operator at a time. */
final class Ort {

    private Ort() {}

    /** A session for a network, by way of a temporary file. */
    static OrtSession session(Network network, int batch, int threads, Path profile) throws IOException, OrtException {
        Path file = Files.createTempFile("lanewise", ".onnx");
        try {
            OnnxWriter.write(network, batch, file);
            return session(file, threads, profile);
        } finally {
            Files.delete(file);
        }
    }

    /**
     * A session for a model.
     *
     * @param threads a single one does not spin while it waits, several do, as is their default
     * @param profile with what the file begins that gets the times of all nodes, or null for none
     */
    static OrtSession session(Path model, int threads, Path profile) throws OrtException {
        try (var options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            options.setMemoryPatternOptimization(true);
            options.addConfigEntry("session.intra_op.allow_spinning", threads > 1 ? "1" : "0");
            if (profile != null) {
                options.enableProfiling(profile.toString());
            }
            return OrtEnvironment.getEnvironment().createSession(model.toString(), options);
        }
    }
}
