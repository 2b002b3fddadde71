package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientWorkTest {

    private static final ConvShape SHAPE = ConvShape.of(1, 9, 8, 5, 7, 3, 3).withStride(2, 2).withPadding(1, 1);

    @ParameterizedTest
    @EnumSource(value = Pass.class, names = {"GRAD_INPUT", "GRAD_WEIGHT"})
    void agreesWithPlainLoopsAndHasNoPeer(Pass pass) {
        try (Match match = new GradientWork("test", SHAPE, pass).prepare(3, 1)) {
            assertEquals(List.of(), match.peers());
            assertEquals(SHAPE.withBatch(3).multiplyAdds(), match.multiplyAdds());
        }
    }

    /** A row of pixels off. */
    @Test
    void aGradientThatIsWrongIsRefused() {
        float[] x = Operands.uniform(1, SHAPE.xLength());
        float[] dy = Operands.uniform(2, SHAPE.yLength());
        var plain = new PlainGradient(SHAPE);
        float[] dw = new float[SHAPE.wLength()];
        for (int i = 0; i < dw.length; i++) {
            dw[i] = (float) plain.weight(i, x, dy);
        }
        var work = new GradientWork("test", SHAPE, Pass.GRAD_WEIGHT);
        work.check(dw, x, dy, plain);
        var shifted = new PlainGradient(SHAPE.withPadding(0, 1));
        var refusal = assertThrows(IllegalStateException.class, () -> work.check(dw, x, dy, shifted));
        assertTrue(refusal.getMessage().startsWith("test by Lanewise and by plain loops: element "), refusal.getMessage());
    }
}
