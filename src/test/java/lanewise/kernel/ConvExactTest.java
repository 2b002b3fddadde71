package lanewise.kernel;

import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small integers, whose sums are exact in any order: every slip of an index shows, whatever its size. */
@Tag("tile")
class ConvExactTest {

    private static final long SEED = 20_250_916;

    static Stream<ConvShape> random() {
        return Stream.of(Shapes.random(SEED, 400), Shapes.randomForms(SEED, 40), Shapes.randomSquare(SEED, 40),
                Shapes.randomDepthwise(SEED, 60), Shapes.randomFiveColumns(SEED, 40),
                Shapes.randomFirstLayers(SEED, 20), Shapes.randomStrided(SEED, 20), Shapes.randomFourTiles(SEED, 40),
                Shapes.randomPhases(SEED, 30))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvCase#all")
    void exact(ConvCase c) {
        check(c, ConvOperands.integers(c.shape()));
    }

    @ParameterizedTest
    @MethodSource("random")
    void exactAtRandomShapes(ConvShape shape) {
        ConvOperands in = ConvOperands.integers(shape);
        ConvCase.of(shape).forEach(c -> check(c, in));
    }

    @Test
    void everyAlgorithmIsReached() {
        ConvCase.assertEveryAlgorithm(random().flatMap(shape -> ConvCase.of(shape).stream()));
    }

    private static void check(ConvCase c, ConvOperands in) {
        Sums sums = c.integerOracle(in);
        for (WriteMode mode : List.of(WriteMode.OVERWRITE, WriteMode.ACCUMULATE)) {
            boolean plus = mode == WriteMode.ACCUMULATE;
            Guarded out = plus ? Guarded.of(Data.integers(4, c.outLength())) : Guarded.ofNaN(c.outLength());
            check(c, in, sums, out, mode);
            if (plus && c.isSmall()) {
                check(c, in, sums, Guarded.atEnd(out.original()), mode);
            }
        }
        in.assertUntouched(c);
    }

    private static void check(ConvCase c, ConvOperands in, Sums sums, Guarded out, WriteMode mode) {
        c.run(in, out, mode);
        (mode == WriteMode.ACCUMULATE ? sums.plusRows(out.original()) : sums).assertExact(out, c + " " + mode);
        out.assertCanaries(c);
    }
}
