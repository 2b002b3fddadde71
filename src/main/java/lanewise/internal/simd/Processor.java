package lanewise.internal.simd;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What kernels may know of this processor beside its vectors. */
public final class Processor {

    private static final String INTEL = "GenuineIntel";

    /** Bytes of Linux's description in which the vendor stands. */
    private static final int HEAD = 64;

    /**
     * Whether to touch lines of a filter, and of outputs, shortly before they are needed. That is worth a tenth on Intel's servers, and
     * costs up to a fifth on AMD's Zen 5, whose prefetchers do better when left alone, and which reads no line that is written whole
     * (NOTES 105). The system property {@code lanewise.readAhead}, {@code true} or {@code false}, decides otherwise.
     */
    public static final boolean READS_AHEAD = readsAhead(System.getProperty("lanewise.readAhead"));

    private Processor() {}

    private static boolean readsAhead(String wanted) {
        return wanted == null ? vendor().contains(INTEL) : Boolean.parseBoolean(wanted);
    }

    /** A text with the vendor's name, as Windows and Linux have it; empty elsewhere. */
    private static String vendor() {
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        if (windows != null) {
            return windows;
        }
        try (var file = new FileInputStream("/proc/cpuinfo")) { // a program starts some milliseconds later by java.nio.file
            return new String(file.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
