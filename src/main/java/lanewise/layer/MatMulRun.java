package lanewise.layer;

import java.util.Arrays;
import lanewise.kernel.Gemm;
import lanewise.kernel.WriteMode;

/** {@link MatMul} at work: one {@link Gemm} for each pair of matrices. */
final class MatMulRun implements LayerRun {

    private final int m;
    private final int n;
    private final int k;
    private final boolean transposeA;
    private final boolean transposeB;
    private final Gemm product;
    private final Gemm gradA;
    private final Gemm gradB;
    /** For each matrix of the output, where its factors begin. */
    private final int[] aOffsets;
    private final int[] bOffsets;

    MatMulRun(MatMul layer, Binding binding) {
        Shape a = binding.inputs().get(0);
        Shape b = binding.inputs().get(1);
        Shape y = binding.output();
        m = y.dim(y.rank() - 2);
        n = y.channels();
        k = layer.depth(a);
        transposeA = layer.transposeA();
        transposeB = layer.transposeB();
        product = Gemm.of(m, n, k, transposeA, transposeB);
        // The gradient has the form in which its factor is stored: dA = dY op(B)' or its transposition.
        gradA = transposeA ? Gemm.of(k, m, n, transposeB, true) : Gemm.of(m, k, n, false, !transposeB);
        gradB = transposeB ? Gemm.of(n, k, m, true, transposeA) : Gemm.of(k, n, m, !transposeA, false);
        int matrices = binding.batch() * (y.size() / (m * n));
        int count = y.rank() - 2;
        aOffsets = offsets(MatMul.leading(a, count), MatMul.leading(y, count), binding.batch(), matrices, m * k);
        bOffsets = offsets(MatMul.leading(b, count), MatMul.leading(y, count), binding.batch(), matrices, k * n);
    }

    private static int[] offsets(int[] own, int[] common, int batch, int matrices, int size) {
        int[] offsets = new int[matrices];
        int perExample = matrices / batch;
        int ownPerExample = 1;
        for (int i : own) {
            ownPerExample *= i;
        }
        for (int j = 0; j < matrices; j++) {
            int left = j % perExample;
            int at = 0;
            int stride = 1;
            for (int axis = common.length - 1; axis >= 0; axis--) {
                at += own[axis] == 1 ? 0 : left % common[axis] * stride;
                left /= common[axis];
                stride *= own[axis];
            }
            offsets[j] = (j / perExample * ownPerExample + at) * size;
        }
        return offsets;
    }

    @Override
    public int workspaceFloats() {
        return Math.max(product.workspaceFloats(), Math.max(gradA.workspaceFloats(), gradB.workspaceFloats()));
    }

    @Override
    public void forward(Frame frame) {
        for (int j = 0; j < aOffsets.length; j++) {
            product.multiply(1, frame.x(0), frame.xOffset(0) + aOffsets[j], transposeA ? m : k,
                    frame.x(1), frame.xOffset(1) + bOffsets[j], transposeB ? k : n,
                    0, frame.y(), frame.yOffset() + j * m * n, n, frame.workspace());
        }
    }

    @Override
    public void backward(Frame frame) {
        float[] a = frame.x(0);
        float[] b = frame.x(1);
        float[] dy = frame.dy();
        float[] da = cleared(frame, 0, aOffsets, m * k);
        for (int j = 0; da != null && j < aOffsets.length; j++) {
            int at = aOffsets[j];
            if (transposeA) {
                gradA.multiply(1, b, bOffsets[j], transposeB ? k : n, dy, j * m * n, n, 1, da, at, m, frame.workspace());
            } else {
                gradA.multiply(1, dy, j * m * n, n, b, bOffsets[j], transposeB ? k : n, 1, da, at, k, frame.workspace());
            }
        }
        float[] db = cleared(frame, 1, bOffsets, k * n);
        for (int j = 0; db != null && j < bOffsets.length; j++) {
            int at = bOffsets[j];
            if (transposeB) {
                gradB.multiply(1, dy, j * m * n, n, a, aOffsets[j], transposeA ? m : k, 1, db, at, k, frame.workspace());
            } else {
                gradB.multiply(1, a, aOffsets[j], transposeA ? m : k, dy, j * m * n, n, 1, db, at, n, frame.workspace());
            }
        }
    }

    /** The gradient of one factor, to be added to: several matrices of the output may have the same one. */
    private static float[] cleared(Frame frame, int index, int[] offsets, int size) {
        float[] d = frame.dx(index);
        if (d != null && frame.dxMode(index) == WriteMode.OVERWRITE) {
            int last = 0;
            for (int offset : offsets) {
                last = Math.max(last, offset);
            }
            Arrays.fill(d, 0, last + size, 0);
        }
        return d;
    }
}
