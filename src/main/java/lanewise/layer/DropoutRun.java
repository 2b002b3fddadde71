package lanewise.layer;

/**
 * {@link Dropout} at work: every element becomes 0, or 1 / (1 - rate) times as large. Backward draws the factors again, which takes less
 * memory than to keep them.
 */
final class DropoutRun extends SharedRun {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final int threshold;
    private final float kept;

    DropoutRun(float rate, int length) {
        super(length, 1);
        this.threshold = (int) Math.round((double) rate * (1 << 24));
        this.kept = 1 / (1 - rate);
    }

    @Override
    void forward(Frame frame, int from, int to) {
        if (frame.training()) {
            drop(frame.seed(), frame.x(0), frame.y(), from, to);
        } else if (frame.x(0) != frame.y()) {
            System.arraycopy(frame.x(0), from, frame.y(), from, to - from);
        }
    }

    /** By SplittableRandom's sequence, 24 bits of each number, without an object; it can begin anywhere. */
    private void drop(long seed, float[] x, float[] y, int from, int to) {
        long state = seed + from * STEP;
        for (int i = from; i < to; i++) {
            state += STEP;
            long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            y[i] = (int) (z >>> 40) < threshold ? 0 : x[i] * kept; // no product with 0, which of infinity is NaN
        }
    }

    @Override
    void backward(Frame frame, int from, int to) {
        if (frame.dx(0) != null) {
            drop(frame.seed(), frame.dy(), frame.dy(), from, to);
            Gradient.pass(frame.dy(), from, frame.dx(0), from, to - from, frame.dxMode(0));
        }
    }
}
