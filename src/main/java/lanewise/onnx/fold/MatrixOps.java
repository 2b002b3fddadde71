package lanewise.onnx.fold;

import java.util.Arrays;
import lanewise.onnx.OnnxTensor;

/** Matrix products by plain loops; sums in double or, for integers, in long. */
final class MatrixOps {

    /** More products than this would look like a hang; weights that a file multiplies with each other stay far below. */
    private static final double MOST_PRODUCTS = 0x1p34;

    private MatrixOps() {}

    /**
     * As numpy's {@code matmul}: matrices in the last two axes, the others broadcast, a vector is a row on the left, a column on
     * the right.
     */
    static OnnxTensor matMul(Call call) {
        OnnxTensor a = call.input(0);
        OnnxTensor b = call.input(1);
        Elements.sameType(a, b);
        if (a.rank() == 0 || b.rank() == 0) {
            throw new IllegalArgumentException("inputs are " + a + " and " + b + ", must have at least one axis");
        }
        OnnxTensor left = a.rank() == 1 ? a.reshaped(1, a.dim(0)) : a;
        OnnxTensor right = b.rank() == 1 ? b.reshaped(b.dim(0), 1) : b;
        OnnxTensor y = multiply(left, right);
        int[] lead = Arrays.copyOf(y.dims(), y.rank() - 2);
        if (a.rank() == 1 && b.rank() == 1) {
            return y.reshaped();
        }
        if (a.rank() == 1 || b.rank() == 1) {
            int[] dims = Arrays.copyOf(lead, lead.length + 1);
            dims[lead.length] = a.rank() == 1 ? y.dim(y.rank() - 1) : y.dim(y.rank() - 2);
            return y.reshaped(dims);
        }
        return y;
    }

    private static OnnxTensor multiply(OnnxTensor a, OnnxTensor b) {
        int m = a.dim(a.rank() - 2);
        int k = a.dim(a.rank() - 1);
        int n = b.dim(b.rank() - 1);
        if (b.dim(b.rank() - 2) != k) {
            throw new IllegalArgumentException("inputs are " + a + " and " + b + ", inner sizes must be equal");
        }
        int[] lead = Sizes.broadcast(Arrays.copyOf(a.dims(), a.rank() - 2), Arrays.copyOf(b.dims(), b.rank() - 2));
        OnnxTensor y = Elements.zeros(a.type(), matrices(lead, m, n));
        double products = (double) y.size() * k;
        if (products > MOST_PRODUCTS) {
            throw new IllegalArgumentException(
                    "the product of " + a + " and " + b + " takes " + (long) products + " multiplications, must be at most "
                    + (long) MOST_PRODUCTS);
        }
        if (products == 0) {
            return y;
        }
        OnnxTensor left = Views.expand(a, matrices(lead, m, k));
        OnnxTensor right = Views.expand(b, matrices(lead, k, n));
        double[] sums = new double[n];
        long[] wholes = new long[n];
        for (int row = 0, rows = y.size() / n; row < rows; row++) {
            int matrix = row / m * k * n;
            if (y.isIntegral()) {
                Arrays.fill(wholes, 0);
                addRow(left.longs(), row * k, right.longs(), matrix, k, wholes);
            } else {
                Arrays.fill(sums, 0);
                addRow(left, row * k, right, matrix, k, sums);
            }
            for (int j = 0; j < n; j++) {
                if (y.isIntegral()) {
                    Elements.set(y, row * n + j, wholes[j]);
                } else {
                    Elements.set(y, row * n + j, sums[j]);
                }
            }
        }
        return y;
    }

    private static void addRow(OnnxTensor a, int i, OnnxTensor b, int j, int k, double[] sums) {
        for (int p = 0; p < k; p++) {
            double factor = a.get(i + p);
            for (int q = 0; q < sums.length; q++) {
                sums[q] += factor * b.get(j + p * sums.length + q);
            }
        }
    }

    private static void addRow(long[] a, int i, long[] b, int j, int k, long[] sums) {
        for (int p = 0; p < k; p++) {
            for (int q = 0; q < sums.length; q++) {
                sums[q] += a[i + p] * b[j + p * sums.length + q];
            }
        }
    }

    private static int[] matrices(int[] lead, int m, int n) {
        long[] dims = Arrays.copyOf(Sizes.toLongs(lead), lead.length + 2);
        dims[lead.length] = m;
        dims[lead.length + 1] = n;
        return Sizes.checked(dims);
    }

    /** {@code y = alpha A' B' + beta C}, the primes meaning transposed if so asked; {@code C} broadcasts. */
    static OnnxTensor gemm(Call call) {
        float alpha = call.attributes().getFloat("alpha", 1);
        float beta = call.attributes().getFloat("beta", 1);
        if (call.opset() < 7) {
            call.flag("broadcast", false); // from then on C always broadcasts
        }
        OnnxTensor a = matrix(call.input(0), call.flag("transA", false));
        OnnxTensor b = matrix(call.input(1), call.flag("transB", false));
        OnnxTensor c = call.input(2);
        Elements.sameType(a, b);
        OnnxTensor y = scaled(multiply(a, b), alpha);
        if (c == null) {
            return y;
        }
        Elements.sameType(a, c);
        if (!Arrays.equals(Sizes.broadcast(y.dims(), c.dims()), y.dims())) {
            throw new IllegalArgumentException("C is " + c + ", must broadcast to " + Arrays.toString(y.dims()));
        }
        return ArithmeticOps.add(y, scaled(c, beta));
    }

    private static OnnxTensor matrix(OnnxTensor x, boolean transposed) {
        if (x.rank() != 2) {
            throw new IllegalArgumentException("input is " + x + ", must be a matrix");
        }
        return transposed ? Views.transpose(x, 1, 0) : x;
    }

    private static OnnxTensor scaled(OnnxTensor x, float factor) {
        return factor == 1 ? x : Elements.map(x, v -> v * factor, v -> (long) (v * (double) factor));
    }
}
