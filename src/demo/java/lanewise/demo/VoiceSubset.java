package lanewise.demo;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import lanewise.io.IdxFile;

/**
 * Makes the bundled voices from the recorded telephone prompts of five languages, each spoken by one person.
 *
 * <pre>java -cp target/classes src/demo/java/lanewise/demo/VoiceSubset.java &lt;folder of folders&gt; &lt;folder to write&gt;</pre>
 *
 * <p>Of each recording, in the order of their names: cut what is quiet at both ends, split the rest into pieces of 0.82 s, keep the
 * first three, but none that is mostly a pause. A recording whose name's hash code is a multiple of 5 is for testing, in all languages
 * alike, and so are all its pieces. Of the pieces of a language 300 for training and 75 for testing are taken, evenly spread.
 */
public final class VoiceSubset {

    /** The folders, in the order of {@link SignalData#CLASS_NAMES}. */
    private static final List<String> FOLDERS =
            List.of("en_US_f_Allison", "es_MX_f_Allison", "fr_CA_f_June", "it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU");
    private static final int FRAMES = 64;
    private static final int MOST_OF_ONE = 3;
    private static final int QUIET = 300; // of 32767
    private static final double PAUSE = 600; // root mean square
    private static final int TRAIN = 300;
    private static final int TEST = 75;

    private VoiceSubset() {}

    /** Ends with status 1 if a file cannot be read or written, and with 2 if misused. */
    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("VoiceSubset <folder of " + String.join(", ", FOLDERS) + "> <folder to write to>");
            System.exit(2);
        }
        try {
            write(Path.of(args[0]), Files.createDirectories(Path.of(args[1])));
        } catch (IOException failure) {
            System.err.println(Sentence.of(failure));
            System.exit(1);
        }
    }

    private static void write(Path from, Path to) throws IOException {
        List<byte[]> train = new ArrayList<>();
        List<byte[]> test = new ArrayList<>();
        for (String folder : FOLDERS) {
            List<byte[]> ofTrain = new ArrayList<>();
            List<byte[]> ofTest = new ArrayList<>();
            Path recorded = from.resolve(folder).toRealPath();
            for (String name : recordings(recorded)) {
                boolean tested = Math.floorMod(name.hashCode(), 5) == 0;
                (tested ? ofTest : ofTrain).addAll(pieces(recorded.resolve(name)));
            }
            System.out.printf("%s: %d pieces to train with, %d to test%n", folder, ofTrain.size(), ofTest.size());
            train.addAll(spread(ofTrain, TRAIN));
            test.addAll(spread(ofTest, TEST));
        }
        write(to, "train", train, TRAIN);
        write(to, "test", test, TEST);
    }

    /** Relative paths with '/', sorted; beeps, tones and silence are left out. */
    private static List<String> recordings(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
                    .filter(name -> name.endsWith(".wav"))
                    .filter(name -> !name.contains("beep") && !name.contains("tone") && !name.contains("silence"))
                    .sorted().toList();
        }
    }

    private static List<byte[]> pieces(Path file) throws IOException {
        short[] samples = samples(file);
        int from = 0;
        int to = samples.length;
        while (from < to && Math.abs(samples[from]) <= QUIET) {
            from++;
        }
        while (to > from && Math.abs(samples[to - 1]) <= QUIET) {
            to--;
        }
        int length = VoiceFeatures.samples(FRAMES);
        List<byte[]> pieces = new ArrayList<>();
        for (int start = from; start + length <= to && start < from + MOST_OF_ONE * length; start += length) {
            double squares = 0;
            for (int i = start; i < start + length; i++) {
                squares += (double) samples[i] * samples[i];
            }
            if (squares >= PAUSE * PAUSE * length) {
                pieces.add(VoiceFeatures.of(samples, start, FRAMES));
            }
        }
        return pieces;
    }

    private static short[] samples(Path file) throws IOException {
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat format = audio.getFormat();
            if (format.getSampleRate() != VoiceFeatures.RATE || format.getChannels() != 1 || format.getSampleSizeInBits() != 16) {
                throw new IOException(file + ": " + format + ", must be 8000 Hz, 16 bits, mono");
            }
            ByteBuffer bytes = ByteBuffer.wrap(audio.readAllBytes());
            short[] samples = new short[bytes.remaining() / 2];
            bytes.order(format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return samples;
        } catch (UnsupportedAudioFileException notAudio) {
            throw new IOException(file + ": " + notAudio.getMessage(), notAudio);
        }
    }

    private static List<byte[]> spread(List<byte[]> pieces, int count) throws IOException {
        if (pieces.size() < count) {
            throw new IOException("too few recordings: " + pieces.size() + " pieces, need " + count);
        }
        List<byte[]> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(pieces.get(i * pieces.size() / count));
        }
        return chosen;
    }

    private static void write(Path to, String set, List<byte[]> signals, int ofEach) throws IOException {
        var bytes = new ByteArrayOutputStream();
        byte[] labels = new byte[signals.size()];
        for (int i = 0; i < labels.length; i++) {
            bytes.write(signals.get(i));
            labels[i] = (byte) (i / ofEach);
        }
        IdxFile.write(to.resolve(set + "-signals-idx3-ubyte.gz"), List.of(labels.length, FRAMES, VoiceFeatures.CHANNELS),
                bytes.toByteArray());
        IdxFile.write(to.resolve(set + "-labels-idx1-ubyte.gz"), List.of(labels.length), labels);
    }
}
