package lanewise.layer;

import lanewise.kernel.WriteMode;

/** {@link LayerNorm} at work. */
final class LayerNormRun implements LayerRun {

    private final float epsilon;
    private final Binding binding;
    private final int cols;
    private final int rows;
    private final float[] mean;
    private final float[] inverseDeviation;
    private final float[] dgamma;
    private final float[] dbeta;

    LayerNormRun(float epsilon, int cols, Binding binding) {
        this.epsilon = epsilon;
        this.binding = binding;
        this.cols = cols;
        this.rows = binding.outputLength() / cols;
        this.mean = new float[rows];
        this.inverseDeviation = new float[rows];
        this.dgamma = new float[cols];
        this.dbeta = new float[cols];
    }

    @Override
    public long ownBytes(boolean backward) {
        return 2L * (rows + cols) * Float.BYTES;
    }

    @Override
    public void forward(Frame frame) {
        lanewise.kernel.LayerNorm.forward(frame.x(0), frame.xOffset(0), rows, cols, epsilon, frame.parameters(), binding.offset(0),
                frame.parameters(), binding.offset(1), frame.y(), frame.yOffset(), mean, 0, inverseDeviation, 0);
    }

    private void gradParameters(Frame frame) {
        if (!binding.trains(0) && !binding.trains(1)) {
            return;
        }
        lanewise.kernel.LayerNorm.gradParameters(frame.x(0), 0, frame.dy(), 0, rows, cols, mean, 0, inverseDeviation, 0,
                dgamma, 0, dbeta, 0, WriteMode.OVERWRITE);
        if (binding.trains(0)) {
            Gradient.pass(dgamma, 0, frame.gradients(), binding.offset(0), cols, frame.gradientMode());
        }
        if (binding.trains(1)) {
            Gradient.pass(dbeta, 0, frame.gradients(), binding.offset(1), cols, frame.gradientMode());
        }
    }

    @Override
    public void backward(Frame frame) {
        gradParameters(frame);
        if (frame.dx(0) != null) {
            lanewise.kernel.LayerNorm.gradInput(frame.x(0), 0, frame.dy(), 0, rows, cols, frame.parameters(), binding.offset(0),
                    mean, 0, inverseDeviation, 0, frame.dx(0), 0, frame.dxMode(0));
        }
    }
}
