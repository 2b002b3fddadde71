package lanewise.layer;

import lanewise.kernel.WriteMode;
import lanewise.kernel.Workspace;

/**
 * The arrays that one layer reads and writes in one context: filled in once, then handed to {@link LayerRun} at every call, so that
 * a call makes no garbage. Every array begins at offset 0 with the first example, but for inputs and output of an
 * {@link OffsetLayer} that predicts; parameters and gradients are the whole flat arrays.
 */
public final class Frame {

    private final Parameters parameters;
    private final float[][] x;
    private final int[] xOffsets;
    private float[] y;
    private int yOffset;
    private final float[] dy;
    private final float[][] dx;
    private final WriteMode[] dxModes;
    private final Gradients gradients;

    Workspace workspace;
    boolean training;
    boolean again;
    WriteMode gradientMode = WriteMode.OVERWRITE;
    /** Those of the context, or null: then each layer has its own. */
    SharedFilters filters;
    long seed;

    Frame(Parameters parameters, float[][] x, float[] y, float[] dy, float[][] dx, WriteMode[] dxModes, Gradients gradients) {
        this.parameters = parameters;
        this.x = x;
        this.xOffsets = new int[x.length];
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

    /**
     * Lets the first example of input {@code index} begin at {@code offset} of {@code array}; only an {@link OffsetLayer} looks
     * there.
     */
    public void read(int index, float[] array, int offset) {
        x[index] = array;
        xOffsets[index] = offset;
    }

    /** Lets the first example of the output begin at {@code offset} of {@code array}; only an {@link OffsetLayer} writes there. */
    public void write(float[] array, int offset) {
        y = array;
        yOffset = offset;
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

    /** Where the first example begins in {@link #x}; 0 if this is a context of a network. */
    public int xOffset(int index) {
        return xOffsets[index];
    }

    /** How many inputs there are. */
    public int inputs() {
        return x.length;
    }

    /** The output, to be overwritten; old contents may be NaN. Null in backward if the layer does not read it. */
    public float[] y() {
        return y;
    }

    /** Where the first example begins in {@link #y}; 0 if this is a context of a network. */
    public int yOffset() {
        return yOffset;
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
