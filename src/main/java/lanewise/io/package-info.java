/**
 * Files: weights, data sets, sounds and pictures, to and from {@code float[]} with channels last.
 *
 * <pre>
 * Safetensors    weights with names and shapes, as Hugging Face's library writes them
 * IdxFile        arrays of MNIST and its relatives, plain or gzip
 * Cifar10File    the binary version of CIFAR-10
 * WavFile        PCM and float sound: frames x channels
 * ImageFile      PNG, JPEG, GIF, BMP: height x width x channels, from 0 to 1; needs the module java.desktop
 * AtomicFile     how all of them write: the whole new file, or the old one
 * </pre>
 *
 * <p>A file is input from outside: nothing in it is believed. Each declared size is checked against the file's before anything is
 * allocated or read by it, and whatever is wrong ends in a {@link lanewise.io.FormatException} that names the file and shows what
 * was found beside what was expected. Trouble with the disk stays the {@link java.io.IOException} it is, a missing file a {@link
 * java.nio.file.NoSuchFileException}.
 *
 * <p>Arrays are read whole, so one read takes memory for its result. Static methods may be used by several threads.
 */
package lanewise.io;
