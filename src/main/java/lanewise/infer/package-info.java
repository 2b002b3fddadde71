/**
 * Serving: a network compiled for prediction, from a picture to its input and from its output to labels.
 *
 * <pre>
 * Predictor predictor = Predictor.compile(network);                         // once; all threads share these three
 * ImageInput picture = ImageInput.IMAGENET;
 * Labels labels = Labels.read(Path.of("labels.txt"));
 *
 * PredictorContext context = predictor.newContext();                        // one for every thread
 * picture.fill(pixels, height, width, in, 0);                               // byte[height * width * 3] to float[224 * 224 * 3]
 * context.predict(in, out);                                                 // allocates nothing
 * for (Prediction prediction : labels.top(out, 0, 5)) { ... }
 * </pre>
 */
package lanewise.infer;
