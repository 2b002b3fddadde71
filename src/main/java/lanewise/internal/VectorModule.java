package lanewise.internal;

/**
 * Answers whether this JVM can run vector code at all, in a class that mentions no vector type and so loads everywhere.
 *
 * <p>Every public entry calls {@link #require()} before it touches a kernel. Otherwise a user who forgot the flag would meet a
 * {@code NoClassDefFoundError} from the depth of a loop.
 */
public final class VectorModule {

    private static final String MODULE = "jdk.incubator.vector";

    /** Null, or the one sentence that says what is missing and how to add it. */
    private static final String PROBLEM = problem();

    private VectorModule() {}

    /**
     * Returns if vector kernels can run here.
     *
     * @throws IllegalStateException in one sentence, if the module is missing or the CPU has no fused multiply-add
     */
    public static void require() {
        if (PROBLEM != null) {
            throw new IllegalStateException(PROBLEM);
        }
    }

    private static String problem() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return "Lanewise needs the JDK's Vector API: start java with --add-modules " + MODULE;
        }
        if (!hasFusedMultiplyAdd()) {
            return "Lanewise needs a CPU with fused multiply-add (x86 with FMA3, or AArch64) and a JVM that uses it:"
                    + " this one emulates it, thousands of times slower (is -XX:-UseFMA set?)";
        }
        return null;
    }

    /**
     * Tells hardware from emulation by the clock: no API of {@code java.base} says which. Emulated, {@link Math#fma} builds three
     * {@code BigDecimal}s and takes tens of microseconds in the interpreter; with the instruction, well under one.
     */
    private static boolean hasFusedMultiplyAdd() {
        final long slowestInstruction = 3_000; // ns
        float x = 1.1f;
        for (int attempt = 0; attempt < 64; attempt++) {
            long start = System.nanoTime();
            x = Math.fma(x, 0.7f, 0.3f);
            if (System.nanoTime() - start < slowestInstruction) {
                return !Float.isNaN(x);
            }
        }
        return false;
    }
}
