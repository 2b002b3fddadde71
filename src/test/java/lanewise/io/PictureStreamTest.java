package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureStreamTest {

    private static final int LENGTH = 3 * 8192 + 5;

    @TempDir
    Path folder;

    /** The decoders' own readInt takes a short answer for the end of the file; windows of any size end somewhere inside a number. */
    @Test
    void numbersAcrossEveryEdge() throws IOException {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (31 * i + i / 251);
        }
        Path path = Files.write(folder.resolve("picture"), bytes);
        try (InputFile file = InputFile.open(path); PictureStream stream = new PictureStream(file)) {
            for (int at = 0; at + 4 <= LENGTH; at++) {
                stream.seek(at);
                int expected = (bytes[at] & 0xff) << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
                assertEquals(expected, stream.readInt(), "at " + at);
                assertEquals(at + 4, stream.getStreamPosition());
            }
            byte[] all = new byte[LENGTH + 10];
            stream.seek(0);
            assertEquals(LENGTH, stream.read(all, 3, LENGTH + 5));
            assertArrayEquals(bytes, Arrays.copyOfRange(all, 3, 3 + LENGTH));
            assertEquals(-1, stream.read(all, 0, 1));
            stream.seek(LENGTH - 3);
            assertThrows(EOFException.class, stream::readInt);
        }
    }
}
