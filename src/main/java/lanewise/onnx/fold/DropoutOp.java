package lanewise.onnx.fold;

import java.util.Arrays;
import java.util.List;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/**
 * {@code Dropout}: the input and a mask of true, or if input 2 says that the model trains, {@code y = x mask / (1 - ratio)} with a
 * mask that is true where a uniform random number is at least the ratio. Before opset 12 a model cannot say so, and the input
 * passes.
 */
final class DropoutOp {

    private DropoutOp() {}

    static List<OnnxTensor> dropout(Call call) {
        OnnxTensor x = call.input(0);
        call.inputsBefore(12, 1);
        if (x.isIntegral()) {
            throw new IllegalArgumentException("input is " + x + ", must be of a floating type");
        }
        long seed = call.attributes().getInt("seed", 0); // without one any numbers are right; these are the same in every run
        if (call.opset() < 7) {
            call.flag("is_test", false); // whoever imports a model wants to predict with it
        }
        double ratio = call.opset() < 12 ? call.attributes().getFloat("ratio", 0.5f) : ratio(call.input(1));
        if (!(ratio >= 0 && ratio < 1)) {
            throw new IllegalArgumentException("ratio is " + ratio + ", must be at least 0 and below 1");
        }
        ElementType maskType = call.opset() < 10 ? x.type() : ElementType.BOOL;
        long[] mask = Elements.zeros(ElementType.BOOL, x.dims()).longs();
        Arrays.fill(mask, 1);
        OnnxTensor y = x;
        if (call.scalar(2, "training_mode", 0) != 0 && ratio > 0) {
            y = Elements.zeros(x.type(), x.dims());
            ReferenceRandom random = new ReferenceRandom(seed);
            for (int i = 0; i < mask.length; i++) {
                mask[i] = random.uniform() >= ratio ? 1 : 0;
                Elements.set(y, i, mask[i] * x.get(i) / (1 - ratio));
            }
        }
        return List.of(y, Elements.convert(OnnxTensor.of(ElementType.BOOL, mask, x.dims()), maskType));
    }

    private static double ratio(OnnxTensor ratio) {
        if (ratio != null && ratio.size() != 1) {
            throw new IllegalArgumentException("ratio is " + ratio + ", must be one number");
        }
        return ratio == null ? 0.5 : ratio.get(0);
    }
}
