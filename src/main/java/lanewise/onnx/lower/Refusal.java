package lanewise.onnx.lower;

import java.io.Serial;

/** Why one node cannot be lowered: a sentence without the node's name, which the caller adds. */
public final class Refusal extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1;

    /** A reason. */
    public Refusal(String reason) {
        super(reason);
    }
}
