package lanewise.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageFilterTest {

    private final Random random = new Random(4);

    @Test
    void kernelsOfTheLecture() {
        assertEquals(kernel(8, 0, 1, 0, 1, 4, 1, 0, 1, 0), ImageFilter.BLUR.kernel());
        assertEquals(kernel(4, 0, -1, 0, -1, 8, -1, 0, -1, 0), ImageFilter.SHARPEN.kernel());
        assertEquals(kernel(1, 0, -1, 0, -1, 4, -1, 0, -1, 0), ImageFilter.EDGES.kernel());
        assertEquals(kernel(1, 1, 0, -1, 2, 0, -2, 1, 0, -1), ImageFilter.SOBEL_X.kernel());
        assertEquals(ImageFilter.SOBEL_X.kernel().transposed(), ImageFilter.SOBEL_Y.kernel());
    }

    private static Plane kernel(int divisor, float... taps) {
        Plane kernel = Plane.zeros(3, 3);
        for (int i = 0; i < taps.length; i++) {
            kernel.values()[i] = taps[i] == 0 ? 0 : taps[i] / divisor;
        }
        return kernel;
    }

    @Test
    void kernelIsACopy() {
        ImageFilter.BLUR.kernel().values()[4] = 99;
        assertEquals(0.5f, ImageFilter.BLUR.kernel().at(1, 1));
    }

    /** Each filter shows its kernel around a single white pixel: not turned, for a true convolution. */
    @ParameterizedTest
    @EnumSource
    void oneWhitePixelShowsTheKernel(ImageFilter filter) {
        Plane picture = Plane.zeros(7, 6);
        picture.values()[3 * 6 + 2] = 1;
        Plane filtered = filter.apply(picture);
        for (int i = 0; i < 42; i++) {
            int row = i / 6 - 2;
            int column = i % 6 - 1;
            boolean near = row >= 0 && row < 3 && column >= 0 && column < 3;
            assertEquals(near ? filter.kernel().at(row, column) : 0, filtered.values()[i], 0f);
        }
    }

    @Test
    void sobelIsPositiveWhereThePictureBecomesBrighter() {
        Plane ramp = Plane.zeros(5, 5);
        for (int i = 0; i < 25; i++) {
            ramp.values()[i] = 3 * (i % 5) + 10 * (i / 5);
        }
        assertEquals(8 * 3, ImageFilter.SOBEL_X.apply(ramp).at(2, 2));
        assertEquals(8 * 10, ImageFilter.SOBEL_Y.apply(ramp).at(2, 2));
        assertEquals((float) Math.hypot(24, 80), ImageFilter.gradientMagnitude(ramp, Border.ZERO).at(2, 2));
    }

    /** Small and large pictures: both paths. */
    @ParameterizedTest
    @EnumSource
    void borders(ImageFilter filter) {
        for (int size : new int[] {1, 2, 5, 90}) {
            Plane grey = Plane.zeros(size, size + 1);
            Arrays.fill(grey.values(), 16);
            float sum = 0;
            for (float tap : filter.kernel().values()) {
                sum += tap;
            }
            Plane flat = Plane.zeros(size, size + 1);
            Arrays.fill(flat.values(), 16 * sum);
            assertEquals(flat, filter.apply(grey, Border.REPLICATE));
            assertEquals(Method.PLAIN_TRANSLATE_AND_SCALE.convolve(grey, filter.kernel(), Mode.SAME), filter.apply(grey));
        }
    }

    /** The border in the oracle: a row or column beyond the edge is the one at the edge. */
    @Test
    void replicatedBorderForKernelsOfAnySize() {
        for (int run = 0; run < 200; run++) {
            Plane x = SignalOracle.integers(random, 1 + random.nextInt(12), 1 + random.nextInt(12));
            Plane w = SignalOracle.integers(random, 1 + random.nextInt(6), 1 + random.nextInt(6));
            Plane y = ImageFilter.convolve(x, w, Border.REPLICATE);
            assertEquals(x.height(), y.height());
            assertEquals(x.width(), y.width());
            for (int p = 0; p < y.height(); p++) {
                for (int q = 0; q < y.width(); q++) {
                    double sum = 0;
                    for (int i = 0; i < w.height(); i++) {
                        for (int j = 0; j < w.width(); j++) {
                            int row = Math.clamp(p + (w.height() - 1) / 2 - i, 0, x.height() - 1);
                            int column = Math.clamp(q + (w.width() - 1) / 2 - j, 0, x.width() - 1);
                            sum += w.at(i, j) * x.at(row, column);
                        }
                    }
                    assertEquals(sum, y.at(p, q));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void interleavedChannelsAreFilteredOneByOne(ImageFilter filter) {
        int channels = 3;
        Plane[] planes = new Plane[channels];
        float[] pixels = new float[7 * 9 * channels];
        for (int channel = 0; channel < channels; channel++) {
            planes[channel] = SignalOracle.integers(random, 7, 9);
            for (int i = 0; i < 63; i++) {
                pixels[i * channels + channel] = planes[channel].values()[i];
            }
        }
        float[] before = pixels.clone();
        for (Border border : Border.values()) {
            float[] filtered = filter.apply(pixels, 7, 9, channels, border);
            for (int i = 0; i < filtered.length; i++) {
                assertEquals(filter.apply(planes[i % channels], border).values()[i / channels], filtered[i]);
            }
        }
        assertArrayEquals(before, pixels);
    }

    @Test
    void refusals() {
        Plane pixel = Plane.zeros(1, 1);
        assertThrows(NullPointerException.class, () -> ImageFilter.BLUR.apply(null));
        assertThrows(NullPointerException.class, () -> ImageFilter.BLUR.apply(pixel, null));
        assertThrows(NullPointerException.class, () -> ImageFilter.convolve(pixel, null, Border.ZERO));
        assertThrows(NullPointerException.class, () -> ImageFilter.gradientMagnitude(null, Border.ZERO));
        assertThrows(NullPointerException.class, () -> ImageFilter.BLUR.apply(null, 1, 1, 1, Border.ZERO));
        assertThrows(NullPointerException.class, () -> ImageFilter.BLUR.apply(new float[1], 1, 1, 1, null));
        assertThrows(IllegalArgumentException.class, () -> ImageFilter.BLUR.apply(new float[0], 1, 1, 0, Border.ZERO));
        assertThrows(IllegalArgumentException.class, () -> ImageFilter.BLUR.apply(new float[1], -1, -1, 1, Border.ZERO));
        var refusal = assertThrows(IllegalArgumentException.class,
                () -> ImageFilter.BLUR.apply(new float[11], 2, 2, 3, Border.ZERO));
        assertTrue(refusal.getMessage().contains("11") && refusal.getMessage().contains("12"), refusal::getMessage);
        assertThrows(IllegalArgumentException.class,
                () -> ImageFilter.BLUR.apply(new float[1], 50_000, 50_000, 3, Border.ZERO));
    }
}
