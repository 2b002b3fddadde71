package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import lanewise.io.FormatException;
import lanewise.io.IdxFile;
import lanewise.io.ImageFile;
import lanewise.io.Picture;
import lanewise.io.WavFile;
import lanewise.layer.Shape;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data sets from files that are written here. */
class DatasetsTest {

    @TempDir
    private Path folder;

    private static byte[] ramp(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (7 * i);
        }
        return bytes;
    }

    /** Example i as bytes, and its label last. */
    private static int[] read(Dataset data, int i) {
        float[] x = new float[data.inputShape().size()];
        float[] target = new float[1];
        data.read(i, x, 0, target, 0);
        int[] bytes = new int[x.length + 1];
        for (int j = 0; j < x.length; j++) {
            bytes[j] = Math.round(255 * x[j]);
        }
        bytes[x.length] = (int) target[0];
        return bytes;
    }

    private void writeMnist(String images, String labels, int count, int labelCount) throws IOException {
        IdxFile.write(folder.resolve(images), List.of(count, 28, 28), ramp(count * 784));
        byte[] numbers = new byte[labelCount];
        for (int i = 0; i < labelCount; i++) {
            numbers[i] = (byte) (i % 7);
        }
        IdxFile.write(folder.resolve(labels), List.of(labelCount), numbers);
    }

    @ParameterizedTest
    @CsvSource({
        "train-images-idx3-ubyte,    train-labels-idx1-ubyte,    true",
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, true",
        "train-images.idx3-ubyte,    train-labels.idx1-ubyte.gz, true",
        "t10k-images-idx3-ubyte.gz,  t10k-labels-idx1-ubyte,     false",
        "t10k-images.idx3-ubyte.gz,  t10k-labels.idx1-ubyte,     false"})
    void mnist(String images, String labels, boolean train) throws IOException {
        writeMnist(images, labels, 9, 9);
        ByteImages data = Datasets.mnist(folder, train);
        assertEquals(9, data.size());
        assertEquals(Shape.of(28, 28, 1), data.inputShape());
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), data.classNames());
        int[] eighth = read(data, 8);
        assertEquals(1, eighth[784]);
        assertEquals(7 * (8 * 784 + 100) % 256, eighth[100]);
        Refused.by(NoSuchFileException.class, () -> Datasets.mnist(folder, !train), folder, train ? "t10k-images-idx3-ubyte"
                : "train-images-idx3-ubyte", ".gz", "images.idx3-ubyte");
    }

    @Test
    void mnistThatDoesNotFit() throws IOException {
        writeMnist("train-images-idx3-ubyte", "train-labels-idx1-ubyte", 9, 8);
        Refused.by(FormatException.class, () -> Datasets.mnist(folder, true), "train-labels-idx1-ubyte: has 8 labels", "has 9 pictures");
        IdxFile.write(folder.resolve("train-labels-idx1-ubyte"), List.of(9), new byte[] {0, 1, 2, 3, 10, 5, 6, 7, 8});
        Refused.by(FormatException.class, () -> Datasets.mnist(folder, true), "train-labels-idx1-ubyte", "label 10", "0 to 9");
        Files.delete(folder.resolve("train-labels-idx1-ubyte"));
        Refused.by(NoSuchFileException.class, () -> Datasets.mnist(folder, true), "train-labels-idx1-ubyte");
        Files.write(folder.resolve("train-images-idx3-ubyte"), new byte[] {1, 2, 3});
        writeMnist("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 1, 1);
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), new byte[] {1, 2, 3, 4, 5});
        Refused.by(FormatException.class, () -> Datasets.mnist(folder, false), "t10k-images-idx3-ubyte");
    }

    @Test
    void idx() throws IOException {
        Path images = folder.resolve("a");
        Path labels = folder.resolve("b");
        IdxFile.write(images, List.of(2, 3, 4, 5), ramp(120));
        IdxFile.write(labels, List.of(2), new byte[] {0, (byte) 200});
        ByteImages data = Datasets.idx(images, labels);
        assertEquals(Shape.of(3, 4, 5), data.inputShape());
        assertEquals(201, data.classNames().size());
        assertEquals("200", data.classNames().getLast());
        assertEquals(200, read(data, 1)[60]);
        assertEquals(7 * 61 % 256, read(data, 1)[1]);
        Refused.by(FormatException.class, () -> Datasets.idx(labels, labels), "b: has shape [2]");
        Refused.by(FormatException.class, () -> Datasets.idx(images, images), "a: has shape [2, 3, 4, 5]", "one dimension");
        IdxFile.write(images, List.of(0, 3, 4), new byte[0]);
        Refused.by(FormatException.class, () -> Datasets.idx(images, labels), "[0, 3, 4]");
        Files.write(images, new byte[] {0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0});
        Refused.by(FormatException.class, () -> Datasets.idx(images, labels), "a: has elements of type 0x0d", "0x08");
        Refused.isNull(() -> Datasets.idx(null, labels), "images");
        Refused.by(NoSuchFileException.class, () -> Datasets.idx(folder.resolve("none"), labels), "none");
    }

    private static byte[] cifarRecords(int first, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = first; i < first + count; i++) {
            out.write(i % 10);
            for (int plane = 0; plane < 3; plane++) {
                for (int pixel = 0; pixel < 1024; pixel++) {
                    out.write(50 * plane + pixel % 50 + i);
                }
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void cifar10(boolean inner) throws IOException {
        Path root = inner ? Files.createDirectory(folder.resolve("cifar-10-batches-bin")) : folder;
        for (int batch = 1; batch <= 5; batch++) {
            Refused.by(NoSuchFileException.class, () -> Datasets.cifar10(folder, true), "data_batch_" + batch + ".bin");
            Files.write(root.resolve("data_batch_" + batch + ".bin"), cifarRecords(2 * batch, 2));
        }
        ByteImages data = Datasets.cifar10(folder, true);
        assertEquals(10, data.size());
        assertEquals(Shape.of(32, 32, 3), data.inputShape());
        assertEquals("frog", data.classNames().get(6));
        int[] fifth = read(data, 4); // the first of batch 3
        assertEquals(6, fifth[3072]);
        assertArrayEquals(new int[] {50 + 7 + 6, 100 + 7 + 6}, new int[] {fifth[3 * 7 + 1], fifth[3 * 7 + 2]});
        Refused.by(NoSuchFileException.class, () -> Datasets.cifar10(folder, false), "test_batch.bin");
        Files.write(root.resolve("test_batch.bin"), cifarRecords(3, 1));
        assertEquals(1, Datasets.cifar10(folder, false).size());
        Files.write(root.resolve("test_batch.bin"), new byte[100]);
        Refused.by(FormatException.class, () -> Datasets.cifar10(folder, false), "test_batch.bin", 100);
    }

    /** A picture of one colour. */
    private void writePicture(String name, float red, float green, float blue) throws IOException {
        float[] values = new float[4 * 6 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 3 == 0 ? red : i % 3 == 1 ? green : blue;
        }
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        ImageFile.writePng(path, new Picture(4, 6, 3, values));
    }

    @Test
    void imageFolder() throws IOException {
        writePicture("zebra/1.png", 1, 0, 0.2f);
        writePicture("cat/b.PNG", 0, 0.4f, 0);
        writePicture("cat/a.png", 0, 0, 1);
        writePicture("cat/.hidden.png", 1, 1, 1);
        writePicture(".hidden/c.png", 1, 1, 1);
        writePicture("cat/inner/d.png", 1, 1, 1);
        Files.writeString(folder.resolve("cat/notes.txt"), "no picture");
        Files.writeString(folder.resolve("readme.png"), "no class");
        ByteImages data = Datasets.imageFolder(folder, 2, 3, 3);
        assertEquals(3, data.size());
        assertEquals(Shape.of(2, 3, 3), data.inputShape());
        assertEquals(List.of("cat", "zebra"), data.classNames());
        int[][] colours = {{0, 0, 255, 0}, {0, 102, 0, 0}, {255, 0, 51, 1}};
        for (int i = 0; i < 3; i++) {
            int[] example = read(data, i);
            for (int j = 0; j < 18; j++) {
                assertEquals(colours[i][j % 3], example[j], "picture " + i);
            }
            assertEquals(colours[i][3], example[18]);
        }
        ByteImages grey = Datasets.imageFolder(folder, 4, 6, 1);
        assertEquals(Math.round(0.114 * 255), read(grey, 0)[5], 1);
    }

    /** 8-bit pictures in their own size come back bit by bit. */
    @Test
    void everyByteOfAPicture() throws IOException {
        float[] values = new float[256];
        for (int i = 0; i < 256; i++) {
            values[i] = i / 255f;
        }
        ImageFile.writePng(Files.createDirectory(folder.resolve("grey")).resolve("ramp.png"), new Picture(16, 16, 1, values));
        int[] example = read(Datasets.imageFolder(folder, 16, 16, 1), 0);
        for (int i = 0; i < 256; i++) {
            assertEquals(i, example[i]);
        }
        ImageFile.writePng(folder.resolve("grey/ramp.png"), new Picture(1, 2, 1, new float[] {0, 1}));
        assertEquals(128, read(Datasets.imageFolder(folder, 1, 1, 1), 0)[0], "127.5 is rounded, not cut off");
    }

    @Test
    void imageFolderThatDoesNotFit() throws IOException {
        Refused.by(FormatException.class, () -> Datasets.imageFolder(folder, 2, 2, 3), folder, "no folder");
        Refused.by(NoSuchFileException.class, () -> Datasets.imageFolder(folder.resolve("none"), 2, 2, 3), "none");
        Path file = Files.writeString(folder.resolve("file"), "x");
        Refused.by(NotDirectoryException.class, () -> Datasets.imageFolder(file, 2, 2, 3), "file");
        writePicture("a/1.png", 1, 1, 1);
        Path empty = Files.createDirectory(folder.resolve("b"));
        Refused.by(FormatException.class, () -> Datasets.imageFolder(folder, 2, 2, 3), empty, "no file", "png");
        Path broken = Files.writeString(empty.resolve("broken.jpg"), "not a picture");
        Refused.by(FormatException.class, () -> Datasets.imageFolder(folder, 2, 2, 3), broken);
        Refused.argument(() -> Datasets.imageFolder(folder, 0, 2, 3), 0);
        Refused.argument(() -> Datasets.imageFolder(folder, 2, 2, 2), "channels is 2");
        Refused.argument(() -> Datasets.imageFolder(folder, 20_000, 20_000, 3), 20_000);
        Refused.isNull(() -> Datasets.imageFolder(null, 2, 2, 3), "root");
    }

    private void writeSound(String name, int rate, int channels, float... samples) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        new WavFile(rate, channels, samples).write(path);
    }

    @Test
    void wavFolder() throws IOException {
        writeSound("yes/1.wav", 8000, 2, 0.5f, -0.5f, 0.25f, -0.25f, 0.125f, -0.125f);
        writeSound("no/2.WAV", 8000, 2, 0.75f, -1);
        writeSound("no/.3.wav", 100, 1, 0);
        ArrayDataset data = Datasets.wavFolder(folder, 2);
        assertEquals(Shape.of(2, 2), data.inputShape());
        assertEquals(List.of("no", "yes"), data.classNames());
        float[] x = new float[8];
        float[] targets = new float[2];
        for (int i = 0; i < 2; i++) {
            data.read(i, x, 4 * i, targets, i);
        }
        assertArrayEquals(new float[] {0.75f, -1, 0, 0, 0.5f, -0.5f, 0.25f, -0.25f}, x);
        assertArrayEquals(new float[] {0, 1}, targets);
    }

    @Test
    void wavFolderThatDoesNotFit() throws IOException {
        writeSound("no/1.wav", 8000, 1, 0.5f);
        writeSound("yes/2.wav", 16000, 1, 0.5f);
        Refused.by(FormatException.class, () -> Datasets.wavFolder(folder, 4), "2.wav", "1.wav", 8000, 16000);
        writeSound("yes/2.wav", 8000, 2, 0.5f, 0.5f);
        Refused.by(FormatException.class, () -> Datasets.wavFolder(folder, 4), "2.wav", "2 channels", "1 channels");
        Files.writeString(folder.resolve("yes/2.wav"), "not a sound");
        Refused.by(FormatException.class, () -> Datasets.wavFolder(folder, 4), "2.wav");
        Files.delete(folder.resolve("yes/2.wav"));
        Refused.by(FormatException.class, () -> Datasets.wavFolder(folder, 4), "yes", "wav");
        Refused.argument(() -> Datasets.wavFolder(folder, 0), "samples", 0);
        assertTrue(Files.exists(folder.resolve("no/1.wav")));
    }
}
