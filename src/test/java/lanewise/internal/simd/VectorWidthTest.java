package lanewise.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jdk.incubator.vector.FloatVector;
import lanewise.oracle.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every execution of the pom runs at the width that it says by {@code -Dlanewise.test.bits}, on x86, where the flags mean the same on any
 * machine. Otherwise the tests would run twice at the preferred width, and nobody saw it.
 */
@Tag("tile") // so that the execution of 16 registers runs it, too
class VectorWidthTest {

    private static final Integer SAID = Integer.getInteger("lanewise.test.bits");
    private static final boolean X86 = System.getProperty("os.arch").matches("amd64|x86_64");

    @Test
    void theWidthIsTheOneOfTheExecution() {
        int bits = Float.SIZE * Simd.LANES;
        assertEquals(SAID == null || !X86 ? FloatVector.SPECIES_PREFERRED.vectorBitSize() : SAID, bits);
    }

    /** Tests that know no width run only where {@link ChildJvm#isWidthPreferred}: it sees the flags. */
    @Test
    void anotherWidthIsNotTakenForThePreferredOne() {
        assertFalse(SAID != null && ChildJvm.isWidthPreferred());
    }
}
