package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

class PictureTest {

    @Test
    void meansByHand() {
        assertResized(row(1, 2, 3, 4), 1, 2, 1.5f, 3.5f);
        assertResized(row(1, 2, 6), 1, 2, (1 + 2 * 0.5f) / 1.5f, (2 * 0.5f + 6) / 1.5f);
        assertResized(row(1, 2, 3, 4), 1, 1, 2.5f);
        assertResized(new Picture(2, 2, 1, new float[] {1, 2, 3, 4}), 1, 1, 2.5f);
        assertResized(new Picture(2, 2, 2, new float[] {1, 10, 2, 20, 3, 30, 4, 40}), 1, 2, 2, 20, 3, 30);
        assertResized(new Picture(4, 1, 1, new float[] {1, 2, 3, 4}), 2, 1, 1.5f, 3.5f);
    }

    /** Centres of the new pixels lie at -1/4, 1/4, 3/4 and 5/4 of the old. */
    @Test
    void interpolationByHand() {
        assertResized(row(0, 4), 1, 4, 0, 1, 3, 4);
        assertResized(row(0, 4, 8), 1, 6, 0, 1, 3, 5, 7, 8);
        assertResized(row(7), 2, 3, 7, 7, 7, 7, 7, 7);
        assertResized(new Picture(2, 1, 1, new float[] {0, 4}), 4, 1, 0, 1, 3, 4);
        assertResized(row(1, 3), 2, 1, 2, 2);
    }

    private static void assertResized(Picture picture, int height, int width, float... expected) {
        Picture resized = picture.resized(height, width);
        assertEquals(height, resized.height());
        assertEquals(width, resized.width());
        assertEquals(picture.channels(), resized.channels());
        assertArrayEquals(expected, resized.values());
    }

    private static Picture row(float... values) {
        return new Picture(1, values.length, 1, values);
    }

    /** Against the definition, with every output pixel from all input pixels, in double: rounded to float once on both sides. */
    @Test
    void everySizeAgainstPlainLoops() {
        int channels = 2;
        for (int in = 1; in <= 9; in++) {
            Picture picture = new Picture(in, 10 - in, channels, Data.reals(in, in * (10 - in) * channels));
            for (int height = 1; height <= 13; height++) {
                for (int width = 1; width <= 13; width++) {
                    assertClose(picture, picture.resized(height, width));
                }
            }
        }
    }

    private static void assertClose(Picture from, Picture to) {
        for (int p = 0; p < to.height(); p++) {
            for (int q = 0; q < to.width(); q++) {
                for (int c = 0; c < to.channels(); c++) {
                    double sum = 0;
                    for (int y = 0; y < from.height(); y++) {
                        for (int x = 0; x < from.width(); x++) {
                            sum += weight(p, to.height(), y, from.height()) * weight(q, to.width(), x, from.width())
                                    * from.values()[(y * from.width() + x) * from.channels() + c];
                        }
                    }
                    float actual = to.values()[(p * to.width() + q) * to.channels() + c];
                    assertTrue(Math.abs(actual - sum) <= 0x1p-24 * Math.abs(sum) + 1e-14, sum + " is " + actual);
                }
            }
        }
    }

    /** How much of output pixel o is input pixel i. */
    private static double weight(int o, int out, int i, int in) {
        if (out <= in) {
            double begin = (double) o * in / out;
            double end = (double) (o + 1) * in / out;
            return Math.max(0, Math.min(end, i + 1) - Math.max(begin, i)) / (end - begin);
        }
        double centre = Math.min(Math.max((o + 0.5) * in / out - 0.5, 0), in - 1);
        return Math.max(0, 1 - Math.abs(centre - i));
    }

    @Test
    void sameSizeIsACopyAndConstantsStay() {
        Picture picture = new Picture(5, 7, 3, Data.reals(1, 105));
        Picture same = picture.resized(5, 7);
        assertArrayEquals(picture.values(), same.values());
        assertTrue(picture.values() != same.values());
        float[] constant = new float[113 * 97];
        Arrays.fill(constant, 0.1f);
        for (float value : new Picture(113, 97, 1, constant).resized(29, 301).values()) {
            assertEquals(0.1f, value);
        }
    }

    @Test
    void wrongArguments() {
        Refused.argument(() -> new Picture(2, 3, 3, new float[17]), "17", "18");
        Refused.argument(() -> new Picture(0, 3, 3, new float[0]), "height", "0");
        Refused.argument(() -> new Picture(1, 0, 3, new float[0]), "width", "0");
        Refused.argument(() -> new Picture(1, 1, 0, new float[0]), "channels", "0");
        Refused.argument(() -> new Picture(1 << 16, 1 << 16, 1, new float[0]), "65536", Integer.MAX_VALUE);
        Refused.isNull(() -> new Picture(1, 1, 1, null), "values");
        Refused.argument(() -> row(1).resized(0, 1), "height", "0");
        Refused.argument(() -> row(1).resized(1, -1), "width", "-1");
        Refused.argument(() -> row(1).resized(1 << 16, 1 << 16), "65536", Integer.MAX_VALUE);
    }
}
