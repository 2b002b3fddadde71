package lanewise.layer;

import lanewise.kernel.WriteMode;
import lanewise.kernel.Workspace;

/**
 * The arrays that one layer reads and writes in one context: filled in once, then handed to {@link LayerRun} at every call, so that
 * a call makes no garbage. Every array begins at offset 0 with the first example; parameters and gradients are the whole flat arrays.
 */
public final class Frame {

    private final Parameters parameters;
    private final float[][] x;
    private final float[] y;
    private final float[] dy;
    private final float[][] dx;
    private final WriteMode[] dxModes;
    private final Gradients gradients;

    Workspace workspace;
    boolean training;
    boolean again;
    WriteMode gradientMode = WriteMode.OVERWRITE;
    long seed;

    Frame(Parameters parameters, float[][] x, float[] y, float[] dy, float[][] dx, WriteMode[] dxModes, Gradients gradients) {
        this.parameters = parameters;
        this.x = x;
        this.y = y;
        this.dy = dy;
        this.dx = dx;
        this.dxModes = dxModes;
        this.gradients = gradients;
    }

    /**
     * The frame of one layer that runs by itself, to predict.
     *
     * @param parameters where the layer's own are found by its binding
     * @param x the inputs
     * @param y the output
     * @param workspace at least what {@link LayerRun#workspaceFloats} asks for
     */
    public static Frame predicting(Parameters parameters, float[][] x, float[] y, Workspace workspace) {
        Frame frame = new Frame(parameters, x, y, null, new float[x.length][], new WriteMode[x.length], null);
        frame.workspace = workspace;
        return frame;
    }

    /** All parameters of the network; a layer's own begin at {@link Binding#offset}. */
    public float[] parameters() {
        return parameters.values();
    }

    /** Changes when the parameters do: a packed copy made at another version is out of date. */
    public long parametersVersion() {
        return parameters.version();
    }

    /** Input {@code index}, not to be modified; null in backward if the layer does not read it. */
    public float[] x(int index) {
        return x[index];
    }

    /** How many inputs there are. */
    public int inputs() {
        return x.length;
    }

    /** The output, to be overwritten; old contents may be NaN. Null in backward if the layer does not read it. */
    public float[] y() {
        return y;
    }

    /** The gradient of the output; backward may use it as scratch. */
    public float[] dy() {
        return dy;
    }

    /** Where the gradient of input {@code index} goes, or null if nobody wants it. */
    public float[] dx(int index) {
        return dx[index];
    }

    /** Whether that gradient is overwritten or added to what another consumer of the same input wrote. */
    public WriteMode dxMode(int index) {
        return dxModes[index];
    }

    /** The gradients of all trained parameters, laid out as {@link #parameters}. */
    public float[] gradients() {
        return gradients.values();
    }

    /** Whether gradients of parameters are overwritten or added to those of the micro-batch before. */
    public WriteMode gradientMode() {
        return gradientMode;
    }

    /** The rows of the embedding table at {@code offset} that have a gradient. */
    TouchedRows touchedRows(int offset) {
        return gradients.table(offset);
    }

    /** The context's workspace, large enough for what {@link LayerRun#workspaceFloats} asked. */
    public Workspace workspace() {
        return workspace;
    }

    /** Whether this is a training step: dropout drops and batch normalisation uses the batch's own moments. */
    public boolean training() {
        return training;
    }

    /**
     * Whether forward computes once more, for backward, what it computed before and was not kept: running averages and the like have had
     * their share.
     */
    public boolean again() {
        return again;
    }

    /** The random seed of this layer in this step. */
    public long seed() {
        return seed;
    }
}
