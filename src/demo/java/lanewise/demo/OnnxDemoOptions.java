package lanewise.demo;

import java.io.Serial;
import lanewise.infer.ImageInput;

/**
 * What the command line of {@link OnnxDemo} says.
 *
 * @param model the model, or null for the bundled one
 * @param picture the picture, or null for the bundled one
 * @param labels a file with one name a line, or null
 * @param normalize none: pixels from 0 to 1; half: from -1 to 1; imagenet: less its means, divided by its deviations
 * @param height of the input where the model leaves it open
 * @param width of the input where the model leaves it open
 */
record OnnxDemoOptions(String model, String picture, String labels, String normalize, int height, int width) {

    /** The arguments make no sense. */
    static final class MisuseException extends Exception {

        @Serial
        private static final long serialVersionUID = 1;

        MisuseException(String message) {
            super(message);
        }
    }

    static OnnxDemoOptions parse(String[] args) throws MisuseException {
        String model = null;
        String picture = null;
        String labels = null;
        String normalize = "none";
        int height = 224;
        int width = 224;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--labels" -> labels = value(args, ++i);
                case "--normalize" -> normalize = value(args, ++i);
                case "--size" -> {
                    String size = value(args, ++i);
                    String[] sides = size.split(",", -1);
                    if (sides.length > 2) {
                        throw new MisuseException("--size " + size + ": must be one number of pixels or two");
                    }
                    height = side(sides[0]);
                    width = side(sides[sides.length - 1]);
                }
                default -> {
                    if (args[i].startsWith("--") || picture != null) {
                        throw new MisuseException(args[i] + ": not understood");
                    }
                    if (model == null) {
                        model = args[i];
                    } else {
                        picture = args[i];
                    }
                }
            }
        }
        if (model != null && picture == null) {
            throw new MisuseException("a model, " + model + ", but no picture");
        }
        if (!normalize.equals("none") && !normalize.equals("half") && !normalize.equals("imagenet")) {
            throw new MisuseException("--normalize " + normalize + ": must be none, half or imagenet");
        }
        return new OnnxDemoOptions(model, picture, labels, normalize, height, width);
    }

    private static String value(String[] args, int at) throws MisuseException {
        if (at == args.length) {
            throw new MisuseException(args[at - 1] + " has no value");
        }
        return args[at];
    }

    private static int side(String text) throws MisuseException {
        try {
            int side = Integer.parseInt(text);
            if (side >= 1) {
                return side;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new MisuseException("--size " + text + ": must be a number of pixels, at least 1");
    }

    ImageInput normalized(ImageInput input) {
        return switch (normalize) {
            case "half" -> input.normalized(0.5f, 0.5f);
            case "imagenet" -> input.imageNet();
            default -> input;
        };
    }
}
