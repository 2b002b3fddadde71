package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;

/** What is computed by Lanewise and by its peers. */
interface Work {

    /** As on the command line: {@code L2}, {@code net:lenet}. */
    String name();

    /** Makes all sides ready to compute the same from the same input. */
    Match prepare(int batch, int threads) throws IOException, OrtException;
}
