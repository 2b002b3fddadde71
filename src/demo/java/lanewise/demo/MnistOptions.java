package lanewise.demo;

import java.nio.file.Path;

/**
 * What the user may choose.
 *
 * @param data a folder with the four IDX files of MNIST or a set like it, or null for the bundled digits
 * @param out where model and pictures go
 * @param epochs passes over the training set
 * @param batch examples per step
 * @param seed draws the weights, the order of the digits and how they are shifted
 * @param checkpoints where a training saves itself, and goes on from if it did before, or null for nowhere
 */
record MnistOptions(Path data, Path out, int epochs, int batch, long seed, Path checkpoints) {

    static final String USAGE = "demo.args: [--data DIR] [--out DIR] [--epochs N] [--batch N] [--seed N] [--checkpoints DIR]";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static MnistOptions of(String[] args) {
        MnistOptions options = new MnistOptions(null, Path.of("target", "demo"), 40, 64, 1, null);
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " lacks a value");
            }
            String value = args[i + 1];
            options = switch (args[i]) {
                case "--data" -> options.withFolders(Path.of(value), options.out, options.checkpoints);
                case "--out" -> options.withFolders(options.data, Path.of(value), options.checkpoints);
                case "--checkpoints" -> options.withFolders(options.data, options.out, Path.of(value));
                case "--epochs" -> options.withNumbers(number(args[i], value), options.batch, options.seed);
                case "--batch" -> options.withNumbers(options.epochs, number(args[i], value), options.seed);
                case "--seed" -> options.withNumbers(options.epochs, options.batch, seed(args[i], value));
                default -> throw new IllegalArgumentException("there is no option " + args[i]);
            };
        }
        return options;
    }

    private MnistOptions withFolders(Path data, Path out, Path checkpoints) {
        return new MnistOptions(data, out, epochs, batch, seed, checkpoints);
    }

    private MnistOptions withNumbers(int epochs, int batch, long seed) {
        return new MnistOptions(data, out, epochs, batch, seed, checkpoints);
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong(option, value, 1, Integer.MAX_VALUE), e);
        }
        throw new IllegalArgumentException(wrong(option, value, 1, Integer.MAX_VALUE));
    }

    private static long seed(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong(option, value, Long.MIN_VALUE, Long.MAX_VALUE), e);
        }
    }

    private static String wrong(String option, String value, long least, long most) {
        return option + " is " + value + ", must be a whole number from " + least + " to " + most;
    }
}
