package lanewise.layer;

import lanewise.kernel.Reduce;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;

/**
 * {@link BatchNorm} at work. Rows are independent once the sums over them are there; threads sum blocks of rows whose borders do not depend
 * on the threads, and the blocks' sums are added in their order, in double.
 *
 * <p>A ReLU whose backward call is chained to this one's is undone within it: dy is read as it is, and where it counts as 0 follows from x.
 * So the ReLU's output is not read again, and its own gradient not written.
 */
final class BatchNormRun extends SharedRun {

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int MEAN = 2;
    private static final int VARIANCE = 3;

    /** A block stays in the second cache while its mean and then its variance are taken. */
    private static final int BLOCK_FLOATS = 1 << 16;

    private final BatchNorm layer;
    private final Binding binding;
    private final int channels;
    private final int rows;
    private final int blockRows;
    private final int blocks;
    private final boolean ownMoments;
    private final float[] mean;
    private final float[] variance;
    private final float[] sumDyXhat;
    private final float[] sumDy;
    private final float[] blockFirst;
    private final float[] blockSecond;
    private final Threads.Task momentsOfBlock = (block, worker) -> momentsOfBlock(block);
    private final Threads.Task sumsOfBlock = (block, worker) -> sumsOfBlock(block);
    private Frame frame;
    private boolean relu;

    BatchNormRun(BatchNorm layer, Binding binding) {
        super(binding.outputLength() / binding.output().channels(), binding.output().channels());
        this.layer = layer;
        this.binding = binding;
        this.channels = binding.output().channels();
        this.rows = binding.outputLength() / channels;
        this.blockRows = Math.max(1, BLOCK_FLOATS / channels);
        this.blocks = Math.ceilDiv(rows, blockRows);
        this.ownMoments = binding.trains(WEIGHT) || binding.trains(BIAS);
        this.mean = new float[channels];
        this.variance = new float[channels];
        this.sumDyXhat = new float[channels];
        this.sumDy = new float[channels];
        this.blockFirst = new float[ownMoments ? blocks * channels : 0];
        this.blockSecond = new float[blockFirst.length];
    }

    @Override
    public long ownBytes(boolean backward) {
        return (4L * channels + 2L * blockFirst.length) * Float.BYTES;
    }

    private int rowsOf(int block) {
        return Math.min(blockRows, rows - block * blockRows);
    }

    @Override
    boolean needsAll() {
        return true;
    }

    @Override
    void beginForward(Frame frame) {
        if (!frame.again()) { // else they are there still
            moments(frame);
        }
    }

    private void moments(Frame frame) {
        float[] parameters = frame.parameters();
        if (frame.training() && ownMoments) {
            this.frame = frame;
            frame.workspace().threads().run(blocks, momentsOfBlock);
            joinMoments();
            average(parameters);
        } else {
            System.arraycopy(parameters, binding.offset(MEAN), mean, 0, channels);
            System.arraycopy(parameters, binding.offset(VARIANCE), variance, 0, channels);
        }
    }

    private void momentsOfBlock(int block) {
        Reduce.momentsPerChannel(frame.x(0), block * blockRows * channels, rowsOf(block), channels, blockFirst, block * channels,
                blockSecond, block * channels);
    }

