package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lanewise.layer.Shape;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Data sets in memory, and what is made of them. */
class DatasetTest {

    private static final Shape SHAPE = Shape.of(2, 3, 2);
    private static final float CANARY = 77;

    /** Example i has label {@code labels[i]}, and i in its first pixel. */
    private static ByteImages images(int... labels) {
        byte[] pixels = new byte[labels.length * SHAPE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i % SHAPE.size() == 0 ? i / SHAPE.size() : 31 * i);
        }
        int classes = Arrays.stream(labels).max().orElse(0) + 1;
        return ByteImages.of(SHAPE, pixels, labels, IntStream.range(0, classes).mapToObj(c -> "class " + c).toList());
    }

    /** Reads between canaries, and checks that nothing else was written and that readTarget agrees. */
    private static float[][] read(Dataset data, int index) {
        int size = data.inputShape().size();
        float[] x = new float[size + 5];
        float[] target = new float[data.targetSize() + 5];
        Arrays.fill(x, CANARY);
        Arrays.fill(target, CANARY);
        data.read(index, x, 2, target, 3);
        float[] alone = new float[data.targetSize()];
        data.readTarget(index, alone, 0);
        float[] canaries = {x[0], x[1], x[size + 2], x[size + 4], target[0], target[2], target[data.targetSize() + 3]};
        for (float canary : canaries) {
            assertEquals(CANARY, canary, "wrote outside");
        }
        float[] read = Arrays.copyOfRange(target, 3, 3 + data.targetSize());
        assertArrayEquals(read, alone, "target alone");
        return new float[][] {Arrays.copyOfRange(x, 2, 2 + size), read};
    }

    @Test
    void arrays() {
        float[] inputs = Data.reals(1, 4 * SHAPE.size());
        float[] targets = Data.reals(2, 4 * 3);
        ArrayDataset data = ArrayDataset.of(SHAPE, inputs, 3, targets);
        assertEquals(4, data.size());
        assertEquals(SHAPE, data.inputShape());
        assertEquals(3, data.targetSize());
        assertEquals(List.of(), data.classNames());
        for (int i = 0; i < 4; i++) {
            float[][] example = read(data, i);
            assertArrayEquals(Arrays.copyOfRange(inputs, i * SHAPE.size(), (i + 1) * SHAPE.size()), example[0]);
            assertArrayEquals(Arrays.copyOfRange(targets, i * 3, (i + 1) * 3), example[1]);
        }
        assertEquals("4 examples of 2x3x2", data.toString());
    }

    @Test
    void labelledArrays() {
        int[] labels = {1, 0, 2};
        ArrayDataset data = ArrayDataset.labelled(Shape.of(1), new float[] {5, 6, 7}, labels, List.of("a", "b", "c"));
        labels[0] = 0;
        assertEquals(List.of("a", "b", "c"), data.classNames());
        assertArrayEquals(new float[][] {{5}, {1}}, read(data, 0));
        assertArrayEquals(new float[][] {{7}, {2}}, read(data, 2));
        assertEquals("3 examples of 1, 3 classes", data.toString());
    }

    @Test
    void bytesAreUnsignedAndScaled() {
        byte[] pixels = {0, 51, (byte) 255, (byte) 204};
        ByteImages data = ByteImages.of(Shape.of(1, 2, 1), pixels, new int[] {0, 1}, List.of("a", "b"));
        assertArrayEquals(new float[][] {{0, 0.2f}, {0}}, read(data, 0));
        assertArrayEquals(new float[][] {{1, 0.8f}, {1}}, read(data, 1));
        assertArrayEquals(new double[] {0}, data.mean());
        assertArrayEquals(new double[] {1}, data.deviation());
        assertEquals("2 pictures of 1x2x1, 2 classes", data.toString());
    }

    @Test
    void normalized() {
        ByteImages data = images(IntStream.range(0, 50).map(i -> i % 3).toArray());
        ByteImages normal = data.normalized();
        int channels = SHAPE.channels();
        double[] sum = new double[channels];
        double[] squares = new double[channels];
        for (int i = 0; i < normal.size(); i++) {
            float[] x = read(normal, i)[0];
            float[] plain = read(data, i)[0];
            for (int j = 0; j < x.length; j++) {
                int c = j % channels;
                assertEquals((plain[j] - normal.mean()[c]) / normal.deviation()[c], x[j], 1e-6);
                sum[c] += x[j];
                squares[c] += (double) x[j] * x[j];
            }
        }
        int count = normal.size() * SHAPE.positions();
        for (int c = 0; c < channels; c++) {
            // each value is rounded once, and at most 4 deviations from the mean
            assertEquals(0, sum[c] / count, 4 * Math.ulp(1f));
            assertEquals(1, squares[c] / count, 8 * Math.ulp(1f));
        }
        assertFalse(normal.mean()[0] == normal.mean()[1], "each channel its own");
        assertArrayEquals(new double[channels], data.mean(), "the old one stays");
    }

    @Test
    void normalizedByHand() {
        byte[] pixels = {0, 7, (byte) 102, 7, (byte) 204, 7}; // two channels, the second constant
        ByteImages data = ByteImages.of(Shape.of(1, 1, 2), pixels, new int[3], List.of("a")).normalized();
        assertEquals(0.4, data.mean()[0], 1e-15);
        assertEquals(0.4 * Math.sqrt(2.0 / 3), data.deviation()[0], 1e-15);
        assertEquals(1, data.deviation()[1]);
        float edge = (float) Math.sqrt(1.5);
        assertArrayEquals(new float[] {-edge, 0}, read(data, 0)[0], Math.ulp(edge));
        assertArrayEquals(new float[] {0, 0}, read(data, 1)[0]);
        assertArrayEquals(new float[] {edge, 0}, read(data, 2)[0], Math.ulp(edge));
    }

    @Test
    void normalizedLikeAnother() {
        ByteImages train = images(0, 1, 0, 1).normalized();
        ByteImages test = images(1, 1, 1, 1, 1, 1, 1).normalizedLike(train);
        assertArrayEquals(train.mean(), test.mean());
        assertArrayEquals(train.deviation(), test.deviation());
        assertArrayEquals(read(train, 2)[0], read(test, 2)[0], "the same bytes");
        test.mean()[0] = 99;
        assertArrayEquals(train.mean(), test.mean(), "a copy");
        ByteImages grey = ByteImages.of(Shape.of(1, 1, 1), new byte[1], new int[1], List.of("a"));
        Refused.argument(() -> train.normalizedLike(grey), 1, 2);
        Refused.isNull(() -> train.normalizedLike(null), "other");
    }

    @Test
    void subset() {
        Dataset data = images(0, 1, 2, 3, 4, 5, 6).normalized();
        Dataset middle = data.subset(2, 5);
        assertEquals(3, middle.size());
        assertEquals(data.inputShape(), middle.inputShape());
        assertEquals(data.classNames(), middle.classNames());
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(read(data, 2 + i), read(middle, i));
        }
        assertArrayEquals(read(data, 3), read(middle.subset(1, 2), 0), "of a subset");
        assertEquals(7, data.subset(0, 7).size());
        assertEquals("3 of 7 pictures of 2x3x2, 7 classes", middle.toString());
    }

    private static Set<Integer> numbers(Dataset data) {
        Set<Integer> numbers = new HashSet<>();
        int last = -1;
        for (int i = 0; i < data.size(); i++) {
            int number = Math.round(read(data, i)[0][0] * 255);
            assertTrue(number > last, "ascending");
            last = number;
            numbers.add(number);
        }
        return numbers;
    }

    private static long count(Dataset data, int label) {
        return IntStream.range(0, data.size()).filter(i -> read(data, i)[1][0] == label).count();
    }

    @Test
    void splitIsStratified() {
        int[] labels = new int[101];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < 60 ? 0 : i < 90 ? 1 : 2; // 60, 30, 11
        }
        Dataset data = images(labels);
        for (long seed = 0; seed < 20; seed++) {
            Dataset.Split split = data.split(0.8, seed);
            assertEquals(81, split.first().size());
            assertEquals(20, split.second().size());
            Set<Integer> all = numbers(split.first());
            assertTrue(all.addAll(numbers(split.second())));
            assertEquals(101, all.size(), "each example once");
            for (int label = 0; label < 3; label++) {
                double share = 0.8 * new int[] {60, 30, 11}[label];
                assertEquals(share, count(split.first(), label), 1, "class " + label);
            }
        }
    }

    @Test
    void splitIsSeeded() {
        Dataset data = images(IntStream.range(0, 100).map(i -> i % 5).toArray());
        assertEquals(numbers(data.split(0.5, 7).first()), numbers(data.split(0.5, 7).first()));
        assertFalse(numbers(data.split(0.5, 7).first()).equals(numbers(data.split(0.5, 8).first())));
        float[] inputs = new float[100];
        for (int i = 0; i < 100; i++) {
            inputs[i] = i / 255f;
        }
        Dataset.Split plain = ArrayDataset.of(Shape.of(1), inputs, 1, inputs).split(0.255, 1);
        assertEquals(26, plain.first().size());
        Set<Integer> all = numbers(plain.first());
        assertFalse(all.equals(new HashSet<>(IntStream.range(0, 26).boxed().toList())), "drawn, not cut off");
        all.addAll(numbers(plain.second()));
        assertEquals(100, all.size());
    }

    /** Another implementation, which knows nothing of readTarget. */
    @Test
    void defaults() {
        ByteImages source = images(0, 1, 0, 1, 0, 1);
        Dataset plain = new Dataset() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public Shape inputShape() {
                return SHAPE;
            }

            @Override
            public int targetSize() {
                return 1;
            }

            @Override
            public List<String> classNames() {
                return source.classNames();
            }

            @Override
            public void read(int index, float[] x, int xOffset, float[] target, int targetOffset) {
                source.read(index, x, xOffset, target, targetOffset);
            }
        };
        assertEquals(numbers(source.split(0.5, 3).first()), numbers(plain.split(0.5, 3).first()));
        assertEquals(1, read(plain, 3)[1][0]);
    }

    @Test
    void refused() {
        ByteImages data = images(0, 1, 2);
        float[] x = new float[SHAPE.size()];
        float[] target = new float[1];
        for (Dataset set : List.of(data, data.subset(0, 3), ArrayDataset.of(SHAPE, new float[3 * SHAPE.size()], 1, new float[3]))) {
            Refused.bounds(() -> set.read(3, x, 0, target, 0), "index is 3", 2);
            Refused.bounds(() -> set.read(-1, x, 0, target, 0), "index is -1", 2);
            Refused.bounds(() -> set.read(0, x, 1, target, 0), "x", SHAPE.size());
            Refused.bounds(() -> set.read(0, x, 0, target, 1), "target", 1);
            Refused.bounds(() -> set.readTarget(3, target, 0), "index is 3");
            Refused.bounds(() -> set.readTarget(0, target, -1), "target", -1);
        }
        for (int[] range : new int[][] {{-1, 2}, {2, 2}, {2, 4}, {2, 1}}) {
            Refused.argument(() -> data.subset(range[0], range[1]), range[0], range[1], 3);
        }
        for (double fraction : new double[] {0, 1, -0.5, Double.NaN}) {
            Refused.argument(() -> data.split(fraction, 1), "fraction is " + fraction);
        }
        Refused.argument(() -> data.split(0.1, 1), 0.1, "0 and 3");
        Refused.argument(() -> data.split(0.9, 1), 0.9, "3 and 0");
        List<String> names = List.of("a", "b");
        Refused.argument(() -> ByteImages.of(SHAPE, new byte[13], new int[1], names), 13, 12);
        Refused.argument(() -> ByteImages.of(SHAPE, new byte[0], new int[0], names), 0, 12);
        Refused.argument(() -> ByteImages.of(SHAPE, new byte[12], new int[2], names), "labels has 2", "1 examples");
        Refused.argument(() -> ByteImages.of(SHAPE, new byte[12], new int[] {2}, names), "example 0 is 2", "0 to 1");
        Refused.argument(() -> ByteImages.of(SHAPE, new byte[12], new int[] {-1}, names), "example 0 is -1");
        Refused.argument(() -> ArrayDataset.of(SHAPE, new float[13], 1, new float[1]), 13, 12);
        Refused.argument(() -> ArrayDataset.of(SHAPE, new float[12], 2, new float[1]), "targets", 1, 2);
        Refused.argument(() -> ArrayDataset.of(SHAPE, new float[12], 0, new float[1]), "targetSize", 0);
        Refused.argument(() -> ArrayDataset.labelled(SHAPE, new float[12], new int[] {2}, names), "example 0 is 2");
        Refused.argument(() -> ArrayDataset.labelled(SHAPE, new float[12], new int[1], List.of()), "class names", 0);
        Refused.isNull(() -> ArrayDataset.of(null, new float[12], 1, new float[1]), "inputShape");
        Refused.isNull(() -> ByteImages.of(SHAPE, null, new int[1], names), "pixels");
    }
}
