package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.internal.conv.ConvAlgorithm;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Guarded;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import lanewise.oracle.WinogradBound;

/**
 * One algorithm for one pass of one shape, which it does not refuse: what the tests of the convolutions walk, so that an algorithm
 * is tested by standing in the list.
 */
record ConvCase(ConvShape shape, Pass pass, String algorithm) {

    private static final ThreadLocal<Known> LATEST = new ThreadLocal<>();

    /** Every pass of {@code shape} by every algorithm that does it. */
    static List<ConvCase> of(ConvShape shape) {
        var plan = ConvPlan.of(shape);
        var cases = new ArrayList<ConvCase>();
        for (Pass pass : Pass.values()) {
            for (String algorithm : ConvPlan.algorithms(pass)) {
                if (plan.refusal(pass, algorithm) == null) {
                    cases.add(new ConvCase(shape, pass, algorithm));
                }
            }
        }
        return cases;
    }

    /** All of {@link Shapes#all()}; a method source. */
    static Stream<ConvCase> all() {
        return Shapes.all().stream().flatMap(shape -> of(shape).stream());
    }

    /** Fails unless every algorithm of every list is among {@code cases}: otherwise its test would pass unseen. */
    static void assertEveryAlgorithm(Stream<ConvCase> cases) {
        Set<String> reached = cases.map(c -> c.pass + " " + c.algorithm).collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = new TreeSet<>();
        for (Pass pass : Pass.values()) {
            ConvPlan.algorithms(pass).forEach(name -> listed.add(pass + " " + name));
        }
        assertFalse(listed.isEmpty());
        assertEquals(listed, reached);
    }

    /** Those that read a filter, and so can add a bias and apply an activation. */
    static Stream<ConvCase> allWithFilter() {
        return all().filter(c -> c.pass != Pass.GRAD_WEIGHT);
    }

    /** Those of them that are quick to run many times. */
    static Stream<ConvCase> smallWithFilter() {
        return allWithFilter().filter(ConvCase::isSmall);
    }

    /** The small ones for every pass. */
    static Stream<ConvCase> small() {
        return all().filter(ConvCase::isSmall);
    }

    /** Whether many runs take no time. */
    boolean isSmall() {
        return shape.multiplyAdds() < 600_000;
    }

    /** A plan with this algorithm. */
    ConvPlan plan() {
        return ConvPlan.of(shape).withAlgorithm(pass, algorithm);
    }

    /** Floats of the result. */
    int outLength() {
        return switch (pass) {
            case FORWARD -> shape.yLength();
            case GRAD_INPUT -> shape.xLength();
            case GRAD_WEIGHT -> shape.wLength();
        };
    }

    /** Channels of the result, the length of a bias. */
    int outChannels() {
        return pass == Pass.GRAD_INPUT ? shape.c() : shape.k();
    }

    /**
     * What the result must be, whichever algorithm makes it. All those of a pass are held against the same sums, one after the other, so
     * each thread of the tests remembers its latest.
     */
    Sums sums(ConvOperands in) {
        float[] first = (pass == Pass.GRAD_INPUT ? in.dy() : in.x()).original();
        float[] second = (pass == Pass.GRAD_WEIGHT ? in.dy() : in.w()).original();
        Known known = LATEST.get();
        if (known == null || !known.shape.equals(shape) || known.pass != pass
                || !Arrays.equals(known.first, first) || !Arrays.equals(known.second, second)) {
            Sums sums = switch (pass) {
                case FORWARD -> ConvOracle.forward(shape, first, second);
                case GRAD_INPUT -> ConvOracle.gradInput(shape, first, second);
                case GRAD_WEIGHT -> ConvOracle.gradWeight(shape, first, second);
            };
            known = new Known(shape, pass, first.clone(), second.clone(), sums);
            LATEST.set(known);
        }
        return known.sums;
    }

    /** The sums of these operands, of which a test may go on to change its own. */
    private record Known(ConvShape shape, Pass pass, float[] first, float[] second, Sums sums) {}

    /** The same for small integers, which transforms that only add keep exact, too. */
    Sums integerOracle(ConvOperands in) {
        return algorithm.equals("StridedWinogradConv") ? sums(in) : oracle(in);
    }

