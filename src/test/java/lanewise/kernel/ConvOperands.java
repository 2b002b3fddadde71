package lanewise.kernel;

import lanewise.oracle.Data;
import lanewise.oracle.Guarded;

/**
 * Input, filter and output gradient of one shape, each inside a larger array.
 *
 * @param x {@code N*H*W*C}
 * @param w {@code R*S*C/groups*K}
 * @param dy {@code N*P*Q*K}
 */
record ConvOperands(Guarded x, Guarded w, Guarded dy) {

    /** Numbers in [-1, 1). */
    static ConvOperands reals(ConvShape shape) {
        return new ConvOperands(Guarded.of(Data.reals(1, shape.xLength())), Guarded.of(Data.reals(2, shape.wLength())),
                Guarded.of(Data.reals(3, shape.yLength())));
    }

    /** Small integers, whose sums are exact. */
    static ConvOperands integers(ConvShape shape) {
        return of(Data.integers(1, shape.xLength()), Data.integers(2, shape.wLength()), Data.integers(3, shape.yLength()));
    }

    /** These. */
    static ConvOperands of(float[] x, float[] w, float[] dy) {
        return new ConvOperands(Guarded.of(x), Guarded.of(w), Guarded.of(dy));
    }

    /** Fails if any of them was written. */
    void assertUntouched(Object what) {
        x.assertUntouched(what + ", x");
        w.assertUntouched(what + ", w");
        dy.assertUntouched(what + ", dy");
    }
}
