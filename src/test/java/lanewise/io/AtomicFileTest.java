package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    private static final byte[] OLD = {1, 2, 3};
    private static final byte[] NEW = {9, 8, 7, 6};

    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void writeOld() throws IOException {
        target = folder.resolve("target");
        Files.write(target, OLD);
    }

    @Test
    void replacesOnlyAtTheEnd() throws IOException {
        AtomicFile.write(target, out -> {
            out.write(NEW);
            out.flush();
            assertArrayEquals(OLD, Files.readAllBytes(target));
            assertEquals(2, list().size());
        });
        assertArrayEquals(NEW, Files.readAllBytes(target));
        assertEquals(List.of(target), list());
    }

    @Test
    void writesWhatTheStreamIsGiven() throws IOException {
        byte[] expected = new byte[1_000_003];
        new SplittableRandom(1).nextBytes(expected);
        AtomicFile.write(folder.resolve("new"), out -> {
            int at = 0;
            for (int length = 1; at < expected.length; length = length * 3 % 200_000) {
                int step = Math.min(length, expected.length - at);
                out.write(expected, at, step);
                at += step;
                if (at < expected.length) {
                    out.write(expected[at++]);
                }
            }
        });
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("new")));
        AtomicFile.write(target, out -> {});
        assertEquals(0, Files.size(target));
    }

    @Test
    void bodyMayCloseTheStream() throws IOException {
        AtomicFile.write(target, out -> {
            try (OutputStream closed = out) {
                closed.write(NEW);
            }
        });
        assertArrayEquals(NEW, Files.readAllBytes(target));
    }

    /** Each kind comes out as itself; a megabyte is beyond any buffer. */
    @Test
    void failureInTheMiddleLeavesTheOldFileAlone() throws IOException {
        for (Throwable failure : new Throwable[] {new IOException("a"), new IllegalStateException("b"), new StackOverflowError("c")}) {
            Throwable thrown = assertThrows(Throwable.class, () -> AtomicFile.write(target, out -> {
                out.write(new byte[1 << 20]);
                switch (failure) {
                    case IOException e -> throw e;
                    case RuntimeException e -> throw e;
                    default -> throw (Error) failure;
                }
            }));
            assertSame(failure, thrown);
            assertArrayEquals(OLD, Files.readAllBytes(target));
            assertEquals(List.of(target), list());
        }
    }

    @Test
    void interruptLeavesTheOldFileAlone() throws IOException {
        assertThrows(IOException.class, () -> AtomicFile.write(target, out -> {
            Thread.currentThread().interrupt();
            out.write(new byte[1 << 20]);
        }));
        assertTrue(Thread.interrupted());
        assertArrayEquals(OLD, Files.readAllBytes(target));
        assertEquals(List.of(target), list());
    }

    @Test
    void symbolicLinkStays() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Path link = Files.createSymbolicLink(other.resolve("link"), Path.of("..", "target"));
        AtomicFile.write(link, out -> out.write(NEW));
        assertTrue(Files.isSymbolicLink(link));
        assertArrayEquals(NEW, Files.readAllBytes(target));
        assertEquals(List.of(link), list(other));

        Path dangling = Files.createSymbolicLink(other.resolve("dangling"), folder.resolve("yet to come"));
        AtomicFile.write(dangling, out -> out.write(NEW));
        assertTrue(Files.isSymbolicLink(dangling));
        assertArrayEquals(NEW, Files.readAllBytes(folder.resolve("yet to come")));
    }

    @Test
    void linkToItselfIsRefused() throws IOException {
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        Refused.by(FileSystemLoopException.class, () -> AtomicFile.write(loop, AtomicFileTest::notCalled), "loop");
    }

    @Test
    void nameWithoutFolderIsInTheCurrentOne() throws IOException {
        Path name = Path.of("atomic-file-test-%x.bin".formatted(System.nanoTime()));
        assertSame(null, name.getParent());
        try {
            AtomicFile.write(name, out -> out.write(NEW));
            assertArrayEquals(NEW, Files.readAllBytes(name));
        } finally {
            Files.deleteIfExists(name);
        }
    }

    @Test
    void permissionsStay() throws IOException {
        assumeTrue(Files.getFileStore(target).supportsFileAttributeView("posix"));
        Path plain = Files.createFile(folder.resolve("plain"));
        AtomicFile.write(folder.resolve("new"), out -> {});
        assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(folder.resolve("new")));
        for (String permissions : List.of("rw-------", "rwxr-x--x", "r--r--r--")) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
            AtomicFile.write(target, out -> out.write(NEW));
            assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        }
    }

    @Test
    void saysWhatIsWrongWithTheTarget() throws IOException, InterruptedException {
        Refused.by(FileSystemException.class, () -> AtomicFile.write(folder, AtomicFileTest::notCalled), folder, "is a directory");
        Refused.by(FileSystemException.class, () -> AtomicFile.write(Path.of("/"), AtomicFileTest::notCalled), "is a directory");
        Path missing = folder.resolve("missing");
        Refused.by(NoSuchFileException.class, () -> AtomicFile.write(missing.resolve("x"), AtomicFileTest::notCalled),
                missing.resolve("x"), "its folder " + missing + " does not exist");
        Refused.by(FileSystemException.class, () -> AtomicFile.write(target.resolve("x"), AtomicFileTest::notCalled),
                target.resolve("x"), "its folder " + target + " is a file");
        Refused.isNull(() -> AtomicFile.write(null, AtomicFileTest::notCalled), "target");
        Refused.isNull(() -> AtomicFile.write(target, null), "body");
        assertEquals(List.of(target), list());
    }

    @Test
    void pipeIsNotReplaced() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor());
        Refused.by(FileSystemException.class, () -> AtomicFile.write(pipe, AtomicFileTest::notCalled), pipe, "regular file");
        assertFalse(Files.isRegularFile(pipe));
    }

    private static void notCalled(OutputStream out) {
        throw new AssertionError("body was called");
    }

    private List<Path> list() throws IOException {
        return list(folder);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
