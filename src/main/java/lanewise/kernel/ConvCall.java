package lanewise.kernel;

import lanewise.internal.conv.ConvArgs;
import lanewise.internal.conv.ConvKernel;

/** The convolution call that runs in a {@link Workspace}: kept there, so that no call allocates. */
final class ConvCall implements Threads.Task {

    final ConvArgs args = new ConvArgs();
    private ConvKernel kernel;
    private Workspace workspace;
    private final Threads.Task packing = this::pack;
    private float[] w;
    private int wOffset;
    private float[] packed;

    /** Runs {@code kernel} on {@link #args} with the workspace, which is acquired, and forgets them. */
    void run(ConvKernel kernel, Workspace workspace) {
        this.kernel = kernel;
        this.workspace = workspace;
        try {
            kernel.begin(args, workspace.floats());
            workspace.threads().run(kernel.tasks(workspace.threads().count()), this);
            kernel.end(args, workspace.floats());
        } finally {
            args.clear();
            this.kernel = null;
            this.workspace = null;
        }
    }

    /** Packs a filter with the threads of the workspace, which is acquired. */
    void pack(ConvKernel kernel, float[] w, int wOffset, float[] packed, Workspace workspace) {
        this.kernel = kernel;
        this.w = w;
        this.wOffset = wOffset;
        this.packed = packed;
        try {
            workspace.threads().run(kernel.packTasks(), packing);
        } finally {
            this.kernel = null;
            this.w = null;
            this.packed = null;
        }
    }

    private void pack(int task, int worker) {
        kernel.pack(w, wOffset, packed, task);
    }

    @Override
    public void run(int task, int worker) {
        kernel.run(args, task, workspace.threads().count(), workspace.floats(), workspace.section(worker));
    }
}
