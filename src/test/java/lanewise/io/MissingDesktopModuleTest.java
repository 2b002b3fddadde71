package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.infer.ImageInput;
import lanewise.layer.Shape;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** What a program reads that has no java.desktop. */
class MissingDesktopModuleTest {

    private static final String FLAG = "--add-modules java.desktop";

    @Test
    void namesTheFlagInOneSentence() {
        Refused.by(IllegalStateException.class, () -> DesktopModule.require(ModuleLayer.empty()), FLAG);
        assertDoesNotThrow(() -> DesktopModule.require());
    }

    /** In a JVM that lacks it, where the first class of AWT would end in a NoClassDefFoundError. */
    @Test
    void everyEntryNamesTheFlag() throws Exception {
        String output = runWithoutDesktop(Entries.class);
        assertEquals(4, output.lines().count(), output);
        output.lines().forEach(line -> assertTrue(line.startsWith("IllegalStateException") && line.endsWith(FLAG), line));
    }

    /** A server that has its pixels as bytes does without. */
    @Test
    void bytesNeedNoDesktop() throws Exception {
        assertEquals("[0.0, 0.5, 1.0, 0.5]", runWithoutDesktop(Bytes.class).strip());
    }

    private static String runWithoutDesktop(Class<?> main) throws Exception {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules", "java.base", "-cp", folderOf(ImageFile.class) + File.pathSeparator + folderOf(main),
                main.getName()).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), output);
        return output;
    }

    private static Path folderOf(Class<?> type) throws URISyntaxException {
        String name = type.getName().replace('.', '/') + ".class";
        URI uri = type.getClassLoader().getResource(name).toURI();
        assertEquals("file", uri.getScheme());
        Path folder = Path.of(uri);
        for (int i = 0; i < Path.of(name).getNameCount(); i++) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Runs in the other JVM. */
    static final class Bytes {

        private Bytes() {}

        public static void main(String[] args) {
            float[] x = new float[4];
            ImageInput.of(Shape.of(2, 2, 1)).scale(255).normalized(0, 2).fill(new byte[] {0, 1, 2, 1}, 2, 2, x, 0);
            System.out.println(Arrays.toString(x));
        }
    }

    /** Runs in the other JVM. */
    static final class Entries {

        private Entries() {}

        interface Entry {
            void run() throws IOException;
        }

        public static void main(String[] args) throws IOException {
            Path file = Path.of("missing");
            Picture picture = new Picture(1, 1, 1, new float[1]);
            Entry[] entries = {() -> ImageFile.read(file), () -> ImageFile.read(file, 1), () -> ImageFile.read(file, 2, 2, 3),
                () -> ImageFile.writePng(file, picture)};
            for (Entry entry : entries) {
                try {
                    entry.run();
                    System.out.println("nothing was thrown");
                } catch (IllegalStateException | LinkageError e) {
                    System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
                }
            }
        }
    }
}
