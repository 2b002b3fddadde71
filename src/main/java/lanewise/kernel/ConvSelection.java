package lanewise.kernel;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lanewise.internal.Checks;
import lanewise.internal.conv.ConvAlgorithm;
import lanewise.internal.conv.ConvKernel;

/**
 * Which algorithm computes each pass of a convolution of one {@link ConvShape}: the first of the pass's list that does not refuse, or what
 * the caller asked for. Immutable.
 */
final class ConvSelection {

    final ConvShape shape;
    private final Map<Pass, ConvAlgorithm> algorithms;

    private ConvSelection(ConvShape shape, Map<Pass, ConvAlgorithm> algorithms) {
        this.shape = shape;
        this.algorithms = algorithms;
    }

    /** For each pass the first that does not refuse. */
    static ConvSelection of(ConvShape shape) {
        var algorithms = new EnumMap<Pass, ConvAlgorithm>(Pass.class);
        for (Pass pass : Pass.values()) {
            algorithms.put(pass, ConvAlgorithm.choose(pass, shape));
        }
        return new ConvSelection(shape, algorithms);
    }

    /** Instead of Winograd's algorithm, the first other one that does not refuse. */
    ConvSelection withoutWinograd() {
        var changed = new EnumMap<>(algorithms);
        changed.replaceAll((pass, chosen) -> chosen.isWinograd() ? ConvAlgorithm.chooseWithoutWinograd(pass, shape) : chosen);
        return new ConvSelection(shape, changed);
    }

    /** The named one for one pass. */
    ConvSelection with(Pass pass, String name) {
        String refusal = refusal(pass, name);
        if (refusal != null) {
            throw new IllegalArgumentException(name + " refuses " + shape + ": " + refusal);
        }
        var changed = new EnumMap<>(algorithms);
        changed.put(pass, find(pass, name));
        return new ConvSelection(shape, changed);
    }

    /** Null if the named algorithm can compute this shape, or why it does not. */
    String refusal(Pass pass, String name) {
        return find(pass, name).refusal().apply(shape);
    }

    private static ConvAlgorithm find(Pass pass, String name) {
        List<String> names = names(pass);
        if (!names.contains(name)) {
            throw new IllegalArgumentException("no algorithm " + name + " for " + pass + ", there are " + names);
        }
        return ConvAlgorithm.list(pass).get(names.indexOf(name));
    }

    /** All algorithms for a pass, in the order in which they are tried. */
    static List<String> names(Pass pass) {
        return ConvAlgorithm.list(Checks.notNull(pass, "pass")).stream().map(ConvAlgorithm::name).toList();
    }

    /** The algorithm of a pass. */
    ConvAlgorithm of(Pass pass) {
        return algorithms.get(Checks.notNull(pass, "pass"));
    }

    /** That algorithm, ready to run. */
    ConvKernel prepare(Pass pass) {
        return of(pass).prepare().apply(shape);
    }

    /** For each pass the algorithm chosen and, before it, those that refused, each with its reason. */
    String describe() {
        var text = new StringBuilder(shape.toString());
        for (Pass pass : Pass.values()) {
            text.append('\n').append(pass).append(": ").append(of(pass).name());
            for (ConvAlgorithm other : ConvAlgorithm.list(pass)) {
                String refusal = other.refusal().apply(shape);
                if (refusal != null) {
                    text.append("\n    not ").append(other.name()).append(": ").append(refusal);
                }
            }
        }
        return text.toString();
    }

    /** The shape and the algorithm of each pass, in one line. */
    @Override
    public String toString() {
        return shape + " " + of(Pass.FORWARD).name() + "/" + of(Pass.GRAD_INPUT).name() + "/" + of(Pass.GRAD_WEIGHT).name();
    }
}
