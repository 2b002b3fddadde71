package lanewise.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import lanewise.io.FormatException;
import lanewise.io.Safetensors;
import lanewise.io.TensorInfo;
import lanewise.io.TensorSlice;
import lanewise.layer.Parameter;
import lanewise.layer.Parameters;

/**
 * A training at rest, in a safetensors file: the parameters under their names, the optimiser's arrays and the best weights so far under
 * names with a colon, which no parameter has, and in the metadata where the training stands, its epochs, the settings that a resumed
 * run must share, and a checksum of all of it.
 */
final class Checkpoint {

    /**
     * Where a training stands.
     *
     * @param step steps done over all epochs; dropout counts by it, too
     * @param epoch the epoch at work, from 1
     * @param epochStep steps done in it
     * @param epochSeconds spent in it
     * @param lossSum the sum of its losses, as are the next three
     * @param lastRate the learning rate of the last step
     * @param nextRate the learning rate of the next, by which another schedule is noticed; NaN after the last
     * @param optimizerSteps what {@link Optimizer#steps} said
     * @param bestEpoch 0 without early stopping
     */
    record Position(long step, int epoch, long epochStep, double epochSeconds, double lossSum, long correct, long decisions,
                    long examples, double lastRate, double nextRate, long optimizerSteps, int bestEpoch, double bestLoss) {

        Position {
            Hyper.atLeast(step, 0, "step");
            Hyper.atLeast(epoch, 1, "epoch");
            Hyper.atLeast(epochStep, 0, "epochStep");
            Hyper.atLeast(optimizerSteps, 0, "optimizerSteps");
            Hyper.atLeast(bestEpoch, 0, "bestEpoch");
        }
    }

    private static final String PREFIX = "lanewise.";
    private static final String POSITION = PREFIX + "position";
    private static final String EPOCH = PREFIX + "epoch.";
    private static final String SETTING = PREFIX + "setting.";
    private static final String CHECKSUM = PREFIX + "crc32c";
    private static final String OPTIMIZER = "optimizer:";
    private static final String BEST = "best:values";
    private static final int MOST_SHOWN = 200;

    private final Path path;
    private final Map<String, String> settings;
    private final Position position;
    private final List<Epoch> epochs;
    private final Map<String, float[]> arrays;

    private Checkpoint(Path path, Map<String, String> settings, Position position, List<Epoch> epochs, Map<String, float[]> arrays) {
        this.path = path;
        this.settings = settings;
        this.position = position;
        this.epochs = epochs;
        this.arrays = arrays;
    }

