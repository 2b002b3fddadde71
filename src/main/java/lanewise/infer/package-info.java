/**
 * Networks compiled for prediction: {@link lanewise.infer.Predictor#compile} turns a trained {@code Network} into an immutable program
 * of few steps, {@link lanewise.infer.PredictorContext} runs it without garbage.
 */
package lanewise.infer;
