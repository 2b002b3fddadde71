package lanewise.bench;

/**
 * Ends the set-up of a benchmark whose algorithm refuses the shape. It has no stack trace, so JMH prints its sentence and goes on
 * to the next benchmark.
 */
final class NotApplicable extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotApplicable(String refusal) {
        super(refusal, null, false, false);
    }
}
