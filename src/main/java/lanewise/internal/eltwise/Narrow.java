package lanewise.internal.eltwise;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Which channel each lane holds when rows of fewer channels than lanes are walked as one range.
 *
 * <p>A masked vector for each row would leave most lanes empty, and in place it waits for the store of the row before: with 3
 * channels it is 5 to 17 times slower. So the loops keep what belongs to the channels in one vector each, pick from it by lane, and
 * move the channels of the lanes on by {@code LANES % channels} from vector to vector. What is left in the end is done one by one:
 * with masks, C2 left the vectors of the longest of these loops in boxes.
 */
final class Narrow {

    static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int LANES = I.length();

    /** {@code REMAINDERS[channels * LANES + lane] = lane % channels}, from one channel on. */
    static final int[] REMAINDERS = remainders();

    private Narrow() {}

    private static int[] remainders() {
        int[] remainders = new int[LANES * LANES];
        for (int i = LANES; i < remainders.length; i++) {
            remainders[i] = i % LANES % (i / LANES);
        }
        return remainders;
    }
}
