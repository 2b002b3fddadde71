package lanewise.internal.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The number of each lane, to make masks from: {@code INDEX.compare(LT, left)} has the first {@code left} lanes, all if there are
 * more.
 *
 * <p>{@code VectorSpecies.indexInRange} would say the same, but it chooses one of three masks by branches whose profile all its
 * callers share. Where C2 keeps the branches, the mask that comes out of them may stay an object: 48 bytes a call, in one JVM and
 * not in the next. A comparison is one instruction, and there is nothing to merge.
 *
 * <p>A load by mask has such a branch of its own, in range or not, and merges two vectors behind it: one of them may stay an array of
 * 80 bytes with 16 lanes. A store by mask merges nothing, but where it reaches over an end of its array all lanes are compared, and
 * the mask of the bad ones goes to a throw that C2 cuts off only once it has seen some 40 such stores, of whatever kernel: until then
 * it is an object, 48 bytes a store. So loops over rows of channels load whole vectors, blend or store what is theirs, and do one by
 * one what would reach over an end.
 */
public final class Lanes {

    /** {@code 0, 1, 2, ...} */
    public static final FloatVector INDEX = FloatVector.zero(FloatVector.SPECIES_PREFERRED).addIndex(1);

    /** The same as integers. */
    public static final IntVector INT_INDEX = IntVector.zero(IntVector.SPECIES_PREFERRED).addIndex(1);

    private Lanes() {}
}
