package lanewise.layer;

/**
 * {@link Dropout} at work: a factor for every element, 0 or 1 / (1 - rate). Backward draws it again, which takes less memory than to keep
 * it.
 */
final class DropoutRun implements LayerRun {

    private final int threshold;
    private final float kept;
    private final int length;

    DropoutRun(float rate, int length) {
        this.threshold = (int) Math.round((double) rate * (1 << 24));
        this.kept = 1 / (1 - rate);
        this.length = length;
    }

    @Override
    public void forward(Frame frame) {
        if (frame.training()) {
            drop(frame.seed(), frame.x(0), frame.y());
        } else if (frame.x(0) != frame.y()) {
            System.arraycopy(frame.x(0), 0, frame.y(), 0, length);
        }
    }

    /** By SplittableRandom's sequence, 24 bits of each number, without an object. */
    private void drop(long seed, float[] from, float[] to) {
        long state = seed;
        for (int i = 0; i < length; i++) {
            state += 0x9E3779B97F4A7C15L;
            long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            to[i] = from[i] * ((int) (z >>> 40) < threshold ? 0 : kept);
        }
    }

    @Override
    public void backward(Frame frame) {
        if (frame.dx(0) != null) {
            drop(frame.seed(), frame.dy(), frame.dy());
            Gradient.pass(frame.dy(), 0, frame.dx(0), 0, length, frame.dxMode(0));
        }
    }
}
