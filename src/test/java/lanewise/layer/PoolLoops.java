package lanewise.layer;

import java.util.Arrays;

/** Pooling in double, one window after the other. */
record PoolLoops(int n, int c, AxisLoops rows, AxisLoops columns) {

    static PoolLoops of(int n, Shape in, Window window, boolean ceil) {
        Area area = Area.of(in);
        return new PoolLoops(n, area.c(), AxisLoops.rows(area, window, ceil), AxisLoops.columns(area, window, ceil));
    }

    /** Over everything. */
    static PoolLoops of(int n, Shape in) {
        return new PoolLoops(n, in.channels(), AxisLoops.whole(1), AxisLoops.whole(in.positions()));
    }

    private interface Tap {
        void visit(int x, int y);
    }

    private void forEachTap(Tap tap) {
        for (int o = 0; o < n * rows.out() * columns.out(); o++) {
            int q = o % columns.out();
            int p = o / columns.out() % rows.out();
            int example = o / columns.out() / rows.out();
            for (int t = 0; t < rows.taps() * columns.taps(); t++) {
                int h = rows.position(p, t / columns.taps());
                int w = columns.position(q, t % columns.taps());
                for (int ch = 0; rows.inside(h) && columns.inside(w) && ch < c; ch++) {
                    tap.visit(((example * rows.in() + h) * columns.in() + w) * c + ch, o * c + ch);
                }
            }
        }
    }

    private double[] newOutput(double value) {
        double[] y = new double[n * rows.out() * columns.out() * c];
        Arrays.fill(y, value);
        return y;
    }

    double[] max(double[] x) {
        double[] y = newOutput(Double.NEGATIVE_INFINITY);
        forEachTap((i, o) -> y[o] = Math.max(y[o], x[i]));
        return y;
    }

    /** Where {@link #max} first is, in each example's tensor of channels first. */
    double[] indices(double[] x, boolean columnMajor) {
        double[] y = newOutput(-1);
        double[] max = max(x);
        int places = rows.in() * columns.in();
        forEachTap((i, o) -> {
            int place = i / c % places;
            int h = place / columns.in();
            int w = place % columns.in();
            if (y[o] < 0 && x[i] == max[o]) {
                y[o] = i % c * places + (columnMajor ? h + w * rows.in() : h * columns.in() + w);
            }
        });
        return y;
    }

    double[] average(double[] x, boolean countPadding) {
        double[] y = newOutput(0);
        double[] taps = newOutput(0);
        forEachTap((i, o) -> {
            y[o] += x[i];
            taps[o]++;
        });
        for (int o = 0; o < y.length; o++) {
            y[o] /= countPadding ? paddedTaps(o) : taps[o];
        }
        return y;
    }

    private int paddedTaps(int o) {
        int q = o / c % columns.out();
        int p = o / c / columns.out() % rows.out();
        int count = 0;
        for (int t = 0; t < rows.taps() * columns.taps(); t++) {
            boolean inside = rows.insidePadded(rows.position(p, t / columns.taps()))
                    && columns.insidePadded(columns.position(q, t % columns.taps()));
            count += inside ? 1 : 0;
        }
        return count;
    }

    double[] norm(double[] x, double p) {
        double[] y = newOutput(0);
        forEachTap((i, o) -> y[o] += Math.pow(Math.abs(x[i]), p));
        return Arrays.stream(y).map(v -> Math.pow(v, 1 / p)).toArray();
    }
}
