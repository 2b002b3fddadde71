/**
 * The kernels, on {@code float[]}: convolution and its three gradients, matrix products, pooling, element-wise functions,
 * reductions, embedding lookup.
 *
 * <h2>Legend</h2>
 * <pre>
 * N        images in a batch          x w bias y       input, filter, bias, output
 * H x W    height and width of x      dx dw dbias dy   their gradients
 * C        channels of x
 * R x S    height and width of w      forward          y from x
 * K        channels of y              gradInput        dx from dy
 * P x Q    height and width of y      gradWeight       dw from x and dy
 *                                     gradBias         dbias from dy
 * </pre>
 *
 * <p>Channels come last everywhere: activations are {@code N*H*W*C}, filters {@code R*S*C/groups*K}; a 1-D convolution is one with
 * {@code H = R = 1}. So a vector runs along the channels of one pixel.
 *
 * <h2>How a call goes</h2>
 * A shape ({@link lanewise.kernel.ConvShape}, {@link lanewise.kernel.PoolShape}) is checked once. A plan
 * ({@link lanewise.kernel.ConvPlan}, {@link lanewise.kernel.PoolPlan}, {@link lanewise.kernel.Gemm}) is an immutable choice of
 * algorithms for it, shared by all threads. A {@link lanewise.kernel.Workspace} is scratch memory that belongs to one calling thread
 * and names the {@link lanewise.kernel.Threads} its calls may use: by default the caller alone. After that nothing is allocated, and
 * nothing is remembered from one call to the next.
 *
 * <p>The vector module must be there: on the class path, start java with {@code --add-modules jdk.incubator.vector}. Every entry
 * says so in an {@link java.lang.IllegalStateException} if it is not.
 */
package lanewise.kernel;
