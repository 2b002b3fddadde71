package lanewise.layer;

import java.util.List;
import lanewise.kernel.PoolShape;

/** A pooling of each channel over all places, of whatever rank they are. */
interface GlobalPool extends PoolLayer {

    @Override
    default Shape outputShape(List<Shape> inputs) {
        return Shape.of(area(Inputs.one(inputs)).c());
    }

    @Override
    default ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return ReceptiveField.WHOLE;
    }

    /** One window over everything. */
    static PoolShape shape(int n, Shape in) {
        Area area = area(in);
        return PoolShape.global(n, area.h(), area.w(), area.c());
    }

    private static Area area(Shape in) {
        return in.rank() > 3 ? new Area(1, in.positions(), in.channels()) : Area.of(in);
    }
}