    /** What the result must be, and how far from it this algorithm may be. */
    Sums oracle(ConvOperands in) {
        Sums sums = sums(in);
        if (!isWinograd()) {
            return sums;
        }
        float[] x = in.x().original();
        float[] w = in.w().original();
        float[] dy = in.dy().original();
        var bound = new WinogradBound(winogradForm());
        return switch (pass) {
            case FORWARD -> bound.forward(shape, x, w, sums);
            case GRAD_INPUT -> bound.gradInput(shape, dy, w, sums);
            case GRAD_WEIGHT -> bound.gradWeight(shape, x, dy, sums);
        };
    }

    /** Whether small integers are not exact, and the bound is another. */
    boolean isWinograd() {
        return algorithm.endsWith("WinogradConv");
    }

    /** The form of Winograd's tiles, which its packed filter names; that of a weight gradient follows from the filter. */
    String winogradForm() {
        if (pass == Pass.GRAD_WEIGHT) {
            if (shape.strideW() == 2) {
                return shape.s() == 3 ? "F(2x2,2x2)" : "F(4,4)";
            }
            String line = shape.s() == 3 ? "F(4,3)" : "F(4x3,9)";
            return shape.r() == 1 ? line : Math.max(shape.r(), shape.s()) > 3 ? "F(2x2,5x5)" : "F(4x4,3x3)";
        }
        String layout = plan().newFilter(pass).toString();
        assertTrue(layout.matches("(rotated )?winograd F\\(.*\\) .*"), layout);
        return layout.substring(layout.indexOf("F("), layout.indexOf(')') + 1);
    }

    /** Results that are integers: of Winograd's algorithm to within its rounding, which is taken off here. */
    float[] integers(Guarded out) {
        return isWinograd() ? Sums.rounded(out.values()) : out.values();
    }

    /** A workspace that is as small as this algorithm allows, full of NaN. */
    Workspace workspace(Threads threads) {
        int need = ConvAlgorithm.list(pass).stream().filter(a -> a.name().equals(algorithm)).findFirst().orElseThrow()
                .prepare(shape).workFloats();
        var workspace = new Workspace(need, threads);
        Arrays.fill(workspace.floats(), Float.NaN);
        return workspace;
    }

    /** Packs the filter over an older one that was all NaN; null for {@code GRAD_WEIGHT}, which reads none. */
    PackedFilter pack(ConvPlan plan, ConvOperands in) {
        if (pass == Pass.GRAD_WEIGHT) {
            return null;
        }
        float[] nan = new float[shape.wLength()];
        Arrays.fill(nan, Float.NaN);
        PackedFilter packed = plan.pack(pass, nan);
        plan.repack(pass, in.w().array(), in.w().offset(), packed);
        return packed;
    }

    /** Computes the product into {@code out}. */
    void run(ConvPlan plan, ConvOperands in, PackedFilter filter, Guarded out, WriteMode mode, Workspace workspace) {
        switch (pass) {
            case FORWARD -> plan.forward(in.x().array(), in.x().offset(), filter, out.array(), out.offset(), mode, workspace);
            case GRAD_INPUT -> plan.gradInput(in.dy().array(), in.dy().offset(), filter,
                    out.array(), out.offset(), mode, workspace);
            case GRAD_WEIGHT -> plan.gradWeight(in.x().array(), in.x().offset(), in.dy().array(), in.dy().offset(),
                    out.array(), out.offset(), mode, workspace);
        }
    }

    /** The product alone, on one thread, with a plan, filter and workspace of its own. */
    Guarded run(ConvOperands in, Guarded out, WriteMode mode) {
        ConvPlan plan = plan();
        run(plan, in, pack(plan, in), out, mode, workspace(Threads.one()));
        return out;
    }

    /** The product, a bias and the plan's activation: {@code forward}, or {@code gradInput} as a transposed convolution uses it. */
    void runFused(ConvPlan plan, ConvOperands in, PackedFilter filter, Guarded bias, Guarded out, Workspace workspace) {
        float[] array = bias == null ? null : bias.array();
        int offset = bias == null ? 0 : bias.offset();
        switch (pass) {
            case FORWARD -> plan.forward(in.x().array(), in.x().offset(), filter, array, offset,
                    out.array(), out.offset(), workspace);
            case GRAD_INPUT -> plan.gradInputWithBias(in.dy().array(), in.dy().offset(), filter, array, offset, plan.activation(),
                    out.array(), out.offset(), workspace);
            case GRAD_WEIGHT -> throw new IllegalArgumentException("pass is " + pass + ", which reads no filter");
        }
    }

    @Override
    public String toString() {
        return shape + " " + pass + " " + algorithm;
    }
}
