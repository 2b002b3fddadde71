package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernel.BinaryFunction;

/** The loops of each {@link BinaryFunction}: two ranges, or a range and one number. */
public final class BinaryLoops {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private BinaryLoops() {}

    /** {@code y[i] = f(a[i], b[i])}. */
    public static void ranges(BinaryFunction function, float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset,
                              int length) {
        switch (function) {
            case ADD -> Arithmetic.add(a, aOffset, b, bOffset, y, yOffset, length);
            case SUBTRACT -> Arithmetic.sub(a, aOffset, b, bOffset, y, yOffset, length);
            case MULTIPLY -> Arithmetic.mul(a, aOffset, b, bOffset, y, yOffset, length);
            case DIVIDE -> Arithmetic.div(a, aOffset, b, bOffset, y, yOffset, length);
            case MINIMUM -> min(a, aOffset, b, bOffset, y, yOffset, length);
            case MAXIMUM -> max(a, aOffset, b, bOffset, y, yOffset, length);
            case PRELU -> prelu(a, aOffset, b, bOffset, y, yOffset, length);
            case POWER -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = function.apply(a[aOffset + i], b[bOffset + i]);
                }
            }
        }
    }

    /** {@code y[i] = f(a[i], b)}: the same bits as {@link #ranges}. */
    public static void right(BinaryFunction function, float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        switch (function) {
            case ADD -> add(b, a, aOffset, y, yOffset, length);
            case SUBTRACT -> add(-b, a, aOffset, y, yOffset, length);
            case MULTIPLY -> Arithmetic.scale(b, a, aOffset, y, yOffset, length);
            case DIVIDE -> divide(a, aOffset, b, y, yOffset, length);
            case MINIMUM -> min(a, aOffset, b, y, yOffset, length);
            case MAXIMUM -> max(a, aOffset, b, y, yOffset, length);
            case PRELU -> Piecewise.leakyRelu(b, a, aOffset, y, yOffset, length);
            case POWER -> {
                if (b == 2) { // exact in double, as Math.pow has it, and rounded once
                    Arithmetic.mul(a, aOffset, a, aOffset, y, yOffset, length);
                } else {
                    for (int i = 0; i < length; i++) {
                        y[yOffset + i] = function.apply(a[aOffset + i], b);
                    }
                }
            }
        }
    }

    /** {@code y[i] = f(a, b[i])}: the same bits as {@link #ranges}. */
    public static void left(BinaryFunction function, float a, float[] b, int bOffset, float[] y, int yOffset, int length) {
        switch (function) {
            case ADD -> add(a, b, bOffset, y, yOffset, length);
            case SUBTRACT -> subtractFrom(a, b, bOffset, y, yOffset, length);
            case MULTIPLY -> Arithmetic.scale(a, b, bOffset, y, yOffset, length);
            case DIVIDE -> divideInto(a, b, bOffset, y, yOffset, length);
            case MINIMUM -> min(b, bOffset, a, y, yOffset, length);
            case MAXIMUM -> max(b, bOffset, a, y, yOffset, length);
            case POWER, PRELU -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = function.apply(a, b[bOffset + i]);
                }
            }
        }
    }

    private static void add(float b, float[] a, int aOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).add(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] + b;
        }
    }

    private static void subtractFrom(float a, float[] b, int bOffset, float[] y, int yOffset, int length) {
        FloatVector from = FloatVector.broadcast(S, a);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            from.sub(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a - b[bOffset + i];
        }
    }

    private static void divide(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).div(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] / b;
        }
    }

    private static void divideInto(float a, float[] b, int bOffset, float[] y, int yOffset, int length) {
        FloatVector into = FloatVector.broadcast(S, a);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            into.div(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a / b[bOffset + i];
        }
    }

    private static void min(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.min(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.min(a[aOffset + i], b[bOffset + i]);
        }
    }

    private static void min(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).min(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.min(a[aOffset + i], b);
        }
    }

    private static void max(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.max(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.max(a[aOffset + i], b[bOffset + i]);
        }
    }

    private static void max(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).max(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.max(a[aOffset + i], b);
        }
    }

    private static void prelu(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            FloatVector w = v.mul(FloatVector.fromArray(S, b, bOffset + i));
            v.blend(w, v.compare(VectorOperators.LT, 0)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = a[aOffset + i];
            y[yOffset + i] = v < 0 ? v * b[bOffset + i] : v;
        }
    }
}
