package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;

/**
 * Two arrays of several axes that meet element by element. Sizes are compared from the last axis on; an axis of size 1, or one that is
 * missing, is stretched to the other's size, as in NumPy.
 *
 * <pre>a 8x1x6, b 7x1   ->   8x7x6</pre>
 *
 * <p>Neighbouring axes that both arrays walk without a gap are one axis here, so equal shapes have one, and {@code H x W x C} with
 * {@code 1 x 1 x C} has two.
 */
final class BroadcastShape {

    /** The common axes, outermost first, at least two. */
    final int[] sizes;
    /** How far the next element of each axis lies in a and b, in floats; 0 where the array is stretched. */
    final int[] aStrides;
    final int[] bStrides;
    final int aLength;
    final int bLength;
    final int length;
    private final int[] dims;

    BroadcastShape(int[] a, int[] b) {
        dims = commonDims(a, b);
        aLength = product(a);
        bLength = product(b);
        length = product(dims);
        int rank = dims.length;
        int[] size = new int[rank + 2];
        int[] aStride = new int[rank + 2];
        int[] bStride = new int[rank + 2];
        int axes = 0; // from the last to the first
        int aStep = 1;
        int bStep = 1;
        for (int i = 1; i <= rank; i++) {
            int n = dims[rank - i];
            int an = i <= a.length ? a[a.length - i] : 1;
            int bn = i <= b.length ? b[b.length - i] : 1;
            if (n > 1) {
                int as = an == 1 ? 0 : aStep;
                int bs = bn == 1 ? 0 : bStep;
                if (axes > 0 && as == aStride[axes - 1] * size[axes - 1] && bs == bStride[axes - 1] * size[axes - 1]) {
                    size[axes - 1] *= n;
                } else {
                    size[axes] = n;
                    aStride[axes] = as;
                    bStride[axes] = bs;
                    axes++;
                }
            }
            aStep *= an;
            bStep *= bn;
        }
        if (axes == 0) { // one element each
            aStride[0] = 1;
            bStride[0] = 1;
        }
        while (axes < 2) {
            size[axes++] = 1;
        }
        sizes = reversed(size, axes);
        aStrides = reversed(aStride, axes);
        bStrides = reversed(bStride, axes);
    }

    private static int[] commonDims(int[] a, int[] b) {
        int[] dims = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= dims.length; i++) {
            int an = i <= a.length ? Checks.atLeast(a[a.length - i], 1, "size of a") : 1;
            int bn = i <= b.length ? Checks.atLeast(b[b.length - i], 1, "size of b") : 1;
            if (an != bn && an != 1 && bn != 1) {
                throw new IllegalArgumentException("shapes are " + text(a) + " and " + text(b) + ": " + an + " and " + bn
                        + " do not fit, sizes must be equal or 1 from the last one on");
            }
            dims[dims.length - i] = Math.max(an, bn);
        }
        return dims;
    }

    private static int product(int[] dims) {
        return dims.length == 0 ? 1 : Checks.product("shape", dims);
    }

    private static int[] reversed(int[] values, int count) {
        int[] reversed = new int[count];
        for (int i = 0; i < count; i++) {
            reversed[i] = values[count - 1 - i];
        }
        return reversed;
    }

    private static String text(int[] dims) {
        return String.join("x", Arrays.stream(dims).mapToObj(String::valueOf).toList());
    }

    int[] dims() {
        return dims.clone();
    }
}
