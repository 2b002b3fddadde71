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

    /**
     * Floats from which on G1 takes an array for large: half a region, of which there are 2048 in the largest heap, of 1 to 32 MB and a
     * power of two.
     */
    private static final int LARGE = Math.toIntExact(
            Long.highestOneBit(2 * Math.clamp(Runtime.getRuntime().maxMemory() / 2048, 1 << 20, 32 << 20) - 1) / 2 / Float.BYTES);

    /** Arrays below this part of {@link #LARGE} are left small. */
    private static final int SMALL_PART = 16;

    /** Scratch memory below this is left small. */
    private static final int SMALL_SCRATCH = 1 << 11;

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

    /**
     * The length of an array that lives long and is read and written in the first caches: {@code length}, or so much more that it is a
     * large one, with lines where {@link #lineFrom} says. That is at most a four-thousandth of the heap, and at most 16 times the length.
     */
    public static long largeLength(long length) {
        return length < LARGE / SMALL_PART ? length : Math.max(length, LARGE);
    }

    /**
     * The length of scratch memory of which a program has few pieces, one for each calling thread: a large array from 8 KB on, so that
     * panels in it begin at lines even where they are short. That is at most a four-thousandth of the heap.
     */
    public static long scratchLength(long length) {
        return length < SMALL_SCRATCH ? length : Math.max(length, LARGE);
    }

    /** The smallest multiple of {@code step} that is at least {@code n}. */
    public static int roundUp(int n, int step) {
        return Math.addExact(n, step - 1) / step * step;
    }
}
