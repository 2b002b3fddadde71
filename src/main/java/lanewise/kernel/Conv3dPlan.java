package lanewise.kernel;

import java.util.Arrays;
import java.util.stream.Stream;
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
 * <p>The first of a sum overwrites, the others add, so an output slice is read and written once for every depth tap. Slices are taken
 * one by one, with all threads of the workspace at work on each. Everything else is as in {@link ConvPlan}.
 */
public final class Conv3dPlan implements FilterPlan {

    private final Conv3dShape shape;
    private final int depthOut;
    private final ConvPlan slice;

    private Conv3dPlan(Conv3dShape shape, ConvPlan slice) {
        this.shape = shape;
        this.depthOut = shape.o();
        this.slice = slice;
    }

    /** A plan that takes for each pass the first algorithm that does not refuse one slice. */
    public static Conv3dPlan of(Conv3dShape shape) {
        return new Conv3dPlan(Checks.notNull(shape, "shape"), ConvPlan.of(shape.slice().withBatch(1)));
    }

    /** The same without Winograd's algorithm, as {@link ConvPlan#withoutWinograd()}. */
    public Conv3dPlan withoutWinograd() {
        return new Conv3dPlan(shape, slice.withoutWinograd());
    }

    /** The sizes. */
    public Conv3dShape shape() {
        return shape;
    }

    @Override
    public int workspaceFloats() {
        return slice.workspaceFloats();
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return slice.newWorkspace();
    }

    @Override
    public PackedFilter newFilter(Pass pass) {
        return new PackedFilter(Stream.generate(() -> slice.newFilter(pass)).limit(shape.t()).toList());
    }

    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed) {
        Checks.range(w, wOffset, shape.wLength(), "w");
        Checks.notNull(packed, "packed");
        for (int tap = 0; tap < shape.t(); tap++) {
            slice.repack(pass, w, wOffset + tap * shape.slice().wLength(), packed.part(tap, shape.t()));
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
        Checks.notNull(w, "w");
        int xSlice = slice.shape().xLength();
        int ySlice = slice.shape().yLength();
        for (int out = 0; out < shape.slice().n() * depthOut; out++) {
            int volume = xOffset + out / depthOut * shape.d() * xSlice;
            int to = yOffset + out * ySlice;
            boolean fresh = mode == WriteMode.OVERWRITE;
            for (int tap = 0; tap < shape.t(); tap++) {
                int in = shape.in(out % depthOut, tap);
                if (in < 0) {
                    continue;
                }
                PackedFilter filter = w.part(tap, shape.t());
                if (fresh) {
                    slice.forward(x, volume + in * xSlice, filter, bias, biasOffset, y, to, workspace);
                } else {
                    slice.forward(x, volume + in * xSlice, filter, y, to, WriteMode.ACCUMULATE, workspace);
                }
                fresh = false;
            }
            if (fresh) {
                fill(bias, biasOffset, slice.shape().k(), y, to, ySlice);
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
        Checks.notNull(w, "w");
        int xSlice = slice.shape().xLength();
        int ySlice = slice.shape().yLength();
        for (int in = 0; in < shape.slice().n() * shape.d(); in++) {
            int volume = dyOffset + in / shape.d() * depthOut * ySlice;
            int to = dxOffset + in * xSlice;
            boolean fresh = mode == WriteMode.OVERWRITE;
            for (int tap = 0; tap < shape.t(); tap++) {
                int out = shape.out(in % shape.d(), tap);
                if (out < 0) {
                    continue;
                }
                PackedFilter filter = w.part(tap, shape.t());
                if (fresh) {
                    slice.gradInputWithBias(dy, volume + out * ySlice, filter, bias, biasOffset, Activation.NONE, dx, to, workspace);
                } else {
                    slice.gradInput(dy, volume + out * ySlice, filter, dx, to, WriteMode.ACCUMULATE, workspace);
                }
                fresh = false;
            }
            if (fresh) {
                fill(bias, biasOffset, slice.shape().c(), dx, to, xSlice);
            }
        }
    }

    /** A slice that no tap reaches. */
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
        int xSlice = slice.shape().xLength();
        int ySlice = slice.shape().yLength();
        int wSlice = slice.shape().wLength();
        for (int tap = 0; tap < shape.t(); tap++) {
            int to = dwOffset + tap * wSlice;
            WriteMode next = mode;
            for (int out = 0; out < shape.slice().n() * depthOut; out++) {
                int in = shape.in(out % depthOut, tap);
                if (in >= 0) {
                    slice.gradWeight(x, xOffset + (out / depthOut * shape.d() + in) * xSlice, dy, dyOffset + out * ySlice, dw, to, next,
                            workspace);
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

    /** The shape and the algorithms of a slice. */
    public String describe() {
        return shape + ", slices of " + slice.describe();
    }

    @Override
    public String toString() {
        return shape + ", slices by " + slice;
    }
}
