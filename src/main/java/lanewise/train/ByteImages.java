package lanewise.train;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.layer.Shape;

/**
 * Pictures of unsigned bytes with classes; a quarter of the memory of floats. They are scaled as they are read, channel by channel:
 *
 * <pre>x = (byte / 255 - mean[c]) / deviation[c]</pre>
 *
 * <p>At first mean is 0 and deviation 1. Immutable, apart from the array of pixels, which is not copied.
 */
public final class ByteImages implements Dataset {

    private static final int VALUES = 256;

    private final Shape inputShape;
    private final byte[] pixels;
    private final int[] labels;
    private final List<String> classNames;
    private final double[] mean;
    private final double[] deviation;
    private final float[] scaled; // [byte][channel]

    private ByteImages(Shape inputShape, byte[] pixels, int[] labels, List<String> classNames, double[] mean, double[] deviation) {
        this.inputShape = inputShape;
        this.pixels = pixels;
        this.labels = labels;
        this.classNames = classNames;
        this.mean = mean;
        this.deviation = deviation;
        this.scaled = new float[VALUES * mean.length];
        for (int i = 0; i < scaled.length; i++) {
            int c = i % mean.length;
            scaled[i] = (float) ((i / mean.length / 255.0 - mean[c]) / deviation[c]);
        }
    }

    /**
     * Pictures as they are, from 0 to 1.
     *
     * @param inputShape of one picture, channels last
     * @param pixels {@code byte[size * inputShape.size()]}, unsigned. Not copied
     * @param labels {@code int[size]}, numbers of classes. Copied
     * @param classNames one for each class
     * @throws IllegalArgumentException if a length does not fit, there is no picture, or a label is no class
     */
    public static ByteImages of(Shape inputShape, byte[] pixels, int[] labels, List<String> classNames) {
        int size = Examples.count(Checks.notNull(pixels, "pixels").length, Checks.notNull(inputShape, "inputShape"), "pixels");
        Examples.checkLabels(labels, size, classNames);
        double[] ones = new double[inputShape.channels()];
        Arrays.fill(ones, 1);
        return new ByteImages(inputShape, pixels, labels.clone(), List.copyOf(classNames), new double[ones.length], ones);
    }

    /**
     * The same pictures, scaled so that each channel has mean 0 and (population) standard deviation 1 over all of them. A channel that
     * is the same everywhere becomes 0.
     */
    public ByteImages normalized() {
        int channels = inputShape.channels();
        long[][] counts = new long[channels][VALUES];
        for (int i = 0; i < pixels.length; i += channels) {
            for (int c = 0; c < channels; c++) {
                counts[c][pixels[i + c] & 0xff]++;
            }
        }
        double[] mean = new double[channels];
        double[] deviation = new double[channels];
        for (int c = 0; c < channels; c++) {
            moments(counts[c], c, mean, deviation);
        }
        return new ByteImages(inputShape, pixels, labels, classNames, mean, deviation);
    }

    /** From the histogram of one channel: no sum of millions of terms, and nothing cancels. */
    private static void moments(long[] counts, int c, double[] mean, double[] deviation) {
        long total = 0;
        long sum = 0;
        for (int value = 0; value < VALUES; value++) {
            total += counts[value];
            sum += value * counts[value];
        }
        double middle = (double) sum / total;
        double squares = 0;
        for (int value = 0; value < VALUES; value++) {
            squares += counts[value] * (value - middle) * (value - middle);
        }
        mean[c] = middle / 255;
        deviation[c] = squares == 0 ? 1 : Math.sqrt(squares / total) / 255;
    }

    /**
     * The same pictures with the mean and deviation of others: a test set is scaled by those of the training set.
     *
     * @throws IllegalArgumentException if the channels differ
     */
    public ByteImages normalizedLike(ByteImages other) {
        if (Checks.notNull(other, "other").mean.length != mean.length) {
            throw new IllegalArgumentException("the other pictures have " + other.mean.length + " channels, these " + mean.length);
        }
        return new ByteImages(inputShape, pixels, labels, classNames, other.mean, other.deviation);
    }

    /** What is taken off each channel. A copy. */
    public double[] mean() {
        return mean.clone();
    }

    /** What each channel is divided by then. A copy. */
    public double[] deviation() {
        return deviation.clone();
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    /** 1: the number of the class. */
    @Override
    public int targetSize() {
        return 1;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public void read(int index, float[] x, int xOffset, float[] target, int targetOffset) {
        Examples.checkRead(this, index, x, xOffset, target, targetOffset);
        int channels = mean.length;
        int length = inputShape.size();
        int from = index * length;
        for (int i = 0; i < length; i += channels) {
            for (int c = 0; c < channels; c++) {
                x[xOffset + i + c] = scaled[(pixels[from + i + c] & 0xff) * channels + c];
            }
        }
        target[targetOffset] = labels[index];
    }

    @Override
    public void readTarget(int index, float[] target, int targetOffset) {
        Examples.checkReadTarget(this, index, target, targetOffset);
        target[targetOffset] = labels[index];
    }

    /** Size, shape and the number of classes. */
    @Override
    public String toString() {
        return labels.length + " pictures of " + inputShape + ", " + classNames.size() + " classes";
    }
}
