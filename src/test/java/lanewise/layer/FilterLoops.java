package lanewise.layer;

import java.util.List;

/** Convolution and transposed convolution in double: the loops over examples, places, taps and channels. */
record FilterLoops(int n, Shape in, Window window, int k, int groups) {

    /** Parameters are filter and, if there is one, bias. */
    double[] forward(double[] x, List<double[]> parameters) {
        Area area = Area.of(in);
        AxisLoops rows = AxisLoops.rows(area, window, false);
        AxisLoops columns = AxisLoops.columns(area, window, false);
        int places = n * rows.out() * columns.out();
        double[] y = withBias(places, k, parameters);
        for (int o = 0; o < places; o++) {
            int q = o % columns.out();
            int p = o / columns.out() % rows.out();
            int example = o / columns.out() / rows.out();
            for (int tap = 0; tap < window.r() * window.s(); tap++) {
                int h = rows.position(p, tap / window.s());
                int w = columns.position(q, tap % window.s());
                if (rows.inside(h) && columns.inside(w)) {
                    int xAt = ((example * area.h() + h) * area.w() + w) * area.c();
                    addTap(x, xAt, area.c() / groups, parameters.getFirst(), tap, y, o * k);
                }
            }
        }
        return y;
    }

    /** Weight {@code [tap][c of the group][k]}. */
    private void addTap(double[] x, int xAt, int groupC, double[] weight, int tap, double[] y, int yAt) {
        for (int out = 0; out < k; out++) {
            int group = out / (k / groups);
            for (int c = 0; c < groupC; c++) {
                y[yAt + out] += x[xAt + group * groupC + c] * weight[(tap * groupC + c) * k + out];
            }
        }
    }

    /** Weight {@code [tap][k of the group][c]}: each input element stamps its filter on the output. */
    double[] transposed(int outputPaddingH, int outputPaddingW, double[] x, List<double[]> parameters) {
        Area area = Area.of(in);
        int high = (area.h() - 1) * window.strideH() - window.padTop() - window.padBottom()
                + window.dilationH() * (window.r() - 1) + 1 + outputPaddingH;
        int wide = (area.w() - 1) * window.strideW() - window.padLeft() - window.padRight()
                + window.dilationW() * (window.s() - 1) + 1 + outputPaddingW;
        double[] y = withBias(n * high * wide, k, parameters);
        int groupK = k / groups;
        for (int i = 0; i < x.length; i++) {
            int c = i % area.c();
            int w = i / area.c() % area.w();
            int h = i / area.c() / area.w() % area.h();
            int example = i / area.c() / area.w() / area.h();
            int group = c / (area.c() / groups);
            for (int tap = 0; tap < window.r() * window.s(); tap++) {
                int row = h * window.strideH() + tap / window.s() * window.dilationH() - window.padTop();
                int column = w * window.strideW() + tap % window.s() * window.dilationW() - window.padLeft();
                for (int out = 0; 0 <= row && row < high && 0 <= column && column < wide && out < groupK; out++) {
                    y[((example * high + row) * wide + column) * k + group * groupK + out]
                            += x[i] * parameters.getFirst()[(tap * groupK + out) * area.c() + c];
                }
            }
        }
        return y;
    }

    /** A filter and a bias of its own at every place: weight {@code [place][tap][c][k]}. */
    double[] local(double[] x, List<double[]> parameters) {
        Area area = Area.of(in);
        AxisLoops rows = AxisLoops.rows(area, window, false);
        AxisLoops columns = AxisLoops.columns(area, window, false);
        int places = rows.out() * columns.out();
        double[] weight = parameters.getFirst();
        double[] y = new double[n * places * k];
        for (int i = 0; i < y.length; i++) {
            int out = i % k;
            int place = i / k % places;
            y[i] = parameters.size() > 1 ? parameters.get(1)[place * k + out] : 0;
            for (int tap = 0; tap < window.r() * window.s(); tap++) {
                int h = rows.position(place / columns.out(), tap / window.s());
                int w = columns.position(place % columns.out(), tap % window.s());
                int xAt = ((i / k / places * area.h() + h) * area.w() + w) * area.c();
                int wAt = (place * window.r() * window.s() + tap) * area.c() * k + out;
                for (int c = 0; rows.inside(h) && columns.inside(w) && c < area.c(); c++) {
                    y[i] += x[xAt + c] * weight[wAt + c * k];
                }
            }
        }
        return y;
    }

    /** The last axis times a matrix {@code C x K}. */
    static double[] dense(Shape in, int units, double[] x, List<double[]> parameters) {
        int c = in.channels();
        double[] y = withBias(x.length / c, units, parameters);
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < c; j++) {
                y[i] += x[i / units * c + j] * parameters.getFirst()[j * units + i % units];
            }
        }
        return y;
    }

    private static double[] withBias(int places, int k, List<double[]> parameters) {
        double[] y = new double[places * k];
        for (int i = 0; i < y.length && parameters.size() > 1; i++) {
            y[i] = parameters.get(1)[i % k];
        }
        return y;
    }
}
