package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files of every format. */
class MutationTest {

    private static final int COUNT = 2000;
    private static final long MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void safetensors() throws IOException {
        Path file = folder.resolve("valid");
        float[] values = Data.reals(1, 30);
        Safetensors.write(file, Map.of("format", "pt"), List.of(new TensorSlice("conv.weight", List.of(2, 3, 4), values, 0),
                new TensorSlice("none", List.of(0, 7), values, 0), new TensorSlice("conv.bias", List.of(), values, 24)));
        byte[] valid = Files.readAllBytes(file);
        Mutations.readAll(folder, valid, valid.length - 100, 2 * COUNT, MEGABYTE, path -> {
            try (Safetensors in = Safetensors.open(path)) {
                long end = 0;
                for (Map.Entry<String, TensorInfo> entry : in.tensors().entrySet()) {
                    TensorInfo info = entry.getValue();
                    assertEquals(end, info.begin());
                    end = info.end();
                    assertTrue(info.elements() <= Files.size(path) * 8, info::toString);
                    if (info.dtype().equals("F32")) {
                        in.read(entry.getKey(), new float[(int) info.elements()], 0);
                    }
                }
            }
        });
    }

    @Test
    void idx() throws IOException {
        Path file = folder.resolve("valid");
        IdxFile.write(file, List.of(3, 5, 7), new byte[105]);
        Mutations.readAll(folder, Files.readAllBytes(file), 16, COUNT, MEGABYTE, MutationTest::readIdx);
    }

    @Test
    void packedIdx() throws IOException {
        Path file = folder.resolve("valid.gz");
        IdxFile.write(file, List.of(3, 50, 7), new byte[1050]);
        Mutations.readAll(folder, Files.readAllBytes(file), 30, COUNT, 3 * MEGABYTE, MutationTest::readIdx);
    }

    private static void readIdx(Path path) throws IOException {
        IdxFile idx = IdxFile.read(path);
        int product = 1;
        for (int dimension : idx.shape()) {
            product *= dimension;
        }
        assertEquals(product, idx.floats().length);
    }

    /** As each picture has 3073 bytes, most damage to the length shows, and most to the rest does not. */
    @Test
    void cifar10() throws IOException {
        Mutations.readAll(folder, Cifar10FileTest.records(1, 2), 1, COUNT, MEGABYTE, path -> {
            Cifar10File file = Cifar10File.read(path);
            assertEquals(Files.size(path), file.labels().length + file.images().length);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24, 32, 64})
    void wav(int bits) throws IOException {
        String chunks = WavFileTest.chunk("LIST", "010203") + WavFileTest.chunk("fmt ", WavFileTest.format(bits == 64 ? 3 : 1, 2, bits))
                + WavFileTest.chunk("data", "00".repeat(bits / 8 * 6));
        byte[] valid = WavFileTest.hex(WavFileTest.riff(chunks));
        Mutations.readAll(folder, valid, valid.length, COUNT / 2, MEGABYTE, path -> {
            WavFile sound = WavFile.read(path);
            assertTrue(sound.samples().length <= Files.size(path), sound::toString);
        });
    }

    /** Half a gigabyte, since a damaged size of a picture that is within the limit is believed: 64 million pixels. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
    void pictures(String format) throws IOException {
        var image = new BufferedImage(19, 17, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 19 * 17; i++) {
            image.setRGB(i % 19, i / 19, i * 0x12345);
        }
        byte[] valid = ImageFileTest.encode(image, format);
        Mutations.readAll(folder, valid, 60, COUNT / 4, 512 * MEGABYTE, path -> {
            Picture picture = ImageFile.read(path, 5, 4, 3);
            assertEquals(60, picture.values().length);
        });
    }
}
