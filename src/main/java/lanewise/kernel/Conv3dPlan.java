package lanewise.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lanewise.internal.Checks;

/**
 * A convolution of volumes for one {@link Conv3dShape}: for every output slice the sum, over the depth taps, of 2-D convolutions of
 * input slices,
 *
 * <pre>
 * forward     y[n,o]   = bias + sum over t of conv2d(x[n, o stride + t dilation - padFront], w[t])
 * gradInput   dx[n,d] (+)= the sum of their gradInput over the outputs that saw the slice
 * gradWeight  dw[t]   (+)= the sum of their gradWeight over n and o
 * gradBias    dbias   (+)= the sum of dy over all places
 * </pre>
 *
 * <p>The first of a sum overwrites, the others add. Where the filter of a tap is larger than a slice of x and of y together, and slices
 * follow each other (stride 1 in depth), all slices that a tap reaches are one batch of the 2-D convolution, so that its filter is read
 * once; elsewhere slices are taken one by one, so that they stay in the cache from tap to tap. Everything else is as in
 * {@link ConvPlan}.
 */
public final class Conv3dPlan implements FilterPlan {

    private final Conv3dShape shape;
    private final int depthOut;
    /** By depth tap: the convolution of a run of slices, and the output slices that the tap reaches. */
    private final ConvPlan[] runs;
    private final int[] firstOut;
    private final int[] reached;
    private final ConvPlan one;
    private final boolean byTap;

    private Conv3dPlan(Conv3dShape shape, boolean winograd) {
        this.shape = shape;
        this.depthOut = shape.o();
        this.one = plan(shape, 1, winograd);
        ConvShape slice = one.shape();
        this.byTap = shape.stride() == 1 && slice.wLength() > slice.xLength() + slice.yLength();
        this.runs = new ConvPlan[shape.t()];
        this.firstOut = new int[shape.t()];
        this.reached = new int[shape.t()];
        Map<Integer, ConvPlan> bySize = new HashMap<>(Map.of(1, one));
        for (int tap = 0; tap < shape.t(); tap++) {
            int from = 0;
            while (from < depthOut && shape.in(from, tap) < 0) {
                from++;
            }
            int to = from;
            while (to < depthOut && shape.in(to, tap) >= 0) {
                to++;
            }
            firstOut[tap] = from;
            reached[tap] = to - from;
            runs[tap] = byTap && to > from ? bySize.computeIfAbsent(to - from, count -> plan(shape, count, winograd)) : one;
        }
    }

    private static ConvPlan plan(Conv3dShape shape, int slices, boolean winograd) {
        ConvPlan plan = ConvPlan.of(shape.slice().withBatch(slices));
        return winograd ? plan : plan.withoutWinograd();
    }

    /** A plan that takes for each pass the first algorithm that does not refuse a run of slices. */
    public static Conv3dPlan of(Conv3dShape shape) {
        return new Conv3dPlan(Checks.notNull(shape, "shape"), true);
    }

    /** The same without Winograd's algorithm, as {@link ConvPlan#withoutWinograd()}. */
    public Conv3dPlan withoutWinograd() {
        return new Conv3dPlan(shape, false);
    }

    /** The sizes. */
    public Conv3dShape shape() {
        return shape;
    }

    @Override
    public int workspaceFloats() {
        int most = 0;
        for (ConvPlan run : runs) {
            most = Math.max(most, run.workspaceFloats());
        }
        return most;
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return Workspace.aligned(workspaceFloats(), Threads.one());
    }

    @Override
    public PackedFilter newFilter(Pass pass) {
        return new PackedFilter(Arrays.stream(runs).map(run -> run.newFilter(pass)).toList());
    }

    @Override
    public String filterLayout(Pass pass) {
        return PackedFilter.layout(Arrays.stream(runs).map(run -> run.filterLayout(pass)).toList());
    }

    @Override
    public int filterFloats(Pass pass) {
        int floats = 0;
        for (ConvPlan run : runs) {
            floats = Math.addExact(floats, run.filterFloats(pass));
        }
        return floats;
    }

