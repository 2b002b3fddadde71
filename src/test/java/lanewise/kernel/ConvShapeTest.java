package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Shapes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes, names and helpers of {@link ConvShape}; what it refuses is in {@link ConvHostileTest}. */
class ConvShapeTest {

    /** Places where a filter fits: counted, one stride after the other. */
    private static int fits(int padded, int taps, int dilation, int stride) {
        int count = 0;
        for (int first = 0; first + dilation * (taps - 1) < padded; first += stride) {
            count++;
        }
        return count;
    }

    @Test
    void outputSizesByCounting() {
        int shapes = 0;
        for (ConvShape s : Stream.concat(Shapes.all().stream(), Shapes.random(1, 2000).stream()).toList()) {
            assertEquals(fits(s.h() + s.padTop() + s.padBottom(), s.r(), s.dilationH(), s.strideH()), s.p(), () -> "P of " + s);
            assertEquals(fits(s.w() + s.padLeft() + s.padRight(), s.s(), s.dilationW(), s.strideW()), s.q(), () -> "Q of " + s);
            shapes++;
        }
        assertTrue(shapes > 2000);
    }

    @Test
    void lengths() {
        ConvShape shape = new ConvShape(2, 9, 8, 12, 18, 3, 2, 2, 3, 1, 0, 2, 1, 1, 2, 6);
        assertEquals(5, shape.p());
        assertEquals(3, shape.q());
        assertEquals(2, shape.groupC());
        assertEquals(3, shape.groupK());
        assertEquals(2 * 9 * 8 * 12, shape.xLength());
        assertEquals(3 * 2 * 2 * 18, shape.wLength());
        assertEquals(2 * 5 * 3 * 18, shape.yLength());
        assertEquals(2L * 5 * 3 * 18 * 3 * 2 * 2, shape.multiplyAdds());
        assertEquals(20_000L * 1_000 * 1_000, ConvShape.of(1, 1, 20_000, 1000, 1000, 1, 1).multiplyAdds());
    }

    /** TensorFlow's definition of SAME: {@code out = ceil(in / stride)}, the least padding for that, the odd one at the end. */
    @Test
    void samePadding() {
        int shapes = 0;
        for (int in = 1; in <= 20; in++) {
            for (int taps = 1; taps <= Math.min(in, 7); taps++) {
                for (int stride = 1; stride <= 5; stride++) {
                    for (int dilation = 1; dilation * (taps - 1) < in && dilation <= 3; dilation++) {
                        ConvShape shape = ConvShape.of(1, in, in, 1, 1, taps, taps).withStride(stride, stride)
                                .withDilation(dilation, dilation).withSamePadding();
                        int total = shape.padTop() + shape.padBottom();
                        assertEquals(Math.ceilDiv(in, stride), shape.p(), shape::toString);
                        assertEquals(total / 2, shape.padTop(), shape::toString);
                        assertTrue(total == 0 || fits(in + total - 1, taps, dilation, stride) < shape.p(),
                                () -> shape + " pads too much");
                        assertEquals(List.of(shape.padTop(), shape.padBottom(), shape.p()),
                                List.of(shape.padLeft(), shape.padRight(), shape.q()), shape::toString);
                        shapes++;
                    }
                }
            }
        }
        assertTrue(shapes > 1000);
    }

    /** Examples from TensorFlow's documentation and networks: width, taps, stride, left, right, outputs. */
    @ParameterizedTest
    @CsvSource({"13,6,5,1,2,3", "224,7,2,2,3,112", "56,3,1,1,1,56", "112,3,2,0,1,56", "5,1,2,0,0,3", "28,5,1,2,2,28",
            "4,2,1,0,1,4"})
    void samePaddingExamples(int w, int taps, int stride, int left, int right, int q) {
        ConvShape shape = ConvShape.of1d(1, w, 1, 1, taps).withStride(1, stride).withSamePadding();
        assertEquals(List.of(0, 0, left, right, q),
                List.of(shape.padTop(), shape.padBottom(), shape.padLeft(), shape.padRight(), shape.q()));
        ConvShape valid = shape.withValidPadding();
        assertEquals(List.of(0, 0, (w - taps + stride) / stride), List.of(valid.padLeft(), valid.padRight(), valid.q()));
    }

