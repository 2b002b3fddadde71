package lanewise.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.io.IdxFile;

/**
 * Makes the bundled part of MNIST from the whole: every sixth of the 60,000 training images and every fifth of the 10,000 test
 * images, beginning with the first, with their labels. Spread over the whole set, since the halves of it come from different writers.
 *
 * <pre>java -cp target/classes src/demo/java/lanewise/demo/MnistSubset.java &lt;folder of IDX files&gt; &lt;folder to write&gt;</pre>
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
            System.err.println(Sentence.of(failure));
            System.exit(1);
        }
    }

    /** Writes every step-th image of a set, and its label; returns what it did. */
    static String copy(Path from, Path to, String set, int step) throws IOException {
        String imageFile = set + "-images-idx3-ubyte";
        String labelFile = set + "-labels-idx1-ubyte";
        IdxFile images = read(from, imageFile);
        IdxFile labels = read(from, labelFile);
        int count = images.shape().isEmpty() ? 0 : images.shape().getFirst();
        if (count == 0) {
            throw new IOException(set + ": no images");
        }
        if (!labels.shape().equals(List.of(count))) {
            throw new IOException(set + ": " + count + " images, but labels of shape " + labels.shape());
        }
        byte[] chosen = everyNth(labels, step);
        List<Integer> fewer = new ArrayList<>(images.shape());
        fewer.set(0, chosen.length);
        IdxFile.write(to.resolve(imageFile + ".gz"), fewer, everyNth(images, step));
        IdxFile.write(to.resolve(labelFile + ".gz"), List.of(chosen.length), chosen);
        int[] ofEach = new int[10];
        for (byte label : chosen) {
            ofEach[label]++;
        }
        return "%s: %d of %d images; of each digit %s".formatted(set, chosen.length, count, Arrays.toString(ofEach));
    }

    /** Plain, or else compressed. */
    private static IdxFile read(Path folder, String name) throws IOException {
        Path plain = folder.resolve(name);
        return IdxFile.read(Files.exists(plain) ? plain : folder.resolve(name + ".gz"));
    }

    /** Items 0, step, 2 step, ... of the first dimension. */
    private static byte[] everyNth(IdxFile file, int step) {
        int count = file.shape().getFirst();
        int item = file.bytes().length / count;
        byte[] chosen = new byte[Math.ceilDiv(count, step) * item];
        for (int i = 0; i * item < chosen.length; i++) {
            System.arraycopy(file.bytes(), i * step * item, chosen, i * item, item);
        }
        return chosen;
    }
}
