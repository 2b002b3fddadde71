package lanewise.onnx.fold;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/**
 * Elements of every type behind two kinds of arithmetic: floating types in double, rounded once to the type at the end (for
 * {@code + - * /} and the square root that is the same as computing in the type), integers in long, wrapped to the width of the
 * type.
 */
final class Elements {

    private Elements() {}

    /** A tensor of zeros, whose array the caller then fills. Sizes come from {@link Sizes#checked}. */
    static OnnxTensor zeros(ElementType type, int... dims) {
        int size = OnnxTensor.size(dims);
        if (size > Sizes.LIMIT) {
            throw new IllegalArgumentException("a constant has " + size + " elements, must have at most " + Sizes.LIMIT);
        }
        long bytes = (long) size * (isFloating(type) && type != ElementType.DOUBLE ? Float.BYTES : Long.BYTES);
        long most = Runtime.getRuntime().maxMemory() / 4;
        if (bytes > most) {
            throw new IllegalArgumentException(
                    "a constant takes " + bytes + " bytes, must take at most " + most + ", a quarter of the heap");
        }
        Object data = !isFloating(type) ? new long[size] : type == ElementType.DOUBLE ? new double[size] : new float[size];
        return OnnxTensor.of(type, data, dims);
    }

    /** The array of any tensor, live. */
    static Object data(OnnxTensor tensor) {
        return tensor.isIntegral() ? tensor.longs() : tensor.type() == ElementType.DOUBLE ? tensor.doubles() : tensor.floats();
    }

    static boolean isFloating(ElementType type) {
        return switch (type) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
            default -> false;
        };
    }

    /** Sets one element of a floating tensor, rounded to its type. */
    static void set(OnnxTensor tensor, int index, double value) {
        if (tensor.type() == ElementType.DOUBLE) {
            tensor.doubles()[index] = value;
        } else {
            tensor.floats()[index] = round(tensor.type(), value);
        }
    }

    /** Sets one element of an integer tensor, wrapped to its type. */
    static void set(OnnxTensor tensor, int index, long value) {
        tensor.longs()[index] = wrap(tensor.type(), value);
    }

    /**
     * Element {@code index} as a double; unlike {@link OnnxTensor#get} it knows that the largest unsigned longs are held negative.
     */
    static double get(OnnxTensor tensor, int index) {
        return tensor.type() == ElementType.UINT64 ? unsigned(tensor.longs()[index]) : tensor.get(index);
    }

    private static double unsigned(long value) {
        // Halving keeps the lost bit, so that the conversion rounds as it should.
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** The value that an integer type holds after {@code value} was stored in it. */
    static long wrap(ElementType type, long value) {
        return switch (type) {
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xFF;
            case INT16 -> (short) value;
            case UINT16 -> value & 0xFFFF;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xFFFFFFFFL;
            case BOOL -> value == 0 ? 0 : 1;
            default -> value;
        };
    }

    /** {@code value} rounded to a type that is held as float. */
    static float round(ElementType type, double value) {
        float single = (float) value;
        return switch (type) {
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(single));
            case BFLOAT16 -> roundToBfloat16(single);
            default -> single;
        };
    }

    private static float roundToBfloat16(float value) {
        if (Float.isNaN(value)) {
            return value;
        }
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000); // to nearest, ties to even
    }

    /**
     * The same values in another type. Floating values lose their fraction on the way to integers; those that no long holds
     * saturate first.
     */
    static OnnxTensor convert(OnnxTensor x, ElementType type) {
        if (x.type() == type) {
            return x;
        }
        OnnxTensor y = zeros(type, x.dims());
        for (int i = 0, n = x.size(); i < n; i++) {
            if (isFloating(type)) {
                set(y, i, get(x, i));
            } else if (x.isIntegral()) {
                set(y, i, x.longs()[i]);
            } else {
                double value = x.get(i);
                set(y, i, switch (type) {
                    case BOOL -> value != 0 ? 1L : 0L;
                    case UINT64 -> toUnsigned(value);
                    default -> (long) value;
                });
            }
        }
        return y;
    }

    private static long toUnsigned(double value) {
        return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
    }

    /** The order of two integers of a type: negative, zero or positive. */
    static int compare(ElementType type, long a, long b) {
        return type == ElementType.UINT64 ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    }

    /** {@code y = f(x)}; {@code integers} is null where the operator takes no integers. */
    static OnnxTensor map(OnnxTensor x, DoubleUnaryOperator f, LongUnaryOperator integers) {
        refuse(x, integers == null, false);
        OnnxTensor y = zeros(x.type(), x.dims());
        for (int i = 0, n = x.size(); i < n; i++) {
            if (x.isIntegral()) {
                set(y, i, integers.applyAsLong(x.longs()[i]));
            } else {
                set(y, i, f.applyAsDouble(x.get(i)));
            }
        }
        return y;
    }

    /** {@code y = f(a, b)} with broadcasting; either function is null where the operator does not take that kind. */
    static OnnxTensor zip(OnnxTensor a, OnnxTensor b, DoubleBinaryOperator f, LongBinaryOperator integers) {
        sameType(a, b);
        refuse(a, integers == null, f == null);
        int[] dims = Sizes.broadcast(a.dims(), b.dims());
        // One number for all elements is the usual case on large weights, and not worth a second tensor as large.
        int aStep = a.size() == 1 ? 0 : 1;
        int bStep = b.size() == 1 ? 0 : 1;
        OnnxTensor x = aStep == 0 ? a : Views.expand(a, dims);
        OnnxTensor z = bStep == 0 ? b : Views.expand(b, dims);
        OnnxTensor y = zeros(a.type(), dims);
        for (int i = 0, n = y.size(); i < n; i++) {
            if (a.isIntegral()) {
                set(y, i, integers.applyAsLong(x.longs()[i * aStep], z.longs()[i * bStep]));
            } else {
                set(y, i, f.applyAsDouble(x.get(i * aStep), z.get(i * bStep)));
            }
        }
        return y;
    }

    static void sameType(OnnxTensor a, OnnxTensor b) {
        if (a.type() != b.type()) {
            throw new IllegalArgumentException("inputs are " + a + " and " + b + ", must be of one type");
        }
    }

    private static void refuse(OnnxTensor x, boolean noIntegers, boolean noFloats) {
        if (noIntegers && x.isIntegral() || noFloats && !x.isIntegral()) {
            throw new IllegalArgumentException(
                    "input is " + x + ", must be of " + (noIntegers ? "a floating type" : "an integer type"));
        }
    }
}
