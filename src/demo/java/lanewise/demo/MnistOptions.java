package lanewise.demo;

import java.nio.file.Path;

/**
 * What the user may choose.
 *
 * @param data a folder with the four IDX files of MNIST or a set like it, or null for the bundled digits
 * @param out where model and pictures go
 * @param network what is trained
 * @param epochs passes over the training set
 * @param batch examples per step
 * @param seed draws the weights, the order of the pictures and how they are changed
 * @param rate the highest learning rate
 * @param shift by how many pixels pictures are moved at most
 * @param flip whether half of the pictures are mirrored, left to right: good for clothes, bad for digits
 * @param heldOut how many pictures of the training set are not trained with: the validation set, in place of the test set
 * @param checkpoints where a training saves itself, and goes on from if it did before, or null for nowhere
 */
record MnistOptions(Path data, Path out, DemoNetwork network, int epochs, int batch, long seed, double rate, int shift,
                    boolean flip, int heldOut, Path checkpoints) {

    static final String USAGE = "demo.args: [--data DIR] [--out DIR] [--network " + String.join("|", DemoNetwork.names())
            + "] [--epochs N] [--batch N] [--seed N] [--rate R] [--shift N] [--flip yes|no] [--held-out N] [--checkpoints DIR]";

    private static final int MOST_SHIFT = 27; // a pixel less than the pictures have

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static MnistOptions of(String[] args) {
        Path data = null;
        Path out = Path.of("target", "demo");
        DemoNetwork network = DemoNetwork.LENET;
        int epochs = 40;
        int batch = 64;
        long seed = 1;
        double rate = Double.NaN;
        int shift = 2;
        boolean flip = false;
        int heldOut = 0;
        Path checkpoints = null;
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(option + " lacks a value");
            }
            String value = args[i + 1];
            switch (option) {
                case "--data" -> data = Path.of(value);
                case "--out" -> out = Path.of(value);
                case "--network" -> network = network(option, value);
                case "--epochs" -> epochs = number(option, value, 1, Integer.MAX_VALUE);
                case "--batch" -> batch = number(option, value, 1, Integer.MAX_VALUE);
                case "--seed" -> seed = seed(option, value);
                case "--rate" -> rate = rate(option, value);
                case "--shift" -> shift = number(option, value, 0, MOST_SHIFT);
                case "--flip" -> flip = yes(option, value);
                case "--held-out" -> heldOut = number(option, value, 0, Integer.MAX_VALUE);
                case "--checkpoints" -> checkpoints = Path.of(value);
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new MnistOptions(data, out, network, epochs, batch, seed, Double.isNaN(rate) ? network.rate() : rate, shift, flip,
                heldOut, checkpoints);
    }

    private static DemoNetwork network(String option, String value) {
        for (DemoNetwork network : DemoNetwork.values()) {
            if (network.toString().equals(value)) {
                return network;
            }
        }
        throw new IllegalArgumentException(option + " is " + value + ", must be one of " + String.join(", ", DemoNetwork.names()));
    }

    private static boolean yes(String option, String value) {
        return switch (value) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException(option + " is " + value + ", must be yes or no");
        };
    }

    private static int number(String option, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong(option, value, least, most), e);
        }
        throw new IllegalArgumentException(wrong(option, value, least, most));
    }

    private static double rate(String option, String value) {
        double rate;
        try {
            rate = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is " + value + ", must be a number above 0", e);
        }
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(option + " is " + value + ", must be a number above 0");
        }
        return rate;
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
