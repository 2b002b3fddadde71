package lanewise.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.layer.Node;

/**
 * Brings the kernels of a program to C2 while it is compiled. Until then every vector is an object, and one prediction of a large
 * network in that state takes seconds.
 *
 * <p>First {@link Rehearsal}s, in turn, so that C2 has work while the others are still being counted; weights are packed while it
 * compiles; then the rehearsals go on until each is fast, and a while longer for the small methods around the kernels, which C2 takes
 * only after 5,000 calls; then the program itself runs, until it no longer becomes faster. Each part has its limit of time, so that a
 * slow machine gets a colder program and not a longer wait.
 */
final class WarmUp {

    /** Limits of the parts, in ns. */
    private static final long FEEDING = 300_000_000;
    private static final long REHEARSING = 1_500_000_000;
    private static final long POLISHING = 200_000_000;
    private static final long RUNNING = 400_000_000;

    /** The program is timed in rounds of at least so long, in ns. */
    private static final long ROUND = 10_000_000;

    /** Calls by which HotSpot has asked for C2. */
    private static final int FED = 1_000;

    /** Calls by which it has asked for methods without a loop, too. */
    private static final int POLISHED = 6_000;

    private final List<Rehearsal> all;
    private final List<Rehearsal> cold;

    WarmUp(List<Op> ops) {
        Map<Object, Rehearsal> distinct = new LinkedHashMap<>();
        for (Op op : ops) {
            Rehearsal rehearsal = op.rehearsal();
            if (rehearsal != null) {
                distinct.putIfAbsent(rehearsal.key(), rehearsal);
            }
        }
        all = List.copyOf(distinct.values());
        cold = new ArrayList<>(all);
    }

    /** Runs the rehearsals until C2 has been asked for all of them. */
    void feed() {
        rehearse(FEEDING, FED);
    }

    /** Runs the rehearsals until they are fast, then the program. */
    void finish(Predictor predictor) {
        rehearse(REHEARSING, Integer.MAX_VALUE);
        polish();
        run(predictor);
    }

    private void rehearse(long limit, int calls) {
        long end = System.nanoTime() + limit;
        for (int call = 0; call < calls && !cold.isEmpty(); call++) {
            for (int i = cold.size() - 1; i >= 0; i--) {
                if (cold.get(i).run()) {
                    cold.remove(i);
                }
                if (System.nanoTime() >= end) {
                    return;
                }
            }
        }
    }

    private void polish() {
        long end = System.nanoTime() + POLISHING;
        for (int call = 0; call < POLISHED && System.nanoTime() < end; call++) {
            all.forEach(Rehearsal::run);
        }
    }

    private static void run(Predictor predictor) {
        PredictorContext context = predictor.newContext();
        float[][] in = zeros(predictor.inputs(), predictor.batch());
        float[][] out = zeros(predictor.outputs(), predictor.batch());
        long begin = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        int noGain = 0;
        for (long start = begin; noGain < 3 && start - begin < RUNNING; ) {
            long now;
            int calls = 0;
            do {
                context.predict(in, out);
                calls++;
                now = System.nanoTime();
            } while (now - start < ROUND);
            double nanos = (double) (now - start) / calls;
            noGain = nanos < 0.9 * best ? 0 : noGain + 1;
            best = Math.min(best, nanos);
            start = now;
        }
    }

    private static float[][] zeros(List<Node> nodes, int batch) {
        return nodes.stream().map(node -> new float[batch * node.shape().size()]).toArray(float[][]::new);
    }
}
