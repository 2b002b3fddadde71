package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Checkpoints have the same names wherever they are written. */
@Isolated("the locale is that of the JVM")
class CheckpointLocaleTest {

    @Test
    void digitsOfOtherScripts(@TempDir Path folder) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertEquals("\u0661", "%d".formatted(1));
            Path file = new CheckpointFolder(folder, 1, 1).file(2);
            assertEquals(folder.resolve("step-0000000002.safetensors"), file);
            Files.createFile(file);
            assertEquals(file, CheckpointFolder.newest(folder));
        } finally {
            Locale.setDefault(before);
        }
    }
}
