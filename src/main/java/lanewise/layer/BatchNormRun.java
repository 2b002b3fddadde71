package lanewise.layer;

import lanewise.kernel.Reduce;
import lanewise.kernel.WriteMode;

/** {@link BatchNorm} at work. */
final class BatchNormRun implements LayerRun {

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int MEAN = 2;
    private static final int VARIANCE = 3;

    private final BatchNorm layer;
    private final Binding binding;
    private final int channels;
    private final int rows;
    private final boolean ownMoments;
    private final float[] mean;
    private final float[] variance;
    private final float[] sumDyXhat;
    private final float[] sumDy;

    BatchNormRun(BatchNorm layer, Binding binding) {
        this.layer = layer;
        this.binding = binding;
        this.channels = binding.output().channels();
        this.rows = binding.outputLength() / channels;
        this.ownMoments = binding.trains(WEIGHT) || binding.trains(BIAS);
        this.mean = new float[channels];
        this.variance = new float[channels];
        this.sumDyXhat = new float[channels];
        this.sumDy = new float[channels];
    }

    @Override
    public long ownBytes(boolean backward) {
        return 4L * channels * Float.BYTES;
    }

    @Override
    public void forward(Frame frame) {
        float[] parameters = frame.parameters();
        if (!frame.again()) { // else they are there still
            moments(frame, parameters);
        }
        lanewise.kernel.BatchNorm.forward(frame.x(0), 0, rows, channels, mean, 0, variance, 0, layer.epsilon(),
                parameters, binding.offset(WEIGHT), parameters, binding.offset(BIAS), frame.y(), 0);
    }

    private void moments(Frame frame, float[] parameters) {
        if (frame.training() && ownMoments) {
            Reduce.momentsPerChannel(frame.x(0), 0, rows, channels, mean, 0, variance, 0);
            average(parameters);
        } else {
            System.arraycopy(parameters, binding.offset(MEAN), mean, 0, channels);
            System.arraycopy(parameters, binding.offset(VARIANCE), variance, 0, channels);
        }
    }

    private void average(float[] parameters) {
        float unbiased = rows / (float) Math.max(1, rows - 1);
        int runningMean = binding.offset(MEAN);
        int runningVariance = binding.offset(VARIANCE);
        for (int c = 0; c < channels; c++) {
            parameters[runningMean + c] += layer.momentum() * (mean[c] - parameters[runningMean + c]);
            parameters[runningVariance + c] += layer.momentum() * (variance[c] * unbiased - parameters[runningVariance + c]);
        }
    }

    @Override
    public void backward(Frame frame) {
        if (ownMoments) {
            lanewise.kernel.BatchNorm.gradParameters(frame.x(0), 0, frame.dy(), 0, rows, channels, mean, 0, variance, 0,
                    layer.epsilon(), sumDyXhat, 0, sumDy, 0, WriteMode.OVERWRITE);
            if (binding.trains(WEIGHT)) {
                Gradient.pass(sumDyXhat, 0, frame.gradients(), binding.offset(WEIGHT), channels, frame.gradientMode());
            }
            if (binding.trains(BIAS)) {
                Gradient.pass(sumDy, 0, frame.gradients(), binding.offset(BIAS), channels, frame.gradientMode());
            }
        }
        if (frame.dx(0) == null) {
            return;
        }
        if (ownMoments) {
            lanewise.kernel.BatchNorm.gradInput(frame.x(0), 0, frame.dy(), 0, rows, channels, mean, 0, variance, 0, layer.epsilon(),
                    frame.parameters(), binding.offset(WEIGHT), sumDyXhat, 0, sumDy, 0, frame.dx(0), 0, frame.dxMode(0));
        } else {
            lanewise.kernel.BatchNorm.gradInputFrozen(frame.dy(), 0, rows, channels, variance, 0, layer.epsilon(),
                    frame.parameters(), binding.offset(WEIGHT), frame.dx(0), 0, frame.dxMode(0));
        }
    }
}
