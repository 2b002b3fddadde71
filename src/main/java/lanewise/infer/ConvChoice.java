package lanewise.infer;

import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTransposePlan;
import lanewise.kernel.Pass;

/** Which algorithm a program's convolutions take: by rule or by timing, with Winograd's or without. */
final class ConvChoice {

    /** Floats of a packed filter from which on it comes from memory, as other layers have passed since: 1 MB. */
    private static final int FAR = 1 << 18;

    private final PredictorOptions options;
    private final boolean each;

    /** @param each whether images follow each other, and find the filters where the one before has left them */
    ConvChoice(PredictorOptions options, boolean each) {
        this.options = options;
        this.each = each;
    }

    ConvPlan plan(ConvShape shape) {
        ConvPlan byRule = ConvPlan.of(shape);
        boolean winograd = options.winograd() && (each || !isFar(byRule));
        if (!winograd) {
            byRule = byRule.withoutWinograd();
        }
        return options.tuning() == null ? byRule : options.tuning().choose(byRule, winograd);
    }

    /**
     * Whether one image does not repay the larger filter of a stride: alone, from the second cache, it does, but within a network the layer
     * takes 1.15 times as long (NOTES 97).
     */
    private static boolean isFar(ConvPlan plan) {
        return plan.shape().n() == 1 && plan.algorithm(Pass.FORWARD).equals("StridedWinogradConv")
                && plan.filterFloats(Pass.FORWARD) > FAR;
    }

    ConvTransposePlan transposed(ConvShape mirror) {
        return options.winograd() ? ConvTransposePlan.of(mirror) : ConvTransposePlan.of(mirror).withoutWinograd();
    }
}
