package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.function.Consumer;
import lanewise.kernel.Activation;
import lanewise.layer.Conv1d;
import lanewise.layer.Conv2d;
import lanewise.layer.Conv3d;
import lanewise.layer.ConvTranspose1d;
import lanewise.layer.ConvTranspose2d;
import lanewise.layer.ConvTranspose3d;
import lanewise.layer.Initializer;
import lanewise.layer.Layer;
import lanewise.layer.Node;
import lanewise.onnx.OnnxTensor;

/** Conv and ConvTranspose. */
final class ConvOps {

    private ConvOps() {}

    /** {@code weights: K x C/groups x taps...}. */
    static Value conv(Call call) {
        Tensor x = call.tensor(0);
        int[] in = Spatial.of(x);
        OnnxTensor w = weights(call, in.length);
        Spatial s = Spatial.of(call, Arrays.copyOfRange(w.dims(), 2, w.rank()), in);
        int groups = Math.toIntExact(call.attributes.getInt("group", 1));
        int filters = w.dim(0);
        if (groups < 1 || filters % groups != 0 || (long) w.dim(1) * groups != x.dims()[1]) {
            throw new Refusal("weights are " + w + " in " + groups + " groups, input has " + x.dims()[1] + " channels");
        }
        boolean bias = call.has(2);
        return call.channelsLast(x, example -> conv(s, filters, groups, bias), parameters(call, w, filters));
    }

    static Layer conv(Spatial s, int filters, int groups, boolean bias) {
        return Spatial.byRank(s.rank(),
                () -> new Conv1d(filters, s.window(), groups, bias, Activation.NONE, Initializer.HE_NORMAL),
                () -> new Conv2d(filters, s.window(), groups, bias, Activation.NONE, Initializer.HE_NORMAL),
                () -> new Conv3d(filters, s.window3d(), groups, bias));
    }

    private static OnnxTensor weights(Call call, int spatialRank) {
        OnnxTensor w = call.constant(1);
        if (w.rank() != spatialRank + 2 || w.size() == 0) {
            throw new Refusal("weights are " + w + ", must have " + (spatialRank + 2) + " axes, none of size 0");
        }
        call.floats(1); // or refuses
        return w;
    }

    /** Both kinds of weights have output or input channels first and the taps last; here the taps are first and channels turned. */
    private static Consumer<Node> parameters(Call call, OnnxTensor w, int filters) {
        float[] bias = call.has(2) ? call.floats(2, filters) : null;
        int[] order = Axes.concat(Arrays.copyOfRange(Axes.identity(w.rank()), 2, w.rank()), 1, 0);
        return node -> {
            call.builder.set(node, "weight", Axes.permuted(w.floats(), w.dims(), order));
            if (bias != null) {
                call.builder.set(node, "bias", bias);
            }
        };
    }

    /** {@code weights: C x K/groups x taps...}. */
    static Value transposed(Call call) {
        Tensor x = call.tensor(0);
        int[] in = Spatial.of(x);
        OnnxTensor w = weights(call, in.length);
        int groups = Math.toIntExact(call.attributes.getInt("group", 1));
        if (groups < 1 || w.dim(0) % groups != 0 || w.dim(0) != x.dims()[1]) {
            throw new Refusal("weights are " + w + " in " + groups + " groups, input has " + x.dims()[1] + " channels");
        }
        int filters = Math.multiplyExact(w.dim(1), groups);
        Stamp stamp = Stamp.of(call, Arrays.copyOfRange(w.dims(), 2, w.rank()), in);
        Spatial s = stamp.window();
        boolean bias = call.has(2);
        return call.channelsLast(x, example -> Spatial.byRank(s.rank(),
                () -> new ConvTranspose1d(filters, s.window(), stamp.extra()[0], groups, bias, Activation.NONE,
                        Initializer.HE_NORMAL),
                () -> new ConvTranspose2d(filters, s.window(), stamp.extra()[0], stamp.extra()[1], groups, bias, Activation.NONE,
                        Initializer.HE_NORMAL),
                () -> new ConvTranspose3d(filters, s.window3d(), Axes.list(stamp.extra()), groups, bias)),
                parameters(call, w, filters));
    }
}
