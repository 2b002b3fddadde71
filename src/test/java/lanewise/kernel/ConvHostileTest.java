package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import lanewise.oracle.WinogradBound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong arguments are refused with both values in the message, and huge ones, NaN and infinity get the right answer. */
class ConvHostileTest {

    private static final int HUGE = Integer.MAX_VALUE;

    private final ConvShape shape = ConvShape.of(2, 5, 6, 3, 4, 3, 2);
    private final int xLength = 2 * 5 * 6 * 3;
    private final int wLength = 3 * 2 * 3 * 4;
    private final int yLength = 2 * 3 * 5 * 4;
    private final ConvPlan plan = ConvPlan.of(shape);
    private final float[] x = new float[xLength];
    private final float[] w = new float[wLength];
    private final float[] y = new float[yLength];
    private final float[] bias = new float[4];
    private final PackedFilter forwardFilter = plan.pack(Pass.FORWARD, w);
    private final PackedFilter gradInputFilter = plan.pack(Pass.GRAD_INPUT, w);
    private final Workspace workspace = plan.newWorkspace();

    // ---- shapes ----

    @Test
    void sizesBelowTheirLeast() {
        int[] good = {2, 5, 6, 4, 4, 3, 2, 1, 1, 0, 0, 0, 0, 1, 1, 1};
        String[] names = {"n", "h", "w", "c", "k", "r", "s", "strideH", "strideW", "padTop", "padLeft", "padBottom", "padRight",
            "dilationH", "dilationW", "groups"};
        assertEquals(ConvShape.class.getRecordComponents().length, names.length);
        assertEquals(ConvShape.of(2, 5, 6, 4, 4, 3, 2), shapeOf(good));
        for (int i = 0; i < good.length; i++) {
            int least = names[i].startsWith("pad") ? 0 : 1;
            for (int bad : new int[] {least - 1, -7, Integer.MIN_VALUE}) {
                int[] sizes = good.clone();
                sizes[i] = bad;
                Refused.argument(() -> shapeOf(sizes), names[i] + " is " + bad, "at least " + least);
            }
        }
    }

