package lanewise.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Permutation;
import lanewise.kernel.WriteMode;

/**
 * The axes of an example in another order, {@code y[i[a0], i[a1], ...] = x[i0, i1, ...]}: axis {@code k} of y is axis
 * {@code axes[k]} of x. {@code Permute.of(1, 2, 0)} makes {@code H x W x C} of {@code C x H x W}.
 *
 * @param axes each axis of the input once, counted from 0, without the batch
 */
public record Permute(List<Integer> axes) implements OffsetLayer {

    /**
     * Checks the component.
     *
     * @throws IllegalArgumentException if the axes are not {@code 0, 1, ...} in some order
     */
    public Permute {
        axes = Checks.copy(axes, "axes");
        List<Integer> sorted = axes.stream().sorted().toList();
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i) != i) {
                throw new IllegalArgumentException("axes are " + axes + ", must be each of 0 to " + (axes.size() - 1) + " once");
            }
        }
    }

    /** With these axes of the input as those of the output. */
    public static Permute of(int... axes) {
        return new Permute(Arrays.stream(axes).boxed().toList());
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Axes.one(inputs, axes.size(), "axes " + axes);
        return new Shape(axes.stream().map(in::dim).toList());
    }

    @Override
    public LayerRun newRun(Binding binding) {
        List<Integer> all = new ArrayList<>(List.of(0));
        axes.forEach(axis -> all.add(axis + 1));
        Permutation there = Permutation.of(GatherRun.dims(binding), all.stream().mapToInt(Integer::intValue).toArray());
        Permutation back = there.inverse();
        return CodeRun.ofInput(0,
                frame -> there.run(frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset(), WriteMode.OVERWRITE),
                frame -> back.run(frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0)));
    }
}
