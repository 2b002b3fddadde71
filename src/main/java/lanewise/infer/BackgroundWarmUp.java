package lanewise.infer;

import java.lang.ref.WeakReference;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Brings a program to full speed beside its first calls, on a thread that ends with it: compiles the plain loops, which are needed
 * at once, asks for the kernels, packs the weights meanwhile, and lets the kernels take over when they are compiled. Poolings, which
 * take little time, follow.
 *
 * <p>It refers to the program weakly: one that nobody uses any more is let go of, and the thread ends at its next step. What it
 * throws reaches the callers by {@link WarmUpState}.
 */
final class BackgroundWarmUp implements Runnable {

    /** A machine that is not done by then, in ns, gets a colder program. */
    private static final long LIMIT = 20_000_000_000L;

    /** The limit for the small methods around the kernels, in ns. */
    private static final long POLISHING = 4_000_000_000L;

    private final WarmUp warmUp;
    /** The program, as soon as it is made. */
    private final CompletableFuture<WeakReference<Predictor>> program = new CompletableFuture<>();
    /** Who starts it, meanwhile: a thread that waits for its own program would wait for ever. */
    private Thread starting;
    private boolean ofCaller;

    private BackgroundWarmUp(WarmUp warmUp) {
        this.warmUp = warmUp;
    }

    /** Begins with what needs no program yet. */
    static BackgroundWarmUp start(WarmUp warmUp, Executor executor) {
        BackgroundWarmUp background = new BackgroundWarmUp(warmUp);
        background.starting = Thread.currentThread();
        executor.execute(background);
        background.starting = null;
        if (background.ofCaller) {
            throw new IllegalStateException("the executor runs the warm-up on the calling thread, " + Thread.currentThread().getName()
                    + ": must be another one; WarmUpMode.BEFORE warms up on the calling one");
        }
        return background;
    }

    /** One daemon thread for each warm-up. */
    static void onNewThread(Runnable task) {
        Thread.ofPlatform().daemon().name("lanewise warm-up").start(task);
    }

    /** Goes on with the program. */
    void goOn(Predictor predictor) {
        program.complete(new WeakReference<>(predictor));
    }

    /** Ends it: there will be no program. */
    void cancel() {
        program.cancel(false);
    }

    @Override
    public void run() {
        if (starting == Thread.currentThread()) {
            ofCaller = true; // nothing is thrown here: some executors keep that for themselves
            return;
        }
        try {
            PlainRehearsal.run();
            warmUp.begin();
            forEachStep(step -> {
                step.prepare();
                warmUp.feedInTime();
            });
            long end = System.nanoTime() + LIMIT;
            BooleanSupplier more = () -> program.join().get() != null && System.nanoTime() < end;
            warmUp.rehearse(more);
            repeat(predictor -> predictor.warmUpState().tryOut(predictor) && System.nanoTime() < end);
            forEachStep(step -> {
                if (!step.isLate()) {
                    step.change();
                }
            });
            warmUp.rehearsePools(true, more);
            forEachStep(WarmingStep::change);
            once(predictor -> predictor.warmUpState().changed());
            warmUp.polish(POLISHING, true, () -> program.join().get() != null);
            once(predictor -> predictor.warmUpState().end());
        } catch (CancellationException e) {
            assert program.isCancelled();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void forEachStep(Consumer<WarmingStep> action) {
        int[] next = {0};
        repeat(predictor -> {
            boolean more = next[0] < predictor.warmingSteps().size();
            if (more) {
                action.accept(predictor.warmingSteps().get(next[0]++));
            }
            return more;
        });
    }

    private void once(Consumer<Predictor> work) {
        repeat(predictor -> {
            work.accept(predictor);
            return false;
        });
    }

    /** Does a piece of work again while it answers true and the program is still in use. */
    private void repeat(Predicate<Predictor> work) {
        WeakReference<Predictor> reference = program.join();
        Predictor predictor = reference.get();
        while (predictor != null && work.test(predictor)) {
            predictor = reference.get();
        }
    }

    private void fail(Throwable e) {
        try {
            Predictor predictor = program.join().get();
            if (predictor != null) {
                predictor.warmUpState().fail(e);
            }
        } catch (CancellationException cancelled) {
            assert program.isCancelled(); // compiling has failed, too, and said so
        }
    }
}
