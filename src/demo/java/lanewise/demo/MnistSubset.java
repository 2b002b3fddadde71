package lanewise.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes the bundled part of MNIST from the whole: every sixth of the 60,000 training images and every fifth of the 10,000 test
 * images, beginning with the first, with their labels. Spread over the whole set, since the halves of it come from different writers.
 *
 * <pre>java src/demo/java/lanewise/demo/MnistSubset.java &lt;folder of the four IDX files&gt; &lt;folder to write to&gt;</pre>
 */
public final class MnistSubset {

    private MnistSubset() {}

    /** Ends with status 1 if a file cannot be read or written, and with 2 if misused. */
    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("MnistSubset <folder of the four IDX files, plain or .gz> <folder to write to>");
            System.exit(2);
        }
        try {
            Path from = Path.of(args[0]);
            Path to = Files.createDirectories(Path.of(args[1]));
            System.out.println(copy(from, to, "train", 6));
            System.out.println(copy(from, to, "t10k", 5));
        } catch (IOException failure) {
            System.err.println(failure);
            System.exit(1);
        }
    }

    /** Writes every step-th image of a set, and its label; returns what it did. */
    static String copy(Path from, Path to, String set, int step) throws IOException {
        String imageFile = set + "-images-idx3-ubyte";
        String labelFile = set + "-labels-idx1-ubyte";
        Idx images = Idx.read(from, imageFile);
        Idx labels = Idx.read(from, labelFile);
        if (images.count() != labels.count()) {
            throw new IOException(set + ": " + images.count() + " images, but " + labels.count() + " labels");
        }
        Idx chosen = labels.everyNth(step);
        images.everyNth(step).write(to.resolve(imageFile + ".gz"));
        chosen.write(to.resolve(labelFile + ".gz"));
        int[] ofEach = new int[10];
        for (byte label : chosen.bytes()) {
            ofEach[label]++;
        }
        return "%s: %d of %d images; of each digit %s".formatted(set, chosen.count(), images.count(), Arrays.toString(ofEach));
    }
}
