package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/** Small rectangles on their way between a scratch tile and a matrix. */
public final class Tiles {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private Tiles() {}

    /** Copies a rectangle. */
    public static void copy(int rows, int columns, float[] from, int fromOffset, int fromStride,
                            float[] to, int toOffset, int toStride) {
        int body = S.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            int fromAt = fromOffset + i * fromStride;
            int toAt = toOffset + i * toStride;
            for (int j = 0; j < body; j += LANES) {
                FloatVector.fromArray(S, from, fromAt + j).intoArray(to, toAt + j);
            }
            for (int j = body; j < columns; j++) {
                to[toAt + j] = from[fromAt + j];
            }
        }
    }

    /**
     * Copies a rectangle into a scratch tile whose rows are whole vectors: what lies past a row's end is read, too, where there is a whole
     * vector to read.
     */
    static void copyIn(int rows, int columns, float[] from, int fromOffset, int fromStride,
                       float[] tile, int tileOffset, int tileStride) {
        int body = S.loopBound(columns);
        int lastVector = from.length - LANES - body;
        for (int i = 0; i < rows; i++) {
            int fromAt = fromOffset + i * fromStride;
            int toAt = tileOffset + i * tileStride;
            for (int j = 0; j < body; j += LANES) {
                FloatVector.fromArray(S, from, fromAt + j).intoArray(tile, toAt + j);
            }
            if (body < columns && fromAt <= lastVector) {
                FloatVector.fromArray(S, from, fromAt + body).intoArray(tile, toAt + body);
                continue;
            }
            for (int j = body; j < columns; j++) {
                tile[toAt + j] = from[fromAt + j];
            }
        }
    }

    /**
     * Copies a rectangle out of a scratch tile whose rows are whole vectors: what lies past a row's end in the tile is read, and not
     * written.
     */
    static void copyOut(int rows, int columns, float[] tile, int tileOffset, int tileStride, float[] to, int toOffset, int toStride) {
        int body = S.loopBound(columns);
        int whole = rows; // of these the last vector lies in the array, so that the mask need not be compared with its end (Lanes)
        while (whole > 0 && to.length - toOffset - (whole - 1) * toStride < body + LANES) {
            whole--;
        }
        VectorMask<Float> rest = Lanes.INDEX.compare(LT, columns - body);
        for (int i = 0; i < whole; i++) {
            int fromAt = tileOffset + i * tileStride;
            int toAt = toOffset + i * toStride;
            for (int j = 0; j < body; j += LANES) {
                FloatVector.fromArray(S, tile, fromAt + j).intoArray(to, toAt + j);
            }
            if (body < columns) {
                FloatVector.fromArray(S, tile, fromAt + body).intoArray(to, toAt + body, rest);
            }
        }
        copy(rows - whole, columns, tile, tileOffset + whole * tileStride, tileStride, to, toOffset + whole * toStride, toStride);
    }

    /** {@code to = from + added}; {@code added} may be {@code to} itself. */
    public static void add(int rows, int columns, float[] from, int fromOffset, int fromStride,
                           float[] added, int addedOffset, int addedStride, float[] to, int toOffset, int toStride) {
        int body = S.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            int fromAt = fromOffset + i * fromStride;
            int addedAt = addedOffset + i * addedStride;
            int toAt = toOffset + i * toStride;
            for (int j = 0; j < body; j += LANES) {
                FloatVector.fromArray(S, from, fromAt + j).add(FloatVector.fromArray(S, added, addedAt + j)).intoArray(to, toAt + j);
            }
            for (int j = body; j < columns; j++) {
                to[toAt + j] = from[fromAt + j] + added[addedAt + j];
            }
        }
    }

    /** Clamps a rectangle of whole vectors to {@code [0, ceiling]}, a column of vectors after the other. */
    static void clamp(int rows, int width, float ceiling, float[] c, int cOffset, int cStride) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector cap = FloatVector.broadcast(S, ceiling);
        for (int j = 0; j < width; j += LANES) {
            for (int i = 0; i < rows; i++) {
                FloatVector v = FloatVector.fromArray(S, c, cOffset + i * cStride + j);
                v.blend(zero, v.compare(LT, zero)).blend(cap, v.compare(GT, cap)).intoArray(c, cOffset + i * cStride + j);
            }
        }
    }
}
