package lanewise.layer;

import lanewise.kernel.WriteMode;

/** Sums over blocks of rows, whose borders no thread moves, joined in order. */
final class BlockSums {

    private BlockSums() {}

    /** {@code to[c] (+)= sum over blocks of sums[block][c]}, in double. */
    static void add(float[] sums, int blocks, int channels, float[] to, int toOffset, WriteMode mode) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int block = 0; block < blocks; block++) {
                sum += sums[block * channels + c];
            }
            to[toOffset + c] = (float) (mode == WriteMode.ACCUMULATE ? to[toOffset + c] + sum : sum);
        }
    }
}
