package lanewise.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import lanewise.internal.Checks;
import lanewise.layer.Gradients;
import lanewise.layer.Parameters;

/** What an optimiser remembers: flat arrays by name, and the number of steps. */
final class Moments {

    private static final int UNKNOWN = -1;

    private final List<String> names;
    private final Map<String, float[]> arrays = new LinkedHashMap<>();
    private int length = UNKNOWN;
    private long steps;

    Moments(String... names) {
        this.names = List.of(names);
    }

    /** Checks the arguments of a step, makes the arrays if it is the first, and counts it. */
    void begin(Parameters parameters, Gradients gradients, double learningRate) {
        int needed = Checks.notNull(parameters, "parameters").trainableLength();
        if (Checks.notNull(gradients, "gradients").values().length != needed) {
            throw new IllegalArgumentException("gradients has " + gradients.values().length + " elements, the parameters have " + needed
                    + " that are trained");
        }
        Hyper.notNegative(learningRate, "learningRate");
        if (length != UNKNOWN && length != needed) {
            throw new IllegalStateException("the state of this optimiser is for " + length + " parameters, the network has " + needed
                    + ": an optimiser belongs to one network");
        }
        if (arrays.size() < names.size()) {
            names.forEach(name -> arrays.put(name, new float[needed]));
        }
        length = needed;
        steps++;
    }

    float[] get(String name) {
        return arrays.get(name);
    }

    long steps() {
        return steps;
    }

    Map<String, float[]> view() {
        return Collections.unmodifiableMap(arrays);
    }

    void restore(Map<String, float[]> state, long steps) {
        Checks.notNull(state, "state");
        Hyper.atLeast(steps, 0, "steps");
        boolean fresh = state.isEmpty() && steps == 0;
        if (!fresh && !state.keySet().equals(new TreeSet<>(names))) {
            throw new IllegalArgumentException("state has " + new TreeSet<>(state.keySet()) + " after " + steps + " steps, must have "
                    + names);
        }
        int restored = UNKNOWN;
        for (Map.Entry<String, float[]> entry : state.entrySet()) {
            int found = Checks.notNull(entry.getValue(), entry.getKey()).length;
            if (restored != UNKNOWN && found != restored) {
                throw new IllegalArgumentException(entry.getKey() + " has length " + found + ", another array of the state " + restored);
            }
            restored = found;
        }
        Map<String, float[]> copies = new LinkedHashMap<>(); // of all before anything goes: state may be the view of these very arrays
        if (!fresh) {
            names.forEach(name -> copies.put(name, state.get(name).clone()));
        }
        arrays.clear();
        arrays.putAll(copies);
        this.length = restored;
        this.steps = steps;
    }
}
