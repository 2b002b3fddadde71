package lanewise.onnx.proto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributesTest {

    private static Attributes attributes() {
        Map<String, AttributeProto> map = new HashMap<>();
        map.put("axis", new AttributeProto("axis", 2, 0, -1, "", null, new float[0], new long[0], List.of()));
        map.put("alpha", new AttributeProto("alpha", 1, 0.5f, 0, "", null, new float[0], new long[0], List.of()));
        map.put("mode", new AttributeProto("mode", 3, 0, 0, "edge", null, new float[0], new long[0], List.of()));
        map.put("ends", new AttributeProto("ends", 7, 0, 0, "", null, new float[0], new long[] {1, Long.MAX_VALUE}, List.of()));
        map.put("value", new AttributeProto("value", 4, 0, 0, "", null, new float[0], new long[0], List.of()));
        return new Attributes(new NodeProto("n", "X", "", List.of(), List.of("y"), map));
    }

    @Test
    void valuesAndDefaults() {
        Attributes a = attributes();
        assertEquals(-1, a.getInt("axis", 3));
        assertEquals(3, a.getInt("none", 3));
        assertEquals(-1, a.requireInt("axis"));
        assertEquals(0.5f, a.getFloat("alpha", 1));
        assertEquals("edge", a.getString("mode", "constant"));
        assertArrayEquals(new long[] {1, Long.MAX_VALUE}, a.getLongs("ends", null));
        assertNull(a.getInts("axes", null));
        assertNull(a.getTensor("none"));
    }

    @Test
    void unreadAreThoseNeverAskedFor() {
        Attributes a = attributes();
        assertTrue(a.has("axis"));
        assertFalse(a.has("none"));
        a.getInt("axis", 0);
        a.getLongs("ends", null);
        assertEquals(Set.of("alpha", "mode", "value"), a.unread());
    }

    @Test
    void refusals() {
        Attributes a = attributes();
        assertEquals("attribute axis is an integer, must be a float", message(() -> a.getFloat("axis", 0)));
        assertEquals("attribute axis is an integer, must be integers", message(() -> a.getInts("axis", null)));
        assertEquals("attribute to is missing, must be an integer", message(() -> a.requireInt("to")));
        assertEquals("attribute value is empty, must be a tensor", message(() -> a.getTensor("value")));
        assertEquals("attribute ends has 9223372036854775807 at 1, must be in the range of int", message(() -> a.getInts("ends",
                null)));
    }

    private static String message(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
