package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import lanewise.kernel.Threads;
import lanewise.layer.Keep;
import lanewise.layer.Network;
import lanewise.oracle.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A step of the trainer, from reading the examples to the optimiser, allocates nothing once it is compiled. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class TrainerAllocationTest {

    private static final int CALM = 200;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /** Counts what is allocated from step to step, by whatever thread, and ends the training after enough steps without any. */
    private static final class Counter implements TrainingListener {
        private final long start = System.nanoTime();
        private long before;
        private int calm;
        private long last;

        @Override
        public void stepped(Progress progress) {
            long bytes = Allocation.bytesOfAllThreads() - before;
            if (progress.epochStep() > 1) { // the evaluation makes a few objects
                last = bytes > 0 ? bytes : last;
                calm = bytes > 0 ? 0 : calm + 1;
            }
            if (calm == CALM || System.nanoTime() - start > PATIENCE_NANOS) {
                progress.stop();
            }
            before = Allocation.bytesOfAllThreads();
        }
    }

    @Test
    void steps(@TempDir Path folder) {
        steps(folder, Keep.NEEDED, Threads.one());
    }

    @Test
    void computingAgain(@TempDir Path folder) {
        steps(folder, Keep.LEAST, Threads.one());
    }

    /** Nor does the thread that helps. */
    @Test
    void stepsOfTwoThreads(@TempDir Path folder) {
        try (Threads two = Threads.of(2)) {
            steps(folder, Keep.NEEDED, two);
        }
    }

    private static void steps(Path folder, Keep keep, Threads threads) {
        Counter counter = new Counter();
        Network network = TrainerTest.branched(1);
        assertThrows(TrainingInterruptedException.class, () -> new Trainer(network, new SoftmaxCrossEntropy(), Adam.of())
                .batch(4).epochs(1_000_000).clip(GradientClipping.norm(1)).augment(Augmentation.shift(1)).keep(keep).threads(threads)
                .learningRate(LearningRate.cosine(1e-4, 1e-5, 1_000_000)).checkpoint(folder, Long.MAX_VALUE).listener(counter)
                .train(TrainerTest.spots(1600, 1)));
        assertTrue(counter.calm == CALM, counter.calm + " steps without, before them one with " + counter.last + " bytes");
    }
}
