package lanewise.io;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import lanewise.internal.Checks;
import lanewise.internal.Quoted;

/**
 * The contents of a file are not what its format demands. The message is one sentence: the path, and what was found beside what
 * was expected. Reading the same bytes again gives the same exception, unlike other trouble with a file.
 */
public final class FormatException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * A malformed file.
     *
     * @param file what was read
     * @param reason what was found beside what was expected
     * @throws NullPointerException if an argument is null
     */
    public FormatException(Path file, String reason) {
        this(file, reason, null);
    }

    /**
     * A malformed file, as another reader found.
     *
     * @param file what was read
     * @param reason what was found beside what was expected
     * @param cause the other reader's exception; null if there is none
     * @throws NullPointerException if {@code file} or {@code reason} is null
     */
    public FormatException(Path file, String reason, Throwable cause) {
        super(Checks.notNull(file, "file") + ": " + Checks.notNull(reason, "reason"), cause);
    }

    /** A text out of a file, in quotes: on one line, of bounded length, with nothing a terminal would obey. */
    static String quote(String text) {
        return Quoted.text(text);
    }
}
