package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;

/** What is computed by Lanewise and by its peers. */
interface Work {

    /** As on the command line: {@code L2}, {@code net:lenet}, {@code train:lenet}. */
    String name();

    /** Examples per call, unless the command line says otherwise. */
    default int usualBatch() {
        return 1;
    }

    /** Whether it is asked how many pictures are done in a second. */
    default boolean countsImages() {
        return false;
    }

    /** Makes all sides ready to compute the same from the same input. */
    Match prepare(int batch, int threads) throws IOException, OrtException;

    /** How far two results may be apart, as a part of their root mean square: what rounding adds up to. */
    default double tolerance() {
        return Agreement.TOLERANCE;
    }
}
