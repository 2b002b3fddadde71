package lanewise.infer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How far a program has come to full speed, for those who call it meanwhile. */
final class WarmUpState {

    /** How long a program that is slower than plain loops may show no gain, in ns: C2 has other work before the methods around kernels. */
    private static final long PATIENCE = 300_000_000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean warm;
    private volatile Throwable failure;
    /** Here, so that a program that nobody uses takes it along. Of the thread that warms up. */
    private TrialRun trial;
    private final double plainNanos;

    /** Of a program that takes {@code plainNanos} a call by plain loops, about. */
    WarmUpState(double plainNanos) {
        this.plainNanos = plainNanos;
    }

    /** Whether all steps run by kernels. */
    boolean isWarm() {
        return warm;
    }

    /** Runs the program by its kernels for a while; whether it is not yet as fast as by plain loops, but may become so. */
    boolean tryOut(Predictor predictor) {
        trial = trial == null ? new TrialRun(predictor, plainNanos, PATIENCE) : trial;
        return trial.round();
    }

    /** All steps run by kernels. */
    void changed() {
        trial = null;
        warm = true;
    }

    /** Nothing more will be done. */
    void end() {
        ended.countDown();
    }

    /** Nothing more will be done, because this was thrown. */
    void fail(Throwable failure) {
        trial = null;
        this.failure = failure;
        ended.countDown();
    }

    /** Throws if warming up has failed. */
    void check() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("warming up failed: " + thrown, thrown);
        }
    }

    /** Waits for the end, and throws if that is a failure. */
    void await() throws InterruptedException {
        ended.await();
        check();
    }

    /** Waits for at most so long; whether it has ended. */
    boolean await(Duration timeout) throws InterruptedException {
        boolean end = ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        check();
        return end;
    }
}
