package lanewise.onnx;

import java.io.Serial;
import java.util.List;

/** A model that is well formed but cannot be run here, with every reason at once, each by the name of its node. */
public final class OnnxException extends RuntimeException {

    private static final int SHOWN = 50;

    @Serial
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // an unmodifiable list of strings is serializable
    private final List<String> problems;

    /**
     * All problems of a model.
     *
     * @param problems one sentence each, at least one
     */
    public OnnxException(List<String> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    private static String message(List<String> problems) {
        int count = problems.size();
        String all = String.join("\n  ", problems.subList(0, Math.min(count, SHOWN)));
        return "the model has " + count + (count == 1 ? " problem:\n  " : " problems:\n  ") + all
                + (count > SHOWN ? "\n  and " + (count - SHOWN) + " more" : "");
    }

    /** The problems, one sentence each. */
    public List<String> problems() {
        return problems;
    }
}