    private static ConvShape shapeOf(int[] v) {
        return new ConvShape(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], v[14], v[15]);
    }

    @Test
    void sizesThatDoNotFitEachOther() {
        Refused.argument(() -> ConvShape.of(1, 4, 9, 1, 1, 5, 3), "filter spans 5 in height", "4");
        Refused.argument(() -> ConvShape.of(1, 9, 4, 1, 1, 3, 5), "filter spans 5 in width", "4");
        Refused.argument(() -> ConvShape.of(1, 9, 6, 1, 1, 3, 3).withDilation(1, 3), "filter spans 7 in width", "6");
        Refused.argument(() -> ConvShape.of(1, 9, 9, 6, 8, 3, 3).withGroups(4), "groups is 4", "c = 6", "k = 8");
        Refused.argument(() -> ConvShape.of(1, 9, 9, 8, 6, 3, 3).withGroups(4), "groups is 4", "c = 8", "k = 6");
        Refused.argument(() -> ConvShape.of(1, 9, 9, 8, 8, 3, 3).withGroups(16), "groups is 16", "c = 8", "k = 8");
    }

    @Test
    void tensorsThatOverflow() {
        Refused.argument(() -> ConvShape.of(1 << 16, 1 << 8, 1 << 7, 1, 1, 1, 1), "x needs", 1 << 16, 1 << 8, HUGE);
        Refused.argument(() -> ConvShape.of(1, 1, 1, 1 << 16, 1 << 15, 1, 1), "w needs", 1 << 16, 1 << 15, HUGE);
        Refused.argument(() -> ConvShape.of(1, 1 << 12, 1 << 12, 1, 1 << 7, 1, 1), "y needs", 1 << 12, 1 << 7, HUGE);
        Refused.argument(() -> ConvShape.of(HUGE, HUGE, HUGE, HUGE, HUGE, 1, 1), "x needs", HUGE);
        Refused.argument(() -> ConvShape.of(3, HUGE, 1, 1, 1, 1, 1), "x needs", 3, HUGE);
        // Products that overflow to something small and positive if ints are multiplied.
        Refused.argument(() -> ConvShape.of(1 << 16, 1 << 16, 1, 1, 1, 1, 1), "x needs", 1 << 16);
        Refused.argument(() -> ConvShape.of(1, 1, 1, 1 << 16, 1 << 16, 1, 1), "w needs", 1 << 16);
        Refused.argument(() -> ConvShape.of(1, 65537, 65536, 1, 1, 1, 1), "x needs", 65537);
        Refused.argument(() -> ConvShape.of(1, 1, 1, 1, 1, 1, 1).withPadding(1 << 16, 1 << 16), "y needs", (1 << 17) + 1);
        // Padded sizes that overflow.
        Refused.argument(() -> ConvShape.of(1, 5, 5, 1, 1, 1, 1).withStride(HUGE, 1).withPadding(HUGE, 0), "padded height", HUGE);
        Refused.argument(() -> ConvShape.of(1, 5, 5, 1, 1, 1, 1).withStride(1, HUGE).withPadding(0, 1 << 30), "padded width", HUGE);
        // Filters whose span overflows.
        Refused.argument(() -> ConvShape.of(1, 5, 5, 1, 1, 3, 3).withDilation(1 << 30, 1), "filter spans", (1L << 31) + 1, "5");
        Refused.argument(() -> ConvShape.of(1, 5, 5, 1, 1, 1, 5).withDilation(1, HUGE), "filter spans", 4L * HUGE + 1, "5");
        Refused.argument(() -> ConvShape.of(1, 5, 5, 1, 1, HUGE, 1), "filter spans " + HUGE, "5");
    }

    /** Sizes near the end of int whose tensors are small: nothing overflows on the way to the right answer. */
    static Stream<ConvShape> huge() {
        int far = 1_000_000_000;
        return Stream.of(
                ConvShape.of(1, 5, 6, 3, 4, 2, 2).withStride(HUGE, HUGE),
                ConvShape.of(2, 3, 4, 16, 17, 1, 1).withStride(HUGE, HUGE - 1),
                ConvShape.of(1, 3, 2, 5, 6, 1, 1).withStride(far, 1).withPadding(far, 0),
                ConvShape.of(1, 2, 3, 16, 16, 1, 2).withStride(1, far).withPadding(0, far),
                new ConvShape(1, 3, 4, 16, 33, 2, 2, 1, 1, far, 0, 0, far, far, far, 1),
                new ConvShape(1, 3, 15, 16, 33, 2, 2, 1, 1, far, 1, 0, 0, far, 1, 1),
                new ConvShape(1, 2, 15, 16, 16, 2, 2, 1, 1, 0, far, 0, 0, 1, far, 1),
                new ConvShape(1, 3, 3, 4, 5, 3, 1, 1, 1, far, 0, far, 0, far, 1, 1),
                new ConvShape(2, 1, 2, 16, 16, 2, 2, far, far, far, far, 0, 0, far, far, 1),
                new ConvShape(1, 4, 4, 6, 6, 1, 1, HUGE - 4, HUGE - 4, HUGE - 4, 0, 0, HUGE - 4, 1, 1, 6),
                new ConvShape(1, 1, 3, 2, 2, 1, 3, HUGE, 1, 0, 0, HUGE - 1, 0, HUGE, 1, 1),
                new ConvShape(1, 1, 55, 3, 32, 7, 7, 100_000_000, 2, 800_000_000, 0, 0, 0, 1, 1, 1),
                new ConvShape(1, 1, 55, 3, 32, 7, 7, 1000, 2, 8000, 0, 0, 0, 1, 1, 1),
                ConvShape.depthwise(1, 4, 5, 18, 3, 3).withStride(HUGE, HUGE));
    }

    @ParameterizedTest
    @MethodSource("huge")
    void hugeSizesOfSmallTensors(ConvShape shape) {
        ConvOperands in = ConvOperands.integers(shape);
        for (ConvCase c : ConvCase.of(shape)) {
            Guarded out = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE);
            c.oracle(in).assertExact(out, c);
            out.assertCanaries(c);
        }
    }

    /** The largest tensors an array can hold can be planned, though not computed here. */
    @ParameterizedTest
    @MethodSource("largest")
    void largestTensorsCanBePlanned(ConvShape large) {
        for (ConvCase c : ConvCase.of(large)) {
            int floats = c.plan().workspaceFloats();
            assertTrue(floats >= 0 && floats < 100_000_000, () -> c + ": " + floats);
        }
    }

    static Stream<ConvShape> largest() {
        int largest = HUGE - 8; // the longest array
        return Stream.of(ConvShape.of1d(1, largest, 1, 1, 1), ConvShape.of1d(1, largest, 1, 1, 9),
                ConvShape.of(1, 46340, 46340, 1, 1, 3, 3), ConvShape.of(46340, 1, 1, 46340, 16, 1, 1),
                ConvShape.of(1, 1 << 13, 1 << 14, 3, 15, 7, 7).withStride(2, 2), ConvShape.depthwise(1, 11585, 11585, 16, 3, 3));
    }

    // ---- arguments ----

    @Test
    void nulls() {
        Refused.isNull(() -> ConvPlan.of(null), "shape");
        Refused.isNull(() -> plan.withActivation(null), "activation");
        Refused.isNull(() -> plan.pack(null, w), "pass");
        Refused.isNull(() -> plan.algorithm(null), "pass");
        Refused.isNull(() -> plan.usesWinograd(null), "pass");
        Refused.isNull(() -> plan.refusal(null, "GemmConv"), "pass");
        Refused.isNull(() -> plan.withAlgorithm(null, "GemmConv"), "pass");
        Refused.isNull(() -> ConvPlan.algorithms(null), "pass");
        Refused.isNull(() -> plan.pack(Pass.FORWARD, null), "w");
        Refused.isNull(() -> plan.repack(Pass.FORWARD, null, 0, forwardFilter), "w");
        Refused.isNull(() -> plan.repack(Pass.FORWARD, w, 0, null), "packed");
        Refused.isNull(() -> plan.forward(null, forwardFilter, bias, y, workspace), "x");
        Refused.isNull(() -> plan.forward(x, null, bias, y, workspace), "w");
        Refused.isNull(() -> plan.forward(x, forwardFilter, bias, null, workspace), "y");
        Refused.isNull(() -> plan.forward(x, forwardFilter, bias, y, null), "workspace");
        Refused.isNull(() -> plan.forward(x, 0, forwardFilter, y, 0, null, workspace), "mode");
        Refused.isNull(() -> plan.gradInput(null, gradInputFilter, x, workspace), "dy");
        Refused.isNull(() -> plan.gradInput(y, null, x, workspace), "w");
        Refused.isNull(() -> plan.gradInput(y, gradInputFilter, null, workspace), "dx");
        Refused.isNull(() -> plan.gradInput(y, gradInputFilter, x, null), "workspace");
        Refused.isNull(() -> plan.gradInput(y, 0, gradInputFilter, x, 0, null, workspace), "mode");
        Refused.isNull(() -> plan.gradWeight(null, y, w, workspace), "x");
        Refused.isNull(() -> plan.gradWeight(x, null, w, workspace), "dy");
        Refused.isNull(() -> plan.gradWeight(x, y, null, workspace), "dw");
        Refused.isNull(() -> plan.gradWeight(x, y, w, null), "workspace");
        Refused.isNull(() -> plan.gradWeight(x, 0, y, 0, w, 0, null, workspace), "mode");
        Refused.isNull(() -> plan.gradBias(null, bias), "dy");
        Refused.isNull(() -> plan.gradBias(y, null), "dbias");
        plan.forward(x, forwardFilter, null, y, workspace); // and after all that the workspace is free
    }

    @Test
    void wrongLengths() {
        for (int off : new int[] {-1, 1}) {
            float[] badX = new float[xLength + off];
            float[] badW = new float[wLength + off];
            float[] badY = new float[yLength + off];
            float[] badBias = new float[4 + off];
            Refused.argument(() -> plan.pack(Pass.FORWARD, badW), "w has length " + badW.length, wLength);
            Refused.argument(() -> plan.forward(badX, forwardFilter, bias, y, workspace), "x has length " + badX.length, xLength);
            Refused.argument(() -> plan.forward(x, forwardFilter, bias, badY, workspace), "y has length " + badY.length, yLength);
            Refused.argument(() -> plan.forward(x, forwardFilter, badBias, y, workspace), "bias has length " + badBias.length, 4);
            Refused.argument(() -> plan.gradInput(badY, gradInputFilter, x, workspace), "dy has length " + badY.length, yLength);
            Refused.argument(() -> plan.gradInput(y, gradInputFilter, badX, workspace), "dx has length " + badX.length, xLength);
            Refused.argument(() -> plan.gradWeight(badX, y, w, workspace), "x has length " + badX.length, xLength);
            Refused.argument(() -> plan.gradWeight(x, badY, w, workspace), "dy has length " + badY.length, yLength);
            Refused.argument(() -> plan.gradWeight(x, y, badW, workspace), "dw has length " + badW.length, wLength);
            Refused.argument(() -> plan.gradBias(badY, bias), "dy has length " + badY.length, yLength);
            Refused.argument(() -> plan.gradBias(y, badBias), "dbias has length " + badBias.length, 4);
        }
    }

    @Test
    void offsetsOutsideTheArray() {
        for (int bad : new int[] {-1, Integer.MIN_VALUE}) {
            assertOffsetsRefused(bad, "offset is " + bad, "at least 0");
        }
        for (int bad : new int[] {1, HUGE}) { // every array has exactly the length needed
            assertOffsetsRefused(bad, "from offset " + bad, "length");
        }
    }

    private void assertOffsetsRefused(int bad, Object... parts) {
        WriteMode set = WriteMode.OVERWRITE;
        Refused.bounds(() -> plan.repack(Pass.FORWARD, w, bad, forwardFilter), parts);
        Refused.bounds(() -> plan.forward(x, bad, forwardFilter, bias, 0, y, 0, workspace), parts);
        Refused.bounds(() -> plan.forward(x, 0, forwardFilter, bias, bad, y, 0, workspace), parts);
        Refused.bounds(() -> plan.forward(x, 0, forwardFilter, bias, 0, y, bad, workspace), parts);
        Refused.bounds(() -> plan.forward(x, bad, forwardFilter, y, 0, set, workspace), parts);
        Refused.bounds(() -> plan.forward(x, 0, forwardFilter, y, bad, set, workspace), parts);
        Refused.bounds(() -> plan.gradInput(y, bad, gradInputFilter, x, 0, set, workspace), parts);
        Refused.bounds(() -> plan.gradInput(y, 0, gradInputFilter, x, bad, set, workspace), parts);
        Refused.bounds(() -> plan.gradWeight(x, bad, y, 0, w, 0, set, workspace), parts);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, bad, w, 0, set, workspace), parts);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, 0, w, bad, set, workspace), parts);
        Refused.bounds(() -> plan.gradBias(y, bad, bias, 0, set), parts);
        Refused.bounds(() -> plan.gradBias(y, 0, bias, bad, set), parts);
    }

    /** One array that holds input and output: any shared float is refused, none is fine. */
    @Test
    void overlap() {
        WriteMode set = WriteMode.OVERWRITE;
        float[] all = new float[xLength + yLength + wLength + 8];
        for (int shift : new int[] {0, 1, xLength - 1}) {
            Refused.argument(() -> plan.forward(all, 0, forwardFilter, all, shift, set, workspace), "x [0, " + xLength + ")",
                    "y [" + shift + ", " + (shift + yLength) + ")");
            Refused.argument(() -> plan.gradWeight(all, 0, y, 0, all, shift, set, workspace), "x [0, " + xLength + ")",
                    "dw [" + shift + ", " + (shift + wLength) + ")");
        }
        for (int shift : new int[] {0, 1, yLength - 1}) {
            Refused.argument(() -> plan.forward(all, shift, forwardFilter, all, 0, set, workspace), "overlap");
            Refused.argument(() -> plan.gradInput(all, 0, gradInputFilter, all, shift, set, workspace), "dy [0, " + yLength + ")",
                    "dx [" + shift + ", " + (shift + xLength) + ")");
            Refused.argument(() -> plan.gradWeight(x, 0, all, 0, all, shift, set, workspace), "dy [0, " + yLength + ")",
                    "dw [" + shift);
            Refused.argument(() -> plan.gradBias(all, 0, all, shift, set), "[0, " + yLength + ")",
                    "[" + shift + ", " + (shift + 4) + ")");
        }
        for (int shift : new int[] {0, 1, 3}) {
            Refused.argument(() -> plan.forward(x, 0, forwardFilter, all, 0, all, shift, workspace), "bias [0, 4)", "y [" + shift);
        }
        plan.forward(all, 0, forwardFilter, all, xLength, set, workspace);
        plan.forward(all, yLength, forwardFilter, all, 0, set, workspace);
        plan.forward(x, 0, forwardFilter, all, 0, all, 4, workspace);
        plan.forward(x, 0, forwardFilter, all, yLength, all, 0, workspace);
        plan.forward(all, 0, forwardFilter, all, 0, y, 0, workspace); // inputs may share
        plan.gradInput(all, 0, gradInputFilter, all, yLength, set, workspace);
        plan.gradWeight(all, 0, all, 0, all, Math.max(xLength, yLength), set, workspace);
        plan.gradBias(all, 0, all, yLength, set);
    }

    /** Input and output side by side in one array give what separate arrays give. */
    @Test
    void adjacentIsRight() {
        ConvOperands in = ConvOperands.integers(shape);
        float[] all = new float[xLength + yLength];
        System.arraycopy(in.x().original(), 0, all, 0, xLength);
        plan.forward(all, 0, plan.pack(Pass.FORWARD, in.w().original()), all, xLength, WriteMode.OVERWRITE, workspace);
        ConvOracle.forward(shape, in.x().original(), in.w().original())
                .assertExact(Guarded.of(Arrays.copyOfRange(all, xLength, all.length)), shape);
    }

    @Test
    void filterOfAnotherPlan() {
        Refused.argument(() -> plan.pack(Pass.GRAD_WEIGHT, w), "GRAD_WEIGHT", "FORWARD", "GRAD_INPUT");
        Refused.argument(() -> plan.repack(Pass.GRAD_WEIGHT, w, 0, forwardFilter), "GRAD_WEIGHT");
        Refused.argument(() -> plan.forward(x, gradInputFilter, bias, y, workspace), gradInputFilter, forwardFilter);
        Refused.argument(() -> plan.gradInput(y, forwardFilter, x, workspace), gradInputFilter, forwardFilter);
        Refused.argument(() -> plan.repack(Pass.GRAD_INPUT, w, 0, forwardFilter), gradInputFilter, forwardFilter);
        for (ConvShape other : List.of(ConvShape.of(2, 5, 6, 3, 5, 3, 2), ConvShape.of(2, 5, 6, 4, 4, 3, 2),
                ConvShape.of(2, 5, 6, 3, 4, 2, 3))) {
            for (ConvCase c : ConvCase.of(other)) {
                if (c.pass() != Pass.GRAD_WEIGHT) {
                    PackedFilter packed = c.plan().pack(c.pass(), new float[other.wLength()]);
                    Refused.argument(() -> plan.forward(x, packed, bias, y, workspace), packed, forwardFilter);
                    Refused.argument(() -> plan.gradInput(y, packed, x, workspace), packed, gradInputFilter);
                }
            }
        }
    }

    /** A filter is accepted only where it computes the right thing: every pair of shapes and algorithms, refused or right. */
    @Test
    void filterIsRefusedOrRight() {
        List<ConvShape> relatives = List.of(
                ConvShape.of(1, 6, 16, 16, 32, 3, 3), ConvShape.of(2, 5, 19, 16, 32, 3, 3), ConvShape.of(1, 6, 16, 32, 16, 3, 3),
                ConvShape.of(1, 6, 16, 16, 32, 3, 3).withPadding(1, 1), ConvShape.of(1, 6, 16, 16, 32, 3, 3).withStride(2, 2),
                ConvShape.of(1, 6, 16, 16, 32, 3, 3).withStride(2, 2).withPadding(1, 0, 0, 1),
                ConvShape.of(1, 6, 16, 16, 32, 3, 3).withStride(2, 1), ConvShape.of(1, 6, 16, 16, 32, 3, 3).withDilation(1, 2),
                ConvShape.of(1, 6, 16, 16, 32, 3, 3).withStride(2, 2).withDilation(2, 2),
                ConvShape.of(1, 3, 3, 16, 32, 3, 3).withStride(4, 4), ConvShape.of(1, 6, 16, 16, 32, 3, 3).withStride(4, 4),
                Shapes.padded(1, 3, 3, 16, 32, 3, 3, 4, 3, 3), Shapes.padded(1, 3, 3, 16, 32, 3, 3, 5, 3, 3),
                new ConvShape(1, 2, 3, 16, 32, 10, 1, 7, 1, 7, 0, 8, 0, 1, 1, 1), // as many taps in every phase,
                new ConvShape(1, 2, 3, 16, 32, 10, 1, 8, 1, 8, 0, 8, 0, 1, 1, 1), // but not the same
                ConvShape.of(1, 9, 9, 16, 32, 1, 9), ConvShape.of(1, 9, 9, 16, 32, 9, 1),
                ConvShape.of(1, 6, 7, 144, 32, 1, 1), ConvShape.of(1, 6, 7, 144, 32, 1, 1).withStride(2, 2),
                ConvShape.of(1, 6, 7, 32, 32, 3, 3).withGroups(2), ConvShape.of(1, 6, 7, 64, 64, 3, 3).withGroups(8),
                ConvShape.of(1, 4, 60, 6, 32, 3, 7).withStride(2, 2), ConvShape.of(1, 4, 60, 6, 32, 3, 7).withStride(1, 2),
                Shapes.padded(4, 8, 8, 32, 32, 3, 3, 2, 1, 1), Shapes.padded(2, 10, 16, 32, 32, 3, 3, 2, 1, 1),
                Shapes.padded(1, 6, 16, 16, 32, 3, 3, 2, 1, 1),
                ConvShape.depthwise(1, 6, 7, 512, 3, 3), ConvShape.depthwise(2, 6, 7, 512, 3, 3).withStride(2, 2));
        int accepted = 0;
        int refused = 0;
        List<ConvCase> cases = relatives.stream().flatMap(s -> ConvCase.of(s).stream())
                .filter(c -> c.pass() != Pass.GRAD_WEIGHT).toList();
        for (ConvCase reader : cases) {
            ConvOperands in = ConvOperands.integers(reader.shape());
            for (ConvCase packer : cases) {
                if (packer.shape().wLength() != reader.shape().wLength()) {
                    continue;
                }
                Guarded out = Guarded.ofNaN(reader.outLength());
                PackedFilter packed = packer.plan().pack(packer.pass(), in.w().original());
                try {
                    reader.run(reader.plan(), in, packed, out, WriteMode.OVERWRITE, reader.workspace(Threads.one()));
                } catch (IllegalArgumentException e) {
                    refused++;
                    continue;
                }
                reader.oracle(in).assertExact(out, reader + " with a filter packed by " + packer);
                accepted++;
            }
        }
        assertTrue(accepted >= cases.size() && refused > 0, accepted + " accepted, " + refused + " refused");
    }

    @Test
    void workspaceTooSmall() {
        int need = plan.workspaceFloats();
        assertTrue(need > 0);
        for (ConvCase c : poisoned().toList()) {
            ConvPlan other = c.plan();
            int enough = c.workspace(Threads.one()).floatsPerWorker();
            if (enough > 0) {
                ConvOperands in = ConvOperands.integers(c.shape());
                PackedFilter filter = c.pack(other, in);
                Guarded out = Guarded.ofNaN(c.outLength());
                Workspace small = Workspace.ofFloats(enough - 1);
                Refused.argument(() -> c.run(other, in, filter, out, WriteMode.OVERWRITE, small), enough - 1, enough);
            }
        }
    }

    // ---- NaN and infinity ----

    /** Shapes of every kind, all small: each algorithm meets some of them. */
    static Stream<ConvCase> poisoned() {
        return Stream.of(
                ConvShape.of(1, 6, 7, 5, 6, 3, 3),
                ConvShape.of(1, 7, 9, 2, 6, 3, 3).withPadding(1, 1),
                ConvShape.of(2, 3, 15, 16, 32, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 4, 16, 16, 35, 3, 3),
                ConvShape.of(1, 4, 16, 7, 16, 2, 2),
                ConvShape.of(1, 11, 11, 16, 17, 3, 3).withPadding(1, 1), // tiles of 4x4
                ConvShape.of(2, 6, 7, 17, 16, 3, 3), // tiles of 2x2
                ConvShape.of(1, 7, 7, 34, 18, 3, 3).withPadding(1, 1), // four tiles of 4x4
                ConvShape.of(2, 14, 14, 17, 33, 3, 3), // the weight gradient too
                ConvShape.of(1, 7, 8, 3, 16, 5, 5).withStride(2, 2).withPadding(2, 2),
                ConvShape.of(1, 9, 9, 3, 32, 7, 7).withStride(2, 2).withPadding(3, 3),
                ConvShape.of(4, 8, 8, 32, 33, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(3, 16, 15, 33, 64, 3, 3).withStride(2, 2).withPadding(1, 1), // its weight gradient, too
                ConvShape.of(1, 4, 16, 16, 32, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 4, 60, 6, 32, 3, 7).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 4, 5, 20, 18, 1, 1),
                ConvShape.of(3, 1, 1, 20, 37, 1, 1),
                ConvShape.of(1, 5, 6, 16, 16, 1, 1).withStride(2, 2),
                ConvShape.of(1, 6, 7, 12, 8, 3, 2).withGroups(4).withPadding(1, 1),
                ConvShape.depthwise(1, 6, 7, 19, 3, 3).withPadding(1, 1),
                ConvShape.depthwise(1, 7, 8, 16, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 6, 5, 4, 12, 3, 3).withGroups(4),
                ConvShape.of(1, 8, 8, 8, 8, 2, 2).withDilation(2, 3),
                ConvShape.of(1, 8, 9, 34, 32, 5, 5).withPadding(2, 2),
                ConvShape.of(1, 8, 9, 34, 32, 5, 5),
                ConvShape.of(2, 7, 14, 3, 16, 5, 5),
                ConvShape.of(1, 2, 30, 33, 32, 1, 9).withPadding(0, 4),
                ConvShape.of1d(1, 44, 32, 33, 11),
                ConvShape.of1d(1, 18, 16, 17, 3),
                ConvShape.of1d(1, 20, 16, 32, 9).withPadding(0, 4),
                ConvShape.depthwise(1, 7, 8, 21, 3, 3), // without padding, as the next three
                ConvShape.depthwise(1, 9, 8, 20, 3, 3).withStride(2, 2),
                ConvShape.of(1, 9, 59, 3, 32, 7, 7).withStride(2, 2),
                ConvShape.of(4, 9, 9, 32, 33, 3, 3).withStride(2, 2)).flatMap(shape -> ConvCase.of(shape).stream());
    }

    @Test
    void poisonReachesEveryAlgorithm() {
        ConvCase.assertEveryAlgorithm(poisoned());
        ConvCase.assertEveryAlgorithm(poisoned().filter(ConvHostileTest::hasInside));
    }

    /**
     * NaN and infinities in x and dy reach exactly the results that depend on them, and meet there as IEEE 754 says; Winograd's
     * algorithm may spread them over the tiles that see them.
     */
    @ParameterizedTest
    @MethodSource("poisoned")
    void poisonedData(ConvCase c) {
        ConvOperands clean = ConvOperands.integers(c.shape());
        for (float[] poison : new float[][] {{Float.NaN}, {Float.POSITIVE_INFINITY}, {Float.NEGATIVE_INFINITY},
            {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}}) {
            for (int at = 0; at < 7; at++) {
                float[] x = clean.x().original().clone();
                float[] dy = clean.dy().original().clone();
                for (int i = 0; i < poison.length; i++) {
                    int place = (at * 7919 + i * 31) % (c.pass() == Pass.GRAD_INPUT ? dy.length : x.length);
                    if (c.pass() == Pass.GRAD_INPUT) {
                        dy[place] = poison[i];
                    } else {
                        x[place] = poison[i];
                    }
                }
                ConvOperands in = ConvOperands.of(x, clean.w().original(), dy);
                Guarded out = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE);
                String what = c + " with " + Arrays.toString(poison) + " at " + at;
                if (c.isWinograd() && c.pass() == Pass.GRAD_WEIGHT) {
                    assertPoisonStaysInInputs(c, in, out, what);
                } else if (c.isWinograd()) {
                    assertPoisonStaysInTiles(c, in, out, what);
                } else {
                    c.oracle(in).assertExact(out, what);
                }
                out.assertCanaries(c);
            }
        }
    }

    /**
     * Winograd's transforms mix the pixels of a tile: a result is not finite where the sum is not, right where it is finite, and
     * finite in every tile that sees no poison.
     */
    private static void assertPoisonStaysInTiles(ConvCase c, ConvOperands in, Guarded out, String what) {
        ConvShape shape = c.shape();
        boolean forward = c.pass() == Pass.FORWARD;
        float[] source = (forward ? in.x() : in.dy()).original();
        int sourceH = forward ? shape.h() : shape.p();
        int sourceW = forward ? shape.w() : shape.q();
        int outH = forward ? shape.p() : shape.h();
        int outW = forward ? shape.q() : shape.w();
        int top = forward ? shape.padTop() : shape.r() - 1 - shape.padTop();
        int left = forward ? shape.padLeft() : shape.s() - 1 - shape.padLeft();
        var tiles = new WinogradBound(c.winogradForm());
        var clean = new boolean[shape.n() * outH * outW];
        Arrays.fill(clean, true);
        for (int i = 0; i < source.length; i++) {
            if (!Float.isFinite(source[i])) {
                int pixel = i / (source.length / (shape.n() * sourceH * sourceW));
                int row = pixel / sourceW % sourceH + top;
                int column = pixel % sourceW + left;
                for (int p = 0; p < outH; p++) {
                    for (int q = 0; q < outW; q++) {
                        clean[(pixel / sourceW / sourceH * outH + p) * outW + q] &= !tiles.sees(c.pass(), p, q, row, column, shape);
                    }
                }
            }
        }
        Sums sums = c.sums(in);
        int channels = c.outChannels();
        for (int i = 0; i < out.length(); i++) {
            boolean finite = Float.isFinite(out.get(i));
            boolean mayBe = Double.isFinite(sums.value(i));
            assertTrue(finite ? mayBe && Math.rint(out.get(i)) == sums.value(i) : !clean[i / channels],
                    what + ": element " + i + " is " + out.get(i) + ", the sum " + sums.value(i));
        }
    }

    /** In a weight gradient it may reach all taps of its channel of x: others are right, and what depends on it is not finite. */
    private static void assertPoisonStaysInInputs(ConvCase c, ConvOperands in, Guarded out, String what) {
        ConvShape shape = c.shape();
        float[] x = in.x().original();
        var clean = new boolean[shape.c()];
        Arrays.fill(clean, true);
        for (int i = 0; i < x.length; i++) {
            clean[i % shape.c()] &= Float.isFinite(x[i]);
        }
        Sums sums = c.sums(in);
        for (int i = 0; i < out.length(); i++) {
            boolean finite = Float.isFinite(out.get(i));
            boolean mayBe = Double.isFinite(sums.value(i));
            assertTrue(finite ? mayBe && Math.rint(out.get(i)) == sums.value(i) : !clean[i / shape.k() % shape.c()],
                    what + ": element " + i + " is " + out.get(i) + ", the sum " + sums.value(i));
        }
    }

    /**
     * Weights, and the dy of gradWeight, meet the zeros of padding, where NaN is nobody's promise: results that see none are right, and
     * so are all of other channels.
     */
    @ParameterizedTest
    @MethodSource("poisoned")
    void poisonedWeights(ConvCase c) {
        ConvOperands clean = ConvOperands.integers(c.shape());
        int spoilt = 0;
        for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at = 0; at < 7; at++) {
                float[] w = clean.w().original().clone();
                float[] dy = clean.dy().original().clone();
                float[] poisoned = c.pass() == Pass.GRAD_WEIGHT ? dy : w;
                int place = at * 7919 % poisoned.length;
                poisoned[place] = poison;
                ConvOperands in = ConvOperands.of(clean.x().original(), w, dy);
                Guarded out = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE);
                spoilt += assertPoisonStaysInChannel(c, in, out, place, c + " with " + poison + " at " + at);
                out.assertCanaries(c);
            }
        }
        assertEquals(hasInside(c), spoilt > 0, c::toString);
    }

    /**
     * What is not finite spoils its channel of the result alone, just where it spoils the sums there; Winograd's transforms may spread
     * it in that channel, and make infinity NaN. Returns how many sums are spoilt.
     */
    private static int assertPoisonStaysInChannel(ConvCase c, ConvOperands in, Guarded out, int place, String what) {
        Sums sums = c.sums(in);
        int spoilt = 0;
        for (int i = 0; i < out.length(); i++) {
            boolean itsChannel = i % c.outChannels() == poisonedChannel(c, place);
            if (itsChannel && !isInside(c, i, place)) {
                continue;
            }
            float got = out.get(i);
            double sum = sums.value(i);
            boolean right;
            if (!c.isWinograd()) {
                right = Double.compare(got, sum) == 0 || got == sum;
            } else if (Float.isFinite(got)) {
                right = Math.rint(got) == sum;
            } else {
                right = itsChannel;
            }
            assertTrue(right, what + ": element " + i + " is " + got + ", the sum " + sum);
            spoilt += Double.isFinite(sum) ? 0 : 1;
        }
        return spoilt;
    }

    /** The channel of the result that depends on element {@code place} of w, or of dy for a weight gradient. */
    private static int poisonedChannel(ConvCase c, int place) {
        ConvShape shape = c.shape();
        int k = place % shape.k();
        return c.pass() == Pass.GRAD_INPUT ? k / shape.groupK() * shape.groupC() + place / shape.k() % shape.groupC() : k;
    }

    /** Whether any result sees no padding. */
    private static boolean hasInside(ConvCase c) {
        return IntStream.range(0, c.outLength()).anyMatch(i -> isInside(c, i, 0));
    }

    /** Whether no padding enters result {@code i}: of a weight gradient, with the pixel of element {@code place} of dy. */
    private static boolean isInside(ConvCase c, int i, int place) {
        ConvShape shape = c.shape();
        if (c.pass() == Pass.GRAD_WEIGHT) {
            int tap = i / shape.k() / shape.groupC();
            int pixel = place / shape.k();
            return seesRow(shape, pixel / shape.q() % shape.p(), tap / shape.s())
                    && seesColumn(shape, pixel % shape.q(), tap % shape.s());
        }
        int pixel = i / c.outChannels();
        boolean inside = true;
        for (int r = 0; r < shape.r(); r++) {
            inside &= c.pass() == Pass.FORWARD ? seesRow(shape, pixel / shape.q() % shape.p(), r)
                    : isSeen(pixel / shape.w() % shape.h() + shape.padTop() - r * shape.dilationH(), shape.strideH(), shape.p());
        }
        for (int s = 0; s < shape.s(); s++) {
            inside &= c.pass() == Pass.FORWARD ? seesColumn(shape, pixel % shape.q(), s)
                    : isSeen(pixel % shape.w() + shape.padLeft() - s * shape.dilationW(), shape.strideW(), shape.q());
        }
        return inside;
    }

    /** Whether tap {@code r} of row {@code p} of the output lies in the image. */
    private static boolean seesRow(ConvShape shape, int p, int r) {
        int row = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
        return row >= 0 && row < shape.h();
    }

    private static boolean seesColumn(ConvShape shape, int q, int s) {
        int column = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
        return column >= 0 && column < shape.w();
    }

    /** Whether there is an output where a window begins, or none begins there. */
    private static boolean isSeen(int begin, int stride, int outputs) {
        return begin % stride != 0 || begin >= 0 && begin / stride < outputs;
    }

    /** ReLU, in registers or not, keeps NaN and +infinity, as {@link Eltwise#relu} does; a NaN bias spoils its channel alone. */
    @ParameterizedTest
    @MethodSource("poisoned")
    void poisonedBiasThroughRelu(ConvCase c) {
        if (c.pass() == Pass.GRAD_WEIGHT) {
            return;
        }
        ConvOperands in = ConvOperands.integers(c.shape());
        float[] bias = Data.integers(4, c.outChannels());
        bias[0] = Float.NaN;
        bias[bias.length - 1] = Float.POSITIVE_INFINITY;
        bias[bias.length / 2] = Float.NEGATIVE_INFINITY;
        ConvPlan plan = c.plan().withActivation(Activation.RELU);
        Guarded out = Guarded.ofNaN(c.outLength());
        c.runFused(plan, in, c.pack(plan, in), Guarded.of(bias), out, c.workspace(Threads.one()));
        float[] expected = c.sums(in).plusRows(bias).floats();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            float relu = expected[i] < 0 ? 0 : expected[i];
            float got = c.isWinograd() ? (float) Math.rint(out.get(i)) : out.get(i);
            if (!(got == relu || Float.isNaN(relu) && Float.isNaN(got))) {
                wrong.add(i);
            }
        }
        assertEquals(List.of(), wrong, c::toString);
    }

    @Test
    void gradBiasWithPoison() {
        float[] dy = Data.integers(3, yLength);
        dy[5] = Float.NaN;
        dy[6] = Float.POSITIVE_INFINITY;
        dy[7] = Float.POSITIVE_INFINITY;
        dy[11] = Float.NEGATIVE_INFINITY;
        plan.gradBias(dy, bias);
        ConvOracle.gradBias(shape, dy).assertExact(Guarded.of(bias), "gradBias");
        assertTrue(Float.isNaN(bias[1]) && bias[2] == Float.POSITIVE_INFINITY && Float.isNaN(bias[3]) && Float.isFinite(bias[0]));
    }
}
