package lanewise.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import lanewise.internal.Checks;

/**
 * Writes a file whole or not at all: who opens the target at any time, or after a crash, finds all of the old contents or all of
 * the new ones.
 *
 * <p>The bytes go to a temporary file in the folder of the target, {@code .lanewise-<hex>.tmp}; they are forced to the disk, and
 * the file is moved over the target in one step. If anything fails before that, the temporary file is deleted and the target is as
 * before; only if the JVM dies may the temporary file stay. A file system that cannot move in one step is refused: a copy could
 * leave half a file, which is what this class is there to prevent.
 *
 * <p>As with every replacement of a file, it takes the right to write to the folder, and hard links to the old file keep the old
 * contents. The new file has the old one's POSIX permissions. A symbolic link stays, and the file it points to is replaced.
 */
public final class AtomicFile {

    private static final int MOST_LINKS = 40;

    private AtomicFile() {}

    /** What writes the contents. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes the whole contents.
         *
         * @param out buffered; may be closed, need not be; not to be used after this call
         * @throws IOException if it cannot; the target then stays as it is
         */
        void write(OutputStream out) throws IOException;
    }

    /**
     * Replaces or creates a file.
     *
     * @param target an existing regular file, a symbolic link to one, or a new name in an existing folder
     * @param body writes the contents; called once. What it throws comes out of this method
     * @throws NullPointerException if an argument is null
     * @throws NoSuchFileException if the folder does not exist
     * @throws java.nio.file.AtomicMoveNotSupportedException if the file system cannot replace a file in one step
     * @throws IOException if the target is a directory or a device, or if writing fails
     */
    public static void write(Path target, Writer body) throws IOException {
        Checks.notNull(target, "target");
        Checks.notNull(body, "body");
        Path file = followLinks(target.toAbsolutePath());
        Path folder = file.getParent();
        requireWritable(target, file, folder);

        Path temporary = create(folder);
        try {
            Set<PosixFilePermission> permissions = permissions(file);
            if (permissions != null) { // before the contents come, which not everybody may read
                Set<PosixFilePermission> writable = EnumSet.of(PosixFilePermission.OWNER_WRITE);
                writable.addAll(permissions);
                Files.setPosixFilePermissions(temporary, writable);
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                OutputStream out = new ChannelOutput(channel);
                body.write(out);
                out.flush();
                channel.force(true);
            }
            if (permissions != null) {
                Files.setPosixFilePermissions(temporary, permissions);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable e) {
            delete(temporary, e);
            throw e;
        }
        forceFolder(folder);
    }

    /** By hand: {@code toRealPath} does not follow a link to a file that is yet to be made. */
    private static Path followLinks(Path target) throws IOException {
        Path file = target;
        for (int links = 0; Files.isSymbolicLink(file); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemLoopException(target.toString());
            }
            file = file.resolveSibling(Files.readSymbolicLink(file));
        }
        return file;
    }

    private static void requireWritable(Path target, Path file, Path folder) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(target.toString(), null, "is a directory, expected the name of a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(target.toString(), null, "is a device or a pipe, expected a regular file");
        }
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(target.toString(), null, "its folder " + folder + " does not exist");
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(target.toString(), null, "its folder " + folder + " is a file");
        }
    }

    /** Not by {@code createTempFile}, which would leave the file readable by its owner alone. */
    private static Path create(Path folder) throws IOException {
        while (true) {
            Path file = folder.resolve(".lanewise-%016x.tmp".formatted(ThreadLocalRandom.current().nextLong()));
            try {
                return Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                continue; // one in 2^64
            }
        }
    }

    /** Of the file that is replaced, or null if there is none, or no such permissions. */
    private static Set<PosixFilePermission> permissions(Path old) throws IOException {
        boolean posix = Files.exists(old) && Files.getFileStore(old).supportsFileAttributeView("posix");
        return posix ? Files.getPosixFilePermissions(old) : null;
    }

    private static void delete(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Makes the new name itself last, where the system can (not on Windows); the file is complete either way. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            return; // nothing to repair: the target has its new contents
        }
    }
}