    /** The squares about the common mean are those about each block's, and the distance of the means for each row. */
    private void joinMoments() {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int block = 0; block < blocks; block++) {
                sum += rowsOf(block) * (double) blockFirst[block * channels + c];
            }
            double common = sum / rows;
            double squares = 0;
            for (int block = 0; block < blocks; block++) {
                double distance = blockFirst[block * channels + c] - common;
                squares += rowsOf(block) * (blockSecond[block * channels + c] + distance * distance);
            }
            mean[c] = (float) common;
            variance[c] = (float) (squares / rows);
        }
    }

    /** One row says nothing about the variance, which then stays; and what is not finite would stay for ever. */
    private void average(float[] parameters) {
        float unbiased = rows / (float) Math.max(1, rows - 1);
        int runningMean = binding.offset(MEAN);
        int runningVariance = binding.offset(VARIANCE);
        for (int c = 0; c < channels; c++) {
            float newest = variance[c] * unbiased;
            if (Float.isFinite(mean[c]) && Float.isFinite(newest)) {
                parameters[runningMean + c] += layer.momentum() * (mean[c] - parameters[runningMean + c]);
                if (rows > 1) {
                    parameters[runningVariance + c] += layer.momentum() * (newest - parameters[runningVariance + c]);
                }
            }
        }
    }

    @Override
    void forward(Frame frame, int from, int to) {
        float[] parameters = frame.parameters();
        lanewise.kernel.BatchNorm.forward(frame.x(0), from * channels, to - from, channels, mean, 0, variance, 0, layer.epsilon(),
                parameters, binding.offset(WEIGHT), parameters, binding.offset(BIAS), frame.y(), from * channels);
    }

    @Override
    public void backward(Frame frame) {
        if (ownMoments) {
            this.frame = frame;
            relu = followsRelu();
            frame.workspace().threads().run(blocks, sumsOfBlock);
            follow(null, frame); // the gradient is all there now
            join(blockFirst, sumDyXhat);
            join(blockSecond, sumDy);
            if (binding.trains(WEIGHT)) {
                Gradient.pass(sumDyXhat, 0, frame.gradients(), binding.offset(WEIGHT), channels, frame.gradientMode());
            }
            if (binding.trains(BIAS)) {
                Gradient.pass(sumDy, 0, frame.gradients(), binding.offset(BIAS), channels, frame.gradientMode());
            }
        }
        if (frame.dx(0) != null) {
            super.backward(frame);
        }
    }

    private void sumsOfBlock(int block) {
        int at = block * blockRows * channels;
        if (relu) {
            lanewise.kernel.BatchNorm.gradParametersRelu(frame.x(0), at, frame.dy(), at, rowsOf(block), channels, mean, 0, variance, 0,
                    layer.epsilon(), frame.parameters(), binding.offset(WEIGHT), frame.parameters(), binding.offset(BIAS),
                    blockFirst, block * channels, blockSecond, block * channels, WriteMode.OVERWRITE);
            return;
        }
        backwardBeforeItems(block * blockRows, rowsOf(block));
        lanewise.kernel.BatchNorm.gradParameters(frame.x(0), at, frame.dy(), at, rowsOf(block), channels, mean, 0, variance, 0,
                layer.epsilon(), blockFirst, block * channels, blockSecond, block * channels, WriteMode.OVERWRITE);
    }

    private void join(float[] ofBlocks, float[] sums) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int block = 0; block < blocks; block++) {
                sum += ofBlocks[block * channels + c];
            }
            sums[c] = (float) sum;
        }
    }

    @Override
    void backward(Frame frame, int from, int to) {
        int at = from * channels;
        if (ownMoments && relu) {
            lanewise.kernel.BatchNorm.gradInputRelu(frame.x(0), at, frame.dy(), at, to - from, rows, channels, mean, 0, variance, 0,
                    layer.epsilon(), frame.parameters(), binding.offset(WEIGHT), frame.parameters(), binding.offset(BIAS),
                    sumDyXhat, 0, sumDy, 0, frame.dx(0), at, frame.dxMode(0));
        } else if (ownMoments) {
            lanewise.kernel.BatchNorm.gradInput(frame.x(0), at, frame.dy(), at, to - from, rows, channels, mean, 0, variance, 0,
                    layer.epsilon(), frame.parameters(), binding.offset(WEIGHT), sumDyXhat, 0, sumDy, 0, frame.dx(0), at,
                    frame.dxMode(0));
        } else {
            lanewise.kernel.BatchNorm.gradInputFrozen(frame.dy(), at, to - from, channels, variance, 0, layer.epsilon(),
                    frame.parameters(), binding.offset(WEIGHT), frame.dx(0), at, frame.dxMode(0));
        }
    }
}
