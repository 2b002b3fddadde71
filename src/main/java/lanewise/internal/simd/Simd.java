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

    /** Floats of a cache line, and the index of a large array at which one begins ({@link #lineFrom}). */
    private static final int LINE = 16;
    private static final int FIRST_LINE = 12;

    private Simd() {}

    private static int registers(VectorSpecies<Float> species, String arch) {
        boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
        return x86 && species.vectorBitSize() < 512 ? 16 : 32;
    }

    /**
     * The first index from {@code offset} on at which a cache line begins, if the array is large: collectors that divide the heap
     * into regions (G1, ZGC, Shenandoah) put an array of half a region or more at the start of one, and its floats follow 16 bytes
     * of header. A vector of 64 bytes that begins there is one line; elsewhere it takes two, which costs a tenth of a product whose
     * panels come from L2.
     */
    public static int lineFrom(int offset) {
        return offset + Math.floorMod(FIRST_LINE - offset, LINE);
    }

    /** The smallest multiple of {@code step} that is at least {@code n}. */
    public static int roundUp(int n, int step) {
        return Math.addExact(n, step - 1) / step * step;
    }
}
