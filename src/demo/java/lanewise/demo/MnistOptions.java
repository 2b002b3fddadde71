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
 */
record MnistOptions(Path data, Path out, int epochs, int batch, long seed) {

    static final String USAGE = "demo.args: [--data DIR] [--out DIR] [--epochs N] [--batch N] [--seed N]";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static MnistOptions of(String[] args) {
        MnistOptions options = new MnistOptions(null, Path.of("target", "demo"), 40, 64, 1);
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " lacks a value");
            }
            String value = args[i + 1];
            options = switch (args[i]) {
                case "--data" -> new MnistOptions(Path.of(value), options.out, options.epochs, options.batch, options.seed);
                case "--out" -> new MnistOptions(options.data, Path.of(value), options.epochs, options.batch, options.seed);
                case "--epochs" -> new MnistOptions(options.data, options.out, number(args[i], value), options.batch, options.seed);
                case "--batch" -> new MnistOptions(options.data, options.out, options.epochs, number(args[i], value), options.seed);
                case "--seed" -> new MnistOptions(options.data, options.out, options.epochs, options.batch, seed(args[i], value));
                default -> throw new IllegalArgumentException("there is no option " + args[i]);
            };
        }
        return options;
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
