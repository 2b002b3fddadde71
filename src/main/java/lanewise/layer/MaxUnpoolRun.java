package lanewise.layer;

import java.util.Arrays;
import lanewise.kernel.WriteMode;

/** {@link MaxUnpool} at work. */
final class MaxUnpoolRun implements LayerRun {

    private final int values;
    private final int outputs;
    private final int channels;
    /** Where each value went, in the whole batch. */
    private final int[] targets;

    MaxUnpoolRun(Binding binding) {
        values = binding.input().size();
        outputs = binding.output().size();
        channels = binding.output().channels();
        targets = new int[Math.multiplyExact(binding.batch(), values)];
    }

    @Override
    public void forward(Frame frame) {
        float[] x = frame.x(0);
        float[] indices = frame.x(1);
        float[] y = frame.y();
        int places = outputs / channels;
        readTargets(indices, frame.xOffset(1), places);
        int to = frame.yOffset();
        Arrays.fill(y, to, to + targets.length / values * outputs, 0);
        for (int i = 0; i < targets.length; i++) {
            y[to + targets[i]] = x[frame.xOffset(0) + i];
        }
    }

    private void readTargets(float[] indices, int offset, int places) {
        for (int i = 0; i < targets.length; i++) {
            float value = indices[offset + i];
            int index = (int) value;
            if (index != value || index < 0 || index >= outputs) {
                throw new IllegalArgumentException("element " + i + " of the indices is " + value + ", must be a whole number from 0 to "
                        + (outputs - 1));
            }
            targets[i] = i / values * outputs + index % places * channels + index / places;
        }
    }

    @Override
    public void backward(Frame frame) {
        float[] dx = frame.dx(0);
        for (int i = 0; dx != null && i < targets.length; i++) {
            float gradient = frame.dy()[targets[i]];
            dx[i] = frame.dxMode(0) == WriteMode.OVERWRITE ? gradient : dx[i] + gradient;
        }
        if (frame.dx(1) != null && frame.dxMode(1) == WriteMode.OVERWRITE) {
            Arrays.fill(frame.dx(1), 0, targets.length, 0); // positions have no gradient
        }
    }
}
