package lanewise.onnx.proto;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import lanewise.internal.Checks;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;

/**
 * Reads an ONNX file: {@code ModelProto} of the specification, a message of protocol buffers. Of a large file, over 64 MB, the
 * weights stay where they are: it is mapped, and must not be cut short meanwhile, which the JVM answers with an InternalError. A
 * smaller one is copied.
 *
 * <p>Read past is what no network needs: documentation, metadata, graphs and types as attributes (their attribute still says its
 * type), functions (only counted), training information, and whatever a newer version may bring. Of fields that occur several times
 * the last counts, messages are merged, lists go on, as protocol buffers want it. An operator without a type, a constant, input or
 * output without a name, an attribute that is there twice or holds another value than its type says are refused.
 *
 * <p>Stricter than other parsers: names must be valid UTF-8, a known field must have its wire type, a number at most 64 bits.
 *
 * <p>Memory: besides the mapping or copy at most 100 times the file's size, garbage included, and that only for a hostile one;
 * weights as raw bytes take nothing.
 *
 * <p><i>Source:</i> {@code onnx.proto} of the ONNX specification, IR version 13.
 */
public final class ModelReader {

    /** A file of at most so many bytes is copied, so that nothing can happen to it later. */
    private static final long COPIED = 64 << 20;

    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final GraphBuilder graph = new GraphBuilder();
    private boolean hasGraph;
    private long irVersion;
    private String producer = "";
    private int functions;

    private ModelReader() {}

    /**
     * Reads a model; its tensors are views of the mapped file, which is released once nothing refers to them.
     *
     * @throws NullPointerException if {@code path} is null
     * @throws FormatException if it is no valid model
     * @throws IOException if it cannot be read
     */
    public static ModelProto read(Path path) throws IOException {
        return read(path, Arena.ofAuto());
    }

    /**
     * Reads a model.
     *
     * @param arena when it is closed, the file is released, and the raw bytes of tensors are gone
     * @throws NullPointerException if an argument is null
     * @throws FormatException if it is no valid model
     * @throws IOException if it cannot be read
     */
    public static ModelProto read(Path path, Arena arena) throws IOException {
        return new ModelReader().model(open(path, arena));
    }

    static WireReader open(Path path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(Checks.notNull(path, "path"), StandardOpenOption.READ)) {
            Checks.notNull(arena, "arena");
            long size = channel.size();
            return new WireReader(path, size > COPIED ? channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena)
                    : copy(channel, size, arena));
        }
    }

    /** A file that is cut short while it is read just ends. */
    private static MemorySegment copy(FileChannel channel, long size, Arena arena) throws IOException {
        MemorySegment bytes = arena.allocate(size);
        ByteBuffer free = bytes.asByteBuffer();
        while (free.hasRemaining() && channel.read(free) >= 0) {
            // until it is full or the file ends
        }
        return bytes.asSlice(0, free.position());
    }

    private ModelProto model(WireReader in) throws FormatException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> irVersion = in.number("ModelProto.ir_version");
                case 2 -> producer = in.text("ModelProto.producer_name");
                case 7 -> {
                    graph.merge(in, "ModelProto.graph");
                    hasGraph = true;
                }
                case 8 -> opset(in);
                case 25 -> {
                    in.bytes("ModelProto.functions");
                    functions++;
                }
                default -> in.skip();
            }
        }
        if (!hasGraph) {
            throw in.malformed(0, "no graph is here, expected one as field 7 of ModelProto");
        }
        return new ModelProto(irVersion, producer, Collections.unmodifiableMap(opsets), graph.build(), functions);
    }

    private void opset(WireReader in) throws FormatException {
        long start = in.start();
        String domain = "";
        long version = 0;
        long outer = in.enter("ModelProto.opset_import");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> domain = domain(in, "OperatorSetIdProto.domain");
                case 2 -> version = in.number("OperatorSetIdProto.version");
                default -> in.skip();
            }
        }
        in.leave(outer);
        Long other = opsets.putIfAbsent(domain, version);
        if (other != null && other != version) {
            throw in.malformed(start, "the operator set " + Quoted.text(domain) + " has the version " + version
                    + " here, expected " + other + " as before");
        }
    }

    /** ONNX's own operators have two names. */
    static String domain(WireReader in, String name) throws FormatException {
        String domain = in.text(name);
        return domain.equals("ai.onnx") ? "" : domain;
    }
}
