package lanewise.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import lanewise.internal.Checks;
import lanewise.io.FormatException;

/**
 * A folder with a folder per class: what files there are and what class each has.
 *
 * @param classNames the names of the folders, sorted
 * @param files of all classes, sorted by class and name
 * @param labels the class of each file
 */
record ClassFolders(List<String> classNames, List<Path> files, int[] labels) {

    /** Looks for files with these endings, in lower case, whatever the case of theirs. */
    static ClassFolders list(Path root, Set<String> endings) throws IOException {
        if (Files.notExists(Checks.notNull(root, "root"))) {
            throw new NoSuchFileException(root.toString());
        }
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        List<Path> folders = visible(root, Files::isDirectory);
        if (folders.isEmpty()) {
            throw new FormatException(root, "has no folder, expected one per class");
        }
        List<String> names = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (Path folder : folders) {
            List<Path> inside = visible(folder, file -> Files.isRegularFile(file) && endings.contains(ending(file)));
            if (inside.isEmpty()) {
                throw new FormatException(folder, "has no file, expected at least one with an ending of "
                        + endings.stream().sorted().toList());
            }
            inside.forEach(file -> labels.add(names.size()));
            files.addAll(inside);
            names.add(folder.getFileName().toString());
        }
        return new ClassFolders(List.copyOf(names), List.copyOf(files), labels.stream().mapToInt(Integer::intValue).toArray());
    }

    /** In the order of their names, which is not that of the file system. */
    private static List<Path> visible(Path folder, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> !path.getFileName().toString().startsWith(".")).filter(wanted).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause(); // a folder that can no longer be read, in the midst of it
        }
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
