package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lanewise.io.FormatException;
import lanewise.io.Mutations;
import lanewise.kernel.Threads;
import lanewise.layer.Gradients;
import lanewise.layer.Network;
import lanewise.layer.Parameters;
import lanewise.layer.Shape;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was stopped anywhere and goes on has the bits of one that was not. */
class CheckpointTest {

    private static final Dataset TRAIN = TrainerTest.spots(70, 1); // the last batch of an epoch is smaller
    private static final Dataset TEST = TrainerTest.spots(40, 2);
    private static final int EPOCHS = 4;
    private static final int STEPS = 5 * EPOCHS;

    @TempDir
    Path folder;

    /** A network, its optimiser and a trainer with everything that has a state. */
    private static final class Run {
        final Network network;
        final Optimizer optimizer;
        final Trainer trainer;
        History history;

        Run(long networkSeed, Optimizer optimizer) {
            this.network = TrainerTest.branched(networkSeed);
            this.optimizer = optimizer;
            this.trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer).batch(16).epochs(EPOCHS).seed(5)
                    .learningRate(LearningRate.cosine(2e-2, 0, STEPS).warmUp(3)).augment(Augmentation.shift(1))
                    .clip(GradientClipping.norm(1)).validation(TEST).earlyStopping(3);
        }

