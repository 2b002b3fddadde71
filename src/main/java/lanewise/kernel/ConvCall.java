package lanewise.kernel;

import lanewise.internal.conv.ConvArgs;
import lanewise.internal.conv.ConvKernel;

/** The convolution call that runs in a {@link Workspace}: kept there, so that no call allocates. */
final class ConvCall implements Threads.Task {

    final ConvArgs args = new ConvArgs();
    private ConvKernel kernel;
    private Workspace workspace;

    /** Runs {@code kernel} on {@link #args} with the workspace, which is acquired, and forgets them. */
    void run(ConvKernel kernel, Workspace workspace) {
        this.kernel = kernel;
        this.workspace = workspace;
        try {
            workspace.threads().run(kernel.tasks(workspace.threads().count()), this);
        } finally {
            args.clear();
            this.kernel = null;
            this.workspace = null;
        }
    }

    @Override
    public void run(int task, int worker) {
        kernel.run(args, task, workspace.threads().count(), workspace.floats(), workspace.section(worker));
    }
}
