package lanewise.internal.conv;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;

/** Packed filters of the depthwise convolutions: for each grid {@code [tap][channel]}, the channels padded to whole grains. */
final class DepthwiseFilter {

    private final PatchGrid[] grids;
    private final int channels;
    private final int paddedChannels;
    private final String layout;
    /** Where each grid's weights begin. */
    private final int[] first;

    /** @param shapeLayout what the order of taps depends on */
    DepthwiseFilter(List<PatchGrid> grids, String shapeLayout) {
        this.grids = grids.toArray(new PatchGrid[0]);
        layout = "depthwise " + shapeLayout;
        channels = this.grids[0].sourceC;
        paddedChannels = Simd.roundUp(channels, Panels.DEPTH);
        first = new int[this.grids.length + 1];
        for (int g = 0; g < this.grids.length; g++) {
            first[g + 1] = Math.addExact(first[g], Math.multiplyExact(this.grids[g].taps(), paddedChannels));
        }
    }

    String layout() {
        return layout;
    }

    int paddedChannels() {
        return paddedChannels;
    }

    int floats() {
        return first[grids.length];
    }

    /** Where the weights of grid {@code g} begin; a tap is {@link #paddedChannels} long. */
    int offset(int g) {
        return first[g];
    }

    /** Packs {@code w: R*S*C}. */
    void pack(float[] w, int wOffset, float[] packed) {
        for (int g = 0; g < grids.length; g++) {
            for (int t = 0; t < grids[g].taps(); t++) {
                int to = first[g] + t * paddedChannels;
                System.arraycopy(w, wOffset + grids[g].filterTap[t] * channels, packed, to, channels);
                Arrays.fill(packed, to + channels, to + paddedChannels, 0);
            }
        }
    }
}
