package lanewise.internal.conv;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;

/**
 * Which channels of the source the lanes of an output see in a grouped convolution. Of a block of 16 output channels, lane l
 * belongs to group {@code (16 block + l) / outside}, and its input {@code i} is channel {@code group inside + i}: for each i a
 * vector in which every group's channel stands under each of its outputs.
 */
final class ChannelSpread {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int GRAIN = Panels.DEPTH;

    /** Channels of one group in the source. */
    final int inside;
    private final int sourceC;
    /** For each block, input and vector of the grain: a channel from which one load reaches all lanes, or -1. */
    private final int[] bases;
    /** For each lane, its channel, less the base if there is one. */
    private final int[] lanes;
    /** The same as floats, the form in which a vector selects from another. */
    private final float[] selectors;

    /** @param outside output channels of one group */
    ChannelSpread(int groups, int inside, int outside) {
        this.inside = inside;
        sourceC = groups * inside;
        int blocks = Panels.blocks(groups * outside);
        bases = new int[blocks * inside * (GRAIN / LANES)];
        lanes = new int[blocks * inside * GRAIN];
        for (int at = 0; at < lanes.length; at++) {
            int lane = at / GRAIN / inside * GRAIN + at % GRAIN;
            int group = Math.min(lane / outside, groups - 1); // past the last channel anything will do
            lanes[at] = group * inside + at / GRAIN % inside;
        }
        for (int v = 0; v < bases.length; v++) {
            int first = v * LANES;
            int last = first + LANES - 1;
            int base = Math.min(lanes[first], sourceC - LANES);
            bases[v] = base >= 0 && lanes[last] - base < LANES ? base : -1;
            for (int l = first; l <= last && bases[v] >= 0; l++) {
                lanes[l] -= base;
            }
        }
        selectors = new float[lanes.length];
        for (int at = 0; at < lanes.length; at++) {
            selectors[at] = lanes[at];
        }
    }

    /**
     * Spreads input {@code i} of {@code pixels} pixels, {@code fromStep} floats apart, for one block into grains side by side.
     *
     * @param from where the first pixel begins in {@code x}
     */
    void run(int block, int i, int pixels, float[] x, int from, int fromStep, float[] to, int toOffset) {
        for (int v = 0; v < GRAIN; v += LANES) {
            int at = (block * inside + i) * GRAIN + v;
            int base = bases[at / LANES];
            if (base >= 0) {
                select(pixels, x, from + base, fromStep, selectors, at, to, toOffset + v);
            } else {
                gather(pixels, x, from, fromStep, lanes, at, to, toOffset + v);
            }
        }
    }

    private static void select(int pixels, float[] x, int from, int fromStep, float[] selectors, int at,
                               float[] to, int toOffset) {
        FloatVector selector = FloatVector.fromArray(S, selectors, at);
        for (int j = 0; j < pixels; j++) {
            selector.selectFrom(FloatVector.fromArray(S, x, from + j * fromStep)).intoArray(to, toOffset + j * GRAIN);
        }
    }

    private static void gather(int pixels, float[] x, int from, int fromStep, int[] lanes, int at, float[] to, int toOffset) {
        for (int j = 0; j < pixels; j++) {
            for (int l = 0; l < LANES; l++) {
                to[toOffset + j * GRAIN + l] = x[from + j * fromStep + lanes[at + l]];
            }
        }
    }
}
