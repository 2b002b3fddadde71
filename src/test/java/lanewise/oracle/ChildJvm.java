package lanewise.oracle;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own, to be killed, with the library, the tests' classes and this JVM's flags of vector width. */
public final class ChildJvm {

    private ChildJvm() {}

    /** The command that runs {@code main}. */
    public static List<String> command(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-XX:-UsePerfData", "-Xmx512m"));
        command.addAll(widthFlags());
        command.addAll(List.of("-cp", Stream.of(lanewise.layer.Network.class, ChildJvm.class, com.google.gson.stream.JsonReader.class)
                .map(ChildJvm::placeOf).distinct().collect(Collectors.joining(File.pathSeparator)), main.getName()));
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** Runs it, errors among the output. */
    public static Process start(Class<?> main, String... args) throws IOException {
        return new ProcessBuilder(command(main, args)).redirectErrorStream(true).start();
    }

    /** Whether this JVM runs at the width that the CPU prefers, where tests run that take long and know no width. */
    public static boolean isWidthPreferred() {
        return widthFlags().isEmpty() && Integer.getInteger("lanewise.test.bits") == null; // not every system tells a process's flags
    }

    private static List<String> widthFlags() {
        // Not by the management bean: the tests are patched into the library's module, which does not read that one.
        return Stream.of(ProcessHandle.current().info().arguments().orElse(new String[0]))
                .filter(flag -> flag.matches("-XX:(MaxVectorSize|UseAVX|\\+IgnoreUnrecognizedVMOptions).*")).toList();
    }

    private static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
