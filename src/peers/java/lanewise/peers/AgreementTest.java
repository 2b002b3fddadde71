package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AgreementTest {

    private static final float[] EXPECTED = {3, -4, 3, -4}; // root mean square sqrt(12.5)

    private static float[] withLast(float value) {
        float[] actual = EXPECTED.clone();
        actual[3] = value;
        return actual;
    }

    @Test
    void errorIsRelativeToTheData() {
        assertEquals(0, Agreement.require("same", EXPECTED.clone(), EXPECTED));
        assertEquals(1e-4 / Math.sqrt(12.5), Agreement.require("near", withLast(-4.0001f), EXPECTED), 1e-7);
    }

    @Test
    void bothValuesAreShown() {
        String message = refused(withLast(-4.001f));
        assertTrue(message.startsWith("test: element 3 is -4.001, expected -4.0"), message);
    }

    @Test
    void whatIsNoNumberIsWrong() {
        refused(withLast(Float.NaN));
        refused(withLast(Float.POSITIVE_INFINITY));
        refused(new float[] {Float.NaN, -4, 3, -4});
    }

    @Test
    void anotherLengthIsWrong() {
        assertEquals("test: 3 elements, expected 4", refused(new float[3]));
    }

    private static String refused(float[] actual) {
        return assertThrows(IllegalStateException.class, () -> Agreement.require("test", actual, EXPECTED)).getMessage();
    }
}
