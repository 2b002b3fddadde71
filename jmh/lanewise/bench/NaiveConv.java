package lanewise.bench;

import java.util.Arrays;
import lanewise.kernel.ConvShape;

/**
 * The textbook: seven loops over N, P, Q, K, R, S and C, as one writes them first. All arrays are channels-last, and outputs are
 * overwritten.
 *
 * <p>It is what the fast kernels are compared with, in speed and in result.
 */
final class NaiveConv {

    private NaiveConv() {}

    /** {@code y[n,p,q,k] = sum over r,s,c of x[n, p u + r d - pad, q v + s e - pad, c] w[r,s,c,k]}. */
    static void forward(ConvShape shape, float[] x, float[] w, float[] y) {
        int height = shape.h(), width = shape.w(), channels = shape.c(), filters = shape.k();
        int rows = shape.p(), columns = shape.q(), groupC = shape.groupC(), groupK = shape.groupK();
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < rows; p++) {
                for (int q = 0; q < columns; q++) {
                    for (int k = 0; k < filters; k++) {
                        float sum = 0;
                        for (int r = 0; r < shape.r(); r++) {
                            int i = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
                            if (i < 0 || i >= height) {
                                continue;
                            }
                            for (int s = 0; s < shape.s(); s++) {
                                int j = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
                                if (j < 0 || j >= width) {
                                    continue;
                                }
                                for (int c = 0; c < groupC; c++) {
                                    sum += x[((n * height + i) * width + j) * channels + k / groupK * groupC + c]
                                            * w[((r * shape.s() + s) * groupC + c) * filters + k];
                                }
                            }
                        }
                        y[((n * rows + p) * columns + q) * filters + k] = sum;
                    }
                }
            }
        }
    }

    /** {@code dx}: every output hands its gradient back to the pixels it saw. */
    static void gradInput(ConvShape shape, float[] dy, float[] w, float[] dx) {
        int height = shape.h(), width = shape.w(), channels = shape.c(), filters = shape.k();
        int rows = shape.p(), columns = shape.q(), groupC = shape.groupC(), groupK = shape.groupK();
        Arrays.fill(dx, 0);
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < rows; p++) {
                for (int q = 0; q < columns; q++) {
                    for (int k = 0; k < filters; k++) {
                        float gradient = dy[((n * rows + p) * columns + q) * filters + k];
                        for (int r = 0; r < shape.r(); r++) {
                            int i = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
                            if (i < 0 || i >= height) {
                                continue;
                            }
                            for (int s = 0; s < shape.s(); s++) {
                                int j = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
                                if (j < 0 || j >= width) {
                                    continue;
                                }
                                for (int c = 0; c < groupC; c++) {
                                    dx[((n * height + i) * width + j) * channels + k / groupK * groupC + c] +=
                                            gradient * w[((r * shape.s() + s) * groupC + c) * filters + k];
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** {@code dw}: every output adds its gradient times what the weight saw there. */
    static void gradWeight(ConvShape shape, float[] x, float[] dy, float[] dw) {
        int height = shape.h(), width = shape.w(), channels = shape.c(), filters = shape.k();
        int rows = shape.p(), columns = shape.q(), groupC = shape.groupC(), groupK = shape.groupK();
        Arrays.fill(dw, 0);
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < rows; p++) {
                for (int q = 0; q < columns; q++) {
                    for (int k = 0; k < filters; k++) {
                        float gradient = dy[((n * rows + p) * columns + q) * filters + k];
                        for (int r = 0; r < shape.r(); r++) {
                            int i = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
                            if (i < 0 || i >= height) {
                                continue;
                            }
                            for (int s = 0; s < shape.s(); s++) {
                                int j = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
                                if (j < 0 || j >= width) {
                                    continue;
                                }
                                for (int c = 0; c < groupC; c++) {
                                    dw[((r * shape.s() + s) * groupC + c) * filters + k] +=
                                            gradient * x[((n * height + i) * width + j) * channels + k / groupK * groupC + c];
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
