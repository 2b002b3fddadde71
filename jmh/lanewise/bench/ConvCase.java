package lanewise.bench;

import java.util.LinkedHashSet;
import java.util.List;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.Workspace;

/** A pass of a convolution. The filter is packed beforehand, as a trained network's is. */
final class ConvCase implements Case {

    private final ConvShape shape;
    private final Pass pass;
    private final ConvPlan plan;

    // Two are operands, the third is what the pass computes: null.
    private final float[] x;
    private final float[] w;
    private final float[] dy;

    ConvCase(ConvShape shape, Pass pass) {
        this.shape = shape;
        this.pass = pass;
        plan = ConvPlan.of(shape);
        x = pass == Pass.GRAD_INPUT ? null : Data.uniform(1, shape.xLength());
        w = pass == Pass.GRAD_WEIGHT ? null : Data.uniform(2, shape.wLength());
        dy = pass == Pass.FORWARD ? null : Data.uniform(3, shape.yLength());
    }

    @Override
    public String shape() {
        return shape.toString();
    }

    @Override
    public String pass() {
        return switch (pass) {
            case FORWARD -> "forward";
            case GRAD_INPUT -> "gradInput";
            case GRAD_WEIGHT -> "gradWeight";
        };
    }

    @Override
    public int length() {
        return switch (pass) {
            case FORWARD -> shape.yLength();
            case GRAD_INPUT -> shape.xLength();
            case GRAD_WEIGHT -> shape.wLength();
        };
    }

    @Override
    public int terms() {
        return switch (pass) {
            case FORWARD -> shape.r() * shape.s() * shape.groupC();
            case GRAD_INPUT -> shape.r() * shape.s() * shape.groupK();
            case GRAD_WEIGHT -> shape.n() * shape.p() * shape.q();
        };
    }

    @Override
    public long multiplyAdds() {
        return shape.multiplyAdds();
    }

    @Override
    public List<String> algorithms() {
        var names = new LinkedHashSet<String>();
        names.add(plan.algorithm(pass));
        ConvPlan.algorithms(pass).stream().filter(name -> plan.refusal(pass, name) == null).forEach(names::add);
        return List.copyOf(names);
    }

    @Override
    public Runnable algorithm(String name, float[] out) {
        ConvPlan chosen = plan.withAlgorithm(pass, name);
        Workspace workspace = chosen.newWorkspace();
        PackedFilter filter = pass == Pass.GRAD_WEIGHT ? null : chosen.pack(pass, w);
        return switch (pass) {
            case FORWARD -> () -> chosen.forward(x, filter, null, out, workspace);
            case GRAD_INPUT -> () -> chosen.gradInput(dy, filter, out, workspace);
            case GRAD_WEIGHT -> () -> chosen.gradWeight(x, dy, out, workspace);
        };
    }

    @Override
    public Runnable naive(float[] out) {
        return switch (pass) {
            case FORWARD -> () -> NaiveConv.forward(shape, x, w, out);
            case GRAD_INPUT -> () -> NaiveConv.gradInput(shape, dy, w, out);
            case GRAD_WEIGHT -> () -> NaiveConv.gradWeight(shape, x, dy, out);
        };
    }

    /** The same filter size, stride, padding and groups on a smaller image with fewer channels. */
    @Override
    public Case small() {
        int h = Math.min(shape.h(), shape.r() + 6 * shape.strideH());
        int w = Math.min(shape.w(), shape.s() + 6 * shape.strideW());
        int c = shape.groups() * Math.min(shape.groupC(), 16);
        int k = shape.groups() * Math.min(shape.groupK(), 16);
        return new ConvCase(new ConvShape(1, h, w, c, k, shape.r(), shape.s(), shape.strideH(), shape.strideW(),
                shape.padTop(), shape.padLeft(), shape.padBottom(), shape.padRight(),
                shape.dilationH(), shape.dilationW(), shape.groups()), pass);
    }
}
