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

    /** The last epoch. */
    public Epoch last() {
        return epochs.getLast();
    }

    /** The epoch whose weights the network has now. */
    public Epoch best() {
        return epochs.get(bestEpoch - 1);
    }

    /** One figure of every epoch, for a plot: {@code history.curve(Epoch::trainLoss)}. */
    public double[] curve(ToDoubleFunction<Epoch> figure) {
        return epochs.stream().mapToDouble(figure).toArray();
    }
}
