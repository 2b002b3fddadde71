package lanewise.infer;

import java.util.List;
import lanewise.layer.Node;

/** Runs a program by its kernels on zeros, until it is fast enough or no longer becomes faster. */
final class TrialRun {

    /** The program is timed in rounds of at least so long, in ns. */
    private static final long ROUND = 10_000_000;

    /** Rounds without a gain that tell that it is compiled. */
    private static final int NO_GAINS = 3;

    private final PredictorContext context;
    private final float[][] in;
    private final float[][] out;
    private double best = Double.POSITIVE_INFINITY;
    private int noGain;
    private long lastGain = System.nanoTime();

    private final double enough;
    private final long patience;

    /** {@code enough} is the time of a call that needs not become less; it may show no gain for {@code patience} at least; in ns. */
    TrialRun(Predictor predictor, double enough, long patience) {
        this.enough = enough;
        this.patience = patience;
        context = predictor.newFastContext();
        in = zeros(predictor.inputs(), predictor.batch());
        out = zeros(predictor.outputs(), predictor.batch());
    }

    private static float[][] zeros(List<Node> nodes, int batch) {
        return nodes.stream().map(node -> new float[batch * node.shape().size()]).toArray(float[][]::new);
    }

    /** Runs it for a while; whether it may still become faster. */
    boolean round() {
        long start = System.nanoTime();
        long now;
        int calls = 0;
        do {
            context.predict(in, out);
            calls++;
            now = System.nanoTime();
        } while (now - start < ROUND);
        double nanos = (double) (now - start) / calls;
        noGain++;
        if (nanos < 0.9 * best) {
            noGain = 0;
            lastGain = now;
        }
        best = Math.min(best, nanos);
        return best > enough && (noGain < NO_GAINS || now - lastGain < patience);
    }
}
