package lanewise.layer;

import lanewise.kernel.Eltwise;

/** {@link Dropout} at work: a factor for every element, 0 or 1 / (1 - rate), drawn in forward and used again in backward. */
final class DropoutRun implements LayerRun {

    private final int threshold;
    private final float kept;
    private final int length;
    private float[] factors;

    DropoutRun(float rate, int length) {
        this.threshold = (int) Math.round((double) rate * (1 << 24));
        this.kept = 1 / (1 - rate);
        this.length = length;
    }

    @Override
    public void forward(Frame frame) {
        if (!frame.training()) {
            System.arraycopy(frame.x(0), 0, frame.y(), 0, length);
            return;
        }
        if (factors == null) {
            factors = new float[length];
        }
        draw(frame.seed());
        Eltwise.mul(frame.x(0), 0, factors, 0, frame.y(), 0, length);
    }

    /** SplittableRandom's sequence, 24 bits of each number, without an object. */
    private void draw(long seed) {
        long state = seed;
        for (int i = 0; i < length; i++) {
            state += 0x9E3779B97F4A7C15L;
            long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            factors[i] = (int) (z >>> 40) < threshold ? 0 : kept;
        }
    }

    @Override
    public void backward(Frame frame) {
        if (frame.dx(0) != null) {
            Eltwise.mul(frame.dy(), 0, factors, 0, frame.dy(), 0, length);
            Gradient.pass(frame.dy(), 0, frame.dx(0), 0, length, frame.dxMode(0));
        }
    }
}
