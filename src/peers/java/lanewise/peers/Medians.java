package lanewise.peers;

import java.util.stream.DoubleStream;

/** The middle one, or the mean of the two in the middle. */
final class Medians {

    private Medians() {}

    /** NaN if there is one among them. */
    static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray(); // NaN is the last
        return Double.isNaN(sorted[sorted.length - 1]) ? Double.NaN : ofSorted(sorted);
    }

    static double ofSorted(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