    /** Writes a file, whole or not at all. */
    static void write(Path path, Map<String, String> settings, Position position, List<Epoch> epochs, Parameters parameters,
            Optimizer optimizer, Best best) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(POSITION, NumberLine.write(position));
        epochs.forEach(epoch -> metadata.put(EPOCH + epoch.number(), NumberLine.write(epoch)));
        settings.forEach((name, value) -> metadata.put(SETTING + name, value));
        List<TensorSlice> slices = new ArrayList<>();
        for (Parameter view : parameters.views()) {
            slices.add(new TensorSlice(view.name(), view.shape().dims(), parameters.values(), view.offset()));
        }
        optimizer.state().forEach((name, array) -> slices.add(flat(OPTIMIZER + name, array)));
        if (best.values() != null) {
            slices.add(flat(BEST, best.values()));
        }
        metadata.put(CHECKSUM, checksum(metadata, slices));
        Safetensors.write(path, metadata, slices);
    }

    private static TensorSlice flat(String name, float[] array) {
        return new TensorSlice(name, List.of(array.length), array, 0);
    }

    /**
     * Reads a file.
     *
     * @throws FormatException if it is damaged, or no checkpoint
     */
    static Checkpoint read(Path path) throws IOException {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        List<TensorSlice> slices = new ArrayList<>();
        Map<String, String> metadata;
        try (Safetensors file = Safetensors.open(path)) {
            metadata = new LinkedHashMap<>(file.metadata());
            if (!metadata.containsKey(CHECKSUM)) {
                throw new FormatException(path, "its metadata has no " + CHECKSUM + ": no checkpoint of a training");
            }
            for (Map.Entry<String, TensorInfo> tensor : file.tensors().entrySet()) {
                if (!tensor.getValue().dtype().equals("F32")) {
                    throw new FormatException(path, "a tensor is of type " + tensor.getValue().dtype() + ", those of a checkpoint are F32");
                }
                float[] array = new float[(int) tensor.getValue().elements()]; // no more than the file has
                file.read(tensor.getKey(), array, 0);
                arrays.put(tensor.getKey(), array);
                slices.add(new TensorSlice(tensor.getKey(), tensor.getValue().shape(), array, 0));
            }
        }
        String written = metadata.remove(CHECKSUM);
        String found = checksum(metadata, slices);
        if (!written.equals(found)) {
            throw new FormatException(path, "the checksum of its contents is " + found + ", it says " + shown(written)
                    + ": something has changed it");
        }
        return parse(path, metadata, arrays);
    }

    private static Checkpoint parse(Path path, Map<String, String> metadata, Map<String, float[]> arrays) throws FormatException {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Epoch> epochs = new ArrayList<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(SETTING)) {
                settings.put(key.substring(SETTING.length()), value);
            }
        });
        try {
            Position position = NumberLine.read(metadata.getOrDefault(POSITION, ""), Position.class);
            for (int number = 1; metadata.containsKey(EPOCH + number); number++) {
                epochs.add(NumberLine.read(metadata.get(EPOCH + number), Epoch.class));
            }
            if (position.epoch() != epochs.size() && position.epoch() != epochs.size() + 1 || position.bestEpoch() > epochs.size()) {
                throw new IllegalArgumentException("it stands in epoch " + position.epoch() + ", the best is " + position.bestEpoch()
                        + ", and it has " + epochs.size());
            }
            return new Checkpoint(path, settings, position, epochs, arrays);
        } catch (IllegalArgumentException e) {
            throw new FormatException(path, "its position or an epoch is not valid: " + shown(e.getMessage()), e);
        }
    }

    /** CRC-32C of keys, values, names and elements. */
    private static String checksum(Map<String, String> metadata, List<TensorSlice> slices) {
        CRC32C crc = new CRC32C();
        metadata.forEach((key, value) -> {
            update(crc, key);
            update(crc, value);
        });
        ByteBuffer buffer = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        for (TensorSlice slice : slices) {
            update(crc, slice.name() + slice.shape());
            for (int done = 0; done < slice.size(); ) {
                int step = Math.min(buffer.capacity() / Float.BYTES, slice.size() - done);
                buffer.clear().asFloatBuffer().put(slice.values(), slice.offset() + done, step);
                crc.update(buffer.limit(step * Float.BYTES));
                done += step;
            }
        }
        return "%08x".formatted(crc.getValue());
    }

    private static void update(CRC32C crc, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        crc.update(bytes);
        crc.update(bytes.length); // its lowest byte, so that a limit moved within a text shows
    }

    private static String shown(String text) {
        String line = text.replaceAll("[^ -~]", "?");
        return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
    }

    Path path() {
        return path;
    }

    Position position() {
        return position;
    }

    /** The epochs that had ended. */
    List<Epoch> epochs() {
        return Collections.unmodifiableList(epochs);
    }

    /**
     * Refuses to go on under other settings.
     *
     * @throws IllegalArgumentException with both values of the first that differs
     */
    void check(Map<String, String> ours) {
        Set<String> names = new LinkedHashSet<>(ours.keySet());
        names.addAll(settings.keySet());
        for (String name : names) {
            String mine = ours.getOrDefault(name, "none");
            String theirs = settings.getOrDefault(name, "none");
            if (!mine.equals(theirs)) {
                throw different(name, mine, theirs);
            }
        }
    }

    IllegalArgumentException different(String what, Object mine, Object theirs) {
        return new IllegalArgumentException(path + " is of another training: its " + shown(what) + " is " + shown(theirs.toString())
                + ", here it is " + shown(mine.toString()));
    }

    /** Gives back what was saved; nothing has changed if it does not fit. */
    void restore(Parameters parameters, Optimizer optimizer, Best best) {
        for (Parameter view : parameters.views()) {
            fitting(view.name(), view.length());
        }
        float[] bestValues = position.bestEpoch() == 0 ? null : fitting(BEST, parameters.values().length);
        Map<String, float[]> state = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(OPTIMIZER)) {
                state.put(name.substring(OPTIMIZER.length()), fitting(name, parameters.trainableLength()));
            }
        });
        optimizer.restore(state, position.optimizerSteps());
        for (Parameter view : parameters.views()) {
            System.arraycopy(arrays.get(view.name()), 0, parameters.values(), view.offset(), view.length());
        }
        parameters.changed();
        best.resume(position.bestEpoch(), position.bestLoss(), bestValues);
    }

    private float[] fitting(String name, int length) {
        float[] array = arrays.get(name);
        if (array == null || array.length != length) {
            throw different("length of " + name, length, array == null ? "none" : array.length);
        }
        return array;
    }
}
