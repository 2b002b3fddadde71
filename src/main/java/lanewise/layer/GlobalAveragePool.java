package lanewise.layer;

import java.util.List;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;

/**
 * The mean of each channel over all places: the usual end of a network without dense layers.
 *
 * <p>Input {@code H x W x C} or {@code W x C}, output {@code C}.
 */
public record GlobalAveragePool() implements PoolLayer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.of(Area.of(Inputs.one(inputs)).c());
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return ReceptiveField.WHOLE;
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public PoolPlan pooling(int n, Shape in) {
        Area area = Area.of(in);
        PoolShape shape = PoolShape.global(n, area.h(), area.w(), area.c());
        return PoolPlan.average(shape, false);
    }
}
