package lanewise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;

/** On what the numbers were measured. */
public final class Machine {

    private Machine() {}

    /** CPU, vector width and JDK, in one line. */
    public static String describe() {
        return cpu() + ", " + Simd.LANES * Float.SIZE + "-bit vectors, JDK " + Runtime.version() + " ("
                + System.getProperty("java.vendor") + ")";
    }

    /** The CPU's name where Linux tells it, else its architecture. */
    private static String cpu() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(architecture());
        } catch (IOException notLinux) {
            return architecture();
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch");
    }
}
