package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.OnnxValue;
import org.junit.jupiter.api.Test;

class OnnxWorkTest {

    private static final OnnxValue IMAGE = new OnnxValue("image", ElementType.FLOAT, List.of(-1, 3, 2, 2), List.of("batch", "", "", ""));
    private static final OnnxValue ROWS = new OnnxValue("rows", ElementType.INT64, List.of(-1, -1), List.of("batch", "length"));

    @Test
    void sizesAreThoseGivenOrThoseOfTheBundledModel() {
        assertArrayEquals(new int[] {1, 3, 48, 320}, OnnxWork.sizes("onnx:ppocr_rec_v4").getFirst());
        assertArrayEquals(new int[] {2, 3, 48, 100}, OnnxWork.sizes("onnx:ppocr_rec_v4@2x3x48x100").getFirst());
        List<int[]> several = OnnxWork.sizes("onnx:a@b/model.onnx@1x8,4");
        assertEquals(2, several.size());
        assertArrayEquals(new int[] {4}, several.get(1));
        assertEquals(0, OnnxWork.sizes("onnx:model.onnx").size());
    }

    @Test
    void declaredSizesTakeTheBatch() {
        assertArrayEquals(new int[] {5, 3, 2, 2}, OnnxWork.inputs(List.of(IMAGE), List.of(), 5).get("image").dims());
    }

    @Test
    void integersAreZerosAndOnes() {
        Map<String, OnnxTensor> tensors = OnnxWork.inputs(List.of(IMAGE, ROWS), List.of(new int[] {1, 3, 2, 2}, new int[] {1, 50}), 1);
        assertEquals(List.of("image", "rows"), List.copyOf(tensors.keySet()));
        long ones = 0;
        for (long value : tensors.get("rows").longs()) {
            assertTrue(value == 0 || value == 1, "" + value);
            ones += value;
        }
        assertTrue(ones > 0 && ones < 50, "" + ones);
    }

    @Test
    void openSizesMustBeSaid() {
        String message = assertThrows(IllegalArgumentException.class, () -> OnnxWork.inputs(List.of(ROWS), List.of(), 1)).getMessage();
        assertEquals("sizes of input rows INT64[batch, length] are open: say them behind an @", message);
        message = assertThrows(IllegalArgumentException.class,
                () -> OnnxWork.inputs(List.of(IMAGE, ROWS), List.of(new int[] {1}), 1)).getMessage();
        assertTrue(message.startsWith("1 inputs have sizes, the model has [image"), message);
    }
}
