package lanewise.infer;

/**
 * What one step of a program takes.
 *
 * @param step what it does, as in {@link Predictor#describe}
 * @param micros its time for one batch, in microseconds
 */
public record StepTime(String step, double micros) {}
