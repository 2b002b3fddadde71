package lanewise.layer;

import java.util.Arrays;
import lanewise.kernel.EmbeddingLookup;
import lanewise.kernel.WriteMode;

/** {@link Embedding} at work. */
final class EmbeddingRun implements LayerRun {

    private final Embedding layer;
    private final Binding binding;
    private final int[] ids;

    EmbeddingRun(Embedding layer, Binding binding) {
        this.layer = layer;
        this.binding = binding;
        this.ids = new int[binding.batch() * binding.input().size()];
    }

    @Override
    public long ownBytes(boolean backward) {
        return (long) ids.length * Integer.BYTES;
    }

    @Override
    public void forward(Frame frame) {
        readIds(frame.x(0), frame.xOffset(0));
        EmbeddingLookup.forward(frame.parameters(), binding.offset(0), layer.vocabulary(), layer.dim(), ids, 0, ids.length, frame.y(),
                frame.yOffset());
    }

    private void readIds(float[] x, int offset) {
        for (int i = 0; i < ids.length; i++) {
            int id = (int) x[offset + i];
            if (id != x[offset + i] || id < 0 || id >= layer.vocabulary()) {
                throw new IllegalArgumentException("element " + i + " of the input is " + x[offset + i] + ", must be a row number from 0 to "
                        + (layer.vocabulary() - 1));
            }
            ids[i] = id;
        }
    }

    @Override
    public void backward(Frame frame) {
        if (frame.dx(0) != null && frame.dxMode(0) == WriteMode.OVERWRITE) {
            Arrays.fill(frame.dx(0), 0, ids.length, 0); // row numbers have no gradient
        }
        if (!binding.trains(0)) {
            return;
        }
        TouchedRows rows = frame.touchedRows(binding.offset(0));
        if (frame.gradientMode() == WriteMode.OVERWRITE) {
            rows.clear();
        }
        for (int id : ids) {
            rows.touch(id);
        }
        EmbeddingLookup.gradWeight(ids, 0, ids.length, frame.dy(), 0, frame.gradients(), binding.offset(0), layer.vocabulary(),
                layer.dim());
    }
}
