package lanewise.kernel;

import lanewise.internal.pool.LpPool;
import lanewise.internal.pool.MaxPool;

/** What a {@link PoolPlan} takes of each window. */
public enum PoolKind {
    /** The largest value. */
    MAX,
    /** The mean. */
    AVERAGE,
    /** The Lp norm. */
    LP;

    /** The kernel of a plan of this kind, in a few words. */
    String describe(PoolPlan plan) {
        return switch (this) {
            case MAX -> "max, " + MaxPool.describe(plan.shape().r(), plan.shape().s());
            case AVERAGE -> "average" + (plan.countsPadding() ? " with padding counted" : "") + ", 8 vectors per tap";
            case LP -> "lp of p = " + plan.exponent + ", " + LpPool.describe(plan.exponent);
        };
    }
}
