package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistSubsetTest {

    private static final int PIXELS = 28 * 28;

    @TempDir
    private Path folder;

    @Test
    void bundledFilesAreWhatTheirDescriptionSays() throws IOException {
        check("train", 10_000, 941, 1132, 1032, 1022, 958, 925, 997, 1026, 978, 989);
        check("t10k", 2_000, 189, 222, 212, 242, 196, 186, 158, 215, 193, 187);
    }

    private static void check(String set, int count, int... ofEach) throws IOException {
        assertArrayEquals(new int[] {count, 28, 28}, images(set).sizes());
        assertArrayEquals(new int[] {count}, labels(set).sizes());
        int[] counted = new int[10];
        for (byte label : labels(set).bytes()) {
            counted[label]++;
        }
        assertArrayEquals(ofEach, counted);
    }

    /** Labels that belong to other pictures would be guessed right once in ten times; the nearest mean picture does it four in five. */
    @Test
    void labelsBelongToTheirImages() throws IOException {
        double[][] means = new double[10][PIXELS];
        Idx train = images("train");
        byte[] labels = labels("train").bytes();
        for (int i = 0; i < train.bytes().length; i++) {
            means[labels[i / PIXELS]][i % PIXELS] += (train.bytes()[i] & 0xff) / 1000.0; // there are about 1000 of each
        }
        Idx test = images("t10k");
        byte[] truth = labels("t10k").bytes();
        int right = 0;
        for (int image = 0; image < test.count(); image++) {
            right += nearest(means, test.bytes(), image * PIXELS) == truth[image] ? 1 : 0;
        }
        assertTrue(right > 0.75 * test.count(), right + " of " + test.count());
    }

    private static int nearest(double[][] means, byte[] pixels, int offset) {
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int digit = 0; digit < 10; digit++) {
            double distance = 0;
            for (int i = 0; i < PIXELS; i++) {
                double difference = (pixels[offset + i] & 0xff) - means[digit][i];
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                best = digit;
            }
        }
        return best;
    }

    @Test
    void copiesEveryNthImageAndItsLabel() throws IOException {
        new Idx(new int[] {5, 1, 2}, new byte[] {0, 0, 1, 1, 2, 2, 3, 3, 4, 4}).write(folder.resolve("set-images-idx3-ubyte.gz"));
        new Idx(new int[] {5}, new byte[] {5, 6, 7, 8, 9}).write(folder.resolve("set-labels-idx1-ubyte.gz"));
        Path to = folder.resolve("to");
        Files.createDirectory(to);
        assertEquals("set: 3 of 5 images; of each digit [0, 0, 0, 0, 0, 1, 0, 1, 0, 1]", MnistSubset.copy(folder, to, "set", 2));
        assertArrayEquals(new byte[] {0, 0, 2, 2, 4, 4}, Idx.read(to, "set-images-idx3-ubyte").bytes());
        assertArrayEquals(new byte[] {5, 7, 9}, Idx.read(to, "set-labels-idx1-ubyte").bytes());
    }

    @Test
    void refusesLabelsOfAnotherNumber() throws IOException {
        new Idx(new int[] {2, 1, 1}, new byte[2]).write(folder.resolve("set-images-idx3-ubyte.gz"));
        new Idx(new int[] {3}, new byte[3]).write(folder.resolve("set-labels-idx1-ubyte.gz"));
        String message = assertThrows(IOException.class, () -> MnistSubset.copy(folder, folder, "set", 1)).getMessage();
        assertTrue(message.contains("2 images") && message.contains("3 labels"), message);
    }

    private static Idx images(String set) throws IOException {
        return Idx.resource("mnist/" + set + "-images-idx3-ubyte.gz");
    }

    private static Idx labels(String set) throws IOException {
        return Idx.resource("mnist/" + set + "-labels-idx1-ubyte.gz");
    }
}
