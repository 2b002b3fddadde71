package lanewise.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with any header, valid or not. */
final class SafetensorsFile {

    private SafetensorsFile() {}

    static void write(Path path, String header, byte[] data) throws IOException {
        write(path, header.getBytes(StandardCharsets.UTF_8), data);
    }

    static void write(Path path, byte[] header, byte[] data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(path, bytes.putLong(header.length).put(header).put(data).array());
    }
}
