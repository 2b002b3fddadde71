package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import lanewise.layer.Shape;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.train.Augmentation.Fill;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

    private static final Shape PICTURE = Shape.of(5, 7, 3);
    private static final Shape SIGNAL = Shape.of(11, 2);
    private static final int MOST = 4;

    /** Moved by dy and dx, one element after the other. */
    private static float[] shifted(float[] x, int height, int width, int channels, int dy, int dx, Fill fill) {
        float[] moved = new float[x.length];
        for (int i = 0; i < moved.length; i++) {
            int row = i / channels / width - dy;
            int column = i / channels % width - dx;
            int nearRow = Math.clamp(row, 0, height - 1);
            int nearColumn = Math.clamp(column, 0, width - 1);
            boolean outside = row != nearRow || column != nearColumn;
            moved[i] = outside && fill == Fill.ZERO ? 0 : x[(nearRow * width + nearColumn) * channels + i % channels];
        }
        return moved;
    }

    private static float[] apply(Augmentation augmentation, float[] x, Shape shape, RandomGenerator random) {
        Guarded guarded = Guarded.of(x);
        augmentation.apply(guarded.array(), guarded.offset(), shape, random);
        guarded.assertCanaries(augmentation);
        return guarded.values();
    }

    /** Every move there is comes up, about equally often, and is the right one. */
    @ParameterizedTest
    @EnumSource
    void shiftedPictures(Fill fill) {
        float[] x = Data.reals(1, PICTURE.size());
        int moves = 2 * MOST + 1;
        int[] seen = new int[moves * moves];
        int draws = 200 * seen.length;
        RandomGenerator random = new SplittableRandom(1);
        for (int draw = 0; draw < draws; draw++) {
            float[] moved = apply(Augmentation.shift(MOST, fill), x, PICTURE, random);
            boolean found = false;
            for (int move = 0; move < seen.length && !found; move++) {
                found = Arrays.equals(moved, shifted(x, 5, 7, 3, move / moves - MOST, move % moves - MOST, fill));
                seen[move] += found ? 1 : 0;
            }
            assertEquals(true, found, "no move gives " + Arrays.toString(moved));
        }
        for (int move = 0; move < seen.length; move++) {
            assertEquals(200, seen[move], 6 * Math.sqrt(200), "how often move " + move);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shiftedSignals(Fill fill) {
        float[] x = Data.reals(2, SIGNAL.size());
        int[] seen = new int[2 * MOST + 1];
        RandomGenerator random = new SplittableRandom(2);
        for (int draw = 0; draw < 200 * seen.length; draw++) {
            float[] moved = apply(Augmentation.shift(MOST, fill), x, SIGNAL, random);
            int found = -1;
            for (int move = 0; move < seen.length; move++) {
                found = Arrays.equals(moved, shifted(x, 1, 11, 2, 0, move - MOST, fill)) ? move : found;
            }
            seen[found]++;
        }
        for (int times : seen) {
            assertEquals(200, times, 6 * Math.sqrt(200));
        }
    }

    @Test
    void zeroIsTheUsualFill() {
        float[] x = Data.reals(3, PICTURE.size());
        for (long seed = 0; seed < 20; seed++) {
            assertArrayEquals(apply(Augmentation.shift(2, Fill.ZERO), x, PICTURE, new SplittableRandom(seed)),
                    apply(Augmentation.shift(2), x, PICTURE, new SplittableRandom(seed)));
        }
        assertArrayEquals(x, apply(Augmentation.shift(0), x, PICTURE, new SplittableRandom(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6, 7})
    void flipped(int width) {
        Shape shape = Shape.of(5, width, 3);
        float[] x = Data.reals(4, shape.size());
        float[] mirrored = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            int column = i / 3 % width;
            mirrored[i] = x[i + 3 * (width - 1 - 2 * column)];
        }
        int[] seen = new int[2];
        RandomGenerator random = new SplittableRandom(3);
        for (int draw = 0; draw < 2000; draw++) {
            float[] result = apply(Augmentation.flipHorizontal(), x, shape, random);
            boolean flipped = !Arrays.equals(x, result);
            assertArrayEquals(flipped ? mirrored : x, result);
            seen[flipped ? 1 : 0]++;
        }
        assertEquals(width == 1 ? 0 : 1000, seen[1], 6 * Math.sqrt(500));
    }

    /** The generator alone decides, and the second draws after the first. */
    @Test
    void chainsAreDeterministic() {
        Augmentation both = Augmentation.shift(2).then(Augmentation.flipHorizontal());
        float[] x = Data.reals(5, PICTURE.size());
        boolean differ = false;
        for (long seed = 0; seed < 20; seed++) {
            float[] once = apply(both, x, PICTURE, new SplittableRandom(seed));
            assertArrayEquals(once, apply(both, x, PICTURE, new SplittableRandom(seed)));
            RandomGenerator random = new SplittableRandom(seed);
            float[] byHand = apply(Augmentation.shift(2), x, PICTURE, random);
            assertArrayEquals(apply(Augmentation.flipHorizontal(), byHand, PICTURE, random), once);
            differ |= !Arrays.equals(once, apply(both, x, PICTURE, new SplittableRandom(seed + 1)));
        }
        assertEquals(true, differ);
    }

    @Test
    void refused() {
        float[] x = Data.reals(6, PICTURE.size());
        float[] before = x.clone();
        RandomGenerator random = new SplittableRandom(1);
        Refused.argument(() -> Augmentation.shift(-1), "maxPixels", -1);
        Refused.isNull(() -> Augmentation.shift(1, null), "fill");
        Refused.isNull(() -> Augmentation.shift(1).then(null), "next");
        Refused.argument(() -> Augmentation.shift(5).apply(x, 0, PICTURE, random), 5, PICTURE);
        Refused.argument(() -> Augmentation.shift(5).apply(x, 0, Shape.of(7, 5, 3), random), 5, "7x5x3");
        Refused.argument(() -> Augmentation.shift(1).apply(x, 0, Shape.of(9), random), "shape is 9");
        Refused.argument(() -> Augmentation.flipHorizontal().apply(x, 0, SIGNAL, random), SIGNAL);
        Refused.bounds(() -> Augmentation.shift(1).apply(x, 1, PICTURE, random), "x", 105);
        Refused.bounds(() -> Augmentation.flipHorizontal().apply(x, -1, PICTURE, random), "x", -1);
        assertArrayEquals(before, x);
        assertFalse(Arrays.equals(new float[x.length], x));
    }
}
