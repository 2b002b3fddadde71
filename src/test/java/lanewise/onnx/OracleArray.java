package lanewise.onnx;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Doubles with sizes, row-major, for {@link OnnxOracle}; integers are marked, since they are divided otherwise. */
record OracleArray(int[] dims, double[] values, boolean integral) {

    /** An element by its index along each axis. */
    interface Elements {
        double at(int[] index);
    }

    static OracleArray of(OnnxTensor tensor) {
        double[] values = new double[tensor.size()];
        Arrays.setAll(values, tensor::get);
        return new OracleArray(tensor.dims(), values, tensor.isIntegral());
    }

    static OracleArray of(int[] dims, Elements elements) {
        double[] values = new double[size(dims)];
        int[] index = new int[dims.length];
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                index[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            values[i] = elements.at(index);
        }
        return new OracleArray(dims, values, false);
    }

    static OracleArray integers(long... values) {
        return new OracleArray(new int[] {values.length}, Arrays.stream(values).asDoubleStream().toArray(), true);
    }

    static int size(int... dims) {
        return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    }

    int rank() {
        return dims.length;
    }

    double at(int... index) {
        int place = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            place = place * dims[axis] + index[axis];
        }
        return values[place];
    }

    OracleArray reshaped(int... other) {
        if (size(other) != values.length) {
            throw new IllegalArgumentException(Arrays.toString(dims) + " to " + Arrays.toString(other));
        }
        return new OracleArray(other, values, integral);
    }

    OracleArray as(boolean integers) {
        return new OracleArray(dims, values, integers);
    }

    OracleArray map(DoubleUnaryOperator f) {
        return new OracleArray(dims, Arrays.stream(values).map(f).toArray(), integral);
    }

    int axis(long axis) {
        return (int) (axis < 0 ? axis + dims.length : axis);
    }

    long[] longs() {
        return Arrays.stream(values).mapToLong(value -> (long) value).toArray();
    }

    int[] ints() {
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    static int[] broadcast(int[] a, int[] b) {
        int[] dims = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= dims.length; i++) {
            int m = i <= a.length ? a[a.length - i] : 1;
            int n = i <= b.length ? b[b.length - i] : 1;
            if (m != n && m != 1 && n != 1) {
                throw new IllegalArgumentException(Arrays.toString(a) + " and " + Arrays.toString(b));
            }
            dims[dims.length - i] = m == 1 ? n : m;
        }
        return dims;
    }

    OracleArray expanded(int... to) {
        return of(to, index -> {
            int[] own = new int[dims.length];
            for (int axis = 0; axis < own.length; axis++) {
                own[axis] = dims[axis] == 1 ? 0 : index[axis + to.length - own.length];
            }
            return at(own);
        }).as(integral);
    }

    OracleArray with(OracleArray other, DoubleBinaryOperator f) {
        int[] to = broadcast(dims, other.dims);
        double[] a = expanded(to).values;
        double[] b = other.expanded(to).values;
        double[] c = new double[a.length];
        Arrays.setAll(c, i -> f.applyAsDouble(a[i], b[i]));
        return new OracleArray(to, c, integral && other.integral);
    }

    OracleArray transposed(int... perm) {
        int[] to = Arrays.stream(perm).map(axis -> dims[axis]).toArray();
        return of(to, index -> {
            int[] own = new int[perm.length];
            for (int axis = 0; axis < perm.length; axis++) {
                own[perm[axis]] = index[axis];
            }
            return at(own);
        }).as(integral);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
