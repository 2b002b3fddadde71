package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.onnx.OnnxTensor;

/** Operators that give the same elements other axes, and those that answer sizes. */
final class ShapeOps {

    private ShapeOps() {}

    static Value reshape(Call call) {
        Tensor x = call.tensor(0);
        long[] wanted = call.opset < 5 ? call.attributes.getLongs("shape", new long[0]) : call.longs(1);
        boolean zeroIsZero = call.attributes.getInt("allowzero", 0) != 0;
        int[] dims = new int[wanted.length];
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (wanted[axis] == -1 && open < 0) {
                open = axis;
                continue;
            }
            boolean copy = wanted[axis] == 0 && !zeroIsZero;
            if (wanted[axis] < 0 || copy && axis >= x.rank()) {
                throw new Refusal("shape is " + Arrays.toString(wanted) + " for sizes " + Arrays.toString(x.dims()));
            }
            dims[axis] = copy ? x.dims()[axis] : Math.toIntExact(wanted[axis]);
            known = Math.multiplyExact(known, (long) dims[axis]);
        }
        long size = Axes.product(x.dims());
        if (open >= 0) {
            dims[open] = known == 0 ? 0 : Math.toIntExact(size / known);
        }
        if (Axes.product(dims) != size) {
            throw new Refusal("shape is " + Arrays.toString(wanted) + " for sizes " + Arrays.toString(x.dims()) + " of " + size
                    + " elements");
        }
        return call.layouts.reshaped(x, dims);
    }

    static Value flatten(Call call) {
        Tensor x = call.tensor(0);
        long axis = call.attributes.getInt("axis", 1);
        int at = axis == x.rank() ? x.rank() : Axes.normalize(axis, Math.max(x.rank(), 1));
        int rows = Math.toIntExact(Axes.product(Arrays.copyOf(x.dims(), at)));
        int columns = Math.toIntExact(Axes.product(Arrays.copyOfRange(x.dims(), at, x.rank())));
        return call.layouts.reshaped(x, new int[] {rows, columns});
    }

    /** Axes are an attribute up to opset 12 and an input since. */
    private static long[] axes(Call call) {
        return call.opset < 13 ? call.attributes.getLongs("axes", null) : call.has(1) ? call.longs(1) : null;
    }

    static Value squeeze(Call call) {
        Tensor x = call.tensor(0);
        long[] given = axes(call);
        int[] axes = given != null ? Axes.normalize(given, x.rank())
                : IntStream.range(0, x.rank()).filter(axis -> x.dims()[axis] == 1).toArray();
        return call.layouts.squeezed(x, Arrays.stream(axes).sorted().toArray());
    }

    static Value unsqueeze(Call call) {
        Tensor x = call.tensor(0);
        long[] given = axes(call);
        if (given == null) {
            throw new Refusal("axes are missing");
        }
        return call.layouts.unsqueezed(x, Arrays.stream(Axes.normalize(given, x.rank() + given.length)).sorted().toArray());
    }

    static Value transpose(Call call) {
        Tensor x = call.tensor(0);
        int rank = x.rank();
        int[] perm = call.attributes.getInts("perm", IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
        if (!Arrays.equals(Arrays.stream(perm).sorted().toArray(), Axes.identity(rank))) {
            throw new Refusal("perm is " + Arrays.toString(perm) + ", must hold each axis of " + Arrays.toString(x.dims())
                    + " once");
        }
        return call.layouts.transposed(x, perm);
    }

    /** Blocks of channels become blocks of pixels. */
    static Value depthToSpace(Call call) {
        Tensor x = call.tensor(0);
        int block = Math.toIntExact(call.attributes.requireInt("blocksize"));
        String mode = call.attributes.getString("mode", "DCR");
        int[] d = pixels(x);
        if (block < 1 || d[1] % Math.multiplyExact(block, block) != 0) {
            throw new Refusal("blocksize is " + block + ", its square must divide the " + d[1] + " channels");
        }
        int c = d[1] / (block * block);
        boolean columnsFirst = switch (mode) {
            case "DCR" -> false;
            case "CRD" -> true;
            default -> throw new Refusal("mode is " + mode + ", must be DCR or CRD");
        };
        Tensor split = call.layouts.reshaped(x, columnsFirst ? new int[] {d[0], c, block, block, d[2], d[3]}
                : new int[] {d[0], block, block, c, d[2], d[3]});
        Tensor turned = call.layouts.transposed(split, columnsFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2});
        return call.layouts.reshaped(turned, new int[] {d[0], c, d[2] * block, d[3] * block});
    }

    static Value spaceToDepth(Call call) {
        Tensor x = call.tensor(0);
        int block = Math.toIntExact(call.attributes.requireInt("blocksize"));
        int[] d = pixels(x);
        if (block < 1 || d[2] % block != 0 || d[3] % block != 0) {
            throw new Refusal("blocksize is " + block + ", must divide " + d[2] + " x " + d[3]);
        }
        Tensor split = call.layouts.reshaped(x, new int[] {d[0], d[1], d[2] / block, block, d[3] / block, block});
        Tensor turned = call.layouts.transposed(split, new int[] {0, 3, 5, 1, 2, 4});
        return call.layouts.reshaped(turned, new int[] {d[0], d[1] * block * block, d[2] / block, d[3] / block});
    }

    private static int[] pixels(Tensor x) {
        if (x.rank() != 4) {
            throw new Refusal("input has sizes " + Arrays.toString(x.dims()) + ", must be N x C x H x W");
        }
        return x.dims();
    }

    /** The sizes of a value, from {@code start} to {@code end}: known without computing it. */
    static Value shape(Call call) {
        int[] dims = call.value(0).dims();
        int start = bound(call.attributes.getInt("start", 0), dims.length);
        int end = bound(call.attributes.getInt("end", dims.length), dims.length);
        long[] sizes = IntStream.range(start, Math.max(start, end)).mapToLong(axis -> dims[axis]).toArray();
        return new Value.Constant(OnnxTensor.vector(sizes));
    }

    private static int bound(long axis, int rank) {
        return (int) Math.clamp(axis < 0 ? axis + rank : axis, 0, (long) rank);
    }

    static Value size(Call call) {
        return new Value.Constant(OnnxTensor.of(new long[] {Axes.product(call.value(0).dims())}));
    }
}
