package lanewise.onnx.fold;

/**
 * The random numbers of ONNX's reference implementation, which are those of numpy's {@code RandomState(seed)}: the official test
 * cases of {@code Dropout} compare with its mask. Not thread-safe.
 *
 * <p><i>Source:</i> M. Matsumoto, T. Nishimura, Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
 * generator, 1998; MT19937 with its 2002 initialisation.
 */
final class ReferenceRandom {

    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int next = N;

    /** The generator of this seed, of which the lower 32 bits count. */
    ReferenceRandom(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** The next number from 0 to 1, exclusive, with 53 random bits. */
    double uniform() {
        long high = draw() >>> 5;
        long low = draw() >>> 6;
        return (high * 0x1p26 + low) * 0x1p-53;
    }

    private int draw() {
        if (next == N) {
            for (int i = 0; i < N; i++) {
                int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7FFFFFFF);
                state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
            }
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >>> 18);
    }
}
