package lanewise.infer;

import java.util.ArrayList;
import java.util.List;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import lanewise.kernel.Workspace;

/**
 * Runs a {@link BandOp}: for each band of rows of its output first the new rows of the expansion, then the depthwise convolution, then
 * the projection. The rows of the expansion that the next band's windows see again are copied to the front. The same sums in the same
 * order as layer by layer, which is what several threads do: a band has too few rows for them.
 */
final class BandStep extends Step {

    /** Floats between the layers of a band: 896 KB, so that filters and rows outside find room in a second cache of 2 MB as well. */
    private static final int BAND_FLOATS = 7 << 15;

    /** Rows of a band are a multiple of these: those that depthwise kernels take together. */
    private static final int ROWS = 4;

    /** Columns and rows of the window. */
    private static final int WINDOW = 3;

    /**
     * One band, of an image.
     *
     * @param row its first row of the outputs
     * @param from the first row of the expansion that it sees
     * @param ready the first row of these that no band before has seen
     * @param expand what computes the rows from there on; null if there are none
     */
    private record Band(int row, int from, int ready, ConvPlan expand, ConvPlan depthwise, ConvPlan project) {}

    private final FilterStep expand;
    private final FilterStep depthwise;
    private final FilterStep project;
    private final List<FilterStep> layers = new ArrayList<>();
    private final List<Band> bands = new ArrayList<>();
    private final ConvShape shape;
    private final int inputs;
    private final int outputs;
    private final Place x;
    private final Place expanded;
    private final Place filtered;
    private final Place plus;
    private final Place y;

    /** {@code expandOp} may be null: then the depthwise convolution reads the input. */
    BandStep(ConvOp expandOp, ConvOp depthwiseOp, ConvOp projectOp, Arena arena) {
        this(expandOp, depthwiseOp, projectOp, expandOp == null ? null : expandOp.toStep(arena), depthwiseOp.toStep(arena),
                projectOp.toStep(arena), arena);
    }

    private BandStep(ConvOp expandOp, ConvOp depthwiseOp, ConvOp projectOp, FilterStep expand, FilterStep depthwise, FilterStep project,
                     Arena arena) {
        super((expand == null ? "" : expand + "; ") + depthwise + "; " + project + "; by bands");
        this.expand = expand;
        this.depthwise = depthwise;
        this.project = project;
        if (expand != null) {
            layers.add(expand);
        }
        layers.add(depthwise);
        layers.add(project);
        shape = depthwiseOp.plan().shape();
        inputs = expandOp == null ? shape.c() : expandOp.plan().shape().c();
        outputs = projectOp.plan().shape().k();
        x = arena.place(expandOp == null ? depthwiseOp.x : expandOp.x);
        expanded = arena.place(depthwiseOp.x);
        filtered = arena.place(projectOp.x);
        plus = projectOp.residual() == null ? null : arena.place(projectOp.residual());
        y = arena.place(projectOp.output);
        cut(expandOp, depthwiseOp, projectOp);
    }

    private void cut(ConvOp expandOp, ConvOp depthwiseOp, ConvOp projectOp) {
        int step = shape.strideH();
        int rowFloats = (expandOp == null ? 0 : step * shape.w() * shape.c()) + shape.q() * shape.c();
        int most = Math.max(ROWS, BAND_FLOATS / rowFloats / ROWS * ROWS);
        int ready = 0;
        for (int row = 0; row < shape.p(); row += most) {
            int rows = Math.min(most, shape.p() - row);
            int top = row * step - shape.padTop();
            int end = top + (rows - 1) * step + WINDOW;
            int from = Math.max(0, top);
            int to = Math.min(shape.h(), end);
            ConvShape window = new ConvShape(1, to - from, shape.w(), shape.c(), shape.k(), WINDOW, WINDOW, step, shape.strideW(),
                    from - top, shape.padLeft(), end - to, shape.padRight(), 1, 1, shape.groups());
            ConvPlan expands = expandOp == null || to <= ready ? null
                    : expandOp.sized(ConvShape.of(1, to - ready, shape.w(), inputs, shape.c(), 1, 1));
            bands.add(new Band(row, from, ready, expands, depthwiseOp.sized(window),
                    projectOp.sized(ConvShape.of(1, rows, shape.q(), shape.k(), outputs, 1, 1))));
            ready = Math.max(ready, to);
        }
    }

    @Override
    void share(FilterRooms rooms) {
        layers.forEach(layer -> layer.share(rooms));
    }

    @Override
    void prepare() {
        layers.forEach(FilterStep::prepare);
    }

    @Override
    void run(PredictorContext context, Object state) {
        if (context.workspace().threads().count() > 1) {
            for (int i = 0; i < layers.size(); i++) { // an iterator would be garbage
                layers.get(i).run(context, null);
            }
            return;
        }
        for (int image = 0; image < shape.n(); image++) {
            for (int i = 0; i < bands.size(); i++) {
                run(context, image, bands.get(i), i == 0 ? bands.get(0) : bands.get(i - 1));
            }
        }
    }

    private void run(PredictorContext context, int image, Band band, Band before) {
        Workspace workspace = context.workspace();
        int row = shape.w() * shape.c();
        float[] source = context.array(expanded);
        int at = context.offset(expanded);
        if (expand == null) {
            at += (image * shape.h() + band.from) * row;
        } else {
            int kept = band.ready - band.from;
            System.arraycopy(source, at + (band.from - before.from) * row, source, at, kept * row);
            if (band.expand != null) {
                band.expand.forward(context.array(x), context.offset(x) + (image * shape.h() + band.ready) * shape.w() * inputs,
                        expand.filter(), expand.bias(), 0, null, 0, source, at + kept * row, workspace);
            }
        }
        float[] between = context.array(filtered);
        band.depthwise.forward(source, at, depthwise.filter(), depthwise.bias(), 0, null, 0, between, context.offset(filtered), workspace);
        int to = (image * shape.p() + band.row) * shape.q() * outputs;
        band.project.forward(between, context.offset(filtered), project.filter(), project.bias(), 0,
                plus == null ? null : context.array(plus), plus == null ? 0 : context.offset(plus) + to,
                context.array(y), context.offset(y) + to, workspace);
    }

    @Override
    int workspaceFloats() {
        int most = 0;
        for (FilterStep layer : layers) {
            most = Math.max(most, layer.workspaceFloats());
        }
        for (Band band : bands) {
            most = Math.max(most, band.expand == null ? 0 : band.expand.workspaceFloats(Pass.FORWARD));
            most = Math.max(most, Math.max(band.depthwise.workspaceFloats(Pass.FORWARD), band.project.workspaceFloats(Pass.FORWARD)));
        }
        return most;
    }

    @Override
    long weightFloats() {
        return layers.stream().mapToLong(FilterStep::weightFloats).sum();
    }
}
