package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lanewise.io.IdxFile;
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
        assertEquals(List.of(count, 28, 28), images(set).shape());
        assertEquals(List.of(count), labels(set).shape());
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
        IdxFile train = images("train");
        byte[] labels = labels("train").bytes();
        for (int i = 0; i < train.bytes().length; i++) {
            means[labels[i / PIXELS]][i % PIXELS] += (train.bytes()[i] & 0xff) / 1000.0; // there are about 1000 of each
        }
        IdxFile test = images("t10k");
        byte[] truth = labels("t10k").bytes();
        int right = 0;
        for (int image = 0; image < truth.length; image++) {
            right += nearest(means, test.bytes(), image * PIXELS) == truth[image] ? 1 : 0;
        }
        assertTrue(right > 0.75 * truth.length, right + " of " + truth.length);
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
        write(".gz", List.of(5, 1, 2), new byte[] {0, 0, 1, 1, 2, 2, 3, 3, 4, 4}, new byte[] {5, 6, 7, 8, 9});
        Path to = folder.resolve("to");
        Files.createDirectory(to);
        assertEquals("set: 3 of 5 images; of each digit [0, 0, 0, 0, 0, 1, 0, 1, 0, 1]", MnistSubset.copy(folder, to, "set", 2));
        assertCopy(to, List.of(3, 1, 2), new byte[] {0, 0, 2, 2, 4, 4}, new byte[] {5, 7, 9});
        MnistSubset.copy(folder, to, "set", 3);
        assertCopy(to, List.of(2, 1, 2), new byte[] {0, 0, 3, 3}, new byte[] {5, 8});
        MnistSubset.copy(folder, to, "set", 9);
        assertCopy(to, List.of(1, 1, 2), new byte[] {0, 0}, new byte[] {5});
    }

    private void write(String packed, List<Integer> shape, byte[] images, byte[] labels) throws IOException {
        IdxFile.write(folder.resolve("set-images-idx3-ubyte" + packed), shape, images);
        IdxFile.write(folder.resolve("set-labels-idx1-ubyte" + packed), List.of(labels.length), labels);
    }

    private static void assertCopy(Path to, List<Integer> shape, byte[] images, byte[] labels) throws IOException {
        IdxFile copy = IdxFile.read(to.resolve("set-images-idx3-ubyte.gz"));
        assertEquals(shape, copy.shape());
        assertArrayEquals(images, copy.bytes());
        assertArrayEquals(labels, IdxFile.read(to.resolve("set-labels-idx1-ubyte.gz")).bytes());
    }

    @Test
    void takesPlainFiles() throws IOException {
        write("", List.of(2, 1, 1), new byte[] {8, 9}, new byte[] {0, 1});
        MnistSubset.copy(folder, folder, "set", 1);
        assertCopy(folder, List.of(2, 1, 1), new byte[] {8, 9}, new byte[] {0, 1});
    }

    @Test
    void refusesLabelsOfAnotherNumber() throws IOException {
        write(".gz", List.of(2, 1, 1), new byte[2], new byte[3]);
        String message = assertThrows(IOException.class, () -> MnistSubset.copy(folder, folder, "set", 1)).getMessage();
        assertTrue(message.contains("2 images") && message.contains("[3]"), message);
        write(".gz", List.of(0, 1, 1), new byte[0], new byte[0]);
        assertThrows(IOException.class, () -> MnistSubset.copy(folder, folder, "set", 1));
    }

    private static IdxFile images(String set) throws IOException {
        return IdxFile.read(Bundled.path("mnist/" + set + "-images-idx3-ubyte.gz"));
    }

    private static IdxFile labels(String set) throws IOException {
        return IdxFile.read(Bundled.path("mnist/" + set + "-labels-idx1-ubyte.gz"));
    }
}
