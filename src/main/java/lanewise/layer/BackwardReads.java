package lanewise.layer;

/** Which activations the backward pass of a layer reads; the others need not be kept. */
public enum BackwardReads {
    /** Neither: the gradient passes as it comes, or by what the layer keeps itself. */
    NOTHING(false, false),
    /** What went in, every input. */
    INPUTS(true, false),
    /** What came out. */
    OUTPUT(false, true),
    /** What went in and what came out. */
    BOTH(true, true);

    private final boolean inputs;
    private final boolean output;

    BackwardReads(boolean inputs, boolean output) {
        this.inputs = inputs;
        this.output = output;
    }

    /** Whether it reads the inputs. */
    public boolean inputs() {
        return inputs;
    }

    /** Whether it reads the output. */
    public boolean output() {
        return output;
    }

    /** That of a layer with weights, which reads its inputs, and of an activation fused into it, whose gradient is by its output. */
    static BackwardReads ofFused(lanewise.kernel.Activation activation) {
        return activation == lanewise.kernel.Activation.NONE ? INPUTS : BOTH;
    }
}
