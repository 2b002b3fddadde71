package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolution of volumes, exact on small integers and between canaries; the gradients are its adjoints. */
class Conv3dTest {

    private static final ConvShape PLAIN = ConvShape.of(1, 4, 5, 3, 6, 3, 2);

    /** A filter larger than its slices. */
    private static final ConvShape LARGE = ConvShape.of(1, 3, 4, 9, 17, 3, 3, 1, 1);

    static Stream<Conv3dShape> shapes() {
        return Stream.of(
                new Conv3dShape(5, 3, 1, 0, 0, 1, PLAIN),
                new Conv3dShape(5, 3, 1, 1, 1, 1, PLAIN.withBatch(3).withPadding(1, 0, 2, 1)),
                new Conv3dShape(7, 2, 3, 0, 2, 2, PLAIN.withStride(2, 1)),
                new Conv3dShape(2, 1, 2, 3, 4, 1, PLAIN), // output slices of padding only
                new Conv3dShape(4, 2, 3, 0, 0, 3, PLAIN.withBatch(2)), // input slices and one tap that nothing sees twice
                new Conv3dShape(9, 2, 4, 0, 0, 1, PLAIN), // input slices that nothing sees
                new Conv3dShape(3, 3, 1, 2, 2, 2, ConvShape.of(2, 3, 3, 8, 8, 3, 3, 1, 1).withGroups(4)),
                new Conv3dShape(3, 2, 1, 1, 0, 1, ConvShape.of(2, 5, 5, 33, 17, 1, 1)),
                new Conv3dShape(4, 3, 1, 1, 1, 1, LARGE.withBatch(3)), // the middle tap reaches all slices
                new Conv3dShape(4, 2, 1, 0, 0, 2, LARGE), // every tap reaches all outputs, none all inputs
                new Conv3dShape(2, 2, 1, 1, 1, 2, LARGE.withBatch(2)), // no tap reaches all outputs
                new Conv3dShape(2, 1, 1, 2, 1, 1, LARGE), // output slices of padding only
                new Conv3dShape(2, 3, 1, 4, 0, 2, LARGE), // a tap that reaches nothing
                new Conv3dShape(5, 3, 2, 1, 1, 1, LARGE), // slices that do not follow each other
                new Conv3dShape(3, 2, 1, 0, 0, 1, ConvShape.of(2, 7, 14, 2, 16, 5, 5)), // five columns, added to
                new Conv3dShape(3, 3, 1, 1, 1, 1, ConvShape.of(1, 9, 7, 16, 20, 3, 3, 2, 1)));
    }

    /** Every product of the sum: x, w and y by their numbers. */
    private interface Term {
        void visit(int x, int w, int y);
    }

