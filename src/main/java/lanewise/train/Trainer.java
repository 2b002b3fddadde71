package lanewise.train;

import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Threads;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Network;
import lanewise.layer.Shape;

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

    private final Network network;
    private final Loss loss;
    private final Optimizer optimizer;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private LearningRate learningRate = LearningRate.constant(1e-3);
    private GradientClipping clipping = GradientClipping.none();
    private Augmentation augmentation;
    private Dataset validation;
    private Threads threads = Threads.one();
    private int batch = 64;
    private int epochs = 10;
    private int patience;
    private long seed;
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

    /** Shares the work of each layer among threads. */
    public Trainer threads(Threads threads) {
        this.threads = Checks.notNull(threads, "threads");
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
     * @throws IllegalArgumentException if a data set does not fit the network or the loss
     * @throws IllegalStateException if early stopping lacks a validation set, or this trainer has trained
     * @throws TrainingException if a loss is NaN or infinite; the network keeps the weights of that step
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

        Context context = network.newContext(new ContextOptions(batch, threads, true, false, seed));
        Batches batches = new Batches(data, augmentation, batch, seed);
        Progress progress = new Progress(epochs, batches.perEpoch());
        progress.classifies = loss.isClassification();
        progress.startNanos = System.nanoTime();
        Best best = new Best(network.parameters());
        List<Epoch> done = new ArrayList<>();
        listeners.forEach(listener -> listener.started(progress));
        History history = null;
        try {
            while (done.size() < epochs && (patience == 0 || best.age(done.size()) < patience)) {
                Epoch epoch = runEpoch(context, batches, progress, done.size() + 1);
                done.add(epoch);
                if (patience > 0) {
                    best.offer(epoch);
                }
                listeners.forEach(listener -> listener.epochEnded(epoch, progress));
            }
            if (patience > 0) {
                best.restore();
            }
            history = new History(done, patience > 0 ? best.epoch() : done.size(), done.size() < epochs);
        } finally {
            History told = history == null ? new History(done, done.size(), false) : history;
            listeners.forEach(listener -> listener.ended(told));
        }
        return history;
    }

    private Epoch runEpoch(Context context, Batches batches, Progress progress, int number) {
        long start = System.nanoTime();
        progress.epoch = number;
        progress.epochStep = 0;
        progress.lossSum = 0;
        progress.correct = 0;
        progress.decisions = 0;
        progress.examples = 0;
        batches.begin(number);
        long stepStart = start;
        for (int n = batches.fill(context.input()); n > 0; n = batches.fill(context.input())) {
            step(context, batches.targets, n, progress);
            long now = System.nanoTime();
            progress.trainingNanos += now - stepStart;
            for (TrainingListener listener : listeners) {
                listener.stepped(progress);
            }
            stepStart = System.nanoTime();
        }
        Evaluation evaluation = validation == null ? new Evaluation(Double.NaN, Double.NaN, 0)
                : Evaluation.of(context, validation, loss, (y, targets, n, first) -> {});
        return new Epoch(number, progress.loss(), progress.accuracy(), evaluation.loss(), evaluation.accuracy(),
                progress.learningRate, (System.nanoTime() - start) / 1e9, progress.examples);
    }

    private void step(Context context, float[] targets, int n, Progress progress) {
        Shape output = network.outputShape();
        context.forward(n, true);
        double value = loss.forward(context.output(), targets, n, output, context.outputGradient());
        progress.learningRate = learningRate.at(progress.step);
        if (!Double.isFinite(value)) {
            throw new TrainingException("the loss is " + value + " at step " + (progress.step + 1) + " (epoch " + progress.epoch
                    + ", step " + (progress.epochStep + 1) + " of " + progress.stepsPerEpoch + "), learning rate "
                    + progress.learningRate + ": a smaller one, gradient clipping or data without NaN may help", progress.step + 1);
        }
        if (loss.isClassification()) {
            progress.correct += loss.correct(context.output(), targets, n, output);
            progress.decisions += (long) n * loss.targetSize(output);
        }
        context.backward(n);
        progress.gradientNorm = clipping.apply(context.gradients());
        optimizer.step(network.parameters(), context.gradients(), progress.learningRate);
        progress.lossSum += n * value;
        progress.examples += n;
        progress.trainedExamples += n;
        progress.step++;
        progress.epochStep++;
    }
}
