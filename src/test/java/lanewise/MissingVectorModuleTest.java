package lanewise;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import lanewise.infer.Labels;
import lanewise.infer.Predictor;
import lanewise.internal.VectorModule;
import lanewise.kernel.BatchNorm;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.BroadcastPlan;
import lanewise.kernel.Conv3dPlan;
import lanewise.kernel.Conv3dShape;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTranspose3dPlan;
import lanewise.kernel.ConvTransposePlan;
import lanewise.kernel.Eltwise;
import lanewise.kernel.EmbeddingLookup;
import lanewise.kernel.GatherPlan;
import lanewise.kernel.Gemm;
import lanewise.kernel.GroupNormPlan;
import lanewise.kernel.LayerNorm;
import lanewise.kernel.LocalResponseNormPlan;
import lanewise.kernel.LocallyConnectedPlan;
import lanewise.kernel.LogSoftmax;
import lanewise.kernel.Permutation;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.Reduce;
import lanewise.kernel.ReduceFunction;
import lanewise.kernel.ReducePlan;
import lanewise.kernel.Softmax;
import lanewise.kernel.Threads;
import lanewise.kernel.Update;
import lanewise.kernel.Workspace;
import lanewise.kernel.WriteMode;
import lanewise.layer.Dense;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.signal.Convolution1d;
import lanewise.signal.Convolution2d;
import lanewise.signal.ImageFilter;
import lanewise.signal.Mode;
import lanewise.signal.Plane;
import lanewise.train.BinaryCrossEntropy;
import lanewise.train.MeanSquaredError;
import lanewise.train.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user reads who started java without the flag. The pom runs the tagged tests in a JVM without the module. */
class MissingVectorModuleTest {

    private static final Conv3dShape VOLUME = new Conv3dShape(1, 1, 1, 0, 0, 1, ConvShape.of(1, 1, 1, 1, 1, 1, 1));
    private static final String FLAG = "--add-modules jdk.incubator.vector";

