package lanewise.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Two more columns for JMH, which divides what is counted here by the seconds it took. */
@AuxCounters
@State(Scope.Thread)
public class Rate {

    /** GFLOP/s of the direct algorithm. */
    public double gflops;

    /** The same in percent of the FMA peak, which the benchmark's set-up measures. */
    public double percentOfPeak;

    /** To be called after each operation. */
    void add(double gflop, double peak) {
        gflops += gflop;
        percentOfPeak += 100 * gflop / peak;
    }
}
