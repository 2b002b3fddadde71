package lanewise.demo;

/**
 * What a speech recogniser looks at: how loud a sound is in each of 20 bands of pitch, every 12.5 ms. A frame is 256 samples under a
 * Hann window, its spectrum a plain discrete Fourier transform, the bands triangles equally wide on the mel scale
 * {@code 1127 ln(1 + f / 700)} from 60 to 3900 Hz, and the number kept
 *
 * <pre>round(10 log10(power in the band + 10^4) / 2):   steps of 2 dB</pre>
 *
 * <p>{@link StrictMath} throughout, so that every machine makes the same bytes.
 */
final class VoiceFeatures {

    /** Samples per second of every recording. */
    static final int RATE = 8000;
    static final int CHANNELS = 20;
    static final int HOP = 100;
    static final int WINDOW = 256;

    private static final double LOWEST = 60; // Hz
    private static final double HIGHEST = 3900;
    private static final double FLOOR = 1e4; // about the noise of the recordings, so that silence looks alike in all of them
    private static final double STEP = 2; // dB

    private static final double[] COSINE = new double[WINDOW];
    private static final double[] SINE = new double[WINDOW];
    private static final double[] HANN = new double[WINDOW];
    private static final double[][] BANDS = new double[CHANNELS][WINDOW / 2 + 1];

    static {
        for (int i = 0; i < WINDOW; i++) {
            COSINE[i] = StrictMath.cos(2 * StrictMath.PI * i / WINDOW);
            SINE[i] = StrictMath.sin(2 * StrictMath.PI * i / WINDOW);
            HANN[i] = 0.5 - 0.5 * StrictMath.cos(2 * StrictMath.PI * i / (WINDOW - 1));
        }
        double low = mel(LOWEST);
        double width = (mel(HIGHEST) - low) / (CHANNELS + 1);
        for (int band = 0; band < CHANNELS; band++) {
            for (int k = 0; k <= WINDOW / 2; k++) {
                double fromMiddle = StrictMath.abs(mel((double) k * RATE / WINDOW) - low - (band + 1) * width);
                BANDS[band][k] = StrictMath.max(0, 1 - fromMiddle / width);
            }
        }
    }

    private VoiceFeatures() {}

    private static double mel(double frequency) {
        return 1127 * StrictMath.log(1 + frequency / 700);
    }

    /** The number of samples that so many frames cover. */
    static int samples(int frames) {
        return (frames - 1) * HOP + WINDOW;
    }

    /** {@code byte[frames * CHANNELS]} of the samples from a start on. */
    static byte[] of(short[] samples, int start, int frames) {
        byte[] features = new byte[frames * CHANNELS];
        for (int frame = 0; frame < frames; frame++) {
            double[] power = power(samples, start + frame * HOP);
            for (int band = 0; band < CHANNELS; band++) {
                double sum = FLOOR;
                for (int k = 0; k < power.length; k++) {
                    sum += BANDS[band][k] * power[k];
                }
                features[frame * CHANNELS + band] = (byte) StrictMath.round(10 * StrictMath.log10(sum) / STEP);
            }
        }
        return features;
    }

    private static double[] power(short[] samples, int start) {
        double[] power = new double[WINDOW / 2 + 1];
        for (int k = 0; k < power.length; k++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < WINDOW; i++) {
                double x = samples[start + i] * HANN[i];
                real += x * COSINE[k * i % WINDOW];
                imaginary += x * SINE[k * i % WINDOW];
            }
            power[k] = real * real + imaginary * imaginary;
        }
        return power;
    }
}
