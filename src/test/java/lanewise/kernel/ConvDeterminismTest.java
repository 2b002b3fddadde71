package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same bits whenever, and with however many threads of whomever. */
class ConvDeterminismTest {

    private static final List<Threads> TEAMS = new ArrayList<>();
    private static ExecutorService executor;

    @BeforeAll
    static void start() {
        executor = Executors.newFixedThreadPool(2);
        TEAMS.add(Threads.one());
        for (int count = 1; count <= 4; count++) {
            TEAMS.add(Threads.of(count));
        }
        TEAMS.add(Threads.of(executor, 3));
        TEAMS.add(Threads.of(late -> { }, 4)); // help that never comes
    }

    @AfterAll
    static void stop() {
        TEAMS.forEach(Threads::close);
        executor.shutdown();
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvCase#all")
    void sameBits(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        float[] expected = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE).values();
        ConvPlan plan = c.plan();
        PackedFilter filter = c.pack(plan, in);
        for (Threads threads : TEAMS) {
            Workspace workspace = c.workspace(threads);
            for (int again = 0; again < 2; again++) {
                Guarded out = Guarded.ofNaN(c.outLength());
                c.run(plan, in, filter, out, WriteMode.OVERWRITE, workspace);
                assertArrayEquals(expected, out.values(), () -> c + " with " + threads.count() + " threads");
                out.assertCanaries(c);
            }
        }
    }

    /** Adding, a bias and an activation are cut into the same tasks. */
    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvCase#smallWithFilter")
    void sameBitsFused(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        ConvPlan plan = c.plan().withActivation(Activation.TANH);
        PackedFilter filter = c.pack(plan, in);
        Guarded bias = Guarded.of(Data.reals(4, c.outChannels()));
        float[] expected = null;
        for (Threads threads : TEAMS) {
            Guarded out = Guarded.ofNaN(c.outLength());
            Workspace workspace = c.workspace(threads);
            c.runFused(plan, in, filter, bias, out, workspace);
            c.run(plan, in, filter, out, WriteMode.ACCUMULATE, workspace);
            expected = expected == null ? out.values() : expected;
            assertArrayEquals(expected, out.values(), () -> c + " with " + threads.count() + " threads");
            out.assertCanaries(c);
        }
    }
}
