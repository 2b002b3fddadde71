package lanewise.layer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.internal.Checks;
import lanewise.kernel.Interpolation;

/**
 * An example in other sizes, each axis by itself: where an element of the output lies on the input axis is said by
 * {@code coordinates}, what it is made of there by {@code mode}. Axes that keep their size cost nothing. Definition: operator
 * Resize of ONNX, operator sets 10 to 19 and later.
 *
 * @param mode how values between elements are made
 * @param coordinates where output elements lie on the input's axes
 * @param rounding which element {@link ResizeMode#NEAREST} takes
 * @param cubicA slope of the cubic, -0.75 or -0.5 mostly; of {@link ResizeMode#CUBIC}
 * @param excludeOutside whether neighbours beyond the edge have no weight; else the element at the edge stands for them
 * @param antialias whether a smaller output is a mean over all elements that it stands for; not for {@link ResizeMode#NEAREST}
 * @param extrapolation the value beyond the axis, of {@link ResizeCoordinates#TF_CROP_AND_RESIZE}
 * @param sizes the output's size of each axis, without the batch
 * @param scales output over input of each axis, above 0, as the coordinates take it: a size may have been rounded
 * @param roi of {@link ResizeCoordinates#TF_CROP_AND_RESIZE}, fractions of the axes: where the part begins on each axis, then where
 *     it ends on each; else it may be empty
 */
public record Resize(ResizeMode mode, ResizeCoordinates coordinates, ResizeRounding rounding, float cubicA, boolean excludeOutside,
                     boolean antialias, float extrapolation, List<Integer> sizes, List<Float> scales, List<Float> roi)
        implements OffsetLayer {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if there are not as many of each, a size is below 1, or a number is not finite
     */
    public Resize {
        Checks.notNull(mode, "mode");
        Checks.notNull(coordinates, "coordinates");
        Checks.notNull(rounding, "rounding");
        sizes = Checks.copy(sizes, "sizes");
        scales = Checks.copy(scales, "scales");
        roi = Checks.copy(roi, "roi");
        Axes.sameLength(sizes, "sizes", scales, "scales");
        sizes.forEach(size -> Checks.atLeast(size, 1, "size"));
        for (float scale : scales) {
            Checks.positive(scale, "scale");
        }
        boolean crops = coordinates == ResizeCoordinates.TF_CROP_AND_RESIZE;
        if (roi.size() != 2 * sizes.size() && (crops || !roi.isEmpty())) {
            throw new IllegalArgumentException("roi is " + roi + ", must be a start and an end for each of the sizes " + sizes);
        }
        if (!roi.stream().allMatch(Float::isFinite) || !Float.isFinite(cubicA)) {
            throw new IllegalArgumentException("roi is " + roi + ", cubicA is " + cubicA + ", must be finite");
        }
    }

    /** Every pixel of {@code height x width x channels} {@code factorH x factorW} times. */
    public static Resize nearest(Shape input, int factorH, int factorW) {
        Checks.atLeast(factorH, 1, "factorH");
        Checks.atLeast(factorW, 1, "factorW");
        Inputs.one(List.of(input), 3);
        return picture(ResizeMode.NEAREST, input, Checks.product("height", input.dim(0), factorH),
                Checks.product("width", input.dim(1), factorW));
    }

    /** A picture {@code height x width x channels} in another size, by linear weights of half pixels. */
    public static Resize linear(Shape input, int height, int width) {
        Inputs.one(List.of(input), 3);
        return picture(ResizeMode.LINEAR, input, height, width);
    }

    private static Resize picture(ResizeMode mode, Shape input, int height, int width) {
        List<Integer> sizes = List.of(height, width, input.channels());
        List<Float> scales = IntStream.range(0, 3).mapToObj(i -> (float) sizes.get(i) / input.dim(i)).toList();
        return new Resize(mode, mode == ResizeMode.NEAREST ? ResizeCoordinates.ASYMMETRIC : ResizeCoordinates.HALF_PIXEL,
                mode == ResizeMode.NEAREST ? ResizeRounding.FLOOR : ResizeRounding.ROUND_PREFER_FLOOR, -0.75f, false, false, 0, sizes,
                scales, List.of());
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Axes.one(inputs, sizes.size(), "sizes " + sizes);
        for (int axis = 0; antialias && axis < in.rank(); axis++) {
            if (scales.get(axis) * in.dim(axis) < 0.5) {
                throw new IllegalArgumentException("scale is " + scales.get(axis) + " for " + in.dim(axis) + " elements of axis " + axis
                        + ", must leave at least half of one");
            }
        }
        return new Shape(sizes);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        Shape in = binding.input();
        List<ResizeAxis> axes = IntStream.range(0, in.rank()).mapToObj(axis -> new ResizeAxis(this, axis, in.dim(axis))).toList();
        if (mode == ResizeMode.NEAREST) {
            return GatherRun.of(binding, axes.stream().map(ResizeAxis::nearest).toArray(int[][]::new), extrapolation);
        }
        Interpolation.Taps[] taps = new Interpolation.Taps[in.rank() + 1];
        Arrays.setAll(taps, i -> i == 0 ? null : axes.get(i - 1).taps());
        Interpolation plan = Interpolation.of(GatherRun.dims(binding), taps, extrapolation);
        return CodeRun.ofInput(plan.workspaceFloats(),
                frame -> plan.forward(frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset(), frame.workspace()),
                frame -> plan.gradInput(frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace()));
    }
}
