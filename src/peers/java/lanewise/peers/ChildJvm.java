package lanewise.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a main class in a JVM of its own with the class path of this one. */
final class ChildJvm {

    private ChildJvm() {}

    /** With the Vector API, with leave to call native code, and so many threads for what the code of a peer shares by OpenMP. */
    static List<String> withVectors(int threads, Class<?> main, String... args) throws IOException, InterruptedException {
        return run(List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"), // or Deeplearning4j's libraries begin with four lines of warning
                Map.of("OMP_NUM_THREADS", Integer.toString(threads)), main, args);
    }

    /**
     * Runs it to its end.
     *
     * @return the lines it printed
     * @throws IllegalStateException if it fails
     */
    static List<String> run(List<String> flags, Class<?> main, String... args) throws IOException, InterruptedException {
        return run(flags, Map.of(), main, args);
    }

    private static List<String> run(List<String> flags, Map<String, String> environment, Class<?> main, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        command.add(main.getName());
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        // Not -cp: ONNX Runtime 1.29 ends the JVM with a segmentation fault where the command line is longer than 4096 bytes.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        List<String> lines;
        try (BufferedReader reader = process.inputReader()) {
            lines = reader.lines().toList();
        }
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(main.getSimpleName() + " " + List.of(args) + " ended with status " + status);
        }
        return lines;
    }
}
