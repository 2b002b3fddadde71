package lanewise.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Network;
import lanewise.layer.Shape;

/** One call of {@link Trainer#train} at work. */
final class TrainingRun {

    /** Somebody wants the training to end. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super(null, null, false, false);
        }
    }

    private final Trainer trainer;
    private final Network network;
    private final Map<String, String> settings;
    private final Context context;
    private final Batches batches;
    private final Progress progress;
    private final Best best;
    private final List<Epoch> done = new ArrayList<>();
    private double spentSeconds;

    TrainingRun(Trainer trainer, Dataset data) {
        this.trainer = trainer;
        this.network = trainer.network;
        this.settings = new Settings(trainer, data).texts();
        this.best = new Best(network.parameters());
        this.batches = new Batches(data, trainer.augmentation, trainer.batch, trainer.seed);
        this.progress = new Progress(trainer.epochs, batches.perEpoch());
        progress.classifies = trainer.loss.isClassification();
        if (trainer.resumed != null) {
            resume(trainer.resumed);
        }
        this.context = network.newContext(contextOptions());
        context.step(progress.step);
    }

    private ContextOptions contextOptions() {
        ContextOptions options = new ContextOptions(trainer.batch, trainer.threads, true, false, trainer.seed).keeping(trainer.keep);
        return trainer.winograd ? options : options.withoutWinograd();
    }

    private void resume(Checkpoint checkpoint) {
        checkpoint.check(settings);
        Checkpoint.Position at = checkpoint.position();
        int epochs = Math.max(checkpoint.epochs().size(), at.epoch()); // it may be in the midst of another one
        if (epochs > trainer.epochs) {
            throw checkpoint.different("number of epochs", trainer.epochs, epochs);
        }
        checkRate(checkpoint, at.step() - 1, at.lastRate());
        checkRate(checkpoint, at.step(), at.nextRate());
        checkpoint.restore(network.parameters(), trainer.optimizer, best);
        done.addAll(checkpoint.epochs());
        progress.resume(at);
        spentSeconds = at.epochSeconds();
    }

    private void checkRate(Checkpoint checkpoint, long step, double rate) {
        if (step >= 0 && !Double.isNaN(rate) && Double.compare(trainer.learningRate.at(step), rate) != 0) {
            throw checkpoint.different("learning rate of step " + step, trainer.learningRate.at(step), rate);
        }
    }

    History run() {
        progress.startNanos = System.nanoTime();
        History history = null;
        Throwable thrown = null;
        try {
            history = train();
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            tellEnd(history == null ? new History(done, done.size(), false) : history, thrown);
        }
        return history;
    }

    private History train() {
        try {
            trainer.listeners.forEach(listener -> listener.started(progress));
            while (done.size() < trainer.epochs && (trainer.patience == 0 || best.age(done.size()) < trainer.patience)) {
                Epoch epoch = runEpoch();
                done.add(epoch);
                if (trainer.patience > 0) {
                    best.offer(epoch);
                }
                trainer.listeners.forEach(listener -> listener.epochEnded(epoch, progress));
            }
            if (trainer.checkpoints != null) {
                save();
            }
            if (trainer.patience > 0) {
                best.restore();
            }
            return new History(done, trainer.patience > 0 ? best.epoch() : done.size(), done.size() < trainer.epochs);
        } catch (Stop stop) {
            throw new TrainingInterruptedException(progress.step, trainer.checkpoints == null ? null : save());
        }
    }

    /** All listeners, whatever one of them throws: that joins what has ended the training. */
    private void tellEnd(History history, Throwable thrown) {
        Throwable first = thrown;
        for (TrainingListener listener : trainer.listeners) {
            try {
                listener.ended(history);
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }
        if (thrown == null && first instanceof Error error) {
            throw error;
        }
        if (thrown == null && first != null) {
            throw (RuntimeException) first;
        }
    }

    private Epoch runEpoch() {
        long start = System.nanoTime();
        if (progress.epoch != done.size() + 1) {
            progress.beginEpoch(done.size() + 1);
            spentSeconds = 0;
        }
        double before = spentSeconds;
        batches.begin(progress.epoch, progress.epochStep);
        stopIfAsked();
        long stepStart = start;
        for (int n = fill(); n > 0; n = fill()) {
            step(n);
            long now = System.nanoTime();
            progress.trainingNanos += now - stepStart;
            spentSeconds = before + (now - start) / 1e9;
            for (int i = 0; i < trainer.listeners.size(); i++) { // C2 does not always spare an iterator
                trainer.listeners.get(i).stepped(progress);
            }
            if (trainer.checkpoints != null && progress.step % trainer.checkpoints.everySteps() == 0) {
                save();
            }
            stopIfAsked();
            stepStart = System.nanoTime();
        }
        Evaluation evaluation = trainer.validation == null ? new Evaluation(Double.NaN, Double.NaN, 0) : evaluate();
        spentSeconds = before + (System.nanoTime() - start) / 1e9;
        return new Epoch(progress.epoch, progress.loss(), progress.accuracy(), evaluation.loss(), evaluation.accuracy(),
                progress.learningRate, spentSeconds, progress.examples);
    }

    private Evaluation evaluate() {
        try {
            return Evaluation.of(context, trainer.validation, trainer.loss, (y, targets, n, first) -> stopIfAsked());
        } catch (UncheckedIOException e) {
            stopIfAsked(); // as below
            throw e;
        }
    }

    private int fill() {
        try {
            return batches.fill(context.input());
        } catch (UncheckedIOException e) {
            stopIfAsked(); // an interrupt closes the file that a data set was reading
            throw e;
        }
    }

    private void step(int n) {
        Shape output = network.outputShape();
        context.forward(n, true);
        double value = trainer.loss.forward(context.output(), batches.targets, n, output, context.outputGradient());
        progress.learningRate = trainer.learningRate.at(progress.step);
        if (!Double.isFinite(value)) {
            throw new TrainingException("the loss is " + value + " at step " + (progress.step + 1) + " (epoch " + progress.epoch
                    + ", step " + (progress.epochStep + 1) + " of " + progress.stepsPerEpoch + "), learning rate "
                    + progress.learningRate + ": a smaller one, gradient clipping or data without NaN may help", progress.step + 1);
        }
        if (trainer.loss.isClassification()) {
            progress.correct += trainer.loss.correct(context.output(), batches.targets, n, output);
            progress.decisions += (long) n * trainer.loss.targetSize(output);
        }
        context.backward(n);
        progress.gradientNorm = trainer.clipping.apply(context.gradients());
        trainer.optimizer.step(network.parameters(), context.gradients(), progress.learningRate);
        progress.lossSum += n * value;
        progress.examples += n;
        progress.trainedExamples += n;
        progress.step++;
        progress.epochStep++;
    }

    private void stopIfAsked() {
        if (progress.stopping || Thread.currentThread().isInterrupted()) {
            throw new Stop();
        }
    }

    /** Also of an interrupted thread, whose files would be closed: its status is set again afterwards. */
    private Path save() {
        Path file = trainer.checkpoints.file(progress.step);
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    Checkpoint.write(file, settings, position(), done, network.parameters(), trainer.optimizer, best);
                    prune();
                    return file;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted(); // it came meanwhile: once more
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of step " + progress.step + " could not be written, those before are whole: "
                    + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void prune() {
        try {
            trainer.checkpoints.prune();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of step " + progress.step + " is written, but an older one could not be"
                    + " deleted: " + e.getMessage(), e);
        }
    }

    private Checkpoint.Position position() {
        boolean last = progress.step == trainer.epochs * progress.stepsPerEpoch; // a schedule need not know more
        return new Checkpoint.Position(progress.step, progress.epoch, progress.epochStep, spentSeconds, progress.lossSum,
                progress.correct, progress.decisions, progress.examples, progress.learningRate,
                last ? Double.NaN : trainer.learningRate.at(progress.step),
                trainer.optimizer.steps(), best.epoch(), best.loss());
    }
}
