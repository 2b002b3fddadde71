package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Output sizes, and the sizes that are refused. */
class PoolShapeTest {

    private static final PoolShape PLAIN = PoolShape.of(1, 10, 10, 1, 3, 3);

    /** Counts windows by walking: a window belongs if it fits, or in ceil mode if it begins in the input or before. */
    @Test
    void outputSizesByWalking() {
        int cases = 0;
        for (int w = 1; w <= 9; w++) {
            for (int s = 1; s <= 4; s++) {
                for (int stride = 1; stride <= 4; stride++) {
                    for (int left = 0; left < s; left++) {
                        for (int right = 0; right < s; right++) {
                            int last = w + left + right - s; // the last start that fits, in the padded input
                            if (last >= 0) {
                                var shape = new PoolShape(1, 1, w, 1, 1, s, 1, stride, 0, left, 0, right, 1, 1, false);
                                int floor = last / stride + 1;
                                int next = floor * stride;
                                boolean reaches = last % stride != 0 && next < w + left;
                                assertEquals(floor, shape.q(), shape::toString);
                                assertEquals(reaches ? floor + 1 : floor, shape.withCeilMode(true).q(), shape::toString);
                                cases++;
                            }
                        }
                    }
                }
            }
        }
        assertTrue(cases > 500, () -> "too few cases");
    }

    @Test
    void helpers() {
        PoolShape global = PoolShape.global(2, 7, 5, 3);
        assertEquals(1, global.p());
        assertEquals(1, global.q());
        assertEquals(6, global.yLength());
        assertEquals(2 * 7 * 5 * 3, global.xLength());
        for (int size = 3; size <= 12; size++) {
            for (int stride = 1; stride <= 4; stride++) {
                PoolShape same = PoolShape.of(1, size, size + 3, 1, 3, 2).withStride(stride, stride).withSamePadding();
                assertEquals((size + stride - 1) / stride, same.p());
                assertEquals((size + 3 + stride - 1) / stride, same.q());
            }
        }
        assertEquals(PoolShape.of(1, 8, 8, 1, 3, 3).withStride(2, 2).withPadding(0, 0, 1, 1),
                PoolShape.of(1, 8, 8, 1, 3, 3).withStride(2, 2).withSamePadding());
        assertEquals(PLAIN, PLAIN.withPadding(1, 2).withValidPadding());
        assertEquals(4, PLAIN.withBatch(4).n());
        assertEquals(1, PoolShape.of1d(1, 9, 2, 3).p());
        assertEquals(7, PoolShape.of1d(1, 9, 2, 3).q());
    }

    @Test
    void oneWord() {
        assertEquals("n1c64h112w112_r3s3_u2_p1", PoolShape.of(1, 112, 112, 64, 3, 3).withStride(2, 2).withPadding(1, 1).toString());
        assertEquals("n2c3h9w8_r3s2_u1v2_p1x0_d2x1_ceil", PoolShape.of(2, 9, 8, 3, 3, 2).withStride(1, 2).withPadding(1, 0)
                .withDilation(2, 1).withCeilMode(true).toString());
        assertEquals("n1c1h10w10_r3s3_p0.1.2.0", PLAIN.withPadding(0, 1, 2, 0).toString());
    }

    @Test
    void refusesSizesBelowTheLeast() {
        refused("n is 0, must be at least 1", () -> PoolShape.of(0, 1, 1, 1, 1, 1));
        refused("h is 0, must be at least 1", () -> PoolShape.of(1, 0, 1, 1, 1, 1));
        refused("w is -1, must be at least 1", () -> PoolShape.of(1, 1, -1, 1, 1, 1));
        refused("c is 0, must be at least 1", () -> PoolShape.of(1, 1, 1, 0, 1, 1));
        refused("r is 0, must be at least 1", () -> PoolShape.of(1, 1, 1, 1, 0, 1));
        refused("s is 0, must be at least 1", () -> PoolShape.of(1, 1, 1, 1, 1, 0));
        refused("strideH is 0, must be at least 1", () -> PLAIN.withStride(0, 1));
        refused("strideW is 0, must be at least 1", () -> PLAIN.withStride(1, 0));
        refused("padTop is -1, must be at least 0", () -> PLAIN.withPadding(-1, 0, 0, 0));
        refused("padLeft is -1, must be at least 0", () -> PLAIN.withPadding(0, -1, 0, 0));
        refused("padBottom is -1, must be at least 0", () -> PLAIN.withPadding(0, 0, -1, 0));
        refused("padRight is -1, must be at least 0", () -> PLAIN.withPadding(0, 0, 0, -1));
        refused("dilationH is 0, must be at least 1", () -> PLAIN.withDilation(0, 1));
        refused("dilationW is 0, must be at least 1", () -> PLAIN.withDilation(1, 0));
    }

    @Test
    void refusesAWindowLargerThanTheInput() {
        refused("window spans 11 in height, more than the padded input's 10", () -> PoolShape.of(1, 10, 10, 1, 11, 1));
        refused("window spans 9 in width, more than the padded input's 8",
                () -> PoolShape.of(1, 10, 6, 1, 3, 3).withPadding(0, 1).withDilation(1, 4));
        refused("window spans 2147483649 in height, more than the padded input's 10", () -> PLAIN.withDilation(1 << 30, 1));
    }

    @Test
    void refusesWindowsOfPaddingOnly() {
        refused("window 0 in height, 3 taps from -3 to -1, sees only padding: the input is [0, 10)",
                () -> PLAIN.withPadding(3, 0, 0, 0));
        refused("window 10 in width, 3 taps from 10 to 12, sees only padding: the input is [0, 10)",
                () -> PLAIN.withPadding(0, 0, 0, 3));
        refused("window 0 in width, 2 taps from -1 to 2, sees only padding: the input is [0, 2)", // straddles it
                () -> new PoolShape(1, 1, 2, 1, 1, 2, 1, 1, 0, 1, 0, 1, 1, 3, false));
        assertEquals(12, PLAIN.withPadding(2, 2).p());
        assertEquals(1, new PoolShape(1, 1, 2, 1, 1, 2, 1, 1, 0, 2, 0, 0, 1, 3, false).q()); // taps -2 and 1
    }

    @Test
    void refusesTensorsLargerThanAnArray() {
        refused("x needs [2, 65536, 32768, 1] elements", () -> PoolShape.of(2, 65536, 32768, 1, 2, 2));
        refused("y needs [1, 46342, 46342, 1] elements", () -> PoolShape.of(1, 46340, 46340, 1, 3, 3).withPadding(2, 2));
        refused("padded height is 2147483648", () -> PLAIN.withPadding(Integer.MAX_VALUE - 9, 0, 0, 0));
    }

    private static void refused(String message, Executable call) {
        String actual = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
