package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTransposePlan;

/** Shapes and parameters of the layers that {@link FilterRun} runs. */
final class Filters {

    private Filters() {}

    static Shape outputShape(Shape in, ConvShape shape) {
        return Area.shape(in, shape.p(), shape.q(), shape.k());
    }

    /** Filter and bias of a convolution: one output is a sum over {@code R S C/groups} inputs, one input feeds {@code R S K/groups}. */
    static List<ParameterSpec> parameters(Shape in, ConvShape shape, boolean bias, Initializer initializer) {
        Shape filter = in.rank() == 2
                ? Shape.of(shape.s(), shape.groupC(), shape.k())
                : Shape.of(shape.r(), shape.s(), shape.groupC(), shape.k());
        long taps = (long) shape.r() * shape.s();
        return withBias(ParameterSpec.weight("weight", filter, initializer, taps * shape.groupC(), taps * shape.groupK()),
                bias, Shape.of(shape.k()));
    }

    /** The mirror of a transposed convolution, see {@link ConvTransposePlan#mirror}. */
    static ConvShape mirror(int n, Shape in, Window window, int filters, int outputPaddingH, int outputPaddingW, int groups) {
        if (window.same()) {
            throw new IllegalArgumentException("window is " + window + ": a transposed convolution takes explicit padding");
        }
        Area area = Area.of(in);
        return ConvTransposePlan.mirror(n, area.h(), area.w(), area.c(), filters, window.r(), window.s(),
                window.strideH(), window.strideW(), window.padTop(), window.padLeft(), window.padBottom(), window.padRight(),
                outputPaddingH, outputPaddingW, window.dilationH(), window.dilationW(), groups);
    }

    static Shape transposedShape(Shape in, ConvShape mirror) {
        return Area.shape(in, mirror.h(), mirror.w(), mirror.c());
    }

    /** Filter and bias of a transposed convolution, in the layout of its mirror. */
    static List<ParameterSpec> transposedParameters(Shape in, ConvShape mirror, boolean bias, Initializer initializer) {
        ParameterSpec asMirror = parameters(in, mirror, false, initializer).getFirst();
        ParameterSpec weight = ParameterSpec.weight("weight", asMirror.shape(), initializer, asMirror.fanOut(), asMirror.fanIn());
        return withBias(weight, bias, Shape.of(mirror.c()));
    }

    /** Filter and bias of a convolution of volumes, from the filter of one depth tap. */
    static List<ParameterSpec> volumeParameters(ParameterSpec slice, int taps, boolean bias, int filters) {
        List<Integer> dims = new ArrayList<>(slice.shape().dims());
        dims.addFirst(taps);
        return withBias(ParameterSpec.weight("weight", new Shape(dims), slice.initializer(), taps * slice.fanIn(), taps * slice.fanOut()),
                bias, Shape.of(filters));
    }

    /** Filters and biases of a locally connected layer, one for each place; an input feeds at most {@code R S K} outputs. */
    static List<ParameterSpec> localParameters(Shape weight, ConvShape shape, Shape biases, boolean bias, Initializer initializer) {
        long taps = (long) shape.r() * shape.s();
        ParameterSpec spec = ParameterSpec.weight("weight", weight, initializer, taps * shape.c(), taps * shape.k());
        return withBias(spec, bias, biases);
    }

    static List<ParameterSpec> withBias(ParameterSpec weight, boolean bias, Shape biases) {
        return bias ? List.of(weight, ParameterSpec.bias("bias", biases)) : List.of(weight);
    }

    static void check(int filters, Window window, int groups) {
        Checks.atLeast(filters, 1, "filters");
        Checks.notNull(window, "window");
        Checks.atLeast(groups, 1, "groups");
    }

    static void check(int filters, Window3d window, int groups) {
        Checks.atLeast(filters, 1, "filters");
        Checks.notNull(window, "window");
        Checks.atLeast(groups, 1, "groups");
    }

    /** A layer on signals has a window of one row. */
    static void checkLine(Window window) {
        boolean isLine = window.r() == 1 && window.strideH() == 1 && window.dilationH() == 1
                && window.padTop() == 0 && window.padBottom() == 0;
        Checks.require(isLine, "window", window, "must be one row high on a signal");
    }
}
