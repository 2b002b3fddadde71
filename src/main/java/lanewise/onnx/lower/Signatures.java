package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lanewise.onnx.lower.Operators.Operator;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.NodeProto;

/**
 * What a node may look like, whatever sizes it meets: how many inputs, which attributes, and for those that are words, which.
 * Attributes of every version stand together here; the lowering of a node is stricter, it refuses those that its own version does
 * not know.
 */
public final class Signatures {

    private static final String WINDOW = "auto_pad dilations kernel_shape pads strides";
    private static final String AUTO_PAD = "NOTSET VALID SAME_UPPER SAME_LOWER";
    private static final int STRING = 3;

    /** The attributes of each operator; one that is not here has none. */
    private static final Map<String, Set<String>> ATTRIBUTES = attributes();
    /** The words of attributes, by operator and attribute, or by attribute alone. */
    private static final Map<String, String> WORDS = Map.of("auto_pad", AUTO_PAD, "Pad.mode", "constant reflect edge wrap",
            "Resize.mode", "nearest linear cubic", "Upsample.mode", "nearest linear", "DepthToSpace.mode", "DCR CRD",
            "Gelu.approximate", "none tanh", "Resize.nearest_mode", "round_prefer_floor round_prefer_ceil floor ceil",
            "Resize.keep_aspect_ratio_policy", "stretch not_larger not_smaller",
            "Resize.coordinate_transformation_mode", "half_pixel half_pixel_symmetric pytorch_half_pixel align_corners asymmetric "
                    + "tf_half_pixel_for_nn tf_crop_and_resize");

    private Signatures() {}

    private static Map<String, Set<String>> attributes() {
        Map<String, Set<String>> table = new HashMap<>();
        add(table, WINDOW + " group", "Conv");
        add(table, WINDOW + " group output_padding output_shape", "ConvTranspose");
        add(table, WINDOW + " ceil_mode storage_order", "MaxPool");
        add(table, WINDOW + " ceil_mode count_include_pad", "AveragePool");
        add(table, WINDOW + " ceil_mode p", "LpPool");
        add(table, "kernel_shape pads strides", "MaxUnpool");
        add(table, "p", "GlobalLpPool");
        add(table, "alpha beta transA transB broadcast", "Gemm");
        add(table, "epsilon momentum spatial is_test training_mode", "BatchNormalization");
        add(table, "epsilon", "InstanceNormalization");
        add(table, "epsilon num_groups stash_type", "GroupNormalization");
        add(table, "axis epsilon stash_type", "LayerNormalization");
        add(table, "alpha beta bias size", "LRN");
        add(table, "ratio seed is_test", "Dropout");
        add(table, "axis", "Softmax", "LogSoftmax", "Concat", "Flatten", "Gather");
        add(table, "alpha", "LeakyRelu", "Elu", "Celu", "ThresholdedRelu", "Swish");
        add(table, "alpha gamma", "Selu");
        add(table, "approximate", "Gelu");
        add(table, "alpha beta", "HardSigmoid");
        add(table, "min max", "Clip");
        add(table, "to saturate round_mode", "Cast");
        add(table, "axis broadcast", "Add", "Sub", "Mul", "Div", "Pow");
        Operators.names().stream().filter(name -> name.startsWith("Reduce"))
                .forEach(name -> add(table, "axes keepdims noop_with_empty_axes", name));
        add(table, "axis split num_outputs", "Split");
        add(table, "axes starts ends", "Slice");
        add(table, "mode pads value", "Pad");
        add(table, "perm", "Transpose");
        add(table, "allowzero", "Reshape");
        add(table, "axes", "Squeeze", "Unsqueeze");
        add(table, "start end", "Shape");
        add(table, "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value "
                + "keep_aspect_ratio_policy mode nearest_mode", "Resize");
        add(table, "mode scales", "Upsample");
        add(table, "blocksize mode", "DepthToSpace");
        add(table, "blocksize", "SpaceToDepth");
        return table;
    }

    private static void add(Map<String, Set<String>> table, String attributes, String... operators) {
        for (String operator : operators) {
            table.put(operator, new HashSet<>(Arrays.asList(attributes.split(" "))));
        }
    }

    /** What is wrong with a node of ONNX's own domain, one sentence each. An operator that only constants have is not looked at. */
    public static List<String> problems(NodeProto node) {
        Operator operator = Operators.find(node.opType());
        if (operator == null) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        int inputs = node.inputs().size();
        while (inputs > 0 && node.inputs().get(inputs - 1).isEmpty()) {
            inputs--;
        }
        if (inputs < operator.least() || inputs > operator.most()) {
            problems.add("has " + inputs + " inputs, must have " + operator.least() + " to " + operator.most());
        }
        Set<String> unknown = new TreeSet<>(node.attributes().keySet());
        unknown.removeAll(ATTRIBUTES.getOrDefault(node.opType(), Set.of()));
        if (!unknown.isEmpty()) {
            problems.add("attributes " + unknown + " are unknown");
        }
        for (AttributeProto attribute : node.attributes().values()) {
            String words = WORDS.getOrDefault(node.opType() + "." + attribute.name(), WORDS.get(attribute.name()));
            if (words != null && attribute.type() == STRING && !Arrays.asList(words.split(" ")).contains(attribute.s())) {
                problems.add(attribute.name() + " is " + attribute.s() + ", must be one of " + words);
            }
        }
        return problems;
    }
}
