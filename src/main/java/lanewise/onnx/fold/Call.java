package lanewise.onnx.fold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.Attributes;
import lanewise.onnx.proto.TensorProto;

/**
 * One node with the constants it reads.
 *
 * @param opset the version of the operator set
 * @param attributes of the node
 * @param inputs the values, null where an optional one is left out
 * @param outputs how many outputs the node declares
 * @param tensors reads tensors in attributes
 */
record Call(int opset, Attributes attributes, List<OnnxTensor> inputs, int outputs, TensorSource tensors) {

    /** Input {@code index}, or null if it is left out. */
    OnnxTensor input(int index) {
        return index < inputs.size() ? inputs.get(index) : null;
    }

    /** Refuses inputs that the operator has only since a later opset, and would otherwise obey or drop in silence. */
    void inputsBefore(int since, int most) {
        if (opset < since && inputs.size() > most) {
            throw new IllegalArgumentException(
                    "there are " + inputs.size() + " inputs, must be at most " + most + " before opset " + since);
        }
    }

    /** The integers of input {@code index}, a vector or a scalar; null if it is left out. Live. */
    long[] longs(int index, String name) {
        OnnxTensor tensor = input(index);
        if (tensor == null) {
            return null;
        }
        if (!tensor.isIntegral() || tensor.rank() > 1) {
            throw new IllegalArgumentException(name + " is " + tensor + ", must be a vector of integers");
        }
        return tensor.longs();
    }

    /** The only integer of input {@code index}, or {@code absent} if it is left out. */
    long scalar(int index, String name, long absent) {
        OnnxTensor tensor = input(index);
        if (tensor == null) {
            return absent;
        }
        if (!tensor.isIntegral() || tensor.size() != 1) {
            throw new IllegalArgumentException(name + " is " + tensor + ", must be one integer");
        }
        return tensor.longs()[0];
    }

    /**
     * Integers that are an attribute before opset {@code since} and input {@code index} from then on; null if they are left out.
     */
    long[] attributeOrInput(String name, int since, int index) {
        if (opset >= since) {
            return longs(index, name);
        }
        if (input(index) != null) {
            throw new IllegalArgumentException(name + " is input " + index + ", must be an attribute before opset " + since);
        }
        return attributes.getLongs(name, null);
    }

    /** An attribute that holds the number of an element type. */
    ElementType type(String name, int absent) {
        long code = attributes.getInt(name, absent);
        return ElementType.of(Math.clamp(code, -1, Integer.MAX_VALUE));
    }

    /** An attribute that holds a tensor, or null if it is not there. */
    OnnxTensor tensor(String name) {
        TensorProto tensor = attributes.getTensor(name);
        try {
            return tensor == null ? null : tensors.read(tensor);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the folder unwraps it
        }
    }

    /** An attribute that is 0 or 1. */
    boolean flag(String name, boolean absent) {
        long value = attributes.getInt(name, absent ? 1 : 0);
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("attribute " + name + " is " + value + ", must be 0 or 1");
        }
        return value == 1;
    }
}
