package lanewise.demo;

import java.io.IOException;
import java.util.List;
import lanewise.io.IdxFile;

/**
 * Recorded voices: which of five languages is spoken in 0.82 s of a telephone prompt? Each language has one speaker, and English and
 * Spanish have the same, so the others may be told by the voice but these two must be told by more. No recording is in both sets.
 *
 * <p>A signal is 64 frames, 12.5 ms apart, of 20 loudnesses each, from low pitch to high: see {@link VoiceFeatures}. From each of the
 * 20 its mean over the signal is taken away, so that the microphone and the colour of a voice do not give the answer: the mean of the
 * frames says nothing, only how they follow each other. Then all are divided by one number, the standard deviation of the training
 * signals. Signals are ordered by class: shuffle them. Where they come from, and by whom: {@code DATA.md}.
 *
 * @param train {@code float[N*W*C]}, not copied
 * @param trainLabels {@code int[N]}, each an index of {@code classNames}
 * @param test {@code float[N*W*C]} of another N
 * @param testLabels {@code int[N]}
 * @param width W, the frames of a signal
 * @param channels C, the loudnesses of a frame
 * @param classNames the languages
 */
public record SignalData(float[] train, int[] trainLabels, float[] test, int[] testLabels, int width, int channels,
                         List<String> classNames) {

    static final List<String> CLASS_NAMES = List.of("English", "Spanish", "French", "Italian", "Russian");

    /**
     * Checks that everything fits together.
     *
     * @throws IllegalArgumentException if not
     */
    public SignalData {
        check("train", train, trainLabels, width * channels, classNames.size());
        check("test", test, testLabels, width * channels, classNames.size());
        classNames = List.copyOf(classNames);
    }

    private static void check(String set, float[] signals, int[] labels, int length, int classes) {
        if (length < 1 || labels.length < 1 || signals.length != labels.length * length) {
            throw new IllegalArgumentException(set + " has length " + signals.length + ", must be " + labels.length + " signals of "
                    + length);
        }
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(set + " has a label " + label + ", must be from 0 to " + (classes - 1));
            }
        }
    }

    /**
     * The bundled ones: 1500 to train with and 375 to test.
     *
     * @throws IOException if a file is missing or broken; the message names it
     */
    public static SignalData load() throws IOException {
        IdxFile train = read("train-signals-idx3-ubyte.gz");
        IdxFile test = read("test-signals-idx3-ubyte.gz");
        List<Integer> sizes = train.shape();
        if (sizes.size() != 3 || test.shape().size() != 3 || !test.shape().subList(1, 3).equals(sizes.subList(1, 3))) {
            throw new IOException("signal/: training and test signals are not of one size");
        }
        float[] trainValues = centred(train);
        float[] testValues = centred(test);
        double squares = 0;
        for (float value : trainValues) {
            squares += (double) value * value;
        }
        float unit = (float) Math.sqrt(squares / trainValues.length);
        divide(trainValues, unit);
        divide(testValues, unit);
        return new SignalData(trainValues, labels("train"), testValues, labels("test"), sizes.get(1), sizes.get(2),
                CLASS_NAMES);
    }

    private static IdxFile read(String name) throws IOException {
        return IdxFile.read(Bundled.path("signal/" + name));
    }

    /** Each channel of each signal less its mean. */
    private static float[] centred(IdxFile signals) {
        int width = signals.shape().get(1);
        int channels = signals.shape().get(2);
        byte[] bytes = signals.bytes();
        float[] values = new float[bytes.length];
        for (int signal = 0; signal < bytes.length; signal += width * channels) {
            for (int first = signal; first < signal + channels; first++) {
                int sum = 0;
                for (int i = first; i < signal + width * channels; i += channels) {
                    sum += bytes[i];
                }
                for (int i = first; i < signal + width * channels; i += channels) {
                    values[i] = bytes[i] - (float) sum / width;
                }
            }
        }
        return values;
    }

    private static void divide(float[] values, float unit) {
        for (int i = 0; i < values.length; i++) {
            values[i] /= unit;
        }
    }

    private static int[] labels(String set) throws IOException {
        byte[] bytes = read(set + "-labels-idx1-ubyte.gz").bytes();
        int[] labels = new int[bytes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = bytes[i];
        }
        return labels;
    }
}
