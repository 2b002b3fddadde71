package lanewise.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import lanewise.internal.Checks;

/**
 * All parameters of a network in one flat array with named views, so that an optimiser is one sweep, a checkpoint one write and
 * gradients of several machines one sum. First come the trained ones, in the order of the layers, then the states (running means).
 *
 * <p>Threads: any number may read. Whoever writes, an optimiser or a user, does it while no context computes, and calls
 * {@link #changed} afterwards, since contexts keep packed copies of the weights.
 */
public final class Parameters {

    private final Map<String, Parameter> views;
    private final float[] values;
    private final int trainableLength;
    private final Set<String> frozen = new HashSet<>();
    private volatile long version = 1;

    private Parameters(Map<String, Parameter> views, int trainableLength, int length) {
        this.views = views;
        this.trainableLength = trainableLength;
        this.values = new float[length];
    }

    /** Lays out one parameter after the other; {@code wishes} maps full names to what the layers asked for. */
    static Parameters layOut(Map<String, ParameterSpec> wishes) {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        long trainable = place(wishes, true, 0, offsets);
        long length = place(wishes, false, trainable, offsets);
        Map<String, Parameter> views = new LinkedHashMap<>();
        wishes.forEach((name, spec) -> views.put(name, new Parameter(name, spec, offsets.get(name))));
        return new Parameters(views, (int) trainable, (int) length);
    }

    /** A copy of some parameters of another network, one after the other, that no longer changes with it. */
    public static Parameters copyOf(List<Parameter> some, Parameters of) {
        Map<String, ParameterSpec> wishes = new LinkedHashMap<>();
        some.forEach(parameter -> wishes.put(parameter.name(), parameter.spec()));
        Parameters copy = layOut(wishes);
        for (Parameter parameter : some) {
            System.arraycopy(of.values, parameter.offset(), copy.values, copy.view(parameter.name()).offset(), parameter.length());
        }
        return copy;
    }

    private static long place(Map<String, ParameterSpec> wishes, boolean trainable, long from, Map<String, Integer> offsets) {
        long offset = from;
        for (Map.Entry<String, ParameterSpec> wish : wishes.entrySet()) {
            if ((wish.getValue().role() != ParameterSpec.Role.STATE) == trainable) {
                offsets.put(wish.getKey(), (int) offset);
                offset += wish.getValue().shape().size();
                if (offset > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("the parameters up to " + wish.getKey() + " need " + offset
                            + " elements, more than the " + Integer.MAX_VALUE + " a Java array can hold");
                }
            }
        }
        return offset;
    }

    /** Sets every parameter to its start; the same seed gives the same values, and adding a layer at the end changes no other. */
    void initialize(long seed) {
        // By its numbers: its sequences from seeds a step apart are one sequence, moved by one place.
        SplittableRandom seeds = new SplittableRandom(seed);
        for (Parameter view : views.values()) {
            ParameterSpec spec = view.spec();
            spec.initializer().fill(values, view.offset(), view.length(), spec.fanIn(), spec.fanOut(), seeds.nextLong());
        }
        changed();
    }

    /** The flat array itself: what is written here is what the network computes with, after {@link #changed}. */
    public float[] values() {
        return values;
    }

    /** The number of elements that gradients train; they come first. */
    public int trainableLength() {
        return trainableLength;
    }

    /** The views in the order of the layers. */
    public List<Parameter> views() {
        return List.copyOf(views.values());
    }

    /**
     * The view of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that exist
     */
    public Parameter view(String name) {
        Parameter view = views.get(Checks.notNull(name, "name"));
        if (view == null) {
            throw new IllegalArgumentException("no parameter is called " + name + "; there are " + views.keySet());
        }
        return view;
    }

    /** A copy of one parameter. */
    public float[] get(String name) {
        Parameter view = view(name);
        return java.util.Arrays.copyOfRange(values, view.offset(), view.offset() + view.length());
    }

    /**
     * Overwrites one parameter.
     *
     * @throws IllegalArgumentException if {@code source} has another length
     */
    public void set(String name, float[] source) {
        Parameter view = view(name);
        Checks.length(source, view.length(), name);
        System.arraycopy(source, 0, values, view.offset(), source.length);
        changed();
    }

    /** Says that {@link #values} were written: contexts pack their weights anew at their next call. */
    public void changed() {
        version++; // one writer at a time, see above
    }

    /** Grows with every {@link #changed}. */
    public long version() {
        return version;
    }

    /**
     * Takes every parameter whose name begins with {@code prefix} out of training: fine-tuning trains the rest. Contexts that exist
     * already do not notice.
     *
     * @throws IllegalArgumentException if no parameter's name begins so
     */
    public void freeze(String prefix) {
        Checks.notNull(prefix, "prefix");
        List<String> names = new ArrayList<>();
        for (String name : views.keySet()) {
            if (name.startsWith(prefix)) {
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no parameter's name begins with " + prefix + "; there are " + views.keySet());
        }
        frozen.addAll(names);
    }

    /**
     * Takes every parameter out of training but those whose names begin with {@code prefix}: a new head on a trained network. Contexts that
     * exist already do not notice.
     *
     * @throws IllegalArgumentException if no parameter's name begins so
     */
    public void freezeAllBut(String prefix) {
        Checks.notNull(prefix, "prefix");
        Set<String> others = new HashSet<>();
        for (String name : views.keySet()) {
            if (!name.startsWith(prefix)) {
                others.add(name);
            }
        }
        if (others.size() == views.size()) {
            throw new IllegalArgumentException("no parameter's name begins with " + prefix + "; there are " + views.keySet());
        }
        frozen.addAll(others);
    }

    /** Undoes every {@link #freeze} and {@link #freezeAllBut}. */
    public void unfreeze() {
        frozen.clear();
    }

    /** Whether gradients train this parameter now. */
    public boolean isTrained(Parameter view) {
        return view.trainable() && !frozen.contains(view.name());
    }
}
