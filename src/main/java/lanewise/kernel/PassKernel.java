package lanewise.kernel;

import lanewise.internal.conv.ConvAlgorithm;
import lanewise.internal.conv.ConvKernel;

/**
 * One pass of a shape: its algorithm, and its kernel. Both are found when they are first asked for, because a program that predicts
 * never asks for gradients, and the classes of their algorithms would be a tenth of its start. Threads that ask at the same time may
 * each prepare a kernel; they are equal, and one remains.
 */
final class PassKernel {

    private final Pass pass;
    private final ConvShape shape;
    private final boolean winograd;
    private volatile ConvAlgorithm algorithm;
    private volatile ConvKernel kernel;
    private volatile ConvKernel pooling;

    private PassKernel(Pass pass, ConvShape shape, boolean winograd, ConvAlgorithm algorithm) {
        this.pass = pass;
        this.shape = shape;
        this.winograd = winograd;
        this.algorithm = algorithm;
    }

    /** By the first algorithm that does not refuse the shape. */
    static PassKernel of(Pass pass, ConvShape shape) {
        return new PassKernel(pass, shape, true, null);
    }

    /** By this algorithm, which does not refuse the shape. */
    static PassKernel of(Pass pass, ConvShape shape, ConvAlgorithm algorithm) {
        return new PassKernel(pass, shape, true, algorithm);
    }

    /** The same unless it is Winograd's, otherwise by the first that is not and does not refuse. */
    PassKernel withoutWinograd() {
        ConvAlgorithm chosen = algorithm;
        return new PassKernel(pass, shape, false, chosen == null || chosen.isWinograd() ? null : chosen);
    }

    ConvAlgorithm algorithm() {
        ConvAlgorithm chosen = algorithm;
        if (chosen == null) {
            chosen = winograd ? ConvAlgorithm.choose(pass, shape) : ConvAlgorithm.chooseWithoutWinograd(pass, shape);
            algorithm = chosen;
        }
        return chosen;
    }

    ConvKernel kernel() {
        ConvKernel prepared = kernel;
        if (prepared == null) {
            prepared = algorithm().prepare(shape);
            kernel = prepared;
        }
        return prepared;
    }

    /** The kernel of the pass together with the max-pooling behind it; null if there is none. */
    ConvKernel pooling() {
        ConvKernel prepared = pooling;
        if (prepared == null) {
            prepared = kernel().pooling();
            pooling = prepared;
        }
        return prepared;
    }
}
