package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel for the weight gradient behind a max-pooling of 2 x 2, whose windows meet the image each at a place of its own, another
 * one in each channel {@code j}:
 *
 * <pre>c[j][r][v] += sum over windows i of a[i][j] * b[places[i][j] + r LINE + v],   r &lt; 5</pre>
 *
 * <p>Every multiply-add loads a vector of its own, at any offset: so vectors are at most half as wide as a cache line, and few cross one.
 * The lines of the image lie a constant apart, so that C2 checks the first and the last of five. All floats lie in one array, at four
 * offsets: bases and lengths of several would not fit the general registers.
 *
 * <p>Registers: 10 accumulators, 2 broadcasts.
 */
public final class PlacedTile5 {

    private static final VectorSpecies<Float> S = Simd.LANES < 8 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_256;

    /** Floats of a vector. */
    public static final int LANES = S.length();

    /** From one line of the image to the next. */
    public static final int LINE = 96;

    /** Lines of the image that a tile sees. */
    public static final int LINES = 5;

    /** Floats of c for one channel. */
    public static final int CHANNEL = LINES * LANES;

    private PlacedTile5() {}

    /**
     * Adds to {@code channels} times {@link #CHANNEL} floats of {@code work} from {@code c}.
     *
     * @param rows rows of windows
     * @param windows in a row
     * @param places {@code [row][channel][placesRow]}, in which every other one is a window's
     * @param a in {@code work}, {@code [row][window][channel]}
     */
    public static void run(int rows, int windows, int channels, int[] places, int placesOffset, int placesRow,
                           float[] work, int a, int b, int c) {
        int j = 0;
        for (; j + 2 <= channels; j += 2) {
            channels2(rows, windows, channels, places, placesOffset + j * placesRow, placesRow, work, a + j, b, c + j * CHANNEL);
        }
        if (j < channels) {
            channels1(rows, windows, channels, places, placesOffset + j * placesRow, placesRow, work, a + j, b, c + j * CHANNEL);
        }
    }

    private static void channels2(int rows, int windows, int channels, int[] places, int placesOffset, int placesRow,
                                  float[] work, int a, int b, int c) {
        FloatVector c00 = FloatVector.fromArray(S, work, c);
        FloatVector c01 = FloatVector.fromArray(S, work, c + LANES);
        FloatVector c02 = FloatVector.fromArray(S, work, c + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, work, c + 3 * LANES);
        FloatVector c04 = FloatVector.fromArray(S, work, c + 4 * LANES);
        FloatVector c10 = FloatVector.fromArray(S, work, c + 5 * LANES);
        FloatVector c11 = FloatVector.fromArray(S, work, c + 6 * LANES);
        FloatVector c12 = FloatVector.fromArray(S, work, c + 7 * LANES);
        FloatVector c13 = FloatVector.fromArray(S, work, c + 8 * LANES);
        FloatVector c14 = FloatVector.fromArray(S, work, c + 9 * LANES);
        for (int row = 0; row < rows; row++) {
            int places0 = placesOffset + (row * channels) * placesRow;
            int places1 = placesOffset + (row * channels + 1) * placesRow;
            int at = a + row * windows * channels;
            for (int i = 0; i < windows; i++) {
                int b0 = b + places[places0 + 2 * i];
                FloatVector a0 = FloatVector.broadcast(S, work[at + i * channels]);
                c00 = FloatVector.fromArray(S, work, b0).fma(a0, c00);
                c01 = FloatVector.fromArray(S, work, b0 + LINE).fma(a0, c01);
                c02 = FloatVector.fromArray(S, work, b0 + 2 * LINE).fma(a0, c02);
                c03 = FloatVector.fromArray(S, work, b0 + 3 * LINE).fma(a0, c03);
                c04 = FloatVector.fromArray(S, work, b0 + 4 * LINE).fma(a0, c04);
                int b1 = b + places[places1 + 2 * i];
                FloatVector a1 = FloatVector.broadcast(S, work[at + i * channels + 1]);
                c10 = FloatVector.fromArray(S, work, b1).fma(a1, c10);
                c11 = FloatVector.fromArray(S, work, b1 + LINE).fma(a1, c11);
                c12 = FloatVector.fromArray(S, work, b1 + 2 * LINE).fma(a1, c12);
                c13 = FloatVector.fromArray(S, work, b1 + 3 * LINE).fma(a1, c13);
                c14 = FloatVector.fromArray(S, work, b1 + 4 * LINE).fma(a1, c14);
            }
        }
        c00.intoArray(work, c);
        c01.intoArray(work, c + LANES);
        c02.intoArray(work, c + 2 * LANES);
        c03.intoArray(work, c + 3 * LANES);
        c04.intoArray(work, c + 4 * LANES);
        c10.intoArray(work, c + 5 * LANES);
        c11.intoArray(work, c + 6 * LANES);
        c12.intoArray(work, c + 7 * LANES);
        c13.intoArray(work, c + 8 * LANES);
        c14.intoArray(work, c + 9 * LANES);
    }

    private static void channels1(int rows, int windows, int channels, int[] places, int placesOffset, int placesRow,
                                  float[] work, int a, int b, int c) {
        FloatVector c00 = FloatVector.fromArray(S, work, c);
        FloatVector c01 = FloatVector.fromArray(S, work, c + LANES);
        FloatVector c02 = FloatVector.fromArray(S, work, c + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, work, c + 3 * LANES);
        FloatVector c04 = FloatVector.fromArray(S, work, c + 4 * LANES);
        for (int row = 0; row < rows; row++) {
            int places0 = placesOffset + (row * channels) * placesRow;
            int at = a + row * windows * channels;
            for (int i = 0; i < windows; i++) {
                int b0 = b + places[places0 + 2 * i];
                FloatVector a0 = FloatVector.broadcast(S, work[at + i * channels]);
                c00 = FloatVector.fromArray(S, work, b0).fma(a0, c00);
                c01 = FloatVector.fromArray(S, work, b0 + LINE).fma(a0, c01);
                c02 = FloatVector.fromArray(S, work, b0 + 2 * LINE).fma(a0, c02);
                c03 = FloatVector.fromArray(S, work, b0 + 3 * LINE).fma(a0, c03);
                c04 = FloatVector.fromArray(S, work, b0 + 4 * LINE).fma(a0, c04);
            }
        }
        c00.intoArray(work, c);
        c01.intoArray(work, c + LANES);
        c02.intoArray(work, c + 2 * LANES);
        c03.intoArray(work, c + 3 * LANES);
        c04.intoArray(work, c + 4 * LANES);
    }
}
