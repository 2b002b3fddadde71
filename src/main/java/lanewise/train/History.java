package lanewise.train;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How a training went.
 *
 * @param epochs in order
 * @param bestEpoch the number of the epoch whose weights the network has now
 * @param stoppedEarly whether the validation loss had stopped to improve
 */
public record History(List<Epoch> epochs, int bestEpoch, boolean stoppedEarly) {

    /** Copies the list. */
    public History {
        epochs = List.copyOf(epochs);
    }

    /**
     * The last epoch.
     *
     * @throws IllegalStateException if none has ended
     */
    public Epoch last() {
        requireEpochs();
        return epochs.getLast();
    }

    /**
     * The epoch whose weights the network has now.
     *
     * @throws IllegalStateException if none has ended
     */
    public Epoch best() {
        requireEpochs();
        return epochs.get(bestEpoch - 1);
    }

    private void requireEpochs() {
        if (epochs.isEmpty()) {
            throw new IllegalStateException("the training has 0 epochs, must have 1 at least: it was interrupted in the first");
        }
    }

    /** One figure of every epoch, for a plot: {@code history.curve(Epoch::trainLoss)}. */
    public double[] curve(ToDoubleFunction<Epoch> figure) {
        return epochs.stream().mapToDouble(figure).toArray();
    }
}