        Run train() {
            history = trainer.train(TRAIN);
            return this;
        }
    }

    private static Run run(long networkSeed) {
        return new Run(networkSeed, Adam.of());
    }

    private static void assertSame(Run expected, Run actual, String label) {
        assertArrayEquals(expected.network.parameters().values(), actual.network.parameters().values(), label);
        assertEquals(timeless(expected.history), timeless(actual.history), label);
        assertEquals(expected.optimizer.steps(), actual.optimizer.steps(), label);
        assertEquals(expected.optimizer.state().keySet(), actual.optimizer.state().keySet(), label);
        expected.optimizer.state().forEach((name, array) -> assertArrayEquals(array, actual.optimizer.state().get(name), label + name));
    }

    private static History timeless(History history) {
        return new History(history.epochs().stream().map(e -> new Epoch(e.number(), e.trainLoss(), e.trainAccuracy(), e.validationLoss(),
                e.validationAccuracy(), e.learningRate(), 0, e.examples())).toList(), history.bestEpoch(), history.stoppedEarly());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** From every step, into a network that begins with other weights. */
    @ParameterizedTest
    @ValueSource(strings = {"Adam", "plain", "momentum"})
    void resumesToTheSameBits(String kind) throws IOException {
        UnaryOperator<Optimizer> fresh = _ -> switch (kind) {
            case "Adam" -> Adam.of().weightDecay(1e-3);
            case "plain" -> Sgd.of();
            default -> Sgd.of().momentum(0.9).nesterov();
        };
        Run straight = new Run(1, fresh.apply(null)).train();
        Run saving = new Run(1, fresh.apply(null));
        saving.trainer.checkpoint(folder, 1, 100);
        assertSame(straight, saving.train(), "saving changes nothing");
        assertEquals(5 * straight.history.epochs().size(), files().size());
        for (Path file : files()) {
            Run resumed = new Run(9, fresh.apply(null));
            resumed.trainer.resume(file);
            assertSame(straight, resumed.train(), file.getFileName().toString());
        }
    }

    @Test
    void theNewestStay() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Path half = Files.writeString(folder.resolve(".lanewise-0123456789abcdef.tmp"), "half");
        Path other = Files.writeString(folder.resolve("notes.txt"), "mine");
        Run run = run(1);
        run.trainer.checkpoint(folder, 3, 3).earlyStopping(9).train(TRAIN);
        assertFalse(Files.exists(half));
        assertEquals(List.of(folder.resolve("a"), other, folder.resolve("step-0000000015.safetensors"),
                folder.resolve("step-0000000018.safetensors"), folder.resolve("step-0000000020.safetensors")), files());
        assertEquals(folder.resolve("step-0000000020.safetensors"), CheckpointFolder.newest(folder));
    }

    /** The same program begins, and goes on. */
    @Test
    void aFolderWithoutCheckpointsBegins() throws IOException {
        Run straight = run(1).train();
        Path none = folder.resolve("none");
        Run first = run(1);
        first.trainer.resume(none).checkpoint(none, 7);
        assertSame(straight, first.train(), "no folder yet");
        Run empty = run(1);
        empty.trainer.resume(Files.createDirectories(folder.resolve("empty")));
        assertSame(straight, empty.train(), "empty folder");
        assertThrows(NoSuchFileException.class, () -> run(1).trainer.resume(folder.resolve("step-0000000001.safetensors")));
    }

    @Test
    void aFinishedTrainingIsDone() throws IOException {
        Run straight = run(1);
        straight.trainer.checkpoint(folder, 1000);
        straight.train();
        Run again = run(2);
        again.trainer.resume(folder).listener(new TrainingListener() {
            @Override
            public void stepped(Progress progress) {
                throw new AssertionError("a step");
            }
        });
        assertSame(straight, again.train(), "");
    }

    @Test
    void moreEpochs() throws IOException {
        Run straight = run(1);
        straight.trainer.learningRate(LearningRate.constant(1e-3)).epochs(5).earlyStopping(9);
        straight.train();
        Run part = run(1);
        part.trainer.learningRate(LearningRate.constant(1e-3)).epochs(2).earlyStopping(9).checkpoint(folder, 4);
        part.train();
        Run rest = run(2);
        rest.trainer.learningRate(LearningRate.constant(1e-3)).epochs(5).earlyStopping(9).resume(folder);
        assertSame(straight, rest.train(), "");
        Run fewer = run(1);
        fewer.trainer.learningRate(LearningRate.constant(1e-3)).epochs(1).earlyStopping(9).resume(folder);
        Refused.argument(fewer::train, "number of epochs is 2, here it is 1");
    }

    /** Sums of an epoch that was stopped in its middle, and speed and time of what this run did. */
    @Test
    void progressGoesOn() throws IOException {
        run(1).trainer.checkpoint(folder, 1, 100).train(TRAIN);
        Run resumed = run(1);
        resumed.trainer.resume(folder.resolve("step-0000000007.safetensors")).listener(new TrainingListener() {
            @Override
            public void started(Progress progress) {
                assertEquals(List.of(2L, 2L, 7L), List.of((long) progress.epoch(), progress.epochStep(), progress.step()));
            }

            @Override
            public void stepped(Progress progress) {
                if (progress.step() == 8) {
                    assertTrue(progress.secondsLeft() > 5 * progress.epochSecondsLeft(), "12 steps are left, and 2 of the epoch");
                    assertEquals(2, progress.epochSecondsLeft() * progress.examplesPerSecond() / 16, 1e-9);
                }
            }
        });
        resumed.train();
        assertEquals(70, resumed.history.epochs().get(1).examples());
    }

    /** Interrupts or stops at a moment of training, resumes, and compares. */
    private void assertStops(Run stopped, long step, boolean interrupted) throws IOException {
        stopped.trainer.checkpoint(folder, 1000);
        TrainingInterruptedException thrown = assertThrows(TrainingInterruptedException.class, stopped::train);
        assertEquals(interrupted, Thread.interrupted());
        assertEquals(step, thrown.step());
        assertEquals(folder.resolve("step-%010d.safetensors".formatted(step)), thrown.checkpoint());
        assertEquals("interrupted after step " + step + ", saved in " + thrown.checkpoint(), thrown.getMessage());
        assertEquals(List.of(thrown.checkpoint()), files());
        Run resumed = run(3);
        resumed.trainer.resume(folder);
        assertSame(run(1).train(), resumed.train(), "");
    }

    private static TrainingListener at(long step, Consumer<Progress> action) {
        return new TrainingListener() {
            @Override
            public void stepped(Progress progress) {
                if (progress.step() == step) {
                    action.accept(progress);
                }
            }
        };
    }

    @Test
    void anInterruptSaves() throws IOException {
        Run run = run(1);
        boolean[] ended = {false};
        run.trainer.listener(at(7, _ -> Thread.currentThread().interrupt())).listener(new TrainingListener() {
            @Override
            public void ended(History history) {
                ended[0] = true;
                assertEquals(1, history.epochs().size());
            }
        });
        assertStops(run, 7, true);
        assertTrue(ended[0]);
    }

    @Test
    void anInterruptSavesWithThreads() throws IOException {
        try (Threads two = Threads.of(2)) {
            Run run = run(1);
            run.trainer.threads(two).listener(at(8, _ -> Thread.currentThread().interrupt()));
            assertStops(run, 8, true);
        }
    }

    @Test
    void aStopOfAnotherThreadSaves() throws IOException {
        Run run = run(1);
        run.trainer.listener(at(11, progress -> {
            Thread other = new Thread(progress::stop);
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        assertStops(run, 11, false);
    }

    @Test
    void anInterruptBeforeTheFirstStep() throws IOException {
        Thread.currentThread().interrupt();
        assertStops(run(1), 0, true);
    }

    /** An evaluation is done again. */
    @Test
    void anInterruptInTheEvaluation() throws IOException {
        Run run = run(1);
        int[] reads = {0};
        run.trainer.validation(reading(TEST, () -> {
            if (reads[0]++ == 50) { // in the second evaluation
                Thread.currentThread().interrupt();
            }
        }));
        assertStops(run, 10, true);
    }

    /** An interrupt closes the file that a data set reads. */
    @Test
    void anInterruptWhileReading() throws IOException {
        Run run = run(1);
        int[] reads = {0};
        run.trainer.checkpoint(folder, 1000);
        Dataset onDisk = reading(TRAIN, () -> {
            if (reads[0]++ == 70 + 20) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new ClosedByInterruptException());
            }
        });
        assertEquals(6, assertThrows(TrainingInterruptedException.class, () -> run.trainer.train(onDisk)).step());
        assertTrue(Thread.interrupted());
        Run resumed = run(3);
        resumed.trainer.resume(folder);
        assertSame(run(1).train(), resumed.train(), "");
    }

    /** And one that validation reads. */
    @Test
    void anInterruptWhileReadingForValidation() throws IOException {
        Run run = run(1);
        int[] reads = {0};
        run.trainer.validation(reading(TEST, () -> {
            if (reads[0]++ == 50) { // in the second evaluation
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new ClosedByInterruptException());
            }
        }));
        assertStops(run, 10, true);
    }

    private static Dataset reading(Dataset data, Runnable before) {
        return new Dataset() {
            @Override
            public int size() {
                return data.size();
            }

            @Override
            public Shape inputShape() {
                return data.inputShape();
            }

            @Override
            public int targetSize() {
                return data.targetSize();
            }

            @Override
            public List<String> classNames() {
                return data.classNames();
            }

            @Override
            public void read(int index, float[] x, int xOffset, float[] target, int targetOffset) {
                before.run();
                data.read(index, x, xOffset, target, targetOffset);
            }
        };
    }

    /** An interrupt while a checkpoint is written closes its file: it is written again. */
    @Test
    void anInterruptWhileSaving() throws IOException {
        Optimizer adam = Adam.of();
        int[] saves = {0};
        Optimizer interrupting = new Optimizer() {
            @Override
            public void step(Parameters parameters, Gradients gradients, double learningRate) {
                adam.step(parameters, gradients, learningRate);
            }

            @Override
            public long steps() {
                return adam.steps();
            }

            @Override
            public Map<String, float[]> state() {
                if (++saves[0] == 2) {
                    Thread.currentThread().interrupt();
                }
                return adam.state();
            }

            @Override
            public void restore(Map<String, float[]> state, long steps) {
                adam.restore(state, steps);
            }

            @Override
            public String toString() {
                return adam.toString();
            }
        };
        Run run = new Run(1, interrupting);
        run.trainer.checkpoint(folder, 2, 100);
        assertEquals(4, assertThrows(TrainingInterruptedException.class, run::train).step());
        assertTrue(Thread.interrupted());
        assertEquals(4, saves[0], "the first, the second twice, and the last");
        Run resumed = run(3);
        resumed.trainer.resume(folder);
        assertSame(run(1).train(), resumed.train(), "");
    }

    @Test
    void anInterruptWithoutAFolderEnds() {
        Run run = run(1);
        run.trainer.listener(at(2, Progress::stop));
        TrainingInterruptedException thrown = assertThrows(TrainingInterruptedException.class, run::train);
        assertNull(thrown.checkpoint());
        assertTrue(thrown.getMessage().startsWith("interrupted after step 2, nothing saved"), thrown.getMessage());
    }

    @Test
    void refusesAnotherTraining() throws IOException {
        Run run = run(1);
        run.trainer.checkpoint(folder, 2);
        run.train();
        refused(trainer -> trainer.seed(6), "seed is 5, here it is 6");
        refused(trainer -> trainer.batch(8), "batch is 16, here it is 8");
        refused(trainer -> trainer.validation(TRAIN), "number of validation examples is 40, here it is 70");
        refused(trainer -> trainer.clip(GradientClipping.norm(2)), "clipping is Norm clipping, max=1.0, here it is Norm clipping, max=2.0");
        refused(trainer -> trainer.augment(Augmentation.shift(2)), "augmentation is Shift", "maxPixels=1", "maxPixels=2");
        refused(trainer -> trainer.augment((_, _, _, _) -> {}), "augmentation is Shift", "here it is lanewise.train.CheckpointTest$$Lambda");
        refused(Trainer::withoutWinograd, "winograd is true, here it is false");
        refused(trainer -> trainer.learningRate(LearningRate.constant(1)), "learning rate of step 19 is ", "here it is 1.0");
        Run other = new Run(1, Sgd.of().momentum(0.9));
        other.trainer.resume(folder);
        Refused.argument(other::train, folder, "optimiser is Adam[beta1=0.9", "here it is Sgd[momentum=0.9");
        Run size = run(1);
        size.trainer.resume(folder);
        Refused.argument(() -> size.trainer.train(TEST), "number of training examples is 70, here it is 40");
        Run frozen = run(1);
        frozen.network.parameters().freeze("dense");
        frozen.trainer.resume(folder);
        Refused.argument(frozen::train, "list of frozen parameters is [], here it is [dense_1.weight, dense_1.bias]");
        Network network = Network.chain(TRAIN.inputShape(), 1, new lanewise.layer.Flatten(), lanewise.layer.Dense.of(3));
        float[] before = network.parameters().values().clone();
        Trainer another = new Trainer(network, new SoftmaxCrossEntropy(), Adam.of()).resume(folder);
        Refused.argument(() -> another.train(TRAIN), "node flatten", "[input] to 128");
        assertArrayEquals(before, network.parameters().values());
    }

    private void refused(Consumer<Trainer> change, Object... parts) throws IOException {
        Run run = run(1);
        float[] before = run.network.parameters().values().clone();
        run.trainer.resume(folder);
        change.accept(run.trainer);
        Refused.argument(run::train, "is of another training", folder);
        Run again = run(1);
        again.trainer.resume(folder);
        change.accept(again.trainer);
        Refused.argument(again::train, parts);
        assertArrayEquals(before, run.network.parameters().values());
        assertEquals(0, run.optimizer.steps());
    }

    /** Steps of another training would be taken for the newest of this one. */
    @Test
    void refusesAFolderOfALaterTraining() throws IOException {
        run(1).trainer.checkpoint(folder, 4, 100).train(TRAIN);
        List<Path> before = files();
        Refused.by(IllegalStateException.class, () -> run(1).trainer.checkpoint(folder, 4).train(TRAIN), before.getLast(),
                "begins after step 0");
        Refused.by(IllegalStateException.class, () -> {
            run(1).trainer.resume(before.getFirst()).checkpoint(folder, 4).train(TRAIN);
        }, before.getLast(), "begins after step 4");
        assertEquals(before, files());
    }

    /** In the midst of an epoch that should not be. */
    @Test
    void refusesFewerEpochsThanHaveBegun() throws IOException {
        Run run = run(1);
        run.trainer.checkpoint(folder, 1000).listener(at(12, Progress::stop));
        assertThrows(TrainingInterruptedException.class, run::train);
        refused(trainer -> trainer.epochs(2), "number of epochs is 3, here it is 2");
    }

    @Test
    void refusesBadArguments() {
        Refused.argument(() -> run(1).trainer.checkpoint(folder, 0), "everySteps is 0");
        Refused.argument(() -> run(1).trainer.checkpoint(folder, 1, 0), "keep is 0");
        Refused.isNull(() -> run(1).trainer.checkpoint(null, 1), "folder");
        Refused.isNull(() -> run(1).trainer.resume(null), "path");
        Refused.by(UncheckedIOException.class, () -> {
            Path file = Files.writeString(folder.resolve("file"), "x");
            run(1).trainer.checkpoint(file, 1).train(TRAIN);
        }, folder.resolve("file"));
    }

    @Test
    void refusesOtherFiles() throws IOException {
        Path text = Files.writeString(folder.resolve("text.safetensors"), "no checkpoint");
        Refused.by(FormatException.class, () -> run(1).trainer.resume(text), text);
        Path model = folder.resolve("model.safetensors");
        lanewise.io.ModelFile.save(TrainerTest.branched(1), model);
        Refused.by(FormatException.class, () -> run(1).trainer.resume(model), model, "no lanewise.crc32c");
    }

    /** What is damaged is refused, wherever; what is not has the very contents. */
    @Test
    void damagedFiles() throws IOException {
        Run run = run(1);
        run.trainer.checkpoint(folder.resolve("run"), 12);
        run.train();
        Path newest = CheckpointFolder.newest(folder.resolve("run"));
        Checkpoint valid = Checkpoint.read(newest);
        byte[] bytes = Files.readAllBytes(newest);
        float[] values = restored(valid);
        Mutations.refuseAll(folder, bytes, 6000, 2000, 1 << 21, path -> {
            Checkpoint read = Checkpoint.read(path);
            assertEquals(valid.position(), read.position());
            assertEquals(valid.epochs(), read.epochs());
            if (!Arrays.equals(Files.readAllBytes(path), bytes)) {
                assertArrayEquals(values, restored(read));
            }
        });
    }

    private static float[] restored(Checkpoint checkpoint) {
        Network network = TrainerTest.branched(4);
        Optimizer optimizer = Adam.of();
        checkpoint.restore(network.parameters(), optimizer, new Best(network.parameters()));
        return network.parameters().values();
    }
}
