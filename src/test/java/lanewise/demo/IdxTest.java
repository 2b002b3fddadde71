package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

    /** Two labels, written by hand as the format says. */
    private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 7, (byte) 200};

    @TempDir
    private Path folder;

    @Test
    void readsPlainAndCompressedFiles() throws IOException {
        Files.write(folder.resolve("labels"), LABELS);
        Idx plain = Idx.read(folder, "labels");
        assertArrayEquals(new int[] {2}, plain.sizes());
        assertArrayEquals(new byte[] {7, (byte) 200}, plain.bytes());
        plain.write(folder.resolve("again.gz"));
        Idx compressed = Idx.read(folder, "again");
        assertArrayEquals(plain.sizes(), compressed.sizes());
        assertArrayEquals(plain.bytes(), compressed.bytes());
    }

    @Test
    void sameBytesGiveTheSameFile() throws IOException {
        Idx three = new Idx(new int[] {2, 1, 3}, new byte[] {1, 2, 3, 4, 5, 6});
        three.write(folder.resolve("a.gz"));
        three.write(folder.resolve("b.gz"));
        byte[] file = Files.readAllBytes(folder.resolve("a.gz"));
        assertArrayEquals(file, Files.readAllBytes(folder.resolve("b.gz")));
        assertArrayEquals(new byte[4], Arrays.copyOfRange(file, 4, 8), "a time stamp");
        Idx read = Idx.read(folder, "a");
        assertArrayEquals(three.sizes(), read.sizes());
        assertArrayEquals(three.bytes(), read.bytes());
    }

    @Test
    void everyNthItem() {
        Idx items = new Idx(new int[] {5, 2}, new byte[] {0, 1, 10, 11, 20, 21, 30, 31, 40, 41});
        assertArrayEquals(new byte[] {0, 1, 20, 21, 40, 41}, items.everyNth(2).bytes());
        assertArrayEquals(new int[] {3, 2}, items.everyNth(2).sizes());
        assertArrayEquals(new byte[] {0, 1, 30, 31}, items.everyNth(3).bytes());
        assertArrayEquals(items.bytes(), items.everyNth(1).bytes());
        assertEquals(0, new Idx(new int[] {0, 2}, new byte[0]).everyNth(2).count());
        assertThrows(IllegalArgumentException.class, () -> items.everyNth(0));
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> new Idx(new int[] {2, 2}, new byte[5]));
        assertThrows(IllegalArgumentException.class, () -> new Idx(new int[] {-1, -2}, new byte[2]));
        assertThrows(IOException.class, () -> Idx.read(folder, "missing"));
        refused("text", "once upon".getBytes(), "not an IDX file");
        refused("nothing", new byte[0], "not an IDX file");
        refused("short", new byte[] {0, 0, 8, 3, 0, 0, 0, 1}, "not an IDX file");
        refused("long", new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7, 7}, "need 1 bytes, there are 2");
        refused("huge", new byte[] {0, 0, 8, 2, 127, 0, 0, 1, 127, 0, 0, 1, 7}, "there are 1");
        assertTrue(assertThrows(IOException.class, () -> Idx.resource("nothing.gz")).getMessage().contains("nothing.gz"));
    }

    private void refused(String name, byte[] content, String part) throws IOException {
        Files.write(folder.resolve(name), content);
        String message = assertThrows(IOException.class, () -> Idx.read(folder, name)).getMessage();
        assertTrue(message.contains(name) && message.contains(part), message);
    }
}
