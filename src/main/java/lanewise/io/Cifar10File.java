package lanewise.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import lanewise.internal.Checks;

/**
 * Pictures of the binary version of CIFAR-10. A file is a row of records of 3073 bytes: a label, then 1024 bytes of red, 1024 of
 * green and 1024 of blue, each row-major.
 *
 * <p>The arrays are the record's, not copies.
 *
 * <p><i>Source:</i> A. Krizhevsky, The CIFAR-10 dataset, "Binary version".
 *
 * @param labels {@code byte[N]}, each from 0 to 9
 * @param images {@code byte[N*32*32*3]}, channels last, unsigned: {@code images[i] & 0xff}
 */
public record Cifar10File(byte[] labels, byte[] images) {

    /** Height and width of a picture, in pixels. */
    public static final int SIZE = 32;
    /** Red, green and blue. */
    public static final int CHANNELS = 3;
    /** The number of different labels. */
    public static final int CLASSES = 10;

    private static final int PIXELS = SIZE * SIZE;
    private static final int IMAGE_BYTES = PIXELS * CHANNELS;
    private static final int RECORD_BYTES = 1 + IMAGE_BYTES;
    private static final int MOST_RECORDS = (Integer.MAX_VALUE - 8) / IMAGE_BYTES;

    /**
     * Checks the lengths.
     *
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code images} is not 3072 times as long as {@code labels}
     */
    public Cifar10File {
        Checks.notNull(labels, "labels");
        Checks.notNull(images, "images");
        if (images.length != (long) labels.length * IMAGE_BYTES) {
            throw new IllegalArgumentException("images has length " + images.length + ", labels " + labels.length + " times "
                    + IMAGE_BYTES);
        }
    }

    /**
     * Reads files, one behind the other: {@code data_batch_1.bin} to {@code data_batch_5.bin}, or {@code test_batch.bin}.
     *
     * @param paths at least one
     * @return the pictures of all
     * @throws NullPointerException if {@code paths}, or one of them, is null
     * @throws IllegalArgumentException if there are no paths
     * @throws FormatException if a file is empty or ends inside of a record, a label is not from 0 to 9, or there are more than
     *         699,050 pictures
     * @throws IOException if a file cannot be read
     */
    public static Cifar10File read(Path... paths) throws IOException {
        Checks.atLeast(Checks.notNull(paths, "paths").length, 1, "number of paths");
        for (int i = 0; i < paths.length; i++) {
            Checks.notNull(paths[i], "paths[" + i + "]");
        }
        int total = 0;
        for (Path path : paths) {
            try (InputFile file = InputFile.open(path)) {
                total = add(total, records(file), file);
            }
        }
        byte[] labels = new byte[total];
        byte[] images = new byte[total * IMAGE_BYTES];
        int first = 0;
        for (Path path : paths) {
            try (InputFile file = InputFile.open(path)) {
                int end = add(first, records(file), file);
                if (end > total) {
                    throw file.malformed("has become longer while it was read: " + end + " records so far, first " + total);
                }
                readRecords(file, first, end, labels, images);
                first = end;
            }
        }
        if (first != total) {
            throw new FormatException(paths[paths.length - 1], "or a file before it has become shorter while it was read: "
                    + first + " records, first " + total);
        }
        return new Cifar10File(labels, images);
    }

    private static long records(InputFile file) throws FormatException {
        if (file.size() == 0 || file.size() % RECORD_BYTES != 0) {
            throw file.malformed("has " + file.size() + " bytes, expected a multiple of " + RECORD_BYTES + ", at least one");
        }
        return file.size() / RECORD_BYTES;
    }

    private static int add(int before, long records, InputFile file) throws FormatException {
        if (before + records > MOST_RECORDS) {
            throw file.malformed("has " + records + " pictures, with those of the files before it " + (before + records)
                    + ", expected at most " + MOST_RECORDS);
        }
        return (int) (before + records);
    }

    private static void readRecords(InputFile file, int from, int to, byte[] labels, byte[] images) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES);
        for (int n = from; n < to; n++) {
            file.read((long) (n - from) * RECORD_BYTES, bytes.clear());
            labels[n] = bytes.get(0);
            if (labels[n] < 0 || labels[n] >= CLASSES) {
                throw file.malformed("the label of record " + (n - from) + " is " + (labels[n] & 0xff) + ", expected 0 to "
                        + (CLASSES - 1));
            }
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    images[n * IMAGE_BYTES + pixel * CHANNELS + channel] = bytes.get(1 + channel * PIXELS + pixel);
                }
            }
        }
    }
}
