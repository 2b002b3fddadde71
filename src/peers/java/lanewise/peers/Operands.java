package lanewise.peers;

import java.util.SplittableRandom;

/** Inputs. */
final class Operands {

    private Operands() {}

    /** The same floats for the same seed, uniform in [-1, 1]. */
    static float[] uniform(long seed, int length) {
        var random = new SplittableRandom(seed);
        var floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = random.nextInt() * 0x1p-31f;
        }
        return floats;
    }
}
