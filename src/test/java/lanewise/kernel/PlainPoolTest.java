package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import lanewise.internal.plain.PlainPool;
import lanewise.internal.plain.PlainScratch;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plain pooling against loops in double. */
class PlainPoolTest {

    private static final PlainScratch SCRATCH = new PlainScratch();

    /** What stands between the channels of an output: a NaN that no pooling makes. */
    private static final int GAP = 0x7fc0beef;

    static Stream<PoolCase> cases() {
        return PoolCase.all().filter(pool -> pool.kind() != PoolKind.LP);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forward(PoolCase pool) {
        PoolShape shape = pool.shape();
        Guarded x = Guarded.of(Data.reals(1, shape.xLength()));
        Sums sums = pool.forward(PoolCase.doubles(x.original()));
        for (int gap = 0; gap <= 3; gap += 3) {
            int stride = shape.c() + gap;
            int pixels = shape.yLength() / shape.c();
            float[] gaps = new float[(pixels - 1) * stride + shape.c()];
            Arrays.fill(gaps, Float.intBitsToFloat(GAP));
            Guarded wide = Guarded.of(gaps);
            PlainPool plain = PlainPool.of(shape, pool.kind(), pool.countPadding());
            for (int task = plain.tasks() - 1; task >= 0; task--) {
                plain.run(x.array(), x.offset(), wide.array(), wide.offset(), stride, task, SCRATCH);
            }
            float[] dense = new float[shape.yLength()];
            for (int i = 0; i < pixels; i++) {
                System.arraycopy(wide.values(), i * stride, dense, i * shape.c(), shape.c());
            }
            if (pool.kind() == PoolKind.MAX) {
                sums.assertExact(Guarded.of(dense), pool);
            } else {
                sums.assertClose(Guarded.of(dense), pool);
            }
            for (int i = 0; i < wide.length(); i++) {
                boolean between = i % stride >= shape.c();
                assertTrue(!between || Float.floatToRawIntBits(wide.get(i)) == GAP, pool + " wrote between its pixels");
            }
            wide.assertCanaries(pool);
            x.assertUntouched(pool);
        }
    }

    @Test
    void normsHaveNoPlainForm() {
        assertNull(PlainPool.of(PoolShape.of(1, 4, 4, 3, 2, 2), PoolKind.LP, false));
    }
}
