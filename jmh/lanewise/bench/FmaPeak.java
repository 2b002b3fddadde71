package lanewise.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The most multiply-adds this core can do: {@code a = a f + b} in chains that do not wait for each other, everything in registers.
 *
 * <p>A core with {@code pipes} FMA units of {@code latency} cycles needs {@code pipes * latency} chains: 8 to 10 on today's x86, 16
 * on wide AArch64 cores. So there are two loops: 12 chains, which leave room in 16 registers, and 16 where there are 32.
 */
public final class FmaPeak {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = Simd.REGISTERS >= 32 ? 16 : 12;
    private static final int STEPS = 20_000;

    /** Where the result goes, so that C2 cannot drop the loop. */
    private static float sink;

    private FmaPeak() {}

    /** Measures it, in GFLOP/s; takes about a second. */
    public static double gflops() {
        // The chains go to 1: no step meets a subnormal number or an infinity.
        Runnable loop = CHAINS == 16 ? () -> sink = chains16(0.75f, 0.25f) : () -> sink = chains12(0.75f, 0.25f);
        Clock.warmUp(loop);
        return 2.0 * CHAINS * S.length() * STEPS / Clock.best(loop, 5_000);
    }

    // Every chain starts from another value: equal ones could be merged.

    private static float chains12(float factor, float addend) {
        FloatVector f = FloatVector.broadcast(S, factor);
        FloatVector b = FloatVector.broadcast(S, addend);
        FloatVector a0 = f, a1 = a0.add(b), a2 = a1.add(b), a3 = a2.add(b);
        FloatVector a4 = a3.add(b), a5 = a4.add(b), a6 = a5.add(b), a7 = a6.add(b);
        FloatVector a8 = a7.add(b), a9 = a8.add(b), a10 = a9.add(b), a11 = a10.add(b);
        for (int i = 0; i < STEPS; i++) {
            a0 = a0.fma(f, b);
            a1 = a1.fma(f, b);
            a2 = a2.fma(f, b);
            a3 = a3.fma(f, b);
            a4 = a4.fma(f, b);
            a5 = a5.fma(f, b);
            a6 = a6.fma(f, b);
            a7 = a7.fma(f, b);
            a8 = a8.fma(f, b);
            a9 = a9.fma(f, b);
            a10 = a10.fma(f, b);
            a11 = a11.fma(f, b);
        }
        FloatVector sum = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7)
                .add(a8).add(a9).add(a10).add(a11);
        return sum.lane(0);
    }

    private static float chains16(float factor, float addend) {
        FloatVector f = FloatVector.broadcast(S, factor);
        FloatVector b = FloatVector.broadcast(S, addend);
        FloatVector a0 = f, a1 = a0.add(b), a2 = a1.add(b), a3 = a2.add(b);
        FloatVector a4 = a3.add(b), a5 = a4.add(b), a6 = a5.add(b), a7 = a6.add(b);
        FloatVector a8 = a7.add(b), a9 = a8.add(b), a10 = a9.add(b), a11 = a10.add(b);
        FloatVector a12 = a11.add(b), a13 = a12.add(b), a14 = a13.add(b), a15 = a14.add(b);
        for (int i = 0; i < STEPS; i++) {
            a0 = a0.fma(f, b);
            a1 = a1.fma(f, b);
            a2 = a2.fma(f, b);
            a3 = a3.fma(f, b);
            a4 = a4.fma(f, b);
            a5 = a5.fma(f, b);
            a6 = a6.fma(f, b);
            a7 = a7.fma(f, b);
            a8 = a8.fma(f, b);
            a9 = a9.fma(f, b);
            a10 = a10.fma(f, b);
            a11 = a11.fma(f, b);
            a12 = a12.fma(f, b);
            a13 = a13.fma(f, b);
            a14 = a14.fma(f, b);
            a15 = a15.fma(f, b);
        }
        FloatVector sum = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7)
                .add(a8).add(a9).add(a10).add(a11).add(a12).add(a13).add(a14).add(a15);
        return sum.lane(0);
    }
}
