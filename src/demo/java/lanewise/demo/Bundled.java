package lanewise.demo;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files that come with the demos: digits, voices and a picture, in a folder on the class path. */
final class Bundled {

    private Bundled() {}

    /**
     * A file beside the classes of this package.
     *
     * @param name relative to the package, as {@code pictures/camera.png}
     * @throws IOException if it is not there, or not in a folder
     */
    static Path path(String name) throws IOException {
        URL url = Bundled.class.getResource(name);
        if (url == null) {
            throw new NoSuchFileException(name, null, "is not on the class path, which must have src/demo/resources");
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException | FileSystemNotFoundException e) { // the second: it lies in a jar
            throw new IOException(name + ": " + url + " is not in a folder", e);
        }
    }
}
