package lanewise.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Windows that move over {@code N x C x ...}: convolutions and poolings of {@link OnnxOracle}, of any number of axes. */
final class OracleWindows {

    private final OnnxOracle node;
    private final OracleArray x;
    private final int[] in;
    private final int rank;

    OracleWindows(OnnxOracle node, OracleArray x) {
        this.node = node;
        this.x = x;
        this.in = Arrays.copyOfRange(x.dims(), 2, x.rank());
        this.rank = in.length;
    }

    private int[] each(String name, int absent) {
        int[] ones = new int[rank];
        Arrays.fill(ones, absent);
        return node.integers(name, ones);
    }

    /** Padding before each axis, then behind; {@code auto_pad} resolved. */
    private int[] pads(int[] taps) {
        String auto = node.text("auto_pad", "NOTSET");
        int[] pads = node.integers("pads", new int[2 * rank]).clone();
        for (int i = 0; auto.startsWith("SAME") && i < rank; i++) {
            int stride = each("strides", 1)[i];
            int out = Math.ceilDiv(in[i], stride);
            int total = Math.max(0, (out - 1) * stride + (taps[i] - 1) * each("dilations", 1)[i] + 1 - in[i]);
            pads[i] = auto.equals("SAME_LOWER") ? Math.ceilDiv(total, 2) : total / 2;
            pads[i + rank] = total - pads[i];
        }
        return auto.equals("VALID") ? new int[2 * rank] : pads;
    }

    private int[] out(int n, int c, int[] taps, int[] pads, boolean ceil) {
        int[] dims = new int[rank + 2];
        dims[0] = n;
        dims[1] = c;
        for (int i = 0; i < rank; i++) {
            int stride = each("strides", 1)[i];
            int room = in[i] + pads[i] + pads[i + rank] - each("dilations", 1)[i] * (taps[i] - 1) - 1;
            int size = (ceil ? Math.ceilDiv(room, stride) : room / stride) + 1;
            if (ceil && (size - 1) * stride >= in[i] + pads[i]) {
                size--; // a window that would start in the padding behind
            }
            dims[i + 2] = size;
            if (room < 0) {
                throw new IllegalArgumentException("window beyond the input");
            }
        }
        return dims;
    }

    /** The index of the element under a tap, or null in the padding. */
    private int[] under(int[] out, int channel, int[] tap, int[] pads) {
        int[] i = new int[rank + 2];
        i[0] = out[0];
        i[1] = channel;
        for (int a = 0; a < rank; a++) {
            i[a + 2] = out[a + 2] * each("strides", 1)[a] - pads[a] + tap[a] * each("dilations", 1)[a];
            if (i[a + 2] < 0 || i[a + 2] >= in[a]) {
                return null;
            }
        }
        return i;
    }

    OracleArray convolved(OracleArray w, OracleArray bias) {
        int[] taps = Arrays.copyOfRange(w.dims(), 2, w.rank());
        int[] pads = pads(taps);
        int groups = (int) node.integer("group", 1);
        int filters = w.dims()[0];
        return OracleArray.of(out(x.dims()[0], filters, taps, pads, false), o -> {
            double sum = bias == null ? 0 : bias.at(o[1]);
            int first = o[1] / (filters / groups) * w.dims()[1];
            for (int c = 0; c < w.dims()[1]; c++) {
                int channel = c;
                sum += Arrays.stream(OracleArray.of(taps, tap -> {
                    int[] i = under(o, first + channel, tap, pads);
                    return i == null ? 0 : x.at(i) * w.at(joined(o[1], channel, tap));
                }).values()).sum();
            }
            return sum;
        });
    }

    private static int[] joined(int a, int b, int[] rest) {
        return IntStream.concat(IntStream.of(a, b), IntStream.of(rest)).toArray();
    }

    /** Every element stamps the filter, times its value, into the output. */
    OracleArray transposed(OracleArray w, OracleArray bias) {
        int[] taps = Arrays.copyOfRange(w.dims(), 2, w.rank());
        int groups = (int) node.integer("group", 1);
        int[] pads = node.integers("pads", new int[2 * rank]);
        int[] extra = node.integers("output_padding", new int[rank]);
        int[] dims = new int[rank + 2];
        dims[0] = x.dims()[0];
        dims[1] = w.dims()[1] * groups;
        for (int i = 0; i < rank; i++) {
            dims[i + 2] = (in[i] - 1) * each("strides", 1)[i] + (taps[i] - 1) * each("dilations", 1)[i] + 1 + extra[i] - pads[i]
                    - pads[i + rank];
        }
        OracleArray y = OracleArray.of(dims, o -> bias == null ? 0 : bias.at(o[1]));
        OracleArray.of(x.dims(), i -> {
            OracleArray.of(taps, tap -> {
                int[] o = new int[rank + 2];
                o[0] = i[0];
                boolean inside = true;
                for (int a = 0; a < rank; a++) {
                    o[a + 2] = i[a + 2] * each("strides", 1)[a] + tap[a] * each("dilations", 1)[a] - pads[a];
                    inside &= o[a + 2] >= 0 && o[a + 2] < dims[a + 2];
                }
                for (int k = 0; inside && k < w.dims()[1]; k++) {
                    o[1] = i[1] / (x.dims()[1] / groups) * w.dims()[1] + k;
                    int place = 0;
                    for (int a = 0; a < o.length; a++) {
                        place = place * dims[a] + o[a];
                    }
                    y.values()[place] += x.at(i) * w.at(joined(i[1], k, tap));
                }
                return 0;
            });
            return 0;
        });
        return y;
    }

    OracleArray pooled(String kind) {
        int[] taps = node.integers("kernel_shape");
        int[] pads = pads(taps);
        boolean counts = node.integer("count_include_pad", 0) != 0;
        double p = node.integer("p", 2);
        return OracleArray.of(out(x.dims()[0], x.dims()[1], taps, pads, node.integer("ceil_mode", 0) != 0), o -> {
            double[] best = {Double.NEGATIVE_INFINITY, 0, 0, 0};
            OracleArray.of(taps, tap -> {
                int[] i = under(o, o[1], tap, pads);
                if (i != null) {
                    best[0] = Math.max(best[0], x.at(i));
                    best[1] += x.at(i);
                    best[3] += Math.pow(Math.abs(x.at(i)), p);
                }
                best[2] += i != null || counts && inPadding(o, tap, pads) ? 1 : 0;
                return 0;
            });
            return switch (kind) {
                case "MaxPool" -> best[0];
                case "AveragePool" -> best[1] / best[2];
                default -> Math.pow(best[3], 1 / p);
            };
        });
    }

    /** Not in what ceil_mode adds behind the padding. */
    private boolean inPadding(int[] o, int[] tap, int[] pads) {
        return IntStream.range(0, rank).allMatch(a ->
                o[a + 2] * each("strides", 1)[a] - pads[a] + tap[a] * each("dilations", 1)[a] < in[a] + pads[a + rank]);
    }

    OracleArray global(String kind) {
        int[] dims = x.dims().clone();
        Arrays.fill(dims, 2, dims.length, 1);
        double p = node.integer("p", 2);
        return OracleArray.of(dims, o -> {
            double[] all = OracleArray.of(in, place -> x.at(joined(o[0], o[1], place))).values();
            return switch (kind) {
                case "GlobalMaxPool" -> Arrays.stream(all).max().orElseThrow();
                case "GlobalAveragePool" -> Arrays.stream(all).average().orElseThrow();
                default -> Math.pow(Arrays.stream(all).map(v -> Math.pow(Math.abs(v), p)).sum(), 1 / p);
            };
        });
    }
}
