package lanewise.internal.simd;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Cache lines that are brought near ahead of their use. */
public final class Lines {

    /** Shorter than a line, so that none is crossed. */
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_128;

    private static final int LINE = 16;

    private Lines() {}

    /**
     * Fetches the lines of {@code [from, end)} for writing: by stores whose mask is empty, which change nothing, and which wait for
     * memory without holding up what comes after them (NOTES 80). It pays while a kernel computes what it then writes far away.
     */
    public static void fetch(float[] y, int from, int end) {
        FloatVector zero = FloatVector.zero(S);
        VectorMask<Float> none = zero.compare(LT, zero);
        int last = end - S.length();
        for (int i = from; i <= last; i += LINE) {
            zero.intoArray(y, i, none);
        }
    }
}