    @Test
    @Tag("no-vector-module")
    void thisJvmReallyLacksTheModule() {
        assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty());
    }

    @Test
    @Tag("no-vector-module")
    void requireNamesTheFlagInOneSentence() {
        assertOneSentenceWithFlag(assertThrows(IllegalStateException.class, VectorModule::require));
    }

    @Test
    @Tag("no-vector-module")
    void requireSaysItEveryTime() {
        String first = assertThrows(IllegalStateException.class, VectorModule::require).getMessage();
        assertEquals(first, assertThrows(IllegalStateException.class, VectorModule::require).getMessage());
    }

    @ParameterizedTest
    @MethodSource
    @Tag("no-vector-module")
    void everyEntryNamesTheFlag(Executable entry) {
        assertOneSentenceWithFlag(assertThrows(IllegalStateException.class, entry));
    }

    static Stream<Named<Executable>> everyEntryNamesTheFlag() {
        float[] x = {1, 2};
        float[] y = new float[2];
        return Stream.of(
                Named.of("ConvPlan", () -> ConvPlan.of(ConvShape.of(1, 1, 1, 1, 1, 1, 1))),
                Named.of("ConvTransposePlan", () -> ConvTransposePlan.of(ConvShape.of(1, 1, 1, 1, 1, 1, 1))),
                Named.of("Gemm", () -> Gemm.of(1, 1, 1)),
                Named.of("PoolPlan", () -> PoolPlan.max(PoolShape.of(1, 1, 1, 1, 1, 1))),
                Named.of("Eltwise", () -> Eltwise.relu(x, 0, y, 0, 2)),
                Named.of("Softmax", () -> Softmax.forward(x, 0, y, 0, 1, 2)),
                Named.of("LogSoftmax", () -> LogSoftmax.forward(x, 0, y, 0, 1, 2)),
                Named.of("Reduce", () -> Reduce.sum(x, 0, 2)),
                Named.of("EmbeddingLookup", () -> EmbeddingLookup.forward(x, 0, 2, 1, new int[] {1}, 0, 1, y, 0)),
                Named.of("Update", () -> Update.sgd(1, 0, x, y, 0, 2)),
                Named.of("SoftmaxCrossEntropy", () -> new SoftmaxCrossEntropy().forward(x, y, 1, Shape.of(2), null)),
                Named.of("BinaryCrossEntropy", () -> new BinaryCrossEntropy().forward(x, y, 1, Shape.of(2), null)),
                Named.of("MeanSquaredError", () -> new MeanSquaredError().forward(x, y, 1, Shape.of(2), new float[2])),
                Named.of("BatchNorm", () -> BatchNorm.forward(x, 0, 2, 1, x, 0, x, 0, 0, x, 0, x, 0, y, 0)),
                Named.of("LayerNorm", () -> LayerNorm.forward(x, 0, 1, 2, 0, x, 0, x, 0, y, 0, new float[1], 0, new float[1], 0)),
                Named.of("LocallyConnectedPlan", () -> LocallyConnectedPlan.of(ConvShape.of(1, 1, 1, 1, 1, 1, 1))),
                Named.of("BroadcastPlan", () -> BroadcastPlan.of(BinaryFunction.ADD, new int[] {2}, new int[] {2})),
                Named.of("ReducePlan", () -> ReducePlan.of(ReduceFunction.SUM, 1, new int[] {2}, new boolean[] {true})),
                Named.of("GroupNormPlan", () -> new GroupNormPlan(1, 1, 2, 1, 0)),
                Named.of("LocalResponseNormPlan", () -> new LocalResponseNormPlan(1, 2, 1, 1, 1, 1)),
                Named.of("Workspace", () -> new Workspace(1, Threads.one())),
                Named.of("Workspace.ofFloats", () -> Workspace.ofFloats(1)),
                Named.of("Conv3dPlan", () -> Conv3dPlan.of(VOLUME)),
                Named.of("ConvTranspose3dPlan", () -> ConvTranspose3dPlan.of(VOLUME)),
                Named.of("Permutation", () -> Permutation.of(new int[] {1, 2}, new int[] {1, 0}).run(x, 0, y, 0, WriteMode.OVERWRITE)),
                Named.of("GatherPlan", () -> GatherPlan.of(new int[] {2}, new int[][] {{1, 0}}, 0).forward(x, 0, y, 0)),
                Named.of("Network", () -> Network.chain(Shape.of(2), 1, Dense.of(2)).newContext(1)),
                Named.of("Predictor", () -> Predictor.compile(Network.chain(Shape.of(2), 1, Dense.of(2)))),
                Named.of("Labels", () -> Labels.of(List.of("a", "b")).top(x, 0, 1)),
                Named.of("Convolution1d", () -> Convolution1d.flipAndFilter(x, x, Mode.FULL)),
                Named.of("Convolution2d", () -> Convolution2d.flipAndFilter(Plane.of(x), Plane.of(x), Mode.FULL)),
                Named.of("ImageFilter", () -> ImageFilter.BLUR.apply(Plane.zeros(4, 4))));
    }

    /** The pom runs this one with {@code -XX:-UseFMA}. */
    @Test
    @Tag("no-fma")
    void emulatedMultiplyAddIsRefused() {
        String message = assertThrows(IllegalStateException.class, () -> Gemm.of(1, 1, 1)).getMessage();
        assertTrue(message.contains("fused multiply-add"), message);
        assertEquals(1, message.lines().count(), message);
    }

    /** Untagged: runs in every other JVM, where the module is there. */
    @Test
    void requireIsSilentWithTheModule() {
        assertDoesNotThrow(VectorModule::require);
    }

    private static void assertOneSentenceWithFlag(IllegalStateException e) {
        String message = e.getMessage();
        assertTrue(message.contains(FLAG), message);
        assertEquals(1, message.lines().count(), message);
    }
}
