/**
 * Serving: from a picture to the input of a network, and from its output to labels.
 *
 * <pre>
 * ImageInput picture = ImageInput.IMAGENET;                                  // once; all threads share both
 * Labels labels = Labels.read(Path.of("labels.txt"));
 *
 * picture.fill(pixels, height, width, context.input(), 0);                  // byte[height * width * 3]; allocates nothing
 * context.forward(1);
 * for (Prediction prediction : labels.top(context.output(), 0, 5)) { ... }
 * </pre>
 */
package lanewise.infer;
