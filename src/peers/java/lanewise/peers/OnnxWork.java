package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.kernel.Threads;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxImporter;
import lanewise.onnx.OnnxModel;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.OnnxValue;

/**
 * A model of a file, as an application calls it: {@code onnx:FILE}, or {@code onnx:NAME} for one of the trained models among the
 * profile's dependencies. Sizes that the model leaves open are said behind it, those of several inputs in their order:
 * {@code onnx:FILE@1x3x48x320}, {@code onnx:FILE@1x8,1x8}.
 */
record OnnxWork(String name) implements Work {

    static final String PREFIX = "onnx:";

    private static final long SEED = 1;

    /** A model on the class path, and the sizes it is called with if nothing else is said. */
    private record Bundled(String resource, String sizes) {}

    private static final Map<String, Bundled> BUNDLED = bundled();

    /** Works for all bundled models. */
    static final List<String> NAMES = BUNDLED.keySet().stream().map(PREFIX::concat).toList();

    private static Map<String, Bundled> bundled() {
        Map<String, Bundled> models = new LinkedHashMap<>();
        models.put("cnn_mnist", new Bundled("org/tribuo/interop/onnx/cnn_mnist.onnx", "1x1x28x28"));
        models.put("tinybert", new Bundled("org/tribuo/interop/onnx/extractors/tinybert.onnx", "1x32,1x32,1x32"));
        models.put("ppocr_cls", new Bundled("models/ch_ppocr_mobile_v2.0_cls_infer.onnx", "1x3x48x192"));
        models.put("ppocr_det_v3", new Bundled("models/ch_PP-OCRv3_det_infer.onnx", "1x3x320x320"));
        models.put("ppocr_det_v4", new Bundled("models/ch_PP-OCRv4_det_infer.onnx", "1x3x320x320"));
        models.put("ppocr_rec_v3", new Bundled("models/ch_PP-OCRv3_rec_infer.onnx", "1x3x48x320"));
        models.put("ppocr_rec_v4", new Bundled("models/ch_PP-OCRv4_rec_infer.onnx", "1x3x48x320"));
        return models;
    }

    /**
     * Checks the name: a bundled model or a file that is there, and sizes.
     *
     * @throws IllegalArgumentException if it is neither, or a size is no number
     */
    OnnxWork {
        String model = model(name);
        if (!BUNDLED.containsKey(model) && !Files.isRegularFile(Path.of(model))) {
            throw new IllegalArgumentException("there is no file " + model + ", and no model of that name among " + BUNDLED.keySet());
        }
        sizes(name);
    }

    private static String model(String name) {
        String model = name.substring(PREFIX.length());
        return model.lastIndexOf('@') < 0 ? model : model.substring(0, model.lastIndexOf('@'));
    }

    /** The sizes of each input; none if they are as declared. */
    static List<int[]> sizes(String name) {
        int at = name.lastIndexOf('@');
        Bundled bundled = BUNDLED.get(model(name));
        if (at < 0 && bundled == null) {
            return List.of();
        }
        String text = at < 0 ? bundled.sizes : name.substring(at + 1);
        if (!text.matches("[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*(,[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*)*")) {
            throw new IllegalArgumentException("sizes are " + text + ", must be like 1x3x48x320, one after the other with commas");
        }
        return Arrays.stream(text.split(",")).map(one -> Arrays.stream(one.split("x")).mapToInt(Integer::parseInt).toArray()).toList();
    }

    /**
     * Trained models are worse conditioned than random ones: in a detector, with and without Winograd, layer by layer, and ONNX Runtime
     * are all 2.0e-5 to 2.6e-5 apart where the root mean square is 0.12.
     */
    @Override
    public double tolerance() {
        return 1e-3;
    }

    @Override
    public Match prepare(int batch, int threads) throws IOException, OrtException {
        Path file = file();
        try {
            OnnxModel model = OnnxImporter.load(file);
            Map<String, OnnxTensor> inputs = inputs(model.inputs(), sizes(name), batch);
            Contender peer = new OrtModel(Ort.session(file, threads, null), inputs);
            OursModel ours = OursModel.of(model, inputs, Threads.of(threads));
            return new Match(ours.multiplyAdds(), ours, List.of(peer));
        } finally {
            if (BUNDLED.containsKey(model(name))) {
                Files.delete(file);
            }
        }
    }

    /** The file itself, or a temporary copy of a bundled one. */
    private Path file() throws IOException {
        Bundled bundled = BUNDLED.get(model(name));
        if (bundled == null) {
            return Path.of(model(name));
        }
        try (InputStream in = OnnxWork.class.getClassLoader().getResourceAsStream(bundled.resource)) {
            if (in == null) {
                throw new IOException("no " + bundled.resource + " on the class path: it comes with the profile's dependencies");
            }
            Path copy = Files.createTempFile("lanewise", ".onnx");
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        }
    }

    /** Pictures of digits, other random tensors; numbers of rows and masks are zeros and ones, which every table has. The first size is times the batch. */
    static Map<String, OnnxTensor> inputs(List<OnnxValue> declared, List<int[]> sizes, int batch) {
        if (!sizes.isEmpty() && sizes.size() != declared.size()) {
            throw new IllegalArgumentException(sizes.size() + " inputs have sizes, the model has " + declared);
        }
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < declared.size(); i++) {
            OnnxValue input = declared.get(i);
            int[] dims = sizes.isEmpty() ? declaredSizes(input) : sizes.get(i).clone();
            dims[0] = Math.multiplyExact(dims[0], batch);
            float[] values = Operands.uniform(SEED + i, OnnxTensor.size(dims));
            if (input.type() == ElementType.INT64) {
                tensors.put(input.name(), OnnxTensor.of(ElementType.INT64, bits(values), dims));
            } else if (input.type() == ElementType.FLOAT) {
                boolean picture = dims.length == 4 && dims[1] == 3;
                tensors.put(input.name(), OnnxTensor.of(picture ? DigitPicture.of(dims[0], dims[2], dims[3]) : values, dims));
            } else {
                throw new IllegalArgumentException("input is " + input + ", must be of FLOAT or INT64");
            }
        }
        return tensors;
    }

    private static int[] declaredSizes(OnnxValue input) {
        int[] dims = input.dims() == null ? new int[] {-1, -1} : input.dims().stream().mapToInt(Integer::intValue).toArray();
        if (dims.length > 0 && dims[0] < 0) {
            dims[0] = 1;
        }
        if (dims.length == 0 || Arrays.stream(dims).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("sizes of input " + input + " are open: say them behind an @");
        }
        return dims;
    }

    private static long[] bits(float[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = values[i] < 0 ? 0 : 1;
        }
        return bits;
    }
}
