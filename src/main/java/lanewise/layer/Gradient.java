package lanewise.layer;

import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/** Passing a gradient on unchanged. */
final class Gradient {

    private Gradient() {}

    /** {@code dx (+)= dy} for {@code length} elements. */
    static void pass(float[] dy, int dyOffset, float[] dx, int dxOffset, int length, WriteMode mode) {
        if (mode == WriteMode.OVERWRITE) {
            if (dy == dx && dyOffset == dxOffset) {
                return; // in place
            }
            System.arraycopy(dy, dyOffset, dx, dxOffset, length);
        } else {
            Eltwise.add(dx, dxOffset, dy, dyOffset, dx, dxOffset, length);
        }
    }
}
