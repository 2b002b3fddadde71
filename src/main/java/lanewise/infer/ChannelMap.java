package lanewise.infer;

import java.util.List;
import lanewise.layer.BatchNorm;
import lanewise.layer.Parameter;

/**
 * {@code y[c] = scale[c] x[c] + shift[c]}: what batch normalisation is once its moments stand still. Behind a convolution it can be
 * multiplied into the weights.
 */
record ChannelMap(float[] scale, float[] shift) {

    /** {@code scale = gamma / sqrt(variance + epsilon)}, {@code shift = beta - scale mean}, in double. */
    static ChannelMap of(BatchNorm norm, List<Parameter> parameters, float[] values) {
        int channels = parameters.getFirst().length();
        int gamma = parameters.get(0).offset();
        int beta = parameters.get(1).offset();
        int mean = parameters.get(2).offset();
        int variance = parameters.get(3).offset();
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int c = 0; c < channels; c++) {
            double factor = values[gamma + c] / Math.sqrt((double) values[variance + c] + norm.epsilon());
            scale[c] = (float) factor;
            shift[c] = (float) (values[beta + c] - factor * values[mean + c]);
        }
        return new ChannelMap(scale, shift);
    }

    int channels() {
        return scale.length;
    }

    /** This map after another: {@code scale (other) + shift}. */
    ChannelMap after(ChannelMap other) {
        float[] scales = new float[channels()];
        float[] shifts = new float[channels()];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = scale[c] * other.scale[c];
            shifts[c] = scale[c] * other.shift[c] + shift[c];
        }
        return new ChannelMap(scales, shifts);
    }
}
