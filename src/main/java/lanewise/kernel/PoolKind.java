package lanewise.kernel;

/** What a {@link PoolPlan} takes of each window. */
public enum PoolKind {
    /** The largest value. */
    MAX,
    /** The mean. */
    AVERAGE,
    /** The Lp norm. */
    LP
}
