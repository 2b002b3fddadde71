package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class SentenceTest {

    @Test
    void aFilesNameAloneIsNoSentence() {
        assertEquals("a.png: there is no such file", Sentence.of(new NoSuchFileException("a.png")));
        assertEquals("a.png: access denied", Sentence.of(new AccessDeniedException("a.png")));
        assertEquals("a.png: FileSystemException", Sentence.of(new FileSystemException("a.png")));
        assertEquals("a.png: is too far away", Sentence.of(new NoSuchFileException("a.png", null, "is too far away")));
    }

    @Test
    void othersSpeakForThemselves() {
        assertEquals("the disk is full", Sentence.of(new IOException("the disk is full")));
        assertEquals("java.io.IOException", Sentence.of(new IOException()));
    }

    @Test
    void bundledFilesAreFoundOrMissed() throws IOException {
        assertTrue(Files.isRegularFile(Bundled.path("pictures/camera.png")));
        String message = Sentence.of(assertThrows(NoSuchFileException.class, () -> Bundled.path("pictures/none.png")));
        assertTrue(message.startsWith("pictures/none.png: is not on the class path"), message);
    }
}
