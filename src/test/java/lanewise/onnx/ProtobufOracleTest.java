package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import lanewise.io.Mutations;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.ModelReader;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import lanewise.onnx.proto.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader beside Google's parser with classes made from {@code onnx.proto}: what both accept, both read alike. */
class ProtobufOracleTest {

    private static final int COUNT = 5_000;
    private static final long MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    private int agreed;
    private int laxer;

    @Test
    void everything() throws IOException {
        byte[] bytes = everyKind();
        assertSame(ModelReader.read(Files.write(folder.resolve("model.onnx"), bytes)), OnnxMl.ModelProto.parseFrom(bytes));
    }

    /** Damage in what the reader skips shows only to the other one; else it is never the laxer of the two. */
    @Test
    void mutations() throws IOException {
        byte[] valid = everyKind();
        Mutations.readAll(folder, valid, valid.length, COUNT, 2 * MEGABYTE, file -> {
            ModelProto ours = ModelReader.read(file);
            byte[] bytes = Files.readAllBytes(file);
            try {
                OnnxMl.ModelProto theirs = OnnxMl.ModelProto.parseFrom(bytes);
                if (!hasLongZero(bytes)) {
                    assertSame(ours, theirs);
                    agreed++;
                }
            } catch (InvalidProtocolBufferException e) {
                laxer++;
            }
        });
        assertTrue(agreed > COUNT / 10 && laxer < COUNT / 100, agreed + " agreed, " + laxer + " only ours");
    }

    /** Nine bytes that go on and a zero: a number of 63 bits, but protobuf-java 3.25.6 takes the last bit for set. */
    private static boolean hasLongZero(byte[] bytes) {
        int length = 0;
        for (byte next : bytes) {
            if (next == 0 && length >= 9) {
                return true;
            }
            length = next < 0 ? length + 1 : 0;
        }
        return false;
    }

    /** Nothing in it that the reader skips but a graph as an attribute and functions. */
    private static byte[] everyKind() {
        var values = TensorMessages.header(1, 1).packed(4, 1f).text(8, "sparse");
        OnnxGraph graph = OnnxMutationTest.everything(TensorMessages.external(1, new int[] {2, 3}, "location", "w", "offset", "0"));
        graph.message().message(15, new ProtoMessage().message(1, values).message(2, values).number(3, 4));
        return graph.model().message(25, new ProtoMessage().text(1, "f")).toBytes();
    }

    static void assertSame(ModelProto ours, OnnxMl.ModelProto theirs) {
        assertEquals(show(theirs), show(ours));
    }

    static void assertSame(TensorProto ours, OnnxMl.TensorProto theirs) {
        assertEquals(show(theirs), show(ours));
    }

