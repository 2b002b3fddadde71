package lanewise.onnx.lower;

import java.io.Serial;

/** An operator mixes examples, or drops the axis that counts them: the network must take the whole tensor as one example. */
final class NotBatchwiseException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    NotBatchwiseException() {
        super("not batch-wise", null, false, false);
    }
}