    static Stream<Arguments> names() {
        ConvShape base = ConvShape.of(2, 14, 15, 8, 12, 3, 4);
        return Stream.of(
                Arguments.of("n1c64h56w56_k64r3s3_p1", Shapes.workloads().get("L2")),
                Arguments.of("n1c3h224w224_k64r7s7_u2_p3", Shapes.workloads().get("L1")),
                Arguments.of("n1c144h56w56_k144r3s3_p1_g144", Shapes.workloads().get("L12")),
                Arguments.of("n1c64h1w16000_k128r1s9_p0x4", Shapes.workloads().get("L17")),
                Arguments.of("n2c8h14w15_k12r3s4", base),
                Arguments.of("n2c8h14w15_k12r3s4_u2v1", base.withStride(2, 1)),
                Arguments.of("n2c8h14w15_k12r3s4_u1v2", base.withStride(1, 2)),
                Arguments.of("n2c8h14w15_k12r3s4_p3x0", base.withPadding(3, 0)),
                Arguments.of("n2c8h14w15_k12r3s4_p1.2.3.4", base.withPadding(1, 2, 3, 4)),
                Arguments.of("n2c8h14w15_k12r3s4_p0.1.0.2", base.withPadding(0, 1, 0, 2)),
                Arguments.of("n2c8h14w15_k12r3s4_d2", base.withDilation(2, 2)),
                Arguments.of("n2c8h14w15_k12r3s4_u3_p2_d2x3_g4",
                        base.withPadding(2, 2).withDilation(2, 3).withStride(3, 3).withGroups(4)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void toStringIsTheName(String name, ConvShape shape) {
        assertEquals(name, shape.toString());
    }

    /** Each changes what it says and nothing else. */
    @Test
    void withMethods() {
        ConvShape base = new ConvShape(2, 19, 18, 12, 24, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11, 3);
        assertEquals(new ConvShape(7, 19, 18, 12, 24, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11, 3), base.withBatch(7));
        assertEquals(new ConvShape(2, 19, 18, 12, 24, 3, 2, 1, 3, 6, 7, 8, 9, 10, 11, 3), base.withStride(1, 3));
        assertEquals(new ConvShape(2, 19, 18, 12, 24, 3, 2, 4, 5, 1, 2, 3, 4, 1, 11, 3),
                base.withDilation(1, 11).withPadding(1, 2, 3, 4));
        assertEquals(new ConvShape(2, 19, 18, 12, 24, 3, 2, 4, 5, 9, 3, 9, 3, 10, 11, 3), base.withPadding(9, 3));
        assertEquals(new ConvShape(2, 19, 18, 12, 24, 3, 2, 4, 5, 6, 7, 8, 9, 1, 2, 3), base.withDilation(1, 2));
        assertEquals(new ConvShape(2, 19, 18, 12, 24, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12), base.withGroups(12));
        assertEquals(new ConvShape(1, 5, 6, 7, 8, 3, 2, 1, 1, 0, 0, 0, 0, 1, 1, 1), ConvShape.of(1, 5, 6, 7, 8, 3, 2));
        assertEquals(new ConvShape(1, 1, 6, 7, 8, 1, 2, 1, 1, 0, 0, 0, 0, 1, 1, 1), ConvShape.of1d(1, 6, 7, 8, 2));
        assertEquals(new ConvShape(1, 5, 6, 7, 7, 3, 2, 1, 1, 0, 0, 0, 0, 1, 1, 7), ConvShape.depthwise(1, 5, 6, 7, 3, 2));
    }

    @Test
    void pointwise() {
        ConvShape one = ConvShape.of(1, 4, 5, 6, 7, 1, 1);
        assertTrue(one.isPointwise());
        for (ConvShape other : List.of(one.withStride(2, 1), one.withStride(1, 2), one.withPadding(1, 0, 0, 0),
                one.withPadding(0, 1, 0, 0),
                one.withPadding(0, 0, 1, 0), one.withPadding(0, 0, 0, 1), ConvShape.of(1, 4, 5, 6, 7, 1, 2),
                ConvShape.of(1, 4, 5, 6, 7, 2, 1))) {
            assertFalse(other.isPointwise(), other::toString);
        }
    }

    @Test
    void filterLargerThanTheBareInput() {
        ConvShape shape = ConvShape.of(1, 1, 2, 12, 20, 3, 3, 1, 1);
        assertEquals("n1c12h1w2_k20r3s3_p1", shape.toString());
        assertEquals(1, shape.p());
        assertEquals(2, shape.q());
        assertEquals(ConvShape.of(2, 9, 9, 3, 4, 3, 3).withStride(2, 2).withPadding(1, 1), ConvShape.of(2, 9, 9, 3, 4, 3, 3, 2, 1));
    }
}
