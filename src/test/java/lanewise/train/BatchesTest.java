package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.layer.Shape;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private static final Shape SHAPE = Shape.of(2);

    /** Example i is (i, 500 + i), its target 1000 + i. */
    private static Dataset numbered(int size) {
        float[] x = new float[2 * size];
        float[] targets = new float[size];
        for (int i = 0; i < size; i++) {
            x[2 * i] = i;
            x[2 * i + 1] = 500 + i;
            targets[i] = 1000 + i;
        }
        return ArrayDataset.of(SHAPE, x, 1, targets);
    }

    private static List<Integer> order(Batches batches, int epoch, int batch) {
        List<Integer> order = new ArrayList<>();
        float[] x = new float[2 * batch];
        batches.begin(epoch, 0);
        for (int n = batches.fill(x); n > 0; n = batches.fill(x)) {
            for (int i = 0; i < n; i++) {
                assertEquals(500 + x[2 * i], x[2 * i + 1]);
                assertEquals(1000 + x[2 * i], batches.targets[i]);
                order.add((int) x[2 * i]);
            }
        }
        return order;
    }

    @Test
    void everyExampleOnceInAnOrderOfItsOwn() {
        for (int size : new int[] {1, 7, 8, 9, 100}) {
            Batches batches = new Batches(numbered(size), null, 8, 3);
            assertEquals((size + 7) / 8, batches.perEpoch());
            List<Integer> first = order(batches, 1, 8);
            assertEquals(IntStream.range(0, size).boxed().toList(), first.stream().sorted().toList());
            assertEquals(first, order(new Batches(numbered(size), null, 8, 3), 1, 8));
            if (size == 100) {
                assertFalse(first.equals(order(batches, 2, 8)), "the second epoch has the order of the first");
                assertFalse(first.equals(order(new Batches(numbered(size), null, 8, 4), 1, 8)), "another seed has the same order");
            }
        }
    }

    /** Whatever order and batch size: example i of epoch e is changed in the same way. */
    @Test
    void augmentationDependsOnSeedEpochAndExampleAlone() {
        Augmentation noise = (x, offset, shape, random) -> x[offset + 1] = random.nextFloat();
        float[][] byBatch = new float[2][];
        for (int run = 0; run < 2; run++) {
            int batch = run == 0 ? 5 : 16;
            Batches batches = new Batches(numbered(16), noise, batch, 9);
            float[] x = new float[2 * batch];
            float[] seen = new float[16];
            batches.begin(4, 0);
            for (int n = batches.fill(x); n > 0; n = batches.fill(x)) {
                for (int i = 0; i < n; i++) {
                    seen[(int) x[2 * i]] = x[2 * i + 1];
                }
            }
            byBatch[run] = seen;
        }
        assertArrayEquals(byBatch[0], byBatch[1]);
        assertEquals(16, Arrays.stream(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
                .mapToObj(i -> byBatch[0][i]).distinct().count());
    }

    @Test
    void shuffleIsFair() {
        int[] counts = new int[9];
        CounterRandom random = new CounterRandom();
        int rounds = 60_000;
        for (int i = 0; i < rounds; i++) {
            int[] order = {0, 1, 2};
            random.at(1, 2, i).shuffle(order);
            for (int place = 0; place < 3; place++) {
                counts[3 * place + order[place]]++;
            }
        }
        // Each count is binomial with p = 1/3; 5 standard deviations are exceeded once in two million times.
        double bound = 5 * Math.sqrt(rounds * (1 / 3.0) * (2 / 3.0));
        for (int count : counts) {
            assertEquals(rounds / 3.0, count, bound);
        }
    }
}
