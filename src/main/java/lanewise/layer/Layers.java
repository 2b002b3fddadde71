package lanewise.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lanewise.internal.Checks;

/** The layers of this package: each is a record, is read and written by {@code lanewise.io.ModelFile}, and is tested by this list. */
public final class Layers {

    /** Names, because a program that loads a network needs the classes of a few. */
    private static final Set<String> NAMES = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "DepthwiseConv2d",
            "LocallyConnected1d", "LocallyConnected2d", "Dense", "Embedding", "MaxPool1d", "MaxPool2d", "MaxPool3d", "AveragePool1d",
            "AveragePool2d", "AveragePool3d", "LpPool1d", "LpPool2d", "LpPool3d", "GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool",
            "MaxPoolIndices", "MaxUnpool", "BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "LocalResponseNorm", "Dropout",
            "Flatten", "Reshape", "Add", "Concat", "Learned", "Permute", "Slice", "Take", "Pad", "Expand", "Resize", "Unary", "Binary",
            "BinaryParameter", "Reduction", "MatMul", "Each", "Relu", "Relu6", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Clip",
            "ThresholdedRelu", "Sigmoid", "HardSigmoid", "Tanh", "Softplus", "Softsign", "Gelu", "Silu", "HardSwish", "Mish", "Softmax",
            "LogSoftmax")));

    private Layers() {}

    /** All of them. */
    public static List<Class<? extends Layer>> all() {
        List<Class<? extends Layer>> all = new ArrayList<>();
        for (String name : NAMES) {
            all.add(named(name));
        }
        return List.copyOf(all);
    }

    /** Their simple names. */
    public static Set<String> names() {
        return NAMES;
    }

    /**
     * The layer of this simple name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Class<? extends Layer> named(String name) {
        if (!NAMES.contains(Checks.notNull(name, "name"))) {
            throw new IllegalArgumentException("no layer " + name + ", there are " + NAMES);
        }
        try {
            return Class.forName(Layers.class.getPackageName() + "." + name).asSubclass(Layer.class);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("layer " + name + " is in the list, but has no class", e);
        }
    }
}
