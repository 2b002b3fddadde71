package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileRehearsalTest {

    /** All combinations of its branches come up within so many calls, and stay within their arrays. */
    private static final int CALLS = 120;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 13, 14, 15, 21, 27})
    void runsInAnyRemainder(int rows) {
        TileRehearsal rehearsal = new TileRehearsal(rows);
        for (int call = 0; call < CALLS; call++) {
            rehearsal.run();
        }
        assertTrue(rehearsal.multiplyAdds() >= rows * (long) Panels.WIDTH);
    }
}
