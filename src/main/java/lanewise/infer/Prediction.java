package lanewise.infer;

/**
 * One class that a network considers.
 *
 * @param index which output it is, from 0
 * @param label its label
 * @param probability from 0 to 1; NaN if the scores have no softmax, since one of them is NaN or infinite
 */
public record Prediction(int index, String label, float probability) {}
