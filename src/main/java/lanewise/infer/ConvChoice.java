package lanewise.infer;

import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTransposePlan;

/** Which algorithm a program's convolutions take: by rule or by timing, with Winograd's or without. */
final class ConvChoice {

    private final PredictorOptions options;

    ConvChoice(PredictorOptions options) {
        this.options = options;
    }

    ConvPlan plan(ConvShape shape) {
        ConvPlan byRule = options.winograd() ? ConvPlan.of(shape) : ConvPlan.of(shape).withoutWinograd();
        return options.tuning() == null ? byRule : options.tuning().choose(byRule, options.winograd());
    }

    ConvTransposePlan transposed(ConvShape mirror) {
        return options.winograd() ? ConvTransposePlan.of(mirror) : ConvTransposePlan.of(mirror).withoutWinograd();
    }
}
