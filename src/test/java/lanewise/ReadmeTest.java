package lanewise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.Workspace;
import lanewise.oracle.Data;
import lanewise.signal.Convolution1d;
import lanewise.signal.ImageFilter;
import lanewise.signal.Mode;
import lanewise.signal.Plane;
import lanewise.signal.Toeplitz1d;
import org.junit.jupiter.api.Test;

/** The examples of README.md, line by line. */
class ReadmeTest {

    @Test
    void convolutionLayer() {
        float[] x = Data.reals(1, 28 * 28 * 128);
        float[] weights = Data.reals(2, 3 * 3 * 128 * 128);
        float[] bias = Data.reals(3, 128);
        float[] dw = new float[weights.length];
        float[] dbias = new float[128];

        ConvShape shape = ConvShape.of(1, 28, 28, 128, 128, 3, 3).withSamePadding();
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.RELU);
        PackedFilter filter = plan.pack(Pass.FORWARD, weights);
        Workspace workspace = plan.newWorkspace();

        float[] y = new float[shape.yLength()];
        plan.forward(x, filter, bias, y, workspace);
        float[] dy = y.clone();
        plan.gradWeight(x, dy, dw, workspace);
        plan.gradBias(dy, dbias);

        assertEquals("n1c128h28w28_k128r3s3_p1", shape.toString());
        assertTrue(plan.describe().contains("FORWARD: DirectConv"), plan.describe());
        for (int k = 0; k < dbias.length; k++) {
            double sum = 0;
            for (int pixel = 0; pixel < 28 * 28; pixel++) {
                assertTrue(y[pixel * 128 + k] >= 0);
                sum += dy[pixel * 128 + k];
            }
            assertEquals(sum, dbias[k], 1e-6 * sum);
        }
    }

    @Test
    void textbookOperation() {
        float[] y = Convolution1d.flipAndFilter(new float[] {2, -1, 1}, new float[] {1, 1, 2}, Mode.FULL);
        assertArrayEquals(new float[] {2, 1, 4, -1, 2}, y);
        Plane matrix = Toeplitz1d.matrix(new float[] {1, 1, 2}, 3, Mode.FULL);
        assertArrayEquals(y, matrix.times(new float[] {2, -1, 1}));
        assertEquals(5, matrix.toString().lines().count());
        Plane edges = ImageFilter.EDGES.apply(Plane.of(new float[] {0, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 0}));
        assertEquals(4, edges.at(1, 1));
    }
}
