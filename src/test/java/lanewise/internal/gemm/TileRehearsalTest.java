package lanewise.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lanewise.oracle.Data;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tiles run all their turns within their arrays, and a call without an output reads nothing and writes nothing. */
class TileRehearsalTest {

    @ParameterizedTest
    @ValueSource(ints = {TileRehearsal.ROWS14, TileRehearsal.ROWS7, TileRehearsal.STRIDE6, TileRehearsal.STRIDE4, TileRehearsal.PIXELS14,
            TileRehearsal.PLANES, TileRehearsal.FILTER_ROW, TileRehearsal.DENSE4, TileRehearsal.ADJACENT14, TileRehearsal.DENSE_TAILS})
    void runsAndCounts(int tile) {
        TileRehearsal rehearsal = new TileRehearsal(tile);
        assertTrue(rehearsal.multiplyAdds() > 0);
        for (int turn = 0; turn < 60; turn++) { // all combinations of what has 2, 3, 4 and 5 states
            rehearsal.run();
            rehearsal.count();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 14})
    void withoutAnOutputNothingIsRead(int rows) {
        RowTile2.run(rows, null, 0, null, 64, null, 0, 0, 0, 0, null, 0, 0, null, 0, true, null, 0, 0);
        float[] a = Data.reals(1, Panels.SECTION);
        float[] out = new float[rows * 64];
        Arrays.fill(out, Float.NaN);
        assertThrows(NullPointerException.class, () -> RowTile2.run(rows, a, 0, new int[1], 64, null, 0, 0, 0, 0,
                StrideGemm.NOTHING, 0, 0, StrideGemm.NOTHING, 0, true, out, 0, 64), "with an output it is read");
        for (float v : out) {
            assertTrue(Float.isNaN(v), "written before all was read");
        }
        assertArrayEquals(Data.reals(1, Panels.SECTION), a);
    }
}
