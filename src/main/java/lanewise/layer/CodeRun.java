package lanewise.layer;

import java.util.function.Consumer;

/** A run of two pieces of code, without anything of its own that changes. */
final class CodeRun implements LayerRun {

    private final int workspaceFloats;
    private final Consumer<Frame> forward;
    private final Consumer<Frame> backward;

    /** {@code backward} is called whether or not the gradient of an input is wanted. */
    CodeRun(int workspaceFloats, Consumer<Frame> forward, Consumer<Frame> backward) {
        this.workspaceFloats = workspaceFloats;
        this.forward = forward;
        this.backward = backward;
    }

    /** Of one input and no parameters: {@code gradInput} is called where the input's gradient is wanted. */
    static CodeRun ofInput(int workspaceFloats, Consumer<Frame> forward, Consumer<Frame> gradInput) {
        return new CodeRun(workspaceFloats, forward, frame -> {
            if (frame.dx(0) != null) {
                gradInput.accept(frame);
            }
        });
    }

    @Override
    public int workspaceFloats() {
        return workspaceFloats;
    }

    @Override
    public void forward(Frame frame) {
        forward.accept(frame);
    }

    @Override
    public void backward(Frame frame) {
        backward.accept(frame);
    }
}
