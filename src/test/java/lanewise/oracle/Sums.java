package lanewise.oracle;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;

/**
 * Sums in double, each with what bounds the rounding error of the same sum in float: how many terms it has and how large they are.
 *
 * <pre>|float sum - sum| &lt;= eps (terms + 1) sum |term|</pre>
 *
 * <p>This holds for any order of the terms, with or without fused multiply-add: every term meets at most {@code terms + 1}
 * roundings
 * of eps / 2 each. Terms of zero, which stand for padding, are exact.
 */
public final class Sums {

    /** Twice the unit roundoff of float. */
    public static final double EPS = Math.ulp(1f);

    private final double[] value;
    private final double[] magnitude;
    private final int[] terms;
    /** Whether integers stay exact on the way to the sum. */
    private final boolean exact;

    /** Empty sums. */
    public Sums(int length) {
        value = new double[length];
        magnitude = new double[length];
        terms = new int[length];
        exact = true;
    }

    private Sums(Sums other) {
        value = other.value.clone();
        magnitude = other.magnitude.clone();
        terms = other.terms.clone();
        exact = other.exact;
    }

    private Sums(double[] value, double[] magnitude, int terms) {
        this.value = value.clone();
        this.magnitude = magnitude.clone();
        this.terms = new int[value.length];
        Arrays.fill(this.terms, terms);
        exact = false;
    }

    /** Adds one term to sum {@code i}. */
    public void add(int i, double term) {
        value[i] += term;
        magnitude[i] += Math.abs(term);
        terms[i]++;
    }

    /** Adds a term to each of {@code count} sums from {@code i} on: {@code factor} times the numbers from {@code row[from]} on. */
    public void addProducts(int i, double factor, float[] row, int from, int count) {
        for (int e = 0; e < count; e++) { // three loops, each of which the JVM makes one of vectors
            value[i + e] += factor * row[from + e];
        }
        for (int e = 0; e < count; e++) {
            magnitude[i + e] += Math.abs(factor * row[from + e]);
        }
        for (int e = 0; e < count; e++) {
            terms[i + e]++;
        }
    }

    /** Adds {@code count} terms to sum {@code i}, in turn: products of the numbers from {@code a[aFrom]} and {@code b[bFrom]} on. */
    public void addDot(int i, float[] a, int aFrom, float[] b, int bFrom, int count) {
        double sum = value[i];
        double absolute = magnitude[i];
        for (int e = 0; e < count; e++) {
            double term = (double) a[aFrom + e] * b[bFrom + e];
            sum += term;
            absolute += Math.abs(term);
        }
        value[i] = sum;
        magnitude[i] = absolute;
        terms[i] += count;
    }

    /** These sums and, as one more term of each, {@code row[i % row.length]}: old contents, or a bias. */
    public Sums plusRows(float[] row) {
        var sums = new Sums(this);
        for (int i = 0; i < value.length; i++) {
            sums.add(i, row[i % row.length]);
        }
        return sums;
    }

    /** The same sums, allowed {@code more} roundings of each term. */
    public Sums plusRoundings(int more) {
        var sums = new Sums(this);
        for (int i = 0; i < terms.length; i++) {
            sums.terms[i] += more;
        }
        return sums;
    }

    /**
     * The same sums, reached in another way: {@code |float sum - sum| <= eps (terms + 1) magnitude}. For such {@link #assertExact}
     * asks that each float, rounded to an integer, is the sum.
     */
    public Sums withBound(double[] magnitude, int terms) {
        return new Sums(value, magnitude, terms);
    }

    /** How many there are. */
    public int length() {
        return value.length;
    }

    /** Sum {@code i}. */
    public double value(int i) {
        return value[i];
    }

    /** How far a float result may lie from sum {@code i}. */
    public double tolerance(int i) {
        return EPS * (terms[i] + 1) * magnitude[i];
    }

    /** All sums, as floats. */
    public float[] floats() {
        float[] floats = new float[value.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) value[i];
        }
        return floats;
    }

    /** Fails unless every float is within the bound, and NaN and infinities are exactly where they belong. */
    public void assertClose(Guarded actual, Object what) {
        assertWithin(1, actual, what);
    }

    /** Fails unless every float is the sum itself; for integers small enough to be exact. */
    public void assertExact(Guarded actual, Object what) {
        if (exact) {
            assertWithin(0, actual, what);
        } else {
            assertWithin(1, actual, what);
            assertWithin(0, Guarded.of(rounded(actual.values())), what + ", rounded");
        }
    }

    /** Each to the nearest integer. */
    public static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) Math.rint(values[i]);
        }
        return rounded;
    }

    private void assertWithin(double times, Guarded actual, Object what) {
        if (actual.length() != value.length || value.length == 0) {
            fail(what + ": " + actual.length() + " results for " + value.length + " sums");
        }
        for (int i = 0; i < value.length; i++) {
            float got = actual.get(i);
            boolean right = Double.isFinite(value[i])
                    ? Math.abs(got - value[i]) <= times * tolerance(i)
                    : Double.compare(got, value[i]) == 0;
            if (!right) {
                fail("%s: element %d is %s, must be %s +- %s".formatted(what, i, got, value[i], times * tolerance(i)));
            }
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(value);
    }
}
