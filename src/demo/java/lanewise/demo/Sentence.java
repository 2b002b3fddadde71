package lanewise.demo;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a demo says on its standard error before it ends with status 1. */
final class Sentence {

    private Sentence() {}

    /** The exception's message; where that would be a file's name and no more, with what is wrong with the file. */
    static String of(Exception failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getMessage() + ": " + switch (file) {
                case NoSuchFileException _ -> "there is no such file";
                case AccessDeniedException _ -> "access denied";
                case FileAlreadyExistsException _ -> "is there, but is no folder";
                default -> file.getClass().getSimpleName();
            };
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
