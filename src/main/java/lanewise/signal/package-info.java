/**
 * Convolution as the textbook has it: a signal and a filter of one channel each, in one and two dimensions, by each of the
 * classical methods. Start here; everything else in the library is the same sum, made fast for many channels.
 *
 * <p>Legend. 1-D: {@code x} is the signal of n elements, {@code w} the filter of m taps, {@code y} the result. 2-D: x is H x W,
 * w is R x S, y is P x Q; i and j number the taps. Outside its bounds x is zero, and such a product is left out, not multiplied.
 *
 * <pre>
 * convolution         y[t]    = sum over i    of  w[i] x[t - i]                  written y = x * w
 *                     y[p, q] = sum over i, j of  w[i, j] x[p - i, q - j]
 *
 * cross-correlation   z[t]    = sum over i    of  w[i] x[t - (m-1) + i]          what "convolution" layers compute
 *                     z[p, q] = sum over i, j of  w[i, j] x[p - (R-1) + i, q - (S-1) + j]
 *
 * matrix product      y = T x  with  T[t, j] = w[t - j]                          T is a Toeplitz matrix
 * </pre>
 *
 * <p>The three ways to convolve are {@linkplain lanewise.signal.Convolution1d#translateAndScale translate and scale} (add up
 * shifted copies of x, each scaled by one tap), {@linkplain lanewise.signal.Convolution1d#flipAndFilter flip and filter} (turn w
 * around, slide it along x, take dot products: that is, cross-correlate) and the {@linkplain
 * lanewise.signal.Convolution1d#matrixProduct matrix product}. A {@link lanewise.signal.Mode} says which part of y is wanted.
 *
 * <p>Convolution is commutative, associative and linear in both operands; cross-correlation is linear only.
 *
 * <h2>Precision</h2>
 * With k products that make up a result y, and E the sum of their magnitudes, y is this close to the exact sum:
 * <pre>
 * small inputs   eps |y| / 2 + 2^-52 k E       products and sums in double, rounded to float once
 * large inputs   eps k E (1 + eps k) / 2       a chain of fused multiply-adds in float, in vectors
 * </pre>
 * with eps = 2^-23, as long as nothing underflows. Hence integers whose products have magnitudes that add up to at most 2^24 give
 * exact results for all sizes and by every method. Large are inputs with at least 4096 pairs of an element and a tap; the matrix
 * product counts as small always, and so do inputs whose narrower operand is not finite throughout.
 *
 * <p>NaN and infinity spread as IEEE 754 says: infinity times a tap of zero is NaN. In large inputs a partial sum beyond the range
 * of float is infinite, even if later terms would bring it back. The matrix product also multiplies the zeros of its matrix.
 *
 * <p>No method modifies its operands or keeps them; each returns new arrays. All are safe for use by several threads.
 *
 * <p><i>Source:</i> R. Grosse, CSC321 Intro to Neural Networks and Machine Learning, lecture 11: Convolutional Networks, University
 * of Toronto.
 */
package lanewise.signal;