    private static String show(OnnxMl.ModelProto model) {
        Map<String, Long> opsets = new LinkedHashMap<>();
        model.getOpsetImportList().forEach(set -> opsets.put(domain(set.getDomain()), set.getVersion()));
        OnnxMl.GraphProto graph = model.getGraph();
        var lines = new ArrayList<>(List.of(model.getIrVersion() + " " + model.getProducerName() + " " + opsets + " "
                + model.getFunctionsCount() + " " + graph.getName()));
        graph.getNodeList().forEach(node -> {
            Map<String, String> attributes = new TreeMap<>();
            node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), show(attribute)));
            lines.add(node.getName() + " " + node.getOpType() + " " + domain(node.getDomain()) + " " + node.getInputList() + " "
                    + node.getOutputList() + " " + attributes);
        });
        graph.getInitializerList().forEach(tensor -> lines.add(show(tensor)));
        graph.getInputList().forEach(value -> lines.add(show(value)));
        graph.getOutputList().forEach(value -> lines.add(show(value)));
        lines.add(graph.getSparseInitializerList().stream().map(sparse -> sparse.getValues().getName()).toList().toString());
        return String.join("\n", lines);
    }

    private static String show(ModelProto model) {
        var lines = new ArrayList<>(List.of(model.irVersion() + " " + model.producer() + " " + model.opsets() + " "
                + model.functions() + " " + model.graph().name()));
        for (NodeProto node : model.graph().nodes()) {
            Map<String, String> attributes = new TreeMap<>();
            node.attributes().forEach((name, attribute) -> attributes.put(name, show(attribute)));
            lines.add(node.name() + " " + node.opType() + " " + node.domain() + " " + node.inputs() + " " + node.outputs() + " "
                    + attributes);
        }
        model.graph().initializers().forEach(tensor -> lines.add(show(tensor)));
        model.graph().inputs().forEach(value -> lines.add(show(value)));
        model.graph().outputs().forEach(value -> lines.add(show(value)));
        lines.add(model.graph().sparseInitializers().toString());
        return String.join("\n", lines);
    }

    private static String domain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    /** A value shows the type when the file does not; a type they do not know is none to them. */
    private static String show(OnnxMl.AttributeProto attribute) {
        int type = attribute.getType().getNumber();
        List<Boolean> found = List.of(attribute.hasF(), attribute.hasI(), attribute.hasS(), attribute.hasT(), attribute.hasG(),
                attribute.getFloatsCount() > 0, attribute.getIntsCount() > 0, attribute.getStringsCount() > 0);
        type = type == 0 ? found.indexOf(true) + 1 : type;
        return type + " " + attribute.getF() + " " + attribute.getI() + " " + text(attribute.getS()) + " "
                + (attribute.hasT() ? show(attribute.getT()) : "null") + " " + attribute.getFloatsList() + " "
                + attribute.getIntsList() + " " + attribute.getStringsList().stream().map(ProtobufOracleTest::text).toList();
    }

    private static String show(AttributeProto attribute) {
        int type = OnnxMl.AttributeProto.AttributeType.forNumber(attribute.type()) == null ? 0 : attribute.type();
        return type + " " + attribute.f() + " " + attribute.i() + " " + attribute.s() + " "
                + (attribute.t() == null ? "null" : show(attribute.t())) + " " + Arrays.toString(attribute.floats()) + " "
                + Arrays.toString(attribute.ints()) + " " + attribute.strings();
    }

    private static String text(ByteString bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String show(OnnxMl.TensorProto tensor) {
        Map<String, String> external = new LinkedHashMap<>();
        if (tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            tensor.getExternalDataList().forEach(entry -> external.put(entry.getKey(), entry.getValue()));
        }
        return tensor.getName() + " " + tensor.getDataType() + " " + tensor.getDimsList() + " "
                + (tensor.hasRawData() ? Arrays.toString(tensor.getRawData().toByteArray()) : "null") + " "
                + tensor.getFloatDataList() + " " + tensor.getInt32DataList() + " "
                + tensor.getInt64DataList() + " "
                + tensor.getDoubleDataList() + " "
                + tensor.getUint64DataList() + " " + external;
    }

    /** They keep the lower half of {@code int32_data}. */
    private static String show(TensorProto tensor) {
        return tensor.name() + " " + tensor.elementType() + " " + Arrays.toString(tensor.dims()) + " "
                + (tensor.raw() == null ? "null" : Arrays.toString(tensor.raw().toArray(ValueLayout.JAVA_BYTE))) + " "
                + Arrays.toString(tensor.floats()) + " "
                + LongStream.of(tensor.ints()).mapToInt(value -> (int) value).boxed().toList() + " "
                + Arrays.toString(tensor.longs()) + " " + Arrays.toString(tensor.doubles()) + " "
                + Arrays.toString(tensor.unsigned()) + " " + tensor.external();
    }

    private static String show(OnnxMl.ValueInfoProto value) {
        OnnxMl.TypeProto.Tensor type = value.getType().getTensorType();
        List<String> dims = type.getShape().getDimList().stream()
                .map(dim -> (dim.hasDimValue() ? Math.max(-1, dim.getDimValue()) : -1) + dim.getDimParam()).toList();
        return value.getName() + " " + type.getElemType() + " " + (type.hasShape() ? dims : "null");
    }

    private static String show(ValueInfoProto value) {
        return value.name() + " " + value.elementType() + " "
                + (value.dims() == null ? "null" : value.dims().stream().map(dim -> dim.size() + dim.symbol()).toList());
    }
}
