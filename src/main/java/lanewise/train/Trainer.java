package lanewise.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Threads;
import lanewise.layer.Keep;
import lanewise.layer.Network;

/**
 * Trains a network by mini-batches.
 *
 * <pre>
 * History history = new Trainer(network, new SoftmaxCrossEntropy(), Adam.of())
 *         .batch(64).epochs(10).seed(1)
 *         .learningRate(LearningRate.cosine(1e-3, 0, 10 * 157))
 *         .validation(test)
 *         .listener(ConsoleProgress.automatic())
 *         .train(train);
 * </pre>
 *
 * <p>The same network, data, settings and seed give the same weights, bit for bit, on every run and for any number of threads.
 * A trainer trains once.
 */
public final class Trainer {

    final Network network;
    final Loss loss;
    final Optimizer optimizer;
    final List<TrainingListener> listeners = new ArrayList<>();
    LearningRate learningRate = LearningRate.constant(1e-3);
    GradientClipping clipping = GradientClipping.none();
    Augmentation augmentation;
    Dataset validation;
    Threads threads = Threads.one();
    boolean winograd = true;
    Keep keep = Keep.NEEDED;
    int batch = 64;
    int epochs = 10;
    int patience;
    long seed;
    CheckpointFolder checkpoints;
    Checkpoint resumed;
    private boolean used;

    /** A trainer with batches of 64, 10 epochs, a constant learning rate of 1e-3 and seed 0. */
    public Trainer(Network network, Loss loss, Optimizer optimizer) {
        this.network = Checks.notNull(network, "network");
        this.loss = Checks.notNull(loss, "loss");
        this.optimizer = Checks.notNull(optimizer, "optimizer");
    }

    /** Examples per step; the last of an epoch may have fewer. */
    public Trainer batch(int batch) {
        this.batch = Checks.atLeast(batch, 1, "batch");
        return this;
    }

    /** Passes over the training set. */
    public Trainer epochs(int epochs) {
        this.epochs = Checks.atLeast(epochs, 1, "epochs");
        return this;
    }

    /** Draws the order of examples, augmentation and dropout. */
    public Trainer seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** The learning rate of every step, counted from 0 over all epochs. */
    public Trainer learningRate(LearningRate learningRate) {
        this.learningRate = Checks.notNull(learningRate, "learningRate");
        return this;
    }

    /** Bounds the gradients before every update. */
    public Trainer clip(GradientClipping clipping) {
        this.clipping = Checks.notNull(clipping, "clipping");
        return this;
    }

    /** Changes the training examples at random each time they are read. */
    public Trainer augment(Augmentation augmentation) {
        this.augmentation = Checks.notNull(augmentation, "augmentation");
        return this;
    }

    /** Is evaluated after every epoch. */
    public Trainer validation(Dataset validation) {
        this.validation = Checks.notNull(validation, "validation");
        return this;
    }

    /**
     * Ends the training when the validation loss has not improved for {@code patience} epochs, and gives the network the weights of
     * the best epoch back.
     */
    public Trainer earlyStopping(int patience) {
        this.patience = Checks.atLeast(patience, 1, "patience");
        return this;
    }

    /** Shares the work of each layer, and the update of the parameters, among threads. */
    public Trainer threads(Threads threads) {
        this.threads = Checks.notNull(threads, "threads");
        return this;
    }

    /** Keeps convolutions from Winograd's algorithm, whose rounding differs ({@link lanewise.kernel.ConvPlan#withoutWinograd}). */
    public Trainer withoutWinograd() {
        this.winograd = false;
        return this;
    }

    /** Which activations are kept: {@link Keep#LEAST} takes less memory and more time, to the same bits. */
    public Trainer keep(Keep keep) {
        this.keep = Checks.notNull(keep, "keep");
        return this;
    }

    /** {@link #checkpoint(Path, long, int)} that keeps the newest two. */
    public Trainer checkpoint(Path folder, long everySteps) {
        return checkpoint(folder, everySteps, 2);
    }

    /**
     * Saves the training after every {@code everySteps} steps, at its end, and when it is interrupted, so that {@link #resume} can go on
     * to the same bits. Each checkpoint is a file of its own, {@code step-0000000500.safetensors}, and there whole or not at all, even if
     * the JVM is killed or the disk is full. It has the size of the parameters, of what the optimiser remembers (twice that for
     * {@link Adam}), and of the best weights if training may stop early.
     *
     * @param folder of this training alone: what a killed JVM left half written there is deleted, and later steps than the training
     *     begins with are refused (to go on from an earlier one, delete them, or take another folder). Made if it does not exist
     * @param everySteps at least 1
     * @param keep how many of the newest stay, at least 1
     */
    public Trainer checkpoint(Path folder, long everySteps, int keep) {
        this.checkpoints = new CheckpointFolder(folder, everySteps, keep);
        return this;
    }

    /**
     * Goes on from a checkpoint: weights, optimiser, order of examples, augmentation, dropout, learning rate, early stopping and history
     * are what they would be had nothing stopped the training, bit for bit on the same kind of machine. {@link #epochs} may be more
     * than before.
     *
     * @param path a checkpoint, or a folder, whose newest is taken. A folder that has none, or does not exist, begins a new training,
     *     so that the same program begins and goes on
     * @throws lanewise.io.FormatException if the file is damaged, or no checkpoint
     * @throws IOException if it cannot be read
     */
    public Trainer resume(Path path) throws IOException {
        Checks.notNull(path, "path");
        Path file = Files.isDirectory(path) ? CheckpointFolder.newest(path) : path;
        boolean begins = file == null || file.equals(path) && Files.notExists(path) && !path.toString().endsWith(".safetensors");
        this.resumed = begins ? null : Checkpoint.read(file);
        return this;
    }

    /** Is told how it goes; several may be added. */
    public Trainer listener(TrainingListener listener) {
        listeners.add(Checks.notNull(listener, "listener"));
        return this;
    }

    /**
     * Trains.
     *
     * @throws IllegalArgumentException if a data set does not fit the network or the loss, or the checkpoint is of another training:
     *     network, optimiser, loss, seed, batch, number of examples and so on, with both values
     * @throws IllegalStateException if early stopping lacks a validation set, this trainer has trained, or the folder for checkpoints
     *     holds later steps than it begins with
     * @throws TrainingException if a loss is NaN or infinite; the network keeps the weights of that step
     * @throws TrainingInterruptedException if the thread was interrupted, or {@link Progress#stop} called; it is saved before
     * @throws UncheckedIOException if a checkpoint cannot be written; those before are untouched
     */
    public History train(Dataset data) {
        Batches.checkFits(network, data, loss);
        if (validation != null) {
            Batches.checkFits(network, validation, loss);
        } else if (patience > 0) {
            throw new IllegalStateException("early stopping looks at the validation loss, but there is no validation set");
        }
        if (used) {
            throw new IllegalStateException("this trainer has trained: make another");
        }
        used = true;

        if (checkpoints != null) {
            try {
                checkpoints.prepare(resumed == null ? 0 : resumed.position().step());
            } catch (IOException e) {
                throw new UncheckedIOException("the folder for checkpoints cannot be used: " + e.getMessage(), e);
            }
        }
        return new TrainingRun(this, data).run();
    }
}
