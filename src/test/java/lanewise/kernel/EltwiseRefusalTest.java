package lanewise.kernel;

import java.util.List;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Wrong arguments of the element-wise functions. */
class EltwiseRefusalTest {

    private static final List<EltwiseFunction> ALL = EltwiseFunction.ALL;
    private static final float NAN = Float.NaN;

    private final float[] x = new float[10];
    private final float[] y = new float[10];
    private final float[] z = new float[10];

    @ParameterizedTest
    @FieldSource("ALL")
    void forward(EltwiseFunction f) {
        Refused.isNull(() -> f.map().run(null, 0, y, 0, 1), "x");
        Refused.isNull(() -> f.map().run(x, 0, null, 0, 1), "y");
        Refused.argument(() -> f.map().run(x, 0, y, 0, -1), "length", -1);
        Refused.bounds(() -> f.map().run(x, -1, y, 0, 5), "x", -1);
        Refused.bounds(() -> f.map().run(x, 0, y, -2, 5), "y", -2);
        Refused.bounds(() -> f.map().run(x, 6, y, 0, 5), "x", 6, 10);
        Refused.bounds(() -> f.map().run(x, 0, y, 6, 5), "y", 6, 10);
        Refused.bounds(() -> f.map().run(x, Integer.MAX_VALUE, y, 0, Integer.MAX_VALUE), "y", Integer.MAX_VALUE);
        Refused.argument(() -> f.map().run(x, 0, x, 1, 5), "x", "y", "overlap");
        Refused.argument(() -> f.map().run(x, 1, x, 0, 5), "x", "y", "overlap");
        f.map().run(x, 0, x, 5, 5);
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void gradInput(EltwiseFunction f) {
        String v = f.fromOutput() ? "y" : "x";
        WriteMode mode = WriteMode.OVERWRITE;
        Refused.isNull(() -> f.gradient().run(null, 0, y, 0, z, 0, 1, mode), v);
        Refused.isNull(() -> f.gradient().run(x, 0, null, 0, z, 0, 1, mode), "dy");
        Refused.isNull(() -> f.gradient().run(x, 0, y, 0, null, 0, 1, mode), "dx");
        Refused.isNull(() -> f.gradient().run(x, 0, y, 0, z, 0, 1, null), "mode");
        Refused.argument(() -> f.gradient().run(x, 0, y, 0, z, 0, -1, mode), "length", -1);
        Refused.bounds(() -> f.gradient().run(x, 6, y, 0, z, 0, 5, mode), v, 6, 10);
        Refused.bounds(() -> f.gradient().run(x, 0, y, 6, z, 0, 5, mode), "dy", 6, 10);
        Refused.bounds(() -> f.gradient().run(x, 0, y, 0, z, 6, 5, mode), "dx", 6, 10);
        Refused.argument(() -> f.gradient().run(x, 0, y, 0, x, 1, 5, mode), v, "dx", "overlap");
        Refused.argument(() -> f.gradient().run(x, 0, y, 0, y, 1, 5, mode), "dy", "dx", "overlap");
        f.gradient().run(x, 0, x, 0, z, 0, 5, mode); // two inputs may overlap
    }

    @Test
    void parameters() {
        Refused.argument(() -> Eltwise.clip(2, 1, x, 0, y, 0, 5), 2.0f, 1.0f);
        Refused.argument(() -> Eltwise.clip(NAN, 1, x, 0, y, 0, 5), NAN);
        Refused.argument(() -> Eltwise.clipGradInput(2, 1, x, 0, y, 0, z, 0, 5, WriteMode.OVERWRITE), 2.0f, 1.0f);
        Refused.argument(() -> Eltwise.selu(-1, 1, x, 0, y, 0, 5), "alpha", -1.0f);
        Refused.argument(() -> Eltwise.selu(1, 0, x, 0, y, 0, 5), "gamma", 0.0f);
        Refused.argument(() -> Eltwise.seluGradInput(1, NAN, x, 0, y, 0, z, 0, 5, WriteMode.OVERWRITE), "gamma", NAN);
        Refused.argument(() -> Eltwise.celu(0, x, 0, y, 0, 5), "alpha", 0.0f);
        Refused.argument(() -> Eltwise.celuGradInput(NAN, x, 0, y, 0, z, 0, 5, WriteMode.OVERWRITE), "alpha", NAN);
        Refused.argument(() -> Eltwise.silu(0, x, 0, y, 0, 5), "alpha", 0.0f);
        Refused.argument(() -> Eltwise.siluGradInput(NAN, x, 0, y, 0, z, 0, 5, WriteMode.OVERWRITE), "alpha", NAN);
        Refused.isNull(() -> Eltwise.unary(null, x, 0, y, 0, 5), "function");
        Refused.argument(() -> Eltwise.elu(0, x, 0, y, 0, 5), "alpha", 0.0f);
        Refused.argument(() -> Eltwise.elu(NAN, x, 0, y, 0, 5), "alpha", NAN);
        Refused.argument(() -> Eltwise.eluGradInput(-1, x, 0, y, 0, z, 0, 5, WriteMode.OVERWRITE), "alpha", -1.0f);
    }

    @Test
    void activation() {
        Refused.isNull(() -> Eltwise.forward(null, x, 0, y, 0, 5), "activation");
        Refused.argument(() -> Eltwise.forward(Activation.TANH, x, 0, x, 1, 5), "overlap");
        Refused.isNull(() -> Eltwise.gradInput(null, x, 0, y, 0, z, 0, 5, WriteMode.OVERWRITE), "activation");
        Refused.bounds(() -> Eltwise.gradInput(Activation.TANH, x, 8, y, 0, z, 0, 5, WriteMode.OVERWRITE), "xOrY", 8);
    }

    @Test
    void arithmetic() {
        Refused.isNull(() -> Eltwise.add(null, 0, y, 0, z, 0, 5), "a");
        Refused.isNull(() -> Eltwise.sub(x, 0, null, 0, z, 0, 5), "b");
        Refused.isNull(() -> Eltwise.mul(x, 0, y, 0, null, 0, 5), "y");
        Refused.bounds(() -> Eltwise.div(x, 0, y, 7, z, 0, 5), "b", 7, 10);
        Refused.argument(() -> Eltwise.add(x, 0, y, 0, x, 3, 5), "a", "y", "overlap");
        Refused.argument(() -> Eltwise.add(x, 0, y, 0, y, 3, 5), "b", "y", "overlap");
        Refused.argument(() -> Eltwise.axpy(2, x, 0, x, 3, 5), "overlap");
        Refused.argument(() -> Eltwise.scale(2, x, 0, x, 3, 5), "overlap");
        Refused.bounds(() -> Eltwise.fill(2, x, 6, 5), "y", 6, 10);
        Refused.isNull(() -> Eltwise.addBias(null, 0, y, 0, 2, 5), "bias");
        Refused.bounds(() -> Eltwise.addBias(x, 6, y, 0, 2, 5), "bias", 6, 10);
        Refused.bounds(() -> Eltwise.addBias(x, 0, y, 0, 3, 5), "y", 15, 10);
        Refused.argument(() -> Eltwise.addBias(x, 0, x, 4, 1, 5), "bias", "y", "overlap");
        Refused.argument(() -> Eltwise.addBias(x, 0, y, 0, -1, 5), "rows", -1);
        Refused.argument(() -> Eltwise.addBias(x, 0, y, 0, 1 << 20, 1 << 20), 1 << 20);
    }
}
