package lanewise.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;
import lanewise.onnx.proto.TensorProto;

/**
 * Elements of tensors that are in other files: {@code location}, a path from the folder of the model, {@code offset} and
 * {@code length} in bytes. A model may come from anyone, so a path that leaves its folder, by name or by a symbolic link, is
 * refused before anything is opened.
 *
 * <p><i>Source:</i> "External Tensor Data" of the ONNX specification.
 */
final class ExternalData {

    private static final int MOST_DIGITS = 18;

    private final Path model;

    ExternalData(Path model) {
        this.model = model;
    }

    /**
     * The bytes of a tensor.
     *
     * @param bytes how many its type and sizes need
     * @param arena when it is closed they are released
     */
    MemorySegment map(TensorProto tensor, long bytes, Arena arena) throws IOException {
        try (FileChannel channel = open(tensor, bytes)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, number(tensor, "offset", 0), bytes, arena);
        }
    }

    /** Refuses what {@link #map} would refuse. */
    void check(TensorProto tensor, long bytes) throws IOException {
        open(tensor, bytes).close();
    }

    private FileChannel open(TensorProto tensor, long bytes) throws IOException {
        long offset = number(tensor, "offset", 0);
        long length = number(tensor, "length", bytes);
        if (length != bytes) {
            throw malformed(tensor, "length is " + length + ", type and sizes need " + bytes + " bytes");
        }
        FileChannel channel = FileChannel.open(file(tensor), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            if (offset > channel.size() - length) {
                throw malformed(tensor, "bytes " + offset + " to " + (offset + length) + " of "
                        + Quoted.text(tensor.external().get("location")) + " are meant, it has " + channel.size());
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Path file(TensorProto tensor) throws IOException {
        String location = tensor.external().get("location");
        String quoted = "location is " + Quoted.text(location);
        String inside = ", expected a path that stays within the folder of the model";
        boolean absolute = location.startsWith("/") || location.startsWith("\\");
        if (location.isEmpty() || absolute || Arrays.asList(location.split("[/\\\\]")).contains("..")) {
            throw malformed(tensor, quoted + inside);
        }
        try {
            Path folder = model.toAbsolutePath().getParent().toRealPath();
            Path file = folder.resolve(location);
            if (!file.startsWith(folder)) { // a drive
                throw malformed(tensor, quoted + inside);
            }
            Path real = file.toRealPath();
            if (!real.startsWith(folder)) {
                throw malformed(tensor, quoted + ", a link to another folder" + inside);
            }
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                throw malformed(tensor, quoted + ", which is no regular file");
            }
            return real;
        } catch (NoSuchFileException e) {
            throw malformed(tensor, quoted + ", but there is no such file");
        } catch (FileSystemException e) { // a folder that is a file, links in a circle, a name that is too long
            throw malformed(tensor, quoted + ", which leads nowhere: " + e.getReason());
        } catch (InvalidPathException e) {
            throw malformed(tensor, quoted + ", which is no path");
        }
    }

    private long number(TensorProto tensor, String key, long otherwise) throws FormatException {
        String text = tensor.external().get(key);
        if (text == null) {
            return otherwise;
        }
        if (text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(tensor, key + " is " + Quoted.text(text) + ", expected a number of at most " + MOST_DIGITS + " digits");
        }
        return Long.parseLong(text);
    }

    private FormatException malformed(TensorProto tensor, String reason) {
        return new FormatException(model, "tensor " + Quoted.text(tensor.name()) + " in another file: " + reason);
    }
}
