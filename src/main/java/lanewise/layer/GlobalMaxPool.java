package lanewise.layer;

import java.util.List;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;

/**
 * The largest value of each channel over all places.
 *
 * <p>Input {@code H x W x C} or {@code W x C}, output {@code C}.
 */
public record GlobalMaxPool() implements Layer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.of(Area.of(Inputs.one(inputs)).c());
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return ReceptiveField.WHOLE;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        Area area = Area.of(binding.input());
        PoolShape shape = PoolShape.global(binding.batch(), area.h(), area.w(), area.c());
        return new PoolRun(PoolPlan.max(shape));
    }
}
