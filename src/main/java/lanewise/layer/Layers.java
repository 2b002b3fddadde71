package lanewise.layer;

import java.util.List;

/** The layers of this package: each is a record, is read and written by {@code lanewise.io.ModelFile}, and is tested by this list. */
public final class Layers {

    private static final List<Class<? extends Layer>> ALL = List.of(
            Conv1d.class, Conv2d.class, Conv3d.class, ConvTranspose1d.class, ConvTranspose2d.class, ConvTranspose3d.class,
            DepthwiseConv2d.class,
            LocallyConnected1d.class, LocallyConnected2d.class, Dense.class, Embedding.class,
            MaxPool1d.class, MaxPool2d.class, MaxPool3d.class, AveragePool1d.class, AveragePool2d.class, AveragePool3d.class,
            LpPool1d.class, LpPool2d.class, LpPool3d.class, GlobalMaxPool.class, GlobalAveragePool.class, GlobalLpPool.class,
            MaxPoolIndices.class, MaxUnpool.class,
            BatchNorm.class, LayerNorm.class, GroupNorm.class, InstanceNorm.class, LocalResponseNorm.class, Dropout.class,
            Flatten.class, Reshape.class, Add.class, Concat.class, Learned.class,
            Permute.class, Slice.class, Take.class, Pad.class, Expand.class, Resize.class,
            Unary.class, Binary.class, BinaryParameter.class, Reduction.class, MatMul.class, Each.class,
            Relu.class, Relu6.class, LeakyRelu.class, PRelu.class, Elu.class, Selu.class, Celu.class, Clip.class, ThresholdedRelu.class,
            Sigmoid.class, HardSigmoid.class, Tanh.class, Softplus.class, Softsign.class, Gelu.class, Silu.class, HardSwish.class,
            Mish.class, Softmax.class, LogSoftmax.class);

    private Layers() {}

    /** All of them. */
    public static List<Class<? extends Layer>> all() {
        return ALL;
    }
}
