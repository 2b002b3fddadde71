package lanewise.layer;

import lanewise.kernel.GroupNormPlan;
import lanewise.kernel.Reduce;
import lanewise.kernel.WriteMode;

/** {@link GroupNorm} and {@link InstanceNorm} at work. */
final class GroupNormRun implements LayerRun {

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    private final Binding binding;
    private final int channels;
    private final GroupNormPlan plan;
    private final float[] mean;
    private final float[] variance;
    private float[] sumDyXhat;
    private float[] sumDy;

    GroupNormRun(int groups, float epsilon, Binding binding) {
        this.binding = binding;
        this.channels = binding.output().channels();
        this.plan = new GroupNormPlan(binding.batch(), binding.output().positions(), channels, groups, epsilon);
        this.mean = new float[plan.moments()];
        this.variance = new float[plan.moments()];
    }

    @Override
    public void forward(Frame frame) {
        plan.forward(frame.x(0), frame.xOffset(0), frame.parameters(), binding.offset(WEIGHT), frame.parameters(), binding.offset(BIAS),
                frame.y(), frame.yOffset(), mean, 0, variance, 0);
    }

    @Override
    public void backward(Frame frame) {
        if (sumDy == null) {
            sumDyXhat = new float[plan.moments()];
            sumDy = new float[plan.moments()];
        }
        plan.sums(frame.x(0), 0, frame.dy(), 0, mean, 0, variance, 0, sumDyXhat, 0, sumDy, 0);
        if (binding.trains(WEIGHT)) {
            gradParameter(frame, sumDyXhat, WEIGHT);
        }
        if (binding.trains(BIAS)) {
            gradParameter(frame, sumDy, BIAS);
        }
        if (frame.dx(0) != null) {
            plan.gradInput(frame.x(0), 0, frame.dy(), 0, frame.parameters(), binding.offset(WEIGHT), mean, 0, variance, 0,
                    sumDyXhat, 0, sumDy, 0, frame.dx(0), 0, frame.dxMode(0));
        }
    }

    private void gradParameter(Frame frame, float[] sums, int index) {
        WriteMode mode = frame.gradientMode();
        Reduce.sumPerChannel(sums, 0, binding.batch(), channels, frame.gradients(), binding.offset(index), mode);
    }
}
