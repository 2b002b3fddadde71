package lanewise.layer;

import lanewise.kernel.LogSoftmax;
import lanewise.kernel.Softmax;
import lanewise.kernel.WriteMode;

/**
 * {@link lanewise.layer.Softmax} and {@link lanewise.layer.LogSoftmax} at work. Along the last axis the values are rows of a matrix;
 * along another one, each run of values is copied to a row and back.
 */
final class SoftmaxRun implements LayerRun {

    private final boolean log;
    private final int length;
    private final int cols;
    /** Floats from one element of a row to the next. */
    private final int stride;
    private final float[] row;
    private final float[] gradient;
    private final float[] result;

    SoftmaxRun(boolean log, int axis, Binding binding) {
        this.log = log;
        Shape shape = binding.input();
        int number = Axes.index(axis, shape);
        length = binding.outputLength();
        cols = shape.dim(number);
        int inner = 1;
        for (int i = number + 1; i < shape.rank(); i++) {
            inner *= shape.dim(i);
        }
        stride = inner;
        int scratch = stride == 1 ? 0 : cols;
        row = new float[scratch];
        gradient = new float[scratch];
        result = new float[scratch];
    }

    /** Where row {@code i} begins. */
    private int start(int i) {
        return i / stride * stride * cols + i % stride;
    }

    @Override
    public void forward(Frame frame) {
        if (stride == 1) {
            forward(frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset(), length / cols);
            return;
        }
        for (int i = 0; i < length / cols; i++) {
            gather(frame.x(0), frame.xOffset(0) + start(i), row);
            forward(row, 0, row, 0, 1);
            float[] y = frame.y();
            int at = frame.yOffset() + start(i);
            for (int j = 0; j < cols; j++) {
                y[at + j * stride] = row[j];
            }
        }
    }

    private void forward(float[] x, int xOffset, float[] y, int yOffset, int rows) {
        if (log) {
            LogSoftmax.forward(x, xOffset, y, yOffset, rows, cols);
        } else {
            Softmax.forward(x, xOffset, y, yOffset, rows, cols);
        }
    }

    private void gather(float[] from, int at, float[] to) {
        for (int j = 0; j < cols; j++) {
            to[j] = from[at + j * stride];
        }
    }

    @Override
    public void backward(Frame frame) {
        float[] dx = frame.dx(0);
        if (dx == null) {
            return;
        }
        if (stride == 1) {
            backward(frame.y(), frame.dy(), dx, length / cols, frame.dxMode(0));
            return;
        }
        boolean accumulate = frame.dxMode(0) == WriteMode.ACCUMULATE;
        for (int i = 0; i < length / cols; i++) {
            int at = start(i);
            gather(frame.y(), at, row);
            gather(frame.dy(), at, gradient);
            backward(row, gradient, result, 1, WriteMode.OVERWRITE);
            for (int j = 0; j < cols; j++) {
                int k = at + j * stride;
                dx[k] = accumulate ? dx[k] + result[j] : result[j];
            }
        }
    }

    private void backward(float[] y, float[] dy, float[] dx, int rows, WriteMode mode) {
        if (log) {
            LogSoftmax.gradInput(y, 0, dy, 0, dx, 0, rows, cols, mode);
        } else {
            Softmax.gradInput(y, 0, dy, 0, dx, 0, rows, cols, mode);
        }
    }
}
