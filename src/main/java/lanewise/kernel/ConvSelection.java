package lanewise.kernel;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lanewise.internal.Checks;
import lanewise.internal.conv.ConvAlgorithm;

/**
 * Which algorithm computes each pass of a convolution of one {@link ConvShape}: the first of the pass's list that does not refuse, or what
 * the caller asked for. Immutable.
 */
final class ConvSelection {

    final ConvShape shape;
    private final Map<Pass, PassKernel> passes;

    private ConvSelection(ConvShape shape, Map<Pass, PassKernel> passes) {
        this.shape = shape;
        this.passes = passes;
    }

    /** For each pass the first that does not refuse. */
    static ConvSelection of(ConvShape shape) {
        var passes = new EnumMap<Pass, PassKernel>(Pass.class);
        for (Pass pass : Pass.values()) {
            passes.put(pass, PassKernel.of(pass, shape));
        }
        return new ConvSelection(shape, passes);
    }

    /** Instead of Winograd's algorithm, the first other one that does not refuse. */
    ConvSelection withoutWinograd() {
        var changed = new EnumMap<>(passes);
        changed.replaceAll((pass, chosen) -> chosen.withoutWinograd());
        return new ConvSelection(shape, changed);
    }

    /** The named one for one pass. */
    ConvSelection with(Pass pass, String name) {
        String refusal = refusal(pass, name);
        if (refusal != null) {
            throw new IllegalArgumentException(name + " refuses " + shape + ": " + refusal);
        }
        var changed = new EnumMap<>(passes);
        changed.put(pass, PassKernel.of(pass, shape, find(pass, name)));
        return new ConvSelection(shape, changed);
    }

    /** Null if the named algorithm can compute this shape, or why it does not. */
    String refusal(Pass pass, String name) {
        return find(pass, name).refusal(shape);
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

    /** What computes a pass. */
    PassKernel of(Pass pass) {
        return passes.get(Checks.notNull(pass, "pass"));
    }

    /** For each pass the algorithm chosen and, before it, those that refused, each with its reason. */
    String describe() {
        var text = new StringBuilder(shape.toString());
        for (Pass pass : Pass.values()) {
            text.append('\n').append(pass).append(": ").append(of(pass).algorithm().name());
            for (ConvAlgorithm other : ConvAlgorithm.list(pass)) {
                String refusal = other.refusal(shape);
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
        return shape + " " + of(Pass.FORWARD).algorithm().name() + "/" + of(Pass.GRAD_INPUT).algorithm().name() + "/"
                + of(Pass.GRAD_WEIGHT).algorithm().name();
    }
}
