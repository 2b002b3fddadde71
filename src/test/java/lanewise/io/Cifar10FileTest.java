package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10FileTest {

    private static final int RECORD = 3073;

    @TempDir
    Path folder;

    @Test
    void planesBecomeChannels() throws IOException {
        byte[] first = records(1, 3);
        byte[] second = records(2, 2);
        Cifar10File all = Cifar10File.read(file("first", first), file("second", second));
        assertEquals(5, all.labels().length);
        for (int n = 0; n < 5; n++) {
            byte[] source = n < 3 ? first : second;
            int record = (n < 3 ? n : n - 3) * RECORD;
            assertEquals(source[record], all.labels()[n]);
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 32; x++) {
                    for (int c = 0; c < 3; c++) {
                        assertEquals(source[record + 1 + c * 1024 + y * 32 + x], all.images()[((n * 32 + y) * 32 + x) * 3 + c]);
                    }
                }
            }
        }
    }

    @Test
    void malformedFilesShowBothValues() throws IOException {
        Path empty = file("empty", new byte[0]);
        Refused.by(FormatException.class, () -> Cifar10File.read(empty), empty, "0 bytes", "3073");
        Path good = file("good", records(1, 2));
        for (int size : new int[] {1, RECORD - 1, RECORD + 1, 2 * RECORD - 1}) {
            Path cut = file("cut", Arrays.copyOf(records(1, 2), size));
            Refused.by(FormatException.class, () -> Cifar10File.read(good, cut), cut, size + " bytes", "3073");
        }
        for (int label : new int[] {10, 127, 128, 255}) {
            byte[] bytes = records(1, 3);
            bytes[2 * RECORD] = (byte) label;
            Path wrong = file("wrong", bytes);
            Refused.by(FormatException.class, () -> Cifar10File.read(good, wrong), wrong, "record 2", label, "0 to 9");
        }
    }

    @Test
    void tooManyPicturesForOneArray() throws IOException {
        Path[] paths = new Path[70];
        Arrays.fill(paths, file("large", new byte[10_000 * RECORD]));
        Refused.by(FormatException.class, () -> Cifar10File.read(paths), paths[0], "700000", "699050");
    }

    @Test
    void wrongArguments() {
        Refused.argument(Cifar10File::read, "paths", "0", "1");
        Refused.isNull(() -> Cifar10File.read((Path[]) null), "paths");
        Refused.isNull(() -> Cifar10File.read((Path) null), "paths[0]");
        assertThrows(NoSuchFileException.class, () -> Cifar10File.read(folder.resolve("missing")));
        Refused.argument(() -> new Cifar10File(new byte[2], new byte[3072]), "2", "3072");
        Refused.isNull(() -> new Cifar10File(null, new byte[3072]), "labels");
        Refused.isNull(() -> new Cifar10File(new byte[1], null), "images");
        assertArrayEquals(new byte[] {1}, new Cifar10File(new byte[] {1}, new byte[3072]).labels());
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    static byte[] records(long seed, int count) {
        byte[] bytes = new byte[count * RECORD];
        var random = new SplittableRandom(seed);
        random.nextBytes(bytes);
        for (int n = 0; n < count; n++) {
            bytes[n * RECORD] = (byte) random.nextInt(10);
        }
        return bytes;
    }
}
