package lanewise.internal.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the tiers above may know of this machine's vectors: how wide they are and how many registers there are.
 *
 * <p>Classes with loops keep their own {@code static final} species (C2 must see a constant); this one serves the arithmetic of
 * plans.
 */
public final class Simd {

    /** Lanes of the preferred float vector: 4, 8 or 16. */
    public static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    /**
     * Vector registers that a microkernel may count on. x86 has 32 with AVX-512 only, and a JVM that prefers 512 bits shows that
     * it is there; narrower x86 JVMs are taken for AVX2, with 16. AArch64 always has 32.
     */
    public static final int REGISTERS = registers(FloatVector.SPECIES_PREFERRED, System.getProperty("os.arch"));

    private Simd() {}

    private static int registers(VectorSpecies<Float> species, String arch) {
        boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
        return x86 && species.vectorBitSize() < 512 ? 16 : 32;
    }

    /** The smallest multiple of {@code step} that is at least {@code n}. */
    public static int roundUp(int n, int step) {
        return Math.addExact(n, step - 1) / step * step;
    }
}
