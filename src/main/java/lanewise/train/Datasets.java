package lanewise.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lanewise.internal.Checks;
import lanewise.io.Cifar10File;
import lanewise.io.FormatException;
import lanewise.io.IdxFile;
import lanewise.io.ImageFile;
import lanewise.io.WavFile;
import lanewise.layer.Shape;

/**
 * Data sets from files, read whole into memory. A file that is missing is a {@link NoSuchFileException}, one that is not what it should
 * be a {@link FormatException}; both name it.
 */
public final class Datasets {

    private static final List<String> CIFAR10_NAMES = List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
            "ship", "truck");
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "bmp", "gif");
    private static final Set<String> SOUNDS = Set.of("wav");
    private static final int IDX_UNSIGNED_BYTE = 0x08;
    private static final int MNIST_CLASSES = 10;

    private Datasets() {}

    /**
     * MNIST, or a data set with the same names of files and ten classes: pictures of 28 x 28 x 1.
     *
     * @param folder with {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, or {@code t10k-...}; also spelt
     *         {@code train-images.idx3-ubyte}, and with {@code .gz} at the end
     * @param train the training set, else the test set
     * @throws NoSuchFileException if one is not there; the message says what was looked for
     * @throws FormatException if a file is malformed or the numbers of pictures and labels differ
     * @throws IOException if a file cannot be read
     */
    public static ByteImages mnist(Path folder, boolean train) throws IOException {
        Checks.notNull(folder, "folder");
        String set = train ? "train" : "t10k";
        Path images = find(folder, set + "-images", "idx3-ubyte");
        Path labels = find(folder, set + "-labels", "idx1-ubyte");
        return idx(images, labels, MNIST_CLASSES);
    }

    private static Path find(Path folder, String start, String end) throws IOException {
        List<String> names = new ArrayList<>();
        for (String separator : List.of("-", ".")) {
            for (String packed : List.of("", ".gz")) {
                names.add(start + separator + end + packed);
            }
        }
        for (String name : names) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        throw new NoSuchFileException(folder.toString(), null, "has none of " + String.join(", ", names));
    }

    /**
     * Pictures and labels of two IDX files, plain or gzip. Classes are called by their numbers, from 0 to the highest label.
     *
     * @param images unsigned bytes, {@code N x H x W} or {@code N x H x W x C}
     * @param labels unsigned bytes, {@code N}
     * @throws FormatException if a file is malformed, has other dimensions, or the numbers of pictures and labels differ
     * @throws IOException if a file cannot be read
     */
    public static ByteImages idx(Path images, Path labels) throws IOException {
        return idx(Checks.notNull(images, "images"), Checks.notNull(labels, "labels"), 0);
    }

    /** With as many classes, or as the highest label needs if that is 0. */
    private static ByteImages idx(Path imagesPath, Path labelsPath, int classes) throws IOException {
        IdxFile images = readBytes(imagesPath);
        IdxFile labels = readBytes(labelsPath);
        List<Integer> sizes = images.shape();
        if (sizes.size() != 3 && sizes.size() != 4 || sizes.contains(0)) {
            throw new FormatException(imagesPath, "has shape " + sizes + ", expected pictures x height x width, or also x channels");
        }
        if (labels.shape().size() != 1) {
            throw new FormatException(labelsPath, "has shape " + labels.shape() + ", expected one dimension");
        }
        if (!labels.shape().getFirst().equals(sizes.getFirst())) {
            throw new FormatException(labelsPath, "has " + labels.shape().getFirst() + " labels, " + imagesPath + " has "
                    + sizes.getFirst() + " pictures");
        }
        int[] numbers = unsigned(labels.bytes());
        int needed = 1 + IntStream.of(numbers).max().orElseThrow();
        if (classes > 0 && needed > classes) {
            throw new FormatException(labelsPath, "has label " + (needed - 1) + ", expected 0 to " + (classes - 1));
        }
        Shape shape = Shape.of(sizes.get(1), sizes.get(2), sizes.size() == 4 ? sizes.get(3) : 1);
        List<String> names = IntStream.range(0, Math.max(needed, classes)).mapToObj(String::valueOf).toList();
        return ByteImages.of(shape, images.bytes(), numbers, names);
    }

    private static IdxFile readBytes(Path path) throws IOException {
        IdxFile file = IdxFile.read(path);
        if (file.type() != IDX_UNSIGNED_BYTE) {
            throw new FormatException(path, "has elements of type 0x%02x, expected unsigned bytes, 0x%02x".formatted(file.type(),
                    IDX_UNSIGNED_BYTE));
        }
        return file;
    }

    private static int[] unsigned(byte[] bytes) {
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }

    /**
     * CIFAR-10 in its binary version: pictures of 32 x 32 x 3 in ten classes.
     *
     * @param folder with {@code data_batch_1.bin} to {@code data_batch_5.bin}, or {@code test_batch.bin}; or one with the folder
     *         {@code cifar-10-batches-bin} in it
     * @param train the training set, else the test set
     * @throws NoSuchFileException if one is not there
     * @throws FormatException if a file is malformed
     * @throws IOException if a file cannot be read
     */
    public static ByteImages cifar10(Path folder, boolean train) throws IOException {
        Path inner = Checks.notNull(folder, "folder").resolve("cifar-10-batches-bin");
        Path root = Files.isDirectory(inner) ? inner : folder;
        List<String> names = train ? IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList()
                : List.of("test_batch.bin");
        for (String name : names) {
            if (!Files.isRegularFile(root.resolve(name))) {
                throw new NoSuchFileException(root.resolve(name).toString(), null, "one of " + names);
            }
        }
        Cifar10File file = Cifar10File.read(names.stream().map(root::resolve).toArray(Path[]::new));
        Shape shape = Shape.of(Cifar10File.SIZE, Cifar10File.SIZE, Cifar10File.CHANNELS);
        return ByteImages.of(shape, file.images(), unsigned(file.labels()), CIFAR10_NAMES);
    }

    /**
     * Pictures in a folder per class, brought to one size. Classes are called as their folders and numbered in the order of the names.
     * Taken are PNG, JPEG, BMP and GIF files ({@code .png .jpg .jpeg .bmp .gif}, in any case); others, what is hidden behind a leading
     * dot, and folders in a class's folder are not. Kept as bytes, in the order of class and name. Needs the module java.desktop.
     *
     * @param height of all pictures, at least 1
     * @param width of all pictures, at least 1
     * @param channels 1 for grey or 3 for red, green and blue
     * @throws NoSuchFileException if {@code root} is not there
     * @throws FormatException if there is no class, a class has no picture, or a picture cannot be decoded
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a size is out of range, or the pictures are more than an array can hold
     */
    public static ByteImages imageFolder(Path root, int height, int width, int channels) throws IOException {
        Shape shape = Shape.of(height, width, channels);
        ClassFolders folders = ClassFolders.list(root, PICTURES);
        int size = shape.size();
        byte[] pixels = new byte[Checks.product("pixels", folders.files().size(), size)];
        for (int i = 0; i < folders.files().size(); i++) {
            float[] values = ImageFile.read(folders.files().get(i), height, width, channels).values();
            for (int j = 0; j < size; j++) {
                pixels[i * size + j] = (byte) Math.round(255 * values[j]);
            }
        }
        return ByteImages.of(shape, pixels, folders.labels(), folders.classNames());
    }

    /**
     * Sounds in a folder per class, {@code samples x channels} each: cut after so many samples, or filled up with zeros. Classes are
     * called as their folders and numbered in the order of the names. Taken are {@code .wav} files, in any case; others, what is hidden
     * behind a leading dot, and folders in a class's folder are not.
     *
     * @param samples per channel, at least 1
     * @throws NoSuchFileException if {@code root} is not there
     * @throws FormatException if there is no class, a class has no sound, a file is malformed, or files differ in sample rate or number
     *         of channels
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if {@code samples} is less than 1, or the sounds are more than an array can hold
     */
    public static ArrayDataset wavFolder(Path root, int samples) throws IOException {
        Checks.atLeast(samples, 1, "samples");
        ClassFolders folders = ClassFolders.list(root, SOUNDS);
        List<Path> files = folders.files();
        WavFile first = WavFile.read(files.getFirst());
        Shape shape = Shape.of(samples, first.channels());
        float[] inputs = new float[Checks.product("inputs", files.size(), shape.size())];
        for (int i = 0; i < files.size(); i++) {
            WavFile sound = i == 0 ? first : WavFile.read(files.get(i));
            if (sound.sampleRate() != first.sampleRate() || sound.channels() != first.channels()) {
                throw new FormatException(files.get(i), "has " + format(sound) + ", " + files.getFirst() + " has " + format(first));
            }
            System.arraycopy(sound.samples(), 0, inputs, i * shape.size(), Math.min(shape.size(), sound.samples().length));
        }
        return ArrayDataset.labelled(shape, inputs, folders.labels(), folders.classNames());
    }

    private static String format(WavFile sound) {
        return sound.sampleRate() + " samples per second and " + sound.channels() + " channels";
    }
}
