package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlaneTest {

    private final Plane plane = Plane.of(new float[] {1, 2, 3}, new float[] {4, 5, 6});

    @Test
    void rowsBecomeRowMajor() {
        assertEquals(2, plane.height());
        assertEquals(3, plane.width());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, plane.values());
        assertEquals(6, plane.at(1, 2));
        float[] row = {1, 2};
        Plane copy = Plane.of(row);
        row[0] = 9;
        assertEquals(1, copy.at(0, 0));
    }

    @Test
    void turnsAndProducts() {
        assertEquals(Plane.of(new float[] {6, 5, 4}, new float[] {3, 2, 1}), plane.flipped());
        assertEquals(Plane.of(new float[] {1, 4}, new float[] {2, 5}, new float[] {3, 6}), plane.transposed());
        assertArrayEquals(new float[] {14, 32}, plane.times(new float[] {1, 2, 3}));
        assertThrows(IllegalArgumentException.class, () -> plane.times(new float[2]));
    }

    @Test
    void equalsByContent() {
        Plane same = new Plane(2, 3, plane.values().clone());
        assertEquals(plane, same);
        assertEquals(plane.hashCode(), same.hashCode());
        assertNotEquals(plane, new Plane(3, 2, plane.values()));
        assertNotEquals(plane, plane.flipped());
        assertNotEquals(plane, new Object());
        assertEquals(Plane.row(new float[] {Float.NaN}), Plane.row(new float[] {Float.NaN}));
    }

    @Test
    void printsAlignedColumns() {
        assertEquals("1 2 3\n4 5 6", plane.toString());
        Plane fractions = Plane.of(new float[] {0.5f, 10, -1}, new float[] {Float.NaN, 3.25f, 0});
        assertEquals(" 0.5   10   -1\n NaN 3.25    0", fractions.toString());
        assertEquals("1 2 | 3\n4 5 | 6", plane.toString(2, 2));
        assertEquals("1 2 3\n-----\n4 5 6", plane.toString(1, 3));
        assertEquals("Plane 65 x 2", Plane.zeros(65, 2).toString());
        assertThrows(IllegalArgumentException.class, () -> plane.toString(0, 1));
    }

    @Test
    void refusesSizesThatDoNotMatch() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> new Plane(2, 3, new float[5]));
        assertTrue(refusal.getMessage().contains("5") && refusal.getMessage().contains("6"), refusal::getMessage);
        assertThrows(IllegalArgumentException.class, () -> new Plane(0, 3, new float[0]));
        assertThrows(IllegalArgumentException.class, () -> new Plane(-1, -1, new float[1]));
        assertThrows(IllegalArgumentException.class, () -> Plane.zeros(100_000, 100_000));
        assertThrows(IllegalArgumentException.class, Plane::of);
        assertThrows(IllegalArgumentException.class, () -> Plane.of(new float[0]));
        assertThrows(IllegalArgumentException.class, () -> Plane.of(new float[2], new float[3]));
        assertThrows(NullPointerException.class, () -> Plane.of((float[]) null));
        assertThrows(NullPointerException.class, () -> Plane.of(new float[2], null));
        assertThrows(NullPointerException.class, () -> new Plane(1, 1, null));
        assertThrows(IndexOutOfBoundsException.class, () -> plane.at(0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> plane.at(-1, 0));
    }
}
