package lanewise.train;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        return folder.resolve("step-%010d.safetensors".formatted(step));
    }

    /** Makes the folder, and takes away what a killed JVM left half written. */
    void prepare() throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".lanewise-*.tmp")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
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
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, file -> step(file) >= 0)) {
            all.forEach(files::add);
        }
        files.sort(Comparator.comparingLong(CheckpointFolder::step));
        return files;
    }

    private static long step(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }
}