    @Override
    public long filterBytes(Pass pass) {
        return Arrays.stream(runs).mapToLong(run -> run.filterBytes(pass)).sum();
    }

    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed) {
        Checks.range(w, wOffset, shape.wLength(), "w");
        Checks.notNull(packed, "packed");
        for (int tap = 0; tap < shape.t(); tap++) {
            runs[tap].repack(pass, w, wOffset + tap * shape.slice().wLength(), packed.part(tap, shape.t()));
        }
    }

    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed, Workspace workspace) {
        Checks.range(w, wOffset, shape.wLength(), "w");
        Checks.notNull(packed, "packed");
        for (int tap = 0; tap < shape.t(); tap++) {
            runs[tap].repack(pass, w, wOffset + tap * shape.slice().wLength(), packed.part(tap, shape.t()), workspace);
        }
    }

    @Override
    public void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset,
                        Workspace workspace) {
        check(x, xOffset, shape.xLength(), "x", y, yOffset, shape.yLength(), "y");
        if (bias != null) {
            check(bias, biasOffset, shape.slice().k(), "bias", y, yOffset, shape.yLength(), "y");
        }
        sums(x, xOffset, w, bias, biasOffset, y, yOffset, WriteMode.OVERWRITE, workspace);
    }

    /** Computes {@code y (+)= conv(x, w)}: the product alone. */
    void forward(float[] x, int xOffset, PackedFilter w, float[] y, int yOffset, WriteMode mode, Workspace workspace) {
        check(x, xOffset, shape.xLength(), "x", y, yOffset, shape.yLength(), "y");
        sums(x, xOffset, w, null, 0, y, yOffset, Checks.notNull(mode, "mode"), workspace);
    }

    private void sums(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset, WriteMode mode,
                      Workspace workspace) {
        check(Pass.FORWARD, w);
        check(workspace);
        int xVolume = shape.d() * one.shape().xLength();
        int yVolume = depthOut * one.shape().yLength();
        for (int n = 0; n < shape.slice().n(); n++) {
            if (byTap) {
                sumsByTap(x, xOffset + n * xVolume, w, bias, biasOffset, y, yOffset + n * yVolume, mode, workspace);
            } else {
                sumsBySlice(x, xOffset + n * xVolume, w, bias, biasOffset, y, yOffset + n * yVolume, mode, workspace);
            }
        }
    }

    private void sumsByTap(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset, WriteMode mode,
                           Workspace workspace) {
        int xSlice = one.shape().xLength();
        int ySlice = one.shape().yLength();
        int whole = tapReaching(depthOut);
        boolean fresh = mode == WriteMode.OVERWRITE;
        if (fresh && whole < 0) {
            fill(bias, biasOffset, one.shape().k(), y, yOffset, depthOut * ySlice);
            fresh = false;
        }
        for (int i = 0; i < shape.t(); i++) {
            int tap = inTurn(i, whole);
            if (reached[tap] == 0) {
                continue;
            }
            PackedFilter filter = w.part(tap, shape.t());
            int from = xOffset + shape.in(firstOut[tap], tap) * xSlice;
            int to = yOffset + firstOut[tap] * ySlice;
            if (fresh) {
                runs[tap].forward(x, from, filter, bias, biasOffset, y, to, workspace);
            } else {
                runs[tap].forward(x, from, filter, y, to, WriteMode.ACCUMULATE, workspace);
            }
            fresh = false;
        }
    }

    /** The first tap that reaches so many slices, or -1. */
    private int tapReaching(int slices) {
        for (int tap = 0; tap < shape.t(); tap++) {
            if (reached[tap] == slices) {
                return tap;
            }
        }
        return -1;
    }

    /** The taps with {@code first} before the others, if it is one. */
    private static int inTurn(int i, int first) {
        return i > first ? i : i == 0 ? first : i - 1;
    }

    private void sumsBySlice(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset, WriteMode mode,
                             Workspace workspace) {
        int xSlice = one.shape().xLength();
        int ySlice = one.shape().yLength();
        for (int out = 0; out < depthOut; out++) {
            int to = yOffset + out * ySlice;
            boolean fresh = mode == WriteMode.OVERWRITE;
            for (int tap = 0; tap < shape.t(); tap++) {
                int in = shape.in(out, tap);
                if (in < 0) {
                    continue;
                }
                PackedFilter filter = w.part(tap, shape.t());
                if (fresh) {
                    one.forward(x, xOffset + in * xSlice, filter, bias, biasOffset, y, to, workspace);
                } else {
                    one.forward(x, xOffset + in * xSlice, filter, y, to, WriteMode.ACCUMULATE, workspace);
                }
                fresh = false;
            }
            if (fresh) {
                fill(bias, biasOffset, one.shape().k(), y, to, ySlice);
            }
        }
    }

    @Override
    public void gradInput(float[] dy, int dyOffset, PackedFilter w, float[] dx, int dxOffset, WriteMode mode, Workspace workspace) {
        check(dy, dyOffset, shape.yLength(), "dy", dx, dxOffset, shape.xLength(), "dx");
        sumsBack(dy, dyOffset, w, null, 0, dx, dxOffset, Checks.notNull(mode, "mode"), workspace);
    }

    /** For {@link ConvTranspose3dPlan}, whose forward this is: dx with a bias on top. */
    void gradInputWithBias(float[] dy, int dyOffset, PackedFilter w, float[] bias, int biasOffset, float[] dx, int dxOffset,
                           Workspace workspace) {
        check(dy, dyOffset, shape.yLength(), "x", dx, dxOffset, shape.xLength(), "y");
        if (bias != null) {
            check(bias, biasOffset, shape.slice().c(), "bias", dx, dxOffset, shape.xLength(), "y");
        }
        sumsBack(dy, dyOffset, w, bias, biasOffset, dx, dxOffset, WriteMode.OVERWRITE, workspace);
    }

    private void sumsBack(float[] dy, int dyOffset, PackedFilter w, float[] bias, int biasOffset, float[] dx, int dxOffset, WriteMode mode,
                          Workspace workspace) {
        check(Pass.GRAD_INPUT, w);
        check(workspace);
        int xVolume = shape.d() * one.shape().xLength();
        int yVolume = depthOut * one.shape().yLength();
        for (int n = 0; n < shape.slice().n(); n++) {
            if (byTap) {
                sumsBackByTap(dy, dyOffset + n * yVolume, w, bias, biasOffset, dx, dxOffset + n * xVolume, mode, workspace);
            } else {
                sumsBackBySlice(dy, dyOffset + n * yVolume, w, bias, biasOffset, dx, dxOffset + n * xVolume, mode, workspace);
            }
        }
    }

    private void sumsBackByTap(float[] dy, int dyOffset, PackedFilter w, float[] bias, int biasOffset, float[] dx, int dxOffset,
                               WriteMode mode, Workspace workspace) {
        int xSlice = one.shape().xLength();
        int ySlice = one.shape().yLength();
        int whole = tapReaching(shape.d());
        boolean fresh = mode == WriteMode.OVERWRITE;
        if (fresh && whole < 0) {
            fill(bias, biasOffset, one.shape().c(), dx, dxOffset, shape.d() * xSlice);
            fresh = false;
        }
        for (int i = 0; i < shape.t(); i++) {
            int tap = inTurn(i, whole);
            if (reached[tap] == 0) {
                continue;
            }
            PackedFilter filter = w.part(tap, shape.t());
            int from = dyOffset + firstOut[tap] * ySlice;
            int to = dxOffset + shape.in(firstOut[tap], tap) * xSlice;
            if (fresh) {
                runs[tap].gradInputWithBias(dy, from, filter, bias, biasOffset, Activation.NONE, dx, to, workspace);
            } else {
                runs[tap].gradInput(dy, from, filter, dx, to, WriteMode.ACCUMULATE, workspace);
            }
            fresh = false;
        }
    }

    private void sumsBackBySlice(float[] dy, int dyOffset, PackedFilter w, float[] bias, int biasOffset, float[] dx, int dxOffset,
                                 WriteMode mode, Workspace workspace) {
        int xSlice = one.shape().xLength();
        int ySlice = one.shape().yLength();
        for (int in = 0; in < shape.d(); in++) {
            int to = dxOffset + in * xSlice;
            boolean fresh = mode == WriteMode.OVERWRITE;
            for (int tap = 0; tap < shape.t(); tap++) {
                int out = shape.out(in, tap);
                if (out < 0) {
                    continue;
                }
                PackedFilter filter = w.part(tap, shape.t());
                if (fresh) {
                    one.gradInputWithBias(dy, dyOffset + out * ySlice, filter, bias, biasOffset, Activation.NONE, dx, to, workspace);
                } else {
                    one.gradInput(dy, dyOffset + out * ySlice, filter, dx, to, WriteMode.ACCUMULATE, workspace);
                }
                fresh = false;
            }
            if (fresh) {
                fill(bias, biasOffset, one.shape().c(), dx, to, xSlice);
            }
        }
    }

    /** Slices of the bias alone. */
    private static void fill(float[] bias, int biasOffset, int channels, float[] y, int yOffset, int length) {
        if (bias == null) {
            Arrays.fill(y, yOffset, yOffset + length, 0);
        } else {
            for (int i = 0; i < length; i += channels) {
                System.arraycopy(bias, biasOffset, y, yOffset + i, channels);
            }
        }
    }

    @Override
    public void gradWeight(float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode,
                           Workspace workspace) {
        check(x, xOffset, shape.xLength(), "x", dw, dwOffset, shape.wLength(), "dw");
        check(dy, dyOffset, shape.yLength(), "dy", dw, dwOffset, shape.wLength(), "dw");
        Checks.notNull(mode, "mode");
        check(workspace);
        int xSlice = one.shape().xLength();
        int ySlice = one.shape().yLength();
        int wSlice = one.shape().wLength();
        for (int tap = 0; tap < shape.t(); tap++) {
            int to = dwOffset + tap * wSlice;
            int step = byTap ? reached[tap] : 1;
            WriteMode next = mode;
            for (int n = 0; n < shape.slice().n(); n++) {
                for (int out = firstOut[tap]; out < firstOut[tap] + reached[tap]; out += step) {
                    runs[tap].gradWeight(x, xOffset + (n * shape.d() + shape.in(out, tap)) * xSlice,
                            dy, dyOffset + (n * depthOut + out) * ySlice, dw, to, next, workspace);
                    next = WriteMode.ACCUMULATE;
                }
            }
            if (next == WriteMode.OVERWRITE) {
                Arrays.fill(dw, to, to + wSlice, 0);
            }
        }
    }

    @Override
    public void gradBias(float[] dy, int dyOffset, float[] dbias, int dbiasOffset, WriteMode mode) {
        int k = shape.slice().k();
        check(dy, dyOffset, shape.yLength(), "dy", dbias, dbiasOffset, k, "dbias");
        Reduce.sumPerChannel(dy, dyOffset, shape.yLength() / k, k, dbias, dbiasOffset, mode);
    }

    private static void check(float[] in, int inOffset, int inLength, String inName,
                              float[] out, int outOffset, int outLength, String outName) {
        Checks.range(out, outOffset, outLength, outName);
        Ranges.apart(in, inOffset, inLength, inName, out, outOffset, outLength, outName);
    }

    /** What the run of a later tap would refuse, when others have written. */
    private void check(Pass pass, PackedFilter w) {
        Checks.notNull(w, "w");
        for (int tap = 0; tap < shape.t(); tap++) {
            runs[tap].check(pass, w.part(tap, shape.t()));
        }
    }

    /** The same of a workspace. */
    private void check(Workspace workspace) {
        Checks.notNull(workspace, "workspace").acquire(workspaceFloats());
        workspace.release();
    }

    /** The shape, how slices are taken, and the algorithms of a run of slices. */
    public String describe() {
        return shape + (byTap ? ", all slices of a tap at once: " : ", slice by slice: ") + runs[shape.t() / 2].describe();
    }

    @Override
    public String toString() {
        return shape + (byTap ? ", tap by tap: " : ", slice by slice: ") + runs[shape.t() / 2];
    }
}