    private static void forEachTerm(Conv3dShape s, Term term) {
        ConvShape f = s.slice();
        for (int y = 0; y < s.yLength(); y++) {
            int k = y % f.k();
            int q = y / f.k() % f.q();
            int p = y / f.k() / f.q() % f.p();
            int o = y / f.k() / f.q() / f.p() % s.o();
            int n = y / f.k() / f.q() / f.p() / s.o();
            for (int w = 0; w < s.wLength() / f.k(); w++) {
                int c = w % f.groupC();
                int tap = w / f.groupC();
                int width = q * f.strideW() - f.padLeft() + tap % f.s() * f.dilationW();
                int height = p * f.strideH() - f.padTop() + tap / f.s() % f.r() * f.dilationH();
                int depth = o * s.stride() - s.padFront() + tap / f.s() / f.r() * s.dilation();
                if (width >= 0 && width < f.w() && height >= 0 && height < f.h() && depth >= 0 && depth < s.d()) {
                    int group = k / f.groupK();
                    term.visit((((n * s.d() + depth) * f.h() + height) * f.w() + width) * f.c() + group * f.groupC() + c,
                            w * f.k() + k, y);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void forward(Conv3dShape shape) {
        Conv3dPlan plan = Conv3dPlan.of(shape).withoutWinograd();
        Guarded x = Guarded.of(Data.integers(1, shape.xLength()));
        Guarded w = Guarded.of(Data.integers(2, shape.wLength()));
        Guarded bias = Guarded.of(Data.integers(3, shape.slice().k()));
        PackedFilter packed = plan.newFilter(Pass.FORWARD);
        plan.repack(Pass.FORWARD, w.array(), w.offset(), packed);
        Sums sums = new Sums(shape.yLength());
        forEachTerm(shape, (i, j, o) -> sums.add(o, (double) x.get(i) * w.get(j)));
        Guarded y = Guarded.ofNaN(shape.yLength());
        Workspace workspace = plan.newWorkspace();
        Arrays.fill(workspace.floats(), Float.NaN);
        plan.forward(x.array(), x.offset(), packed, null, 0, y.array(), y.offset(), workspace);
        sums.assertExact(y, shape);
        plan.forward(x.array(), x.offset(), packed, bias.array(), bias.offset(), y.array(), y.offset(), workspace);
        sums.plusRows(bias.values()).assertExact(y, shape + " with bias");
        y.assertCanaries(shape);
        x.assertUntouched(shape);
        bias.assertUntouched(shape);
        assertTrue(packed.length() > 0);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradients(Conv3dShape shape) {
        Conv3dPlan plan = Conv3dPlan.of(shape).withoutWinograd();
        Guarded x = Guarded.of(Data.integers(1, shape.xLength()));
        Guarded w = Guarded.of(Data.integers(2, shape.wLength()));
        Guarded dy = Guarded.of(Data.integers(4, shape.yLength()));
        PackedFilter packed = plan.newFilter(Pass.GRAD_INPUT);
        plan.repack(Pass.GRAD_INPUT, w.array(), w.offset(), packed);
        Sums byX = new Sums(shape.xLength());
        Sums byW = new Sums(shape.wLength());
        forEachTerm(shape, (i, j, o) -> {
            byX.add(i, (double) dy.get(o) * w.get(j));
            byW.add(j, (double) dy.get(o) * x.get(i));
        });
        Workspace workspace = plan.newWorkspace();
        Guarded dx = Guarded.ofNaN(shape.xLength());
        Guarded dw = Guarded.ofNaN(shape.wLength());
        plan.gradInput(dy.array(), dy.offset(), packed, dx.array(), dx.offset(), WriteMode.OVERWRITE, workspace);
        plan.gradWeight(x.array(), x.offset(), dy.array(), dy.offset(), dw.array(), dw.offset(), WriteMode.OVERWRITE, workspace);
        byX.assertExact(dx, shape + " by x");
        byW.assertExact(dw, shape + " by w");
        plan.gradInput(dy.array(), dy.offset(), packed, dx.array(), dx.offset(), WriteMode.ACCUMULATE, workspace);
        plan.gradWeight(x.array(), x.offset(), dy.array(), dy.offset(), dw.array(), dw.offset(), WriteMode.ACCUMULATE, workspace);
        for (int i = 0; i < dx.length(); i++) {
            assertEquals(2 * byX.value(i), dx.get(i), shape + " by x, added");
        }
        for (int i = 0; i < dw.length(); i++) {
            assertEquals(2 * byW.value(i), dw.get(i), shape + " by w, added");
        }
        for (Guarded guarded : new Guarded[] {dx, dw}) {
            guarded.assertCanaries(shape);
        }
        dy.assertUntouched(shape);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradBias(Conv3dShape shape) {
        Guarded dy = Guarded.of(Data.integers(4, shape.yLength()));
        assertSumsPerChannel(Conv3dPlan.of(shape), dy, shape.slice().k(), shape);
    }

    private static void assertSumsPerChannel(FilterPlan plan, Guarded dy, int channels, Object what) {
        Sums sums = new Sums(channels);
        for (int i = 0; i < dy.length(); i++) {
            sums.add(i % channels, dy.get(i));
        }
        Guarded dbias = Guarded.ofNaN(channels);
        plan.gradBias(dy.array(), dy.offset(), dbias.array(), dbias.offset(), WriteMode.OVERWRITE);
        sums.assertExact(dbias, what + " by the bias");
        plan.gradBias(dy.array(), dy.offset(), dbias.array(), dbias.offset(), WriteMode.ACCUMULATE);
        sums.plusRows(sums.floats()).assertExact(dbias, what + " by the bias, added");
        dbias.assertCanaries(what);
        dy.assertUntouched(what);
    }

    /** The mirror's products turned round: y has the mirror's x, dx its y, and slices that nothing reaches have the bias alone. */
    @ParameterizedTest
    @MethodSource("shapes")
    void transposed(Conv3dShape mirror) {
        ConvTranspose3dPlan plan = ConvTranspose3dPlan.of(mirror).withoutWinograd();
        assertEquals(mirror, plan.mirror());
        Guarded x = Guarded.of(Data.integers(1, mirror.yLength()));
        Guarded w = Guarded.of(Data.integers(2, mirror.wLength()));
        Guarded bias = Guarded.of(Data.integers(3, mirror.slice().c()));
        Guarded dy = Guarded.of(Data.integers(4, mirror.xLength()));
        Sums sums = new Sums(mirror.xLength());
        Sums byX = new Sums(mirror.yLength());
        Sums byW = new Sums(mirror.wLength());
        forEachTerm(mirror, (to, tap, from) -> {
            sums.add(to, (double) x.get(from) * w.get(tap));
            byX.add(from, (double) dy.get(to) * w.get(tap));
            byW.add(tap, (double) dy.get(to) * x.get(from));
        });
        PackedFilter packed = plan.newFilter(Pass.FORWARD);
        PackedFilter back = plan.newFilter(Pass.GRAD_INPUT);
        plan.repack(Pass.FORWARD, w.array(), w.offset(), packed);
        plan.repack(Pass.GRAD_INPUT, w.array(), w.offset(), back);
        Workspace workspace = plan.newWorkspace();
        Arrays.fill(workspace.floats(), Float.NaN);
        Guarded y = Guarded.ofNaN(mirror.xLength());
        plan.forward(x.array(), x.offset(), packed, null, 0, y.array(), y.offset(), workspace);
        sums.assertExact(y, mirror + " transposed");
        plan.forward(x.array(), x.offset(), packed, bias.array(), bias.offset(), y.array(), y.offset(), workspace);
        sums.plusRows(bias.values()).assertExact(y, mirror + " transposed, with bias");
        Guarded dx = Guarded.ofNaN(mirror.yLength());
        Guarded dw = Guarded.ofNaN(mirror.wLength());
        plan.gradInput(dy.array(), dy.offset(), back, dx.array(), dx.offset(), WriteMode.OVERWRITE, workspace);
        plan.gradWeight(x.array(), x.offset(), dy.array(), dy.offset(), dw.array(), dw.offset(), WriteMode.OVERWRITE, workspace);
        byX.assertExact(dx, mirror + " transposed, by x");
        byW.assertExact(dw, mirror + " transposed, by w");
        plan.gradInput(dy.array(), dy.offset(), back, dx.array(), dx.offset(), WriteMode.ACCUMULATE, workspace);
        plan.gradWeight(x.array(), x.offset(), dy.array(), dy.offset(), dw.array(), dw.offset(), WriteMode.ACCUMULATE, workspace);
        byX.plusRows(byX.floats()).assertExact(dx, mirror + " transposed, by x, added");
        byW.plusRows(byW.floats()).assertExact(dw, mirror + " transposed, by w, added");
        assertSumsPerChannel(plan, dy, mirror.slice().c(), mirror + " transposed");
        for (Guarded in : new Guarded[] {x, w, bias, dy}) {
            in.assertUntouched(mirror);
        }
        for (Guarded out : new Guarded[] {y, dx, dw}) {
            out.assertCanaries(mirror);
        }
    }

    /** By slice; by tap, where the bias is there first; and by tap, where one brings it. */
    @Test
    void transposedEveryWay() {
        assertTrue(shapes().anyMatch(shape -> !isByTap(shape)));
        assertTrue(shapes().anyMatch(shape -> isByTap(shape) && !isReachedByOneTap(shape)));
        assertTrue(shapes().anyMatch(shape -> isByTap(shape) && isReachedByOneTap(shape)));
    }

    private static boolean isReachedByOneTap(Conv3dShape shape) {
        return IntStream.range(0, shape.t())
                .anyMatch(tap -> IntStream.range(0, shape.o()).filter(out -> shape.in(out, tap) >= 0).count() == shape.d());
    }

    private static boolean isByTap(Conv3dShape shape) {
        return ConvTranspose3dPlan.of(shape).describe().contains("all slices of a tap at once");
    }

    /** The output's depth, for every way to come by it. */
    @Test
    void mirrorOfATransposedLayer() {
        assertEquals(new Conv3dShape(9, 3, 2, 1, 1, 1, PLAIN), ConvTranspose3dPlan.mirror(5, 3, 2, 1, 1, 0, 1, PLAIN));
        assertEquals(new Conv3dShape(10, 3, 2, 1, 1, 1, PLAIN), ConvTranspose3dPlan.mirror(5, 3, 2, 1, 1, 1, 1, PLAIN));
        assertEquals(new Conv3dShape(14, 3, 2, 0, 1, 3, PLAIN), ConvTranspose3dPlan.mirror(5, 3, 2, 0, 1, 0, 3, PLAIN));
        assertEquals(5, ConvTranspose3dPlan.mirror(5, 3, 2, 0, 1, 0, 3, PLAIN).o());
        Refused.argument(() -> ConvTranspose3dPlan.mirror(0, 3, 2, 1, 1, 0, 1, PLAIN), "d is 0", "at least 1");
        Refused.argument(() -> ConvTranspose3dPlan.mirror(5, 3, 2, 1, 1, 2, 1, PLAIN), "output padding of the depth is 2", "stride 2");
        Refused.argument(() -> ConvTranspose3dPlan.mirror(5, 3, 2, 1, 1, -1, 1, PLAIN), "output padding of the depth is -1");
        Refused.argument(() -> ConvTranspose3dPlan.mirror(1, 1, 1, 1, 0, 0, 1, PLAIN), "output depth would be 0");
        Refused.isNull(() -> ConvTranspose3dPlan.mirror(1, 1, 1, 0, 0, 0, 1, null), "slice");
    }

    /** Where a filter is larger than its slices, they are a batch. */
    @Test
    void choice() {
        assertTrue(Conv3dPlan.of(new Conv3dShape(4, 3, 1, 1, 1, 1, LARGE)).toString().contains("tap by tap: n4"));
        assertTrue(Conv3dPlan.of(new Conv3dShape(5, 3, 2, 1, 1, 1, LARGE)).toString().contains("slice by slice: n1"));
        assertTrue(Conv3dPlan.of(new Conv3dShape(4, 3, 1, 1, 1, 1, PLAIN)).toString().contains("slice by slice: n1"));
    }

    /** With several threads the same bits, with Winograd's algorithm, too. */
    @ParameterizedTest
    @ValueSource(ints = {5, 14})
    void threads(int side) {
        Conv3dShape shape = new Conv3dShape(4, 3, 1, 1, 1, 1, ConvShape.of(2, side, side, 32, 32, 3, 3, 1, 1));
        Conv3dPlan plan = Conv3dPlan.of(shape);
        float[] x = Data.reals(1, shape.xLength());
        PackedFilter packed = plan.newFilter(Pass.FORWARD);
        plan.repack(Pass.FORWARD, Data.reals(2, shape.wLength()), 0, packed);
        float[] one = new float[shape.yLength()];
        float[] three = new float[shape.yLength()];
        plan.forward(x, 0, packed, null, 0, one, 0, plan.newWorkspace());
        try (Threads threads = Threads.of(3)) {
            plan.forward(x, 0, packed, null, 0, three, 0, new Workspace(plan.workspaceFloats(), threads));
        }
        assertArrayEquals(one, three);
        assertFalse(Arrays.equals(one, new float[one.length]));
        assertTrue(plan.describe().contains("WinogradConv"), plan.describe());
    }

    @Test
    void refused() {
        Refused.argument(() -> new Conv3dShape(2, 4, 1, 1, 0, 1, PLAIN), "spans 4 in depth", "padded input's 3");
        Refused.argument(() -> new Conv3dShape(0, 1, 1, 0, 0, 1, PLAIN), "d is 0", "at least 1");
        Refused.argument(() -> new Conv3dShape(1, 1, 0, 0, 0, 1, PLAIN), "stride in depth is 0");
        Refused.argument(() -> new Conv3dShape(1, 1, 1, -1, 2, 1, PLAIN), "padFront is -1");
        Refused.argument(() -> new Conv3dShape(100_000_000, 1, 1, 0, 0, 1, PLAIN), "x needs [60, 100000000]", "2147483647");
        Refused.isNull(() -> new Conv3dShape(1, 1, 1, 0, 0, 1, null), "slice");
        Conv3dShape shape = new Conv3dShape(2, 2, 1, 0, 0, 1, PLAIN);
        Conv3dPlan plan = Conv3dPlan.of(shape);
        Workspace workspace = plan.newWorkspace();
        PackedFilter flat = ConvPlan.of(PLAIN).pack(Pass.FORWARD, new float[PLAIN.wLength()]);
        PackedFilter deep = plan.newFilter(Pass.FORWARD);
        float[] x = new float[shape.xLength()];
        float[] y = new float[shape.yLength()];
        Refused.argument(() -> plan.forward(x, 0, flat, null, 0, y, 0, workspace), flat, "reads 2 parts");
        Refused.argument(() -> ConvPlan.of(PLAIN).forward(x, 0, deep, null, 0, y, 0, workspace), "2 parts of");
        Refused.bounds(() -> plan.forward(x, 1, deep, null, 0, y, 0, workspace), "x needs " + x.length, "offset 1");
        Refused.bounds(() -> plan.repack(Pass.FORWARD, x, 0, deep), "w needs " + shape.wLength(), "length " + x.length);
        Refused.argument(() -> plan.gradInput(x, 0, deep, x, 0, WriteMode.OVERWRITE, workspace), "dy [0, " + y.length, "overlap");
        Refused.isNull(() -> plan.gradInput(y, 0, deep, x, 0, null, workspace), "mode");
    }

    @Test
    void refusedTransposed() {
        Refused.isNull(() -> ConvTranspose3dPlan.of(null), "shape");
        Conv3dShape mirror = new Conv3dShape(2, 2, 1, 0, 0, 1, PLAIN);
        ConvTranspose3dPlan plan = ConvTranspose3dPlan.of(mirror);
        Workspace workspace = plan.newWorkspace();
        PackedFilter w = plan.newFilter(Pass.FORWARD);
        PackedFilter back = plan.newFilter(Pass.GRAD_INPUT);
        float[] x = new float[mirror.yLength()];
        float[] y = new float[mirror.xLength()];
        float[] dw = new float[mirror.wLength()];
        WriteMode set = WriteMode.OVERWRITE;
        Refused.argument(() -> plan.newFilter(Pass.GRAD_WEIGHT), "GRAD_WEIGHT");
        Refused.isNull(() -> plan.newFilter(null), "pass");
        Refused.bounds(() -> plan.repack(Pass.FORWARD, dw, 1, w), "w needs " + dw.length, "offset 1");
        Refused.isNull(() -> plan.forward(null, 0, w, null, 0, y, 0, workspace), "x");
        Refused.isNull(() -> plan.forward(x, 0, null, null, 0, y, 0, workspace), "w");
        Refused.bounds(() -> plan.forward(x, 1, w, null, 0, y, 0, workspace), "x needs " + x.length, "offset 1");
        Refused.bounds(() -> plan.forward(x, 0, w, null, 0, y, 1, workspace), "y needs " + y.length, "offset 1");
        Refused.bounds(() -> plan.forward(x, 0, w, new float[4], 2, y, 0, workspace), "bias needs 3", "offset 2");
        float[] both = new float[x.length + y.length];
        Refused.argument(() -> plan.forward(both, 0, w, null, 0, both, x.length - 1, workspace), "x [0, " + x.length, "overlap");
        Refused.argument(() -> plan.forward(x, 0, w, both, 2, both, 0, workspace), "bias [2, 5)", "y [0, " + y.length, "overlap");
        Refused.bounds(() -> plan.gradInput(y, 1, back, x, 0, set, workspace), "dy needs " + y.length);
        Refused.bounds(() -> plan.gradInput(y, 0, back, x, 1, set, workspace), "dx needs " + x.length);
        Refused.argument(() -> plan.gradInput(both, 0, back, both, y.length - 1, set, workspace), "dy [0, " + y.length, "dx [", "overlap");
        Refused.isNull(() -> plan.gradInput(y, 0, back, x, 0, null, workspace), "mode");
        Refused.bounds(() -> plan.gradWeight(x, 1, y, 0, dw, 0, set, workspace), "x needs " + x.length);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, 1, dw, 0, set, workspace), "dy needs " + y.length);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, 0, dw, 1, set, workspace), "dw needs " + dw.length);
        Refused.argument(() -> plan.gradWeight(dw, 0, y, 0, dw, 0, set, workspace), "overlap");
        Refused.isNull(() -> plan.gradWeight(x, 0, y, 0, dw, 0, null, workspace), "mode");
        Refused.argument(() -> plan.gradBias(y, 0, y, 0, set), "overlap");
    }

    /** Messages speak of the arguments of the transposed convolution, not of the mirror's. */
    @Test
    void messagesNameOwnArguments() {
        Conv3dShape mirror = new Conv3dShape(2, 2, 1, 0, 0, 1, PLAIN);
        ConvTranspose3dPlan plan = ConvTranspose3dPlan.of(mirror);
        Workspace workspace = plan.newWorkspace();
        WriteMode set = WriteMode.OVERWRITE;
        float[] x = new float[mirror.yLength()];
        float[] y = new float[mirror.xLength()];
        float[] dw = new float[mirror.wLength()];
        Refused.argument(() -> plan.gradWeight(dw, 0, y, 0, dw, 0, set, workspace), "x [0, " + x.length + ")", "dw [0, " + dw.length);
        Refused.argument(() -> plan.gradWeight(x, 0, dw, 0, dw, 0, set, workspace), "dy [0, " + y.length + ")", "dw [0, " + dw.length);
        Refused.bounds(() -> plan.gradBias(y, 1, new float[3], 0, set), "dy needs " + y.length);
        Refused.bounds(() -> plan.gradBias(y, 0, new float[3], 1, set), "dbias needs 3");
        Refused.argument(() -> plan.gradBias(y, 0, y, 0, set), "dy [0, " + y.length + ")", "dbias [0, 3)");
    }

    /** The same of a transposed convolution, whose slices of the bias alone come first. */
    @ParameterizedTest
    @MethodSource("shapes")
    void nothingIsWrittenBeforeATransposedRefusal(Conv3dShape mirror) {
        ConvTranspose3dPlan plan = ConvTranspose3dPlan.of(mirror);
        PackedFilter w = plan.newFilter(Pass.FORWARD);
        PackedFilter back = plan.newFilter(Pass.GRAD_INPUT);
        Guarded x = Guarded.of(Data.reals(1, mirror.yLength()));
        Guarded y = Guarded.of(Data.reals(2, mirror.xLength()));
        Guarded dw = Guarded.of(Data.reals(3, mirror.wLength()));
        float[] bias = Data.reals(4, mirror.slice().c());
        WriteMode set = WriteMode.OVERWRITE;
        Workspace small = new Workspace(plan.workspaceFloats() - 1, Threads.one());
        String needs = "needs " + plan.workspaceFloats();
        Refused.argument(() -> plan.forward(x.array(), 0, w, bias, 0, y.array(), 0, small), needs);
        Refused.argument(() -> plan.gradInput(y.array(), 0, back, x.array(), 0, set, small), needs);
        Refused.argument(() -> plan.gradWeight(x.array(), 0, y.array(), 0, dw.array(), 0, set, small), needs);
        Refused.isNull(() -> plan.forward(x.array(), 0, w, bias, 0, y.array(), 0, null), "workspace");
        Refused.isNull(() -> plan.gradInput(y.array(), 0, back, x.array(), 0, set, null), "workspace");
        Refused.isNull(() -> plan.gradWeight(x.array(), 0, y.array(), 0, dw.array(), 0, set, null), "workspace");
        Workspace workspace = plan.newWorkspace();
        Refused.argument(() -> plan.forward(x.array(), 0, back, bias, 0, y.array(), 0, workspace), "filter is packed as");
        Refused.argument(() -> plan.gradInput(y.array(), 0, w, x.array(), 0, set, workspace), "filter is packed as");
        for (Guarded guarded : new Guarded[] {x, y, dw}) {
            guarded.assertUntouched(mirror);
        }
    }

    /** Slices of the bias alone, and those of the first taps, are not written before all arguments are checked. */
    @ParameterizedTest
    @MethodSource("shapes")
    void nothingIsWrittenBeforeARefusal(Conv3dShape shape) {
        Conv3dPlan plan = Conv3dPlan.of(shape);
        PackedFilter w = plan.newFilter(Pass.FORWARD);
        PackedFilter back = plan.newFilter(Pass.GRAD_INPUT);
        Guarded x = Guarded.of(Data.reals(1, shape.xLength()));
        Guarded y = Guarded.of(Data.reals(2, shape.yLength()));
        Guarded dw = Guarded.of(Data.reals(3, shape.wLength()));
        WriteMode set = WriteMode.OVERWRITE;
        Workspace small = new Workspace(plan.workspaceFloats() - 1, Threads.one());
        String needs = "needs " + plan.workspaceFloats();
        Refused.argument(() -> plan.forward(x.array(), 0, w, null, 0, y.array(), 0, small), needs);
        Refused.argument(() -> plan.gradInput(y.array(), 0, back, x.array(), 0, set, small), needs);
        Refused.argument(() -> plan.gradWeight(x.array(), 0, y.array(), 0, dw.array(), 0, set, small), needs);
        Refused.isNull(() -> plan.forward(x.array(), 0, w, null, 0, y.array(), 0, null), "workspace");
        Refused.isNull(() -> plan.gradInput(y.array(), 0, back, x.array(), 0, set, null), "workspace");
        Refused.isNull(() -> plan.gradWeight(x.array(), 0, y.array(), 0, dw.array(), 0, set, null), "workspace");
        Workspace workspace = plan.newWorkspace();
        Refused.argument(() -> plan.forward(x.array(), 0, back, null, 0, y.array(), 0, workspace), "filter is packed as");
        Refused.argument(() -> plan.gradInput(y.array(), 0, w, x.array(), 0, set, workspace), "filter is packed as");
        for (Guarded guarded : new Guarded[] {x, y, dw}) {
            guarded.assertUntouched(shape);
        }
    }
}
