package lanewise.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a program was made for: sizes of what is fed, values of what must be known. Equal by contents. */
record Specifics(Map<String, List<Integer>> sizes, Map<String, Known> known) {

    static Specifics of(Map<String, OnnxTensor> known, Map<String, OnnxTensor> fed) {
        Map<String, List<Integer>> sizes = new HashMap<>();
        fed.forEach((name, tensor) -> sizes.put(name, Arrays.stream(tensor.dims()).boxed().toList()));
        Map<String, Known> values = new HashMap<>();
        known.forEach((name, tensor) -> values.put(name, new Known(tensor)));
        return new Specifics(sizes, values);
    }

    /** A tensor that equals another one with the same elements. */
    record Known(OnnxTensor tensor) {

        private Object data() {
            return tensor.isIntegral() ? tensor.longs() : tensor.type() == ElementType.DOUBLE ? tensor.doubles() : tensor.floats();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Known that && tensor.type() == that.tensor.type() && Arrays.equals(tensor.dims(),
                    that.tensor.dims())
                    && Arrays.deepEquals(new Object[] {data()}, new Object[] {that.data()});
        }

        @Override
        public int hashCode() {
            return Arrays.deepHashCode(new Object[] {tensor.dims(), data()});
        }
    }
}
