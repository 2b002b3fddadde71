package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;

/** The checks of the element-wise and row-wise functions. */
final class Ranges {

    private Ranges() {}

    /** One input, one output. */
    static void map(float[] x, int xOffset, float[] y, int yOffset, int length) {
        of(y, yOffset, length, "y");
        input(x, xOffset, "x", y, yOffset, "y", length);
    }

    /** A gradient: dx from dy and from x or y. */
    static boolean gradInput(float[] v, int vOffset, String vName, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                             WriteMode mode) {
        of(dx, dxOffset, length, "dx");
        input(v, vOffset, vName, dx, dxOffset, "dx", length);
        input(dy, dyOffset, "dy", dx, dxOffset, "dx", length);
        return accumulate(mode);
    }

    /** One range, in a JVM that can run vector code. */
    static void of(float[] x, int offset, int length, String name) {
        VectorModule.require();
        Checks.atLeast(length, 0, "length");
        Checks.range(x, offset, length, name);
    }

    /** An input must be the very range of the output, or share nothing with it. */
    static void input(float[] x, int xOffset, String xName, float[] y, int yOffset, String yName, int length) {
        Checks.range(x, xOffset, length, xName);
        if (xOffset != yOffset) {
            Checks.disjoint(x, xOffset, length, xName, y, yOffset, length, yName);
        }
    }

    /** An input that shares nothing with the output. */
    static void apart(float[] in, int inOffset, int inLength, String inName, float[] out, int outOffset, int outLength, String outName) {
        Checks.range(in, inOffset, inLength, inName);
        Checks.disjoint(in, inOffset, inLength, inName, out, outOffset, outLength, outName);
    }

    /** What is added to a variance. */
    static void epsilon(float epsilon) {
        Checks.require(epsilon >= 0 && epsilon <= Float.MAX_VALUE, "epsilon", epsilon, "must be at least 0 and finite");
    }

    /** Floats from the first to the last of {@code pixels} whose channels begin {@code yStride} apart, which must fit an array. */
    static int span(int pixels, int yStride, int channels) {
        long span = (pixels - 1L) * yStride + channels;
        if (span > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("yStride is " + yStride + ", then y spans " + span + " floats, more than the "
                    + Integer.MAX_VALUE + " a Java array can hold");
        }
        return (int) span;
    }

    /** The elements of a matrix, which must fit an array. */
    static int matrix(int rows, int cols, String rowsName, String colsName, String name) {
        Checks.atLeast(rows, 0, rowsName);
        Checks.atLeast(cols, 0, colsName);
        return Checks.product(name, rows, cols);
    }

    static boolean accumulate(WriteMode mode) {
        return Checks.notNull(mode, "mode") == WriteMode.ACCUMULATE;
    }
}
