package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** What a locally connected plan does not take, and what it says then. */
class LocallyConnectedRefusalTest {

    private final ConvShape shape = ConvShape.of(2, 3, 4, 5, 6, 2, 3);
    private final LocallyConnectedPlan plan = LocallyConnectedPlan.of(shape);
    private final Workspace workspace = plan.newWorkspace();
    private final float[] x = new float[2 * 3 * 4 * 5];
    private final float[] w = new float[2 * 2 * 2 * 3 * 5 * 6];
    private final float[] bias = new float[2 * 2 * 6];
    private final float[] y = new float[2 * 2 * 2 * 6];

    @Test
    void sizes() {
        assertEquals(w.length, plan.weightLength());
        assertEquals(bias.length, plan.biasLength());
        assertEquals(shape, plan.shape());
        assertEquals(plan.workspaceFloats(), plan.newWorkspace().floatsPerWorker());
    }

    @Test
    void shapes() {
        Refused.isNull(() -> LocallyConnectedPlan.of(null), "shape");
        Refused.argument(() -> LocallyConnectedPlan.of(ConvShape.depthwise(1, 5, 5, 4, 3, 3)), "groups is 4, must be 1");
        Refused.argument(() -> LocallyConnectedPlan.of(ConvShape.of(1, 224, 224, 64, 128, 3, 3)), "w needs [222, 222, 3, 3, 64, 128]");
    }

    @Test
    void shortArrays() {
        WriteMode set = WriteMode.OVERWRITE;
        Refused.bounds(() -> plan.forward(x, 1, w, 0, bias, 0, y, 0, workspace), "x", x.length, 1);
        Refused.bounds(() -> plan.forward(x, 0, w, 1, bias, 0, y, 0, workspace), "w", w.length, 1);
        Refused.bounds(() -> plan.forward(x, 0, w, 0, bias, 1, y, 0, workspace), "bias", bias.length, 1);
        Refused.bounds(() -> plan.forward(x, 0, w, 0, bias, 0, y, -1, workspace), "y", -1);
        Refused.bounds(() -> plan.gradInput(y, 1, w, 0, x, 0, set, workspace), "dy", y.length);
        Refused.bounds(() -> plan.gradInput(y, 0, w, 2, x, 0, set, workspace), "w", w.length);
        Refused.bounds(() -> plan.gradInput(y, 0, w, 0, x, 3, set, workspace), "dx", x.length);
        Refused.bounds(() -> plan.gradWeight(x, 4, y, 0, w, 0, set, workspace), "x", x.length);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, 5, w, 0, set, workspace), "dy", y.length);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, 0, w, 6, set, workspace), "dw", w.length);
        Refused.bounds(() -> plan.gradBias(y, 7, bias, 0, set), "dy", y.length);
        Refused.bounds(() -> plan.gradBias(y, 0, bias, 8, set), "dbias", bias.length);
    }

    @Test
    void overlaps() {
        float[] all = new float[1000];
        WriteMode set = WriteMode.OVERWRITE;
        Refused.argument(() -> plan.forward(all, 0, w, 0, bias, 0, all, x.length - 1, workspace), "x", "y", "overlap");
        Refused.argument(() -> plan.forward(x, 0, all, 0, bias, 0, all, w.length - 1, workspace), "w", "y", "overlap");
        Refused.argument(() -> plan.forward(x, 0, w, 0, all, 0, all, bias.length - 1, workspace), "bias", "y", "overlap");
        Refused.argument(() -> plan.gradInput(all, 0, w, 0, all, 3, set, workspace), "dy", "dx", "overlap");
        Refused.argument(() -> plan.gradInput(y, 0, all, 0, all, 3, set, workspace), "w", "dx", "overlap");
        Refused.argument(() -> plan.gradWeight(all, 0, y, 0, all, 3, set, workspace), "x", "dw", "overlap");
        Refused.argument(() -> plan.gradWeight(x, 0, all, 0, all, 3, set, workspace), "dy", "dw", "overlap");
        Refused.argument(() -> plan.gradBias(all, 0, all, 3, set), "dy", "dbias", "overlap");
    }

    @Test
    void nullsAndWorkspaces() {
        Refused.isNull(() -> plan.forward(null, 0, w, 0, bias, 0, y, 0, workspace), "x");
        Refused.isNull(() -> plan.forward(x, 0, null, 0, bias, 0, y, 0, workspace), "w");
        Refused.isNull(() -> plan.forward(x, 0, w, 0, bias, 0, y, 0, null), "workspace");
        Refused.isNull(() -> plan.gradInput(y, 0, w, 0, x, 0, null, workspace), "mode");
        Refused.isNull(() -> plan.gradWeight(x, 0, y, 0, w, 0, null, workspace), "mode");
        Refused.isNull(() -> plan.gradBias(y, 0, bias, 0, null), "mode");
        int need = plan.workspaceFloats();
        Refused.argument(() -> plan.forward(x, 0, w, 0, null, 0, y, 0, Workspace.ofFloats(need - 1)), need - 1, need);
        workspace.acquire(need);
        Refused.by(IllegalStateException.class, () -> plan.forward(x, 0, w, 0, null, 0, y, 0, workspace), "in use");
        workspace.release();
        plan.forward(x, 0, w, 0, null, 0, y, 0, workspace);
    }

    /** Room for a filter is zero until it is packed, and then as good as a new one. */
    @Test
    void newFilter() {
        float[] filter = new float[shape.wLength()];
        Arrays.fill(filter, 1);
        Arrays.fill(x, 1);
        Arrays.fill(y, 1);
        ConvPlan conv = ConvPlan.of(shape);
        ConvTransposePlan transposed = ConvTransposePlan.of(shape);
        Workspace scratch = conv.newWorkspace();
        PackedFilter packed = conv.newFilter(Pass.FORWARD);
        float[] out = new float[y.length];
        conv.forward(x, packed, null, out, scratch);
        assertArrayEquals(new float[y.length], out);
        conv.repack(Pass.FORWARD, filter, 0, packed);
        conv.forward(x, packed, null, out, scratch);
        assertEquals(2 * 3 * 5, out[0]);
        float[] back = new float[x.length];
        PackedFilter turned = transposed.newFilter(Pass.FORWARD);
        transposed.forward(y, turned, null, back, scratch);
        assertArrayEquals(new float[x.length], back);
        transposed.repack(Pass.FORWARD, filter, 0, turned);
        transposed.forward(y, turned, null, back, scratch);
        assertEquals(6, back[0]);
        Refused.argument(() -> conv.newFilter(Pass.GRAD_WEIGHT), "GRAD_WEIGHT");
        Refused.argument(() -> transposed.newFilter(Pass.GRAD_WEIGHT), "GRAD_WEIGHT");
        Refused.isNull(() -> conv.newFilter(null), "pass");
    }
}
