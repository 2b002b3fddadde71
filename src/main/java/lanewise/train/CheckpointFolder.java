package lanewise.train;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lanewise.internal.Checks;

/**
 * The folder of one training's checkpoints, {@code step-0000000500.safetensors}, of which the newest stay.
 *
 * @param folder made at the first use
 * @param everySteps between two checkpoints
 * @param keep how many stay
 */
record CheckpointFolder(Path folder, long everySteps, int keep) {

    private static final Pattern NAME = Pattern.compile("step-(\\d{10,18})\\.safetensors");

    CheckpointFolder {
        Checks.notNull(folder, "folder");
        Hyper.atLeast(everySteps, 1, "everySteps");
        Checks.atLeast(keep, 1, "keep");
    }

    Path file(long step) {
        return folder.resolve(String.format(Locale.ROOT, "step-%010d.safetensors", step)); // digits that NAME knows
    }

    /**
     * Makes the folder, and takes away what a killed JVM left half written.
     *
     * @throws IllegalStateException if it holds steps beyond the one that the training begins after: those of another one, which would be
     *     taken for its newest
     */
    void prepare(long begin) throws IOException {
        Files.createDirectories(folder);
        Path newest = newest(folder);
        if (newest != null && step(newest) > begin) {
            throw new IllegalStateException("the folder for checkpoints holds " + newest + ", the training begins after step " + begin
                    + ": resume from the folder, delete its later steps, or take another one");
        }
        for (Path file : list(folder, ".lanewise-*.tmp")) {
            Files.deleteIfExists(file);
        }
    }

    /** Deletes all but the newest. */
    void prune() throws IOException {
        List<Path> files = files(folder);
        for (Path old : files.subList(0, Math.max(0, files.size() - keep))) {
            Files.deleteIfExists(old);
        }
    }

    /** The newest checkpoint of a folder, or null if there is none. */
    static Path newest(Path folder) throws IOException {
        List<Path> files = files(folder);
        return files.isEmpty() ? null : files.getLast();
    }

    /** From the oldest to the newest. */
    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = list(folder, "step-*.safetensors");
        files.removeIf(file -> step(file) < 0);
        files.sort(Comparator.comparingLong(CheckpointFolder::step));
        return files;
    }

    private static List<Path> list(Path folder, String names) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, names)) {
            all.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    private static long step(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }
}
