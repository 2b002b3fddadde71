package lanewise.layer;

import java.util.Arrays;
import java.util.List;

/** Convolution, transposed convolution and pooling of volumes in double: the loops over examples, places, taps and channels. */
record VolumeLoops(int n, Shape in, Window3d window, boolean ceil) {

    private AxisLoops axis(int axis) {
        return AxisLoops.of(in.dim(axis), window.taps().get(axis), window.strides().get(axis), window.dilations().get(axis),
                window.padBefore().get(axis), window.padAfter().get(axis), false, ceil);
    }

    private interface Tap {
        /** Of places and taps by their numbers; {@code inside} the input, or else the padded input if {@code padded}. */
        void visit(int inPlace, int outPlace, int tap, boolean inside, boolean padded);
    }

    private void forEachTap(Tap visitor) {
        AxisLoops depth = axis(0);
        AxisLoops rows = axis(1);
        AxisLoops columns = axis(2);
        for (int o = 0; o < n * depth.out() * rows.out() * columns.out(); o++) {
            int example = o / columns.out() / rows.out() / depth.out();
            for (int tap = 0; tap < depth.taps() * rows.taps() * columns.taps(); tap++) {
                int d = depth.position(o / columns.out() / rows.out() % depth.out(), tap / columns.taps() / rows.taps());
                int h = rows.position(o / columns.out() % rows.out(), tap / columns.taps() % rows.taps());
                int w = columns.position(o % columns.out(), tap % columns.taps());
                boolean inside = depth.inside(d) && rows.inside(h) && columns.inside(w);
                boolean padded = depth.insidePadded(d) && rows.insidePadded(h) && columns.insidePadded(w);
                visitor.visit(((example * depth.in() + d) * rows.in() + h) * columns.in() + w, o, tap, inside, padded);
            }
        }
    }

    private double[] newOutput(int channels, double value) {
        double[] y = new double[n * axis(0).out() * axis(1).out() * axis(2).out() * channels];
        Arrays.fill(y, value);
        return y;
    }

    /** Weight {@code [tap][c of the group][k]}, then bias if there is one. */
    double[] convolution(int k, int groups, double[] x, List<double[]> parameters) {
        int c = in.channels();
        double[] weight = parameters.getFirst();
        double[] y = newOutput(k, 0);
        for (int i = 0; i < y.length && parameters.size() > 1; i++) {
            y[i] = parameters.get(1)[i % k];
        }
        int groupC = c / groups;
        int groupK = k / groups;
        forEachTap((from, to, tap, inside, padded) -> {
            for (int own = 0; inside && own < groupC; own++) {
                for (int group = 0; group < groups; group++) {
                    double value = x[from * c + group * groupC + own];
                    for (int out = group * groupK; out < (group + 1) * groupK; out++) {
                        y[to * k + out] += value * weight[(tap * groupC + own) * k + out];
                    }
                }
            }
        });
        return y;
    }

    /** Weight {@code [tap][k of the group][c]}: each input element stamps its filter on the output. */
    double[] transposed(int k, int groups, List<Integer> extra, double[] x, List<double[]> parameters) {
        int[] out = new int[3];
        for (int a = 0; a < 3; a++) {
            out[a] = (in.dim(a) - 1) * window.strides().get(a) - window.padBefore().get(a) - window.padAfter().get(a)
                    + window.dilations().get(a) * (window.taps().get(a) - 1) + 1 + extra.get(a);
        }
        int c = in.channels();
        int groupK = k / groups;
        double[] y = new double[n * out[0] * out[1] * out[2] * k];
        for (int i = 0; i < y.length && parameters.size() > 1; i++) {
            y[i] = parameters.get(1)[i % k];
        }
        int taps = window.taps().get(0) * window.taps().get(1) * window.taps().get(2);
        double[] weight = parameters.getFirst();
        for (int i = 0; i < x.length; i++) {
            int place = i / c;
            int example = place / (x.length / c / n);
            int group = i % c / (c / groups);
            for (int tap = 0; tap < taps; tap++) {
                int w = target(2, place % in.dim(2), tap % window.taps().get(2));
                int h = target(1, place / in.dim(2) % in.dim(1), tap / window.taps().get(2) % window.taps().get(1));
                int d = target(0, place / in.dim(2) / in.dim(1) % in.dim(0), tap / window.taps().get(2) / window.taps().get(1));
                boolean inside = 0 <= d && d < out[0] && 0 <= h && h < out[1] && 0 <= w && w < out[2];
                for (int o = 0; inside && o < groupK; o++) {
                    y[(((example * out[0] + d) * out[1] + h) * out[2] + w) * k + group * groupK + o]
                            += x[i] * weight[(tap * groupK + o) * c + i % c];
                }
            }
        }
        return y;
    }

    private int target(int axis, int at, int tap) {
        return at * window.strides().get(axis) + tap * window.dilations().get(axis) - window.padBefore().get(axis);
    }

    double[] max(double[] x) {
        int c = in.channels();
        double[] y = newOutput(c, Double.NEGATIVE_INFINITY);
        forEachTap((from, to, tap, inside, padded) -> {
            for (int ch = 0; inside && ch < c; ch++) {
                y[to * c + ch] = Math.max(y[to * c + ch], x[from * c + ch]);
            }
        });
        return y;
    }

    double[] average(double[] x, boolean countPadding) {
        double[] taps = newOutput(1, 0);
        forEachTap((from, to, tap, inside, padded) -> taps[to] += inside || countPadding && padded ? 1 : 0);
        double[] y = sum(x, 1);
        for (int i = 0; i < y.length; i++) {
            y[i] /= taps[i / in.channels()];
        }
        return y;
    }

    /** Of x, or with another exponent of {@code |x|^p}. */
    private double[] sum(double[] x, double p) {
        int c = in.channels();
        double[] y = newOutput(c, 0);
        forEachTap((from, to, tap, inside, padded) -> {
            for (int ch = 0; inside && ch < c; ch++) {
                double v = x[from * c + ch];
                y[to * c + ch] += p == 1 ? v : Math.pow(Math.abs(v), p);
            }
        });
        return y;
    }

    double[] norm(double[] x, double p) {
        double[] sizes = LayerOracle.abs(x);
        return Arrays.stream(sum(sizes, p)).map(v -> Math.pow(v, 1 / p)).toArray();
    }
}
