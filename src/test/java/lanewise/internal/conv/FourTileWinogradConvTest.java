package lanewise.internal.conv;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.stream.Stream;
import lanewise.kernel.ConvShape;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Right with any length of vectors: plans leave it to machines of 32 registers, which some have whose vectors are short. */
class FourTileWinogradConvTest {

    static Stream<ConvShape> shapes() {
        return Stream.of(
                ConvShape.of(1, 7, 7, 65, 35, 3, 3).withPadding(1, 1),
                ConvShape.of(2, 8, 8, 16, 16, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 8, 9, 33, 17, 3, 3));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void exactForSmallIntegers(ConvShape shape) {
        assertNull(FourTileWinogradConv.refusal(shape));
        ConvKernel kernel = FourTileWinogradConv.forward(shape);
        float[] x = Data.integers(1, shape.xLength());
        float[] w = Data.integers(2, shape.wLength());
        Sums sums = ConvOracle.forward(shape, x, w);
        for (int workers = 1; workers <= 3; workers++) {
            ConvArgs args = new ConvArgs();
            args.source = x;
            args.filter = new float[kernel.packedFloats()];
            kernel.pack(w, 0, args.filter);
            args.out = new float[shape.yLength()];
            args.outStride = shape.k();
            Arrays.fill(args.out, Float.NaN);
            float[] work = new float[kernel.workFloats()];
            for (int task = 0; task < kernel.tasks(workers); task++) {
                Arrays.fill(work, Float.NaN);
                kernel.run(args, task, workers, work, 0);
            }
            sums.assertExact(Guarded.of(Sums.rounded(args.out)), shape + " " + workers);
        }
    }
}
