package lanewise.layer;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.WriteMode;

/**
 * Numbers of its own, the same for every example: a class token that is put before a sequence, the embedding of positions.
 *
 * <p>Input of any shape, of which nothing but the batch counts; output {@code shape}, parameter {@code value} of that shape.
 *
 * @param shape the sizes of the output
 */
public record Learned(Shape shape) implements OffsetLayer {

    /** Checks the component. */
    public Learned {
        Checks.notNull(shape, "shape");
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Inputs.one(inputs);
        return shape;
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        return List.of(ParameterSpec.bias("value", shape));
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int length = shape.size();
        int batch = binding.batch();
        int inputLength = Math.multiplyExact(batch, binding.input().size());
        return new CodeRun(0, frame -> {
            for (int n = 0; n < batch; n++) {
                System.arraycopy(frame.parameters(), binding.offset(0), frame.y(), frame.yOffset() + n * length, length);
            }
        }, frame -> {
            if (binding.trains(0)) {
                Gradient.pass(frame.dy(), 0, frame.gradients(), binding.offset(0), length, frame.gradientMode());
                for (int n = 1; n < batch; n++) {
                    Gradient.pass(frame.dy(), n * length, frame.gradients(), binding.offset(0), length, WriteMode.ACCUMULATE);
                }
            }
            if (frame.dx(0) != null && frame.dxMode(0) == WriteMode.OVERWRITE) {
                Arrays.fill(frame.dx(0), 0, inputLength, 0); // the output does not depend on it
            }
        });
    }
}
