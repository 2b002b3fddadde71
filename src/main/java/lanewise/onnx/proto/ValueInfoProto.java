package lanewise.onnx.proto;

import java.util.List;

/**
 * An input or output of a graph.
 *
 * @param name its name
 * @param elementType the number of its element type, 0 if it is no tensor or unknown
 * @param dims its sizes, or null if even their number is unknown
 */
public record ValueInfoProto(String name, int elementType, List<Dim> dims) {

    /**
     * One size.
     *
     * @param size the size, or -1 if it is known only when the model runs
     * @param symbol the name of an unknown size, such as {@code batch}, or ""
     */
    public record Dim(long size, String symbol) {}
}
