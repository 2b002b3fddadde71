package lanewise.onnx;

import static lanewise.onnx.Sketch.a;
import static lanewise.onnx.Sketch.ints;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Graphs of 3 to 12 random operators over random axes, the batch among them, against {@link OnnxOracle}.
 * {@code -Dlanewise.onnx.graphs}
 * says how many.
 */
class RandomGraphTest {

    private static final int BATCH = 3;
    private static final int LARGEST = 600;
    private static final int GRAPHS = 80;
    /** So many outputs of a graph are compared on average, at least, of that many graphs. */
    private static final int COMPARED = 20;

    @TempDir
    Path folder;

    /** A value of the graph, with its sizes for a batch of {@link #BATCH}. */
    private record Value(String name, int[] dims) {}

    @Test
    void agreeWithTheOracle() throws IOException {
        int graphs = Integer.getInteger("lanewise.onnx.graphs", GRAPHS);
        int compared = 0;
        for (int seed = 0; seed < graphs; seed++) {
            Generator generator = new Generator(seed);
            try {
                ModelCheck check = new ModelCheck(folder.resolve(seed + ".onnx"), generator.graph());
                int sized = check.sized(BATCH);
                assertTrue(sized > 0, "the oracle refuses the batch for which the graph was made");
                compared += sized + check.sized(1) + check.sized(2) + check.open(BATCH);
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed + ": " + generator.steps, e);
            }
        }
        assertTrue(graphs < GRAPHS || compared >= COMPARED * graphs, compared + " outputs of " + graphs + " graphs were compared");
    }

    private static final class Generator {

        private final Sketch sketch;
        private final SplittableRandom random;
        private final List<Value> values = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();

        Generator(long seed) {
            sketch = new Sketch(seed);
            random = new SplittableRandom(seed);
        }

        Sketch graph() {
            int inputs = random.nextInt(4) == 0 ? 2 : 1;
            for (int i = 0; i < inputs; i++) {
                int[] dims = IntStream.range(0, random.nextInt(1, 4)).map(_ -> random.nextInt(1, 6)).toArray();
                int[] all = IntStream.concat(IntStream.of(BATCH), IntStream.of(dims)).toArray();
                values.add(new Value(sketch.input("x" + i, dims), all));
                steps.add("x" + i + Arrays.toString(all));
            }
            for (int n = random.nextInt(3, 13); n > 0; n--) {
                Value next = step(values.get(random.nextInt(Math.max(0, values.size() - 3), values.size())));
                if (next != null && OracleArray.size(next.dims) <= LARGEST && next.dims.length <= 5) {
                    values.add(next);
                    steps.add(next.name + Arrays.toString(next.dims));
                }
            }
            Value last = values.getLast();
            sketch.output(sketch.op("Tanh", last.name), values.get(random.nextInt(values.size())).name);
            return sketch;
        }

        private Value made(int[] dims, String type, Object... arguments) {
            steps.add(type + Arrays.toString(arguments));
            return new Value(sketch.op(type, arguments), dims);
        }

        private Value step(Value x) {
            int rank = x.dims.length;
            int axis = rank == 0 ? 0 : random.nextInt(rank);
            return switch (random.nextInt(rank == 0 ? 2 : 22)) {
                case 0 -> made(x.dims, new String[] {"Relu", "Sigmoid", "HardSwish", "Tanh"}[random.nextInt(4)], x.name);
                case 1 -> made(x.dims, "Mul", x.name, sketch.scalar(0.7));
                case 2, 3 -> transposed(x);
                case 4, 5 -> reshaped(x);
                case 6 -> reduced(x, axis);
                case 7, 8 -> binary(x, values.get(random.nextInt(values.size())));
                case 9 -> constant(x);
                case 10, 11 -> convolved(x);
                case 12 -> made(x.dims, "Softmax", x.name, a("axis", axis - (random.nextBoolean() ? rank : 0)));
                case 13 -> concat(x, values.get(random.nextInt(values.size())), axis);
                case 14 -> sliced(x, axis);
                case 15 -> padded(x, axis);
                case 16 -> gathered(x, axis);
                case 17 -> product(x);
                case 18 -> unsqueezed(x, random.nextInt(rank + 1));
                case 19 -> x.dims[axis] == 1 ? squeezed(x, axis) : normal(x, axis);
                case 20 -> made(x.dims, "Mul", x.name, made(x.dims, "Sigmoid", x.name).name);
                default -> flat(x, random.nextInt(rank + 1));
            };
        }

        private Value transposed(Value x) {
            int[] perm = IntStream.range(0, x.dims.length).toArray();
            for (int i = perm.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int p = perm[i];
                perm[i] = perm[j];
                perm[j] = p;
            }
            return made(Arrays.stream(perm).map(axis -> x.dims[axis]).toArray(), "Transpose", x.name, ints("perm", perm));
        }

        /** Other sizes of the same product, one of them perhaps -1 or 0. */
        private Value reshaped(Value x) {
            List<Integer> factors = new ArrayList<>();
            int rest = OracleArray.size(x.dims);
            while (rest > 1 && factors.size() < 3) {
                int wanted = random.nextBoolean() && x.dims.length > factors.size() ? x.dims[factors.size()] : random.nextInt(1,
                        rest + 1);
                while (rest % wanted != 0) {
                    wanted--;
                }
                factors.add(wanted);
                rest /= wanted;
            }
            factors.add(rest);
            int[] dims = factors.stream().mapToInt(i -> i).toArray();
            long[] said = Arrays.stream(dims).asLongStream().toArray();
            int open = random.nextInt(dims.length + 1);
            if (open < dims.length) {
                said[open] = -1;
            }
            if (said[0] > 0 && dims[0] == x.dims[0] && random.nextBoolean()) {
                said[0] = 0;
            }
            return made(dims, "Reshape", x.name, sketch.integers(said));
        }

        private Value reduced(Value x, int axis) {
            boolean keep = random.nextBoolean();
            int[] dims = x.dims.clone();
            dims[axis] = 1;
            return made(keep ? dims : without(dims, axis), random.nextBoolean() ? "ReduceSum" : "ReduceMax", x.name,
                    sketch.integers(random.nextBoolean() ? axis : axis - dims.length), a("keepdims", keep ? 1 : 0));
        }

        private static int[] without(int[] dims, int axis) {
            return IntStream.range(0, dims.length).filter(i -> i != axis).map(i -> dims[i]).toArray();
        }

        private Value binary(Value x, Value y) {
            try {
                int[] dims = OracleArray.broadcast(x.dims, y.dims);
                return made(dims, random.nextBoolean() ? "Add" : "Mul", x.name, y.name);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private Value constant(Value x) {
            int[] dims = Arrays.stream(x.dims).map(size -> random.nextBoolean() ? size : 1).toArray();
            String c = sketch.constant(OnnxTensor.of(sketch.random(OracleArray.size(dims), -1, 1), dims));
            return random.nextBoolean() ? made(x.dims, "Sub", c, x.name) : made(x.dims, "Add", x.name, c);
        }

        private Value convolved(Value x) {
            if (x.dims.length < 3) {
                return null;
            }
            int k = random.nextInt(1, 5);
            int[] taps = new int[x.dims.length - 2];
            Arrays.fill(taps, 1);
            taps[0] = Math.min(2, x.dims[2]);
            int[] dims = x.dims.clone();
            dims[1] = k;
            dims[2] += 1 - taps[0];
            int[] sizes = IntStream.concat(IntStream.of(k, x.dims[1]), Arrays.stream(taps)).toArray();
            return made(dims, "Conv", x.name, sketch.weights(sizes), sketch.weights(k));
        }

        private Value concat(Value x, Value y, int axis) {
            if (y.dims.length != x.dims.length || !Arrays.equals(without(x.dims, axis), without(y.dims, axis))) {
                return null;
            }
            int[] dims = x.dims.clone();
            dims[axis] += y.dims[axis];
            return made(dims, "Concat", x.name, y.name, a("axis", axis - dims.length));
        }

        private Value sliced(Value x, int axis) {
            int from = random.nextInt(x.dims[axis]);
            int[] dims = x.dims.clone();
            boolean back = random.nextBoolean();
            dims[axis] = back ? from + 1 : x.dims[axis] - from;
            return made(dims, "Slice", x.name, sketch.integers(from), sketch.integers(back ? Long.MIN_VALUE : Long.MAX_VALUE),
                    sketch.integers(axis), sketch.integers(back ? -1 : 1));
        }

        private Value padded(Value x, int axis) {
            long[] pads = new long[2 * x.dims.length];
            pads[axis] = 1;
            int[] dims = x.dims.clone();
            dims[axis]++;
            return made(dims, "Pad", x.name, sketch.integers(pads), "", a("mode", random.nextBoolean() ? "constant" : "edge"));
        }

        private Value gathered(Value x, int axis) {
            boolean scalar = random.nextBoolean();
            int[] dims = x.dims.clone();
            dims[axis] = 2;
            String ids = scalar ? sketch.constant(OnnxTensor.of(new long[] {-1})) : sketch.integers(0, x.dims[axis] - 1);
            return made(scalar ? without(dims, axis) : dims, "Gather", x.name, ids, a("axis", axis));
        }

        private Value product(Value x) {
            int rank = x.dims.length;
            int[] dims = x.dims.clone();
            if (rank >= 2 && random.nextInt(3) == 0) {
                dims[rank - 2] = 2;
                return made(dims, "MatMul", sketch.weights(2, x.dims[rank - 2]), x.name);
            }
            if (rank >= 2 && random.nextInt(3) == 0) {
                int[] swapped = IntStream.range(0, rank).map(i -> i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1
                        : i).toArray();
                dims[rank - 1] = dims[rank - 2];
                Value turned = made(dims, "Transpose", x.name, ints("perm", swapped));
                return made(dims, "MatMul", x.name, turned.name);
            }
            dims[rank - 1] = 3;
            return made(dims, "MatMul", x.name, sketch.weights(x.dims[rank - 1], 3));
        }

        private Value unsqueezed(Value x, int axis) {
            List<Integer> dims = new ArrayList<>(Arrays.stream(x.dims).boxed().toList());
            dims.add(axis, 1);
            return made(dims.stream().mapToInt(i -> i).toArray(), "Unsqueeze", x.name, sketch.integers(axis));
        }

        private Value squeezed(Value x, int axis) {
            return made(without(x.dims, axis), "Squeeze", x.name, sketch.integers(axis));
        }

        private Value normal(Value x, int axis) {
            int[] sizes = Arrays.copyOfRange(x.dims, axis, x.dims.length);
            return made(x.dims, "LayerNormalization", x.name, sketch.positive(sizes), a("axis", axis), a("epsilon", 0.1f));
        }

        private Value flat(Value x, int axis) {
            return made(new int[] {OracleArray.size(Arrays.copyOf(x.dims, axis)), OracleArray.size(Arrays.copyOfRange(x.dims, axis,
                    x.dims.length))}, "Flatten", x.name, a("axis", axis));
        }
    }
}
