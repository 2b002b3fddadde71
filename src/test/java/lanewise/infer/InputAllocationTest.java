package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lanewise.layer.Shape;
import lanewise.oracle.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What stands before and behind a network in a server allocates nothing either. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class InputAllocationTest {

    private static final int CALLS = 20;
    private static final long PATIENCE = 15_000; // ms

    @Test
    void pixels() {
        byte[] pixels = new byte[300 * 400 * 3];
        ImageInput whole = ImageInput.of(Shape.of(64, 48, 3)).imageNet();
        ImageInput cropped = whole.centreCropped(80);
        float[] x = new float[whole.shape().size()];
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> {
            whole.fill(pixels, 300, 400, x, 0);
            cropped.fill(pixels, 300, 400, x, 0);
            whole.fill(pixels, 31, 33, x, 0);
            cropped.fill(pixels, 64, 48, x, 0);
        }));
    }

    @Test
    void best() {
        float[] scores = new float[1000];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i * 37 % 1000;
        }
        int[] indices = new int[5];
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> TopK.indices(scores, 0, scores.length, 5, indices, 0)));
    }
}
