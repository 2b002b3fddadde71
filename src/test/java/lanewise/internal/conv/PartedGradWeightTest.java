package lanewise.internal.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;
import lanewise.kernel.ConvShape;
import lanewise.oracle.Shapes;
import org.junit.jupiter.api.Test;

/** Into how many parts of the batch a weight gradient is cut; what it then computes is tested with all other convolutions. */
class PartedGradWeightTest {

    private static ConvShape same(int n, int side, int c, int k) {
        return ConvShape.of(n, side, side, c, k, 3, 3).withPadding(1, 1);
    }

    @Test
    void partsByShape() {
        assertEquals(8, PartedGradWeight.parts(same(32, 32, 16, 16)));
        assertEquals(8, PartedGradWeight.parts(same(32, 16, 32, 32)));
        assertEquals(2, PartedGradWeight.parts(same(32, 8, 64, 64)));
        assertEquals(4, PartedGradWeight.parts(same(32, 32, 64, 64)), "large gradients");
        assertEquals(1, PartedGradWeight.parts(same(32, 8, 256, 256)), "larger than all of them may be");
        assertEquals(1, PartedGradWeight.parts(same(1, 224, 3, 64)), "one image");
        assertEquals(2, PartedGradWeight.parts(same(3, 224, 3, 64)), "three");
    }

    @Test
    void sharedShapesReachEveryNumber() {
        Set<Integer> parts = Shapes.all().stream().map(PartedGradWeight::parts).collect(Collectors.toSet());
        assertTrue(parts.containsAll(Set.of(1, 2, 4, 8)), () -> "parts of the tests' shapes are " + parts);
    }
}
