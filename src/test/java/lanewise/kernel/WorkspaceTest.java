package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import lanewise.internal.simd.Simd;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Workspace}: its sizes, and one call at a time. */
@Timeout(60)
class WorkspaceTest {

    private final ConvShape shape = ConvShape.of(2, 24, 24, 16, 16, 3, 3);
    private final ConvOperands in = ConvOperands.integers(shape);
    private final ConvPlan plan = ConvPlan.of(shape).withoutWinograd(); // exact for integers
    private final PackedFilter filter = plan.pack(Pass.FORWARD, in.w().original());

    private Guarded forward(Workspace workspace) {
        Guarded y = Guarded.ofNaN(shape.yLength());
        plan.forward(in.x().array(), in.x().offset(), filter, y.array(), y.offset(), WriteMode.OVERWRITE, workspace);
        return y;
    }

    private void assertRight(Guarded y) {
        ConvOracle.forward(shape, in.x().original(), in.w().original()).assertExact(y, shape);
    }

    @Test
    void sizes() {
        try (Threads threads = Threads.of(3)) {
            var workspace = new Workspace(10, threads);
            assertEquals(10, workspace.floatsPerWorker());
            for (int worker = 0; worker < 3; worker++) {
                int end = worker == 2 ? workspace.floats().length : workspace.section(worker + 1);
                assertTrue(workspace.section(worker) + 10 <= end, "worker " + worker);
            }
            assertSame(threads, workspace.threads());
            assertEquals(plan.workspaceFloats(), plan.newWorkspace(threads).floatsPerWorker());
            assertEquals(Simd.scratchLength(plan.workspaceFloats()), plan.newWorkspace(threads).floats().length,
                    "an array that begins at a line");
        }
        assertEquals(9, Workspace.ofFloats(3, 9, 0).floatsPerWorker());
        assertEquals(0, Workspace.ofFloats().floatsPerWorker());
        assertEquals(1, Workspace.ofFloats(1).threads().count());
    }

    @Test
    void hostileSizes() {
        Threads two = Threads.of(Runnable::run, 2);
        Refused.argument(() -> new Workspace(-1, two), "floatsPerWorker is -1", 0);
        Refused.argument(() -> new Workspace(1 << 30, two), 1 << 30, 2, Integer.MAX_VALUE);
        Refused.isNull(() -> new Workspace(1, null), "threads");
        Refused.isNull(() -> plan.newWorkspace(null), "threads");
        Refused.isNull(() -> Workspace.ofFloats((int[]) null), "needs");
    }

    @Test
    void oneForManyPlans() {
        ConvPlan other = ConvPlan.of(ConvShape.of(1, 9, 9, 3, 40, 5, 5));
        Workspace workspace = Workspace.ofFloats(plan.workspaceFloats(), other.workspaceFloats());
        for (int again = 0; again < 3; again++) {
            assertRight(forward(workspace));
            other.gradWeight(new float[other.shape().xLength()], new float[other.shape().yLength()],
                    new float[other.shape().wLength()], workspace);
        }
    }

    /** While one call is under way, in this thread or another, a second one is refused, and the first is right all the same. */
    @Test
    void busy() throws InterruptedException {
        var inside = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        Workspace workspace = plan.newWorkspace(Threads.of(task -> {
            inside.countDown();
            try {
                leave.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }, 2));
        var first = new AtomicReference<Guarded>();
        Thread other = Thread.ofPlatform().start(() -> first.set(forward(workspace)));
        inside.await();
        Refused.by(IllegalStateException.class, () -> forward(workspace), "in use");
        Gemm gemm = Gemm.of(1, 1, 1);
        Refused.by(IllegalStateException.class, () -> gemm.multiply(new float[1], new float[1], new float[1], workspace), "in use");
        leave.countDown();
        other.join();
        assertRight(first.get());
        assertRight(forward(workspace));
    }

    /** A call that fails leaves the workspace free. */
    @Test
    void freeAfterFailure() {
        var broken = new AtomicReference<>(new UnsupportedOperationException("broken executor"));
        Workspace workspace = plan.newWorkspace(Threads.of(task -> {
            if (broken.get() != null) {
                throw broken.get();
            }
        }, 2));
        Refused.by(UnsupportedOperationException.class, () -> forward(workspace), "broken executor");
        broken.set(null);
        assertRight(forward(workspace));
    }
}
