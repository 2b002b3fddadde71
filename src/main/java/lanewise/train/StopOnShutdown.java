package lanewise.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lanewise.internal.Checks;

/**
 * Lets a training save itself when the JVM is told to end, by Ctrl-C or SIGTERM: a shutdown hook calls {@link Progress#stop} and waits
 * until the training has ended, so that the last step is in a checkpoint. The hook is there while the training runs.
 *
 * <pre>
 * new Trainer(network, loss, optimizer).checkpoint(folder, 500).resume(folder).listener(new StopOnShutdown())
 * </pre>
 *
 * <p>One object for one training. A container that kills what does not end in time should give it a step and a write.
 */
public final class StopOnShutdown implements TrainingListener {

    /** For the last words of the thread that trained. */
    private static final long WORDS_MILLIS = 1000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final long waitSeconds;
    private Thread hook;

    /** Waits for up to a minute. */
    public StopOnShutdown() {
        this(60);
    }

    /** Waits for up to {@code waitSeconds}, at least 1: a step, and writing a checkpoint. */
    public StopOnShutdown(int waitSeconds) {
        this.waitSeconds = Checks.atLeast(waitSeconds, 1, "waitSeconds");
    }

    @Override
    public void started(Progress progress) {
        Thread training = Thread.currentThread();
        hook = new Thread(() -> {
            progress.stop();
            try {
                if (ended.await(waitSeconds, TimeUnit.SECONDS)) {
                    training.join(WORDS_MILLIS); // no longer: it may be waiting in System.exit
                }
            } catch (InterruptedException e) {
                return; // nobody interrupts a hook but to end it
            }
        }, "lanewise-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void ended(History history) {
        ended.countDown();
        if (hook == null) {
            return; // another listener has ended the training before it began
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending: the hook is at work
        }
    }
}
