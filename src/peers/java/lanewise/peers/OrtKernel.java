package lanewise.peers;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.layer.Network;

/**
 * ONNX Runtime's kernel alone: the time of the nodes by its own profile, without those that only reorder the layout. Within a
 * network a reordered layout is handed on, so a layer by itself pays more for it than it is worth.
 *
 * <p>A profile of a very short node is long by the cost of taking it: there {@link OrtBound} may be the faster of the two.
 */
final class OrtKernel implements Contender {

    private static final String PREFIX = "profile";

    private final OrtSession session;
    private final OrtBound bound;
    private final Path folder;

    /** Loads the network with profiling on. */
    OrtKernel(Network network, int batch, float[] x, int threads) throws IOException, OrtException {
        folder = Files.createTempDirectory("lanewise");
        session = Ort.session(network, batch, threads, folder.resolve(PREFIX));
        bound = OrtBound.of(session, network, batch, x);
    }

    @Override
    public String name() {
        return "ort-kernel";
    }

    @Override
    public void call() {
        bound.call();
    }

    @Override
    public float[] result() {
        return bound.result();
    }

    /** Few: each leaves some lines in the profile, which holds a million. */
    @Override
    public int mostCalls() {
        return 200;
    }

    /** Ends the profile, so it can be asked once. */
    @Override
    public double[] nanos(double[] wall) {
        try {
            double[] calls = OrtProfile.callNanos(Path.of(session.endProfiling()));
            return Arrays.copyOfRange(calls, calls.length - wall.length, calls.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        bound.close();
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
